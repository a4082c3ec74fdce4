-- Grain: {key}: what all counterparties give together.
SELECT {key}, COUNT(*) AS counterparties, CAST(SUM(money) AS BIGINT) AS money,
       CAST(SUM(money_proven) AS BIGINT) AS money_proven,
       [[CAST(SUM(m{h}) AS BIGINT) AS m{h}]], [[CAST(SUM(mb{h}) AS BIGINT) AS mb{h}]],
       [[CAST(SUM(n{h}) AS BIGINT) AS n{h}]], [[CAST(SUM(s{h}) AS BIGINT) AS s{h}]]
FROM proven
GROUP BY {key}

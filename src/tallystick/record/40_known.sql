-- Grain: {key}: what all counterparties give together.
SELECT {key}, COUNT(*) AS counterparties, SUM(money) AS money, SUM(money_proven) AS money_proven,
       [[SUM(m{h}) AS m{h}]], [[SUM(mb{h}) AS mb{h}]], [[SUM(n{h}) AS n{h}]], [[SUM(s{h}) AS s{h}]]
FROM proven
GROUP BY {key}

-- Grain: promisor and kind: the mass of each counterparty capped at {cap} micro-units,
-- g(E) = E * cap / (E + cap), then added up. No single counterparty can make or break a record.
SELECT promisor, kind, COUNT(*) AS counterparties,
       SUM(g180) AS n180,
       SUM(CASE WHEN e180 > 0 THEN CAST(FLOOR(CAST(g180 AS DOUBLE) * b180 / e180) AS BIGINT) ELSE 0 END)
         AS s180,
       SUM(g730) AS n730,
       SUM(CASE WHEN e730 > 0 THEN CAST(FLOOR(CAST(g730 AS DOUBLE) * b730 / e730) AS BIGINT) ELSE 0 END)
         AS s730,
       SUM(proven_cents) AS proven_cents
FROM (
  SELECT p.*,
         CAST(FLOOR(CAST(e180 AS DOUBLE) * {cap} / (e180 + {cap})) AS BIGINT) AS g180,
         CAST(FLOOR(CAST(e730 AS DOUBLE) * {cap} / (e730 + {cap})) AS BIGINT) AS g730
  FROM pair p
) capped
GROUP BY promisor, kind

-- Grain: two companies between which an independent witness saw promises, whoever made them (a < b).
--   tie   micro-units: their decayed mass (730 days), drawn towards one promise: no single partner can
--         make a company known
SELECT a, b, CAST(FLOOR(CAST(mass AS DOUBLE) * 1000000 / (mass + 1000000)) AS BIGINT) AS tie
FROM (
  SELECT CASE WHEN promisor < promisee THEN promisor ELSE promisee END AS a,
         CASE WHEN promisor < promisee THEN promisee ELSE promisor END AS b,
         SUM(CAST(FLOOR(weight * w730 / 1e6) AS BIGINT)) AS mass
  FROM weighed
  WHERE counted = 1 AND witness = 3 AND promisee <> 0
  GROUP BY 1, 2
) pair
WHERE mass > 0

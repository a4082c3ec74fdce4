-- Grain: two companies between which an independent witness saw promises, whoever made them (a < b).
--   tie_a, tie_b   micro-units: their decayed mass (730 days), drawn towards one promise: no single partner
--                  can make a company known; times what the standing of that one of the two leaves
SELECT pair.a, pair.b,
       CAST(FLOOR(CAST(mass AS DOUBLE) / (mass + 1000000) * COALESCE(x.credibility_ppm, {unverified})) AS BIGINT)
         AS tie_a,
       CAST(FLOOR(CAST(mass AS DOUBLE) / (mass + 1000000) * COALESCE(y.credibility_ppm, {unverified})) AS BIGINT)
         AS tie_b
FROM (
  SELECT LEAST(promisor, promisee) AS a,
         GREATEST(promisor, promisee) AS b,
         SUM(CAST(FLOOR(weight * w730 / 1e6) AS BIGINT)) AS mass
  FROM weighed
  WHERE counted = 1 AND witness = 3 AND promisee <> 0
  GROUP BY 1, 2
) pair
LEFT JOIN credibility x ON x.company = pair.a
LEFT JOIN credibility y ON y.company = pair.b
WHERE mass > 0

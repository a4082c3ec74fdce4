-- Grain: one kind of promise: the median value of those that count, in US cents.
SELECT kind, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY value_cents) AS median_cents
FROM valued
WHERE counted = 1 AND value_cents > 0
GROUP BY kind

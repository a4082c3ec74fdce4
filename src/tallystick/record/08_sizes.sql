-- Grain: kind of promise and size: how many promises that count are worth so much, in US cents, with all but the
-- two leading digits set to zero ({ladder}). Reads valued.
SELECT kind, cents, COUNT(*) AS n
FROM (
  SELECT kind, CASE {ladder} END AS cents
  FROM valued
  WHERE counted = 1 AND value_cents > 0
) sized
GROUP BY kind, cents

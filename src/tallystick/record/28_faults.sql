-- Grain: {key} and promisee of which anything was broken. Decayed mass broken, in micro-units, for each half-life:
-- of all promises (b), and of those for which both sides or an independent witness stand (fb).
SELECT {key}, promisee,
       [[CAST(SUM(CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT)) AS BIGINT) AS b{h}]],
       [[CAST(SUM(CASE WHEN witness IN (2, 3) THEN CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT) ELSE 0 END)
          AS BIGINT) AS fb{h}]]
FROM counted_promise
WHERE counted = 1 AND broken_ppm > 0
GROUP BY {key}, promisee

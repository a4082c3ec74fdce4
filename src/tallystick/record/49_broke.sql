-- Grain: {key} of which anything was broken: of the masses of 48_masses.sql, what was broken. Apart, since few
-- promises are broken, and a sum over few rows costs little.
SELECT {key}, MAX(matured_day) AS last_broken_day,
       [[CAST(SUM(CAST(FLOOR(w{h} * broken_ppm / 1e6) AS BIGINT)) AS BIGINT) AS rawb{h}]],
       [[CAST(SUM(CAST(FLOOR(c{h} * broken_ppm / 1e6) AS BIGINT)) AS BIGINT) AS corb{h}]],
       [[CAST(SUM(CASE WHEN witness IN (1, 2, 3) THEN CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT) ELSE 0 END)
          AS BIGINT) AS toldb{h}]],
       [[CAST(SUM(CASE WHEN witness = 3 THEN CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT) ELSE 0 END)
          AS BIGINT) AS seenb{h}]],
       [[CAST(SUM(CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT)) AS BIGINT) AS valb{h}]]
FROM counted_promise
WHERE counted = 1 AND broken_ppm > 0
GROUP BY {key}

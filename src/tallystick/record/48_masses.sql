-- masses: part of 50_record.sql and 55_moments.sql, what both add up over the promises that count.
MAX(CASE WHEN counted = 1 THEN matured_day END) AS last_day,
MAX(CASE WHEN counted = 1 AND broken_ppm > 0 THEN matured_day END) AS last_broken_day,
MAX(CASE WHEN counted = 1 THEN place * 2 + CASE WHEN broken_ppm > 0 THEN 1 ELSE 0 END END) % 2 AS last_broke,
[[SUM(w{h}) AS raw{h}, SUM(CAST(FLOOR(w{h} * broken_ppm / 1e6) AS BIGINT)) AS rawb{h}]],
[[SUM(c{h}) AS cor{h}, SUM(CAST(FLOOR(c{h} * broken_ppm / 1e6) AS BIGINT)) AS corb{h}]],
[[SUM(CASE WHEN witness IN (1, 2, 3) THEN e{h} ELSE 0 END) AS told{h},
  SUM(CASE WHEN witness IN (1, 2, 3) THEN CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT) ELSE 0 END) AS toldb{h}]],
[[SUM(CASE WHEN witness = 3 THEN e{h} ELSE 0 END) AS seen{h},
  SUM(CASE WHEN witness = 3 THEN CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT) ELSE 0 END) AS seenb{h}]],
[[SUM(e{h}) AS val{h}, SUM(CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT)) AS valb{h}]]

-- masses: part of 50_record.sql and 55_moments.sql, what both add up over the promises that count.
MAX(CASE WHEN counted = 1 THEN matured_day END) AS last_day,
MAX(CASE WHEN counted = 1 THEN place * 2 + CASE WHEN broken_ppm > 0 THEN 1 ELSE 0 END END) % 2 AS last_broke,
[[CAST(SUM(w{h}) AS BIGINT) AS raw{h}]],
[[CAST(SUM(c{h}) AS BIGINT) AS cor{h}]],
[[CAST(SUM(CASE WHEN witness IN (1, 2, 3) THEN e{h} ELSE 0 END) AS BIGINT) AS told{h}]],
[[CAST(SUM(CASE WHEN witness = 3 THEN e{h} ELSE 0 END) AS BIGINT) AS seen{h}]],
[[CAST(SUM(e{h}) AS BIGINT) AS val{h}]]

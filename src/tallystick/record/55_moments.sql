-- Grain: what was known of one company in one kind of promise at a moment of the table `moment` (point,
-- promisor, kind, as_of, and more columns, which are handed through). Columns as in 50_record.sql, no mass
-- where nothing had matured.
SELECT t.point, COALESCE(n_counted, 0) AS n_counted, last_day, b.last_broken_day, last_broke,
       [[COALESCE(raw{h}, 0) AS raw{h}, COALESCE(b.rawb{h}, 0) AS rawb{h}]],
       [[COALESCE(cor{h}, 0) AS cor{h}, COALESCE(corb{h}, 0) AS corb{h}]],
       [[COALESCE(val{h}, 0) AS val{h}, COALESCE(valb{h}, 0) AS valb{h}]],
       [[COALESCE(c.m{h}, 0) AS cap{h}, COALESCE(c.mb{h}, 0) AS capb{h}]],
       [[COALESCE(told{h}, 0) AS told{h}, COALESCE(b.toldb{h}, 0) AS toldb{h}]],
       [[{total} AS n{h}, {broken} AS s{h}]]
FROM moment t
LEFT JOIN (
  SELECT point, COUNT(*) AS n_counted, {masses}
  FROM counted_promise
  GROUP BY point
) r ON r.point = t.point
LEFT JOIN known c ON c.point = t.point
LEFT JOIN broke b ON b.point = t.point

-- Grain: the track record of one company in one kind of promise at {as_of}. All columns are integers, masses
-- in micro-units, for each half-life h (all: no decay), of all (no letter) and of what was broken (b):
--   raw   if every promise weighed the same         val   weighed by corroboration and value
--   cor   weighed by corroboration only             cap   the same, capped per counterparty
--   told  weighed likewise, of what both sides, a marketplace or a witness tell
-- last_broke, entry_broke: 1 if the last outcome was a break, and the first one, on entry_day.
--   n, s  what counts: what known counterparties prove, and as much of all as one counterparty could give, by
--         who stands behind it: whatever anybody says (bound {pool_word}), what both sides or a marketplace or
--         a witness tells ({pool_told}), what a witness saw ({pool_seen}). More witnesses never count less.
SELECT r.promisor AS company, r.kind,
       n_promises, n_open, n_kept, n_late, n_partial, n_broken, n_excused, n_disputed, n_anchored,
       COALESCE(c.counterparties, 0) AS n_counterparties,
       value_cents, value365_cents,
       CASE WHEN n_done = 0 THEN NULL ELSE COALESCE(l.late_days_p50, 0) END AS late_days_p50,
       CASE WHEN n_done = 0 THEN NULL ELSE COALESCE(l.late_days_p90, 0) END AS late_days_p90,
       first_day, last_day, b.last_broken_day, last_broke, CAST(FLOOR(entry / 2) AS BIGINT) AS entry_day,
       entry % 2 AS entry_broke,
       [[raw{h}, COALESCE(b.rawb{h}, 0) AS rawb{h}]], [[cor{h}, COALESCE(b.corb{h}, 0) AS corb{h}]],
       [[val{h}, COALESCE(b.valb{h}, 0) AS valb{h}]],
       [[COALESCE(c.m{h}, 0) AS cap{h}, COALESCE(c.mb{h}, 0) AS capb{h}]],
       [[told{h}, COALESCE(b.toldb{h}, 0) AS toldb{h}]],
       [[{total} AS n{h}, {broken} AS s{h}]],
       COALESCE(c.money_proven + CASE WHEN c.money > c.money_proven
         THEN CAST(FLOOR(CAST(c.money - c.money_proven AS DOUBLE) * {floor_medians} * m.median_cents
           / (c.money - c.money_proven + {floor_medians} * m.median_cents)) AS BIGINT) ELSE 0 END, 0)
         AS proven_cents,
       COALESCE(m.median_cents, 0) AS median_cents
FROM (
  SELECT promisor, kind,
         COUNT(*) AS n_promises,
         COUNT(CASE WHEN outcome = 'open' OR (counted = 0 AND outcome IN ('kept', 'late', 'partial'))
                  THEN 1 END) AS n_open,
         COUNT(CASE WHEN counted = 1 AND outcome = 'kept' THEN 1 END) AS n_kept,
         COUNT(CASE WHEN counted = 1 AND outcome = 'late' THEN 1 END) AS n_late,
         COUNT(CASE WHEN counted = 1 AND outcome = 'partial' THEN 1 END) AS n_partial,
         COUNT(CASE WHEN counted = 1 AND outcome = 'broken' THEN 1 END) AS n_broken,
         COUNT(CASE WHEN outcome = 'excused' THEN 1 END) AS n_excused,
         COUNT(CASE WHEN outcome = 'disputed' THEN 1 END) AS n_disputed,
         SUM(CASE WHEN counted = 1 THEN anchored ELSE 0 END) AS n_anchored,
         COALESCE(SUM(CASE WHEN counted = 1 THEN value_cents END), 0) AS value_cents,
         COALESCE(SUM(CASE WHEN outcome <> 'excused' AND made_day > {as_of} - 365 THEN value_cents END), 0)
           AS value365_cents,
         COUNT(CASE WHEN counted = 1 AND late_days IS NOT NULL THEN 1 END) AS n_done,
         MIN(made_day) AS first_day,
         MIN(CASE WHEN counted = 1 THEN matured_day * 2 + CASE WHEN broken_ppm > 0 THEN 1 ELSE 0 END END) AS entry,
         {masses}
  FROM counted_promise
  GROUP BY promisor, kind
) r
LEFT JOIN median m ON m.kind = r.kind
LEFT JOIN late l ON l.promisor = r.promisor AND l.kind = r.kind
LEFT JOIN known c ON c.promisor = r.promisor AND c.kind = r.kind
LEFT JOIN broke b ON b.promisor = r.promisor AND b.kind = r.kind

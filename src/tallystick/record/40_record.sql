-- Grain: the track record of one company in one kind of promise at {as_of}. All columns are integers.
-- raw180/rawb180: decayed mass if every promise weighed the same; cor180/corb180: weighed by
-- corroboration only; val180/valb180: by corroboration and value; n180/s180: capped per counterparty.
SELECT r.company, r.kind,
       n_promises, n_open, n_kept, n_late, n_partial, n_broken, n_excused, n_disputed, n_anchored,
       COALESCE(c.counterparties, 0) AS n_counterparties,
       value_cents, value365_cents,
       CASE WHEN n_done = 0 THEN NULL ELSE COALESCE(l.late_days_p50, 0) END AS late_days_p50,
       CASE WHEN n_done = 0 THEN NULL ELSE COALESCE(l.late_days_p90, 0) END AS late_days_p90,
       first_day, last_day, last_broken_day,
       raw180, rawb180, cor180, corb180, val180, valb180,
       COALESCE(c.n180, 0) AS n180, COALESCE(c.s180, 0) AS s180,
       COALESCE(c.n730, 0) AS n730, COALESCE(c.s730, 0) AS s730,
       COALESCE(c.proven_cents, 0) AS proven_cents, COALESCE(m.median_cents, 0) AS median_cents
FROM (
  SELECT p.promisor AS company, p.kind,
         COUNT(*) AS n_promises,
         COUNT(CASE WHEN p.outcome = 'open' OR (p.counted = 0 AND p.outcome IN ('kept', 'late', 'partial'))
                  THEN 1 END) AS n_open,
         COUNT(CASE WHEN p.counted = 1 AND p.outcome = 'kept' THEN 1 END) AS n_kept,
         COUNT(CASE WHEN p.counted = 1 AND p.outcome = 'late' THEN 1 END) AS n_late,
         COUNT(CASE WHEN p.counted = 1 AND p.outcome = 'partial' THEN 1 END) AS n_partial,
         COUNT(CASE WHEN p.counted = 1 AND p.outcome = 'broken' THEN 1 END) AS n_broken,
         COUNT(CASE WHEN p.outcome = 'excused' THEN 1 END) AS n_excused,
         COUNT(CASE WHEN p.outcome = 'disputed' THEN 1 END) AS n_disputed,
         SUM(CASE WHEN p.counted = 1 THEN p.anchored ELSE 0 END) AS n_anchored,
         COALESCE(SUM(CASE WHEN p.counted = 1 THEN p.value_cents END), 0) AS value_cents,
         COALESCE(SUM(CASE WHEN p.counted = 1 AND p.matured_day > {as_of} - 365 THEN p.value_cents END), 0)
           AS value365_cents,
         COUNT(CASE WHEN p.counted = 1 AND p.late_days IS NOT NULL THEN 1 END) AS n_done,
         MIN(p.made_day) AS first_day,
         MAX(CASE WHEN p.counted = 1 THEN p.matured_day END) AS last_day,
         MAX(CASE WHEN p.counted = 1 AND p.broken_ppm > 0 THEN p.matured_day END) AS last_broken_day,
         SUM(p.w180) AS raw180,
         SUM(CAST(FLOOR(p.w180 * p.broken_ppm / 1e6) AS BIGINT)) AS rawb180,
         SUM(p.cor180) AS cor180,
         SUM(CAST(FLOOR(p.cor180 * p.broken_ppm / 1e6) AS BIGINT)) AS corb180,
         SUM(p.e180) AS val180,
         SUM(CAST(FLOOR(p.e180 * p.broken_ppm / 1e6) AS BIGINT)) AS valb180
  FROM counted_promise p
  GROUP BY p.promisor, p.kind
) r
LEFT JOIN median m ON m.kind = r.kind
LEFT JOIN late l ON l.promisor = r.company AND l.kind = r.kind
LEFT JOIN capped c ON c.promisor = r.company AND c.kind = r.kind

-- Grain: promisor and kind with anything late: exact discrete quantiles of days late over all promises that
-- were done, in time ones being 0 days late. Counting the late ones alone is enough, and far cheaper than
-- sorting everything: of n done, the k-th smallest is the (k - on time)-th smallest of the late.
SELECT promisor, kind,
       MIN(CASE WHEN (n_done - n_late + running) * 2 >= n_done AND (n_done - n_late) * 2 < n_done
                THEN late_days END) AS late_days_p50,
       MIN(CASE WHEN (n_done - n_late + running) * 10 >= n_done * 9 AND (n_done - n_late) * 10 < n_done * 9
                THEN late_days END) AS late_days_p90
FROM (
  SELECT d.promisor, d.kind, d.late_days, n.n_done,
         SUM(d.n) OVER (PARTITION BY d.promisor, d.kind) AS n_late,
         SUM(d.n) OVER (PARTITION BY d.promisor, d.kind ORDER BY d.late_days) AS running
  FROM (
    SELECT promisor, kind, late_days, COUNT(*) AS n
    FROM counted_promise WHERE counted = 1 AND late_days > 0
    GROUP BY promisor, kind, late_days
  ) d
  JOIN (
    SELECT promisor, kind, COUNT(*) AS n_done
    FROM counted_promise WHERE counted = 1 AND late_days IS NOT NULL
    GROUP BY promisor, kind
  ) n ON n.promisor = d.promisor AND n.kind = d.kind
) counted
GROUP BY promisor, kind

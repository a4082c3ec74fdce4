-- Grain: one debtor. The leanest SQL known to us for a track record of 22 columns, written for DuckDB alone:
-- counts and values of all promises, of 365 and of 90 days, share kept by value, decayed sums, days late at
-- the middle and at nine tenths by cumulative counts, distinct creditors and their concentration, last due.
WITH live AS (
  SELECT debtor, creditor, cents, {as_of} - due_day AS age,
         due_day, done_day IS NOT NULL AS done, GREATEST(done_day - due_day, 0) AS late,
         COALESCE(done_day <= due_day, false) AS kept
  FROM (
    SELECT debtor, creditor, CAST(amount * 100 AS BIGINT) AS cents,
           CAST(epoch_us(due) // 86400000000 AS INTEGER) AS due_day,
           CASE WHEN done_recorded <= make_timestamptz({known_us})
                THEN CAST(epoch_us(done) // 86400000000 AS INTEGER) END AS done_day
    FROM read_parquet('{promises}')
    WHERE due < make_timestamptz({as_of_us}) AND recorded <= make_timestamptz({known_us})
  )
), sums AS (
  SELECT debtor,
         COUNT(*) AS n, COUNT(*) FILTER (WHERE age < 365) AS n365, COUNT(*) FILTER (WHERE age < 90) AS n90,
         SUM(cents)::BIGINT AS v, COALESCE(SUM(cents) FILTER (WHERE age < 365), 0)::BIGINT AS v365,
         COALESCE(SUM(cents) FILTER (WHERE age < 90), 0)::BIGINT AS v90,
         COUNT(*) FILTER (WHERE kept) AS n_kept, COUNT(*) FILTER (WHERE kept AND age < 365) AS n_kept365,
         COUNT(*) FILTER (WHERE done) AS n_done, COUNT(*) FILTER (WHERE done AND NOT kept) AS n_late,
         COALESCE(SUM(cents) FILTER (WHERE kept), 0)::BIGINT AS v_kept,
         SUM(ppm)::BIGINT AS decayed, COALESCE(SUM(ppm) FILTER (WHERE kept), 0)::BIGINT AS decayed_kept,
         SUM(cents // 100 * ppm // 1000000)::BIGINT AS decayed_value,
         MIN(due_day) AS first_due, MAX(due_day) AS last_due
  FROM live JOIN read_parquet('{decay}') USING (age)
  GROUP BY debtor
), lateness AS (
  SELECT debtor, MIN(late) FILTER (WHERE running * 2 >= total) AS late_p50,
         MIN(late) FILTER (WHERE running * 10 >= total * 9) AS late_p90
  FROM (SELECT debtor, late, SUM(n) OVER (PARTITION BY debtor ORDER BY late) AS running,
               SUM(n) OVER (PARTITION BY debtor) AS total
        FROM (SELECT debtor, late, COUNT(*) AS n FROM live WHERE done GROUP BY debtor, late))
  GROUP BY debtor
), pairs AS (
  SELECT debtor, COUNT(*) AS creditors, SUM(v // 100) AS pair_value,
         SUM(CAST(v // 100 AS HUGEINT) * (v // 100)) AS pair_squares
  FROM (SELECT debtor, creditor, CAST(SUM(cents) AS BIGINT) AS v FROM live GROUP BY debtor, creditor)
  GROUP BY debtor
)
SELECT sums.*, (v_kept::HUGEINT * 1000000 // v)::INTEGER AS kept_ppm, late_p50, late_p90, creditors,
       CAST(pair_squares * 1000000 // (CAST(pair_value AS HUGEINT) * pair_value) AS BIGINT) AS hhi_ppm
FROM sums LEFT JOIN lateness USING (debtor) JOIN pairs USING (debtor)

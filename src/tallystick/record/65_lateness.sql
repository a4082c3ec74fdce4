-- Grain: (kind, kept, days), promises of timed kinds that fell due by {as_of}. Reads {source} (schema PROMISE).
--   kept      1: kept in full; 0: not, be it that it was broken, kept in part or is still open
--   days      after the due date: of keeping (0 where it was before), or how long it was watched without;
--             more than {last} is {last} + 1
--   promises  how many
SELECT kind, CAST(kept AS BIGINT) AS kept,
       CAST(LEAST(GREATEST(CASE WHEN kept = 1 THEN done_day ELSE {as_of} END - due_day, 0), {last} + 1) AS BIGINT)
         AS days,
       CAST(COUNT(*) AS BIGINT) AS promises
FROM (
  SELECT kind, due_day, done_day,
         CASE WHEN outcome IN ('kept', 'late') AND done_day IS NOT NULL THEN 1 ELSE 0 END AS kept
  FROM {source}
  WHERE due_day <= {as_of} AND outcome IN ('kept', 'late', 'partial', 'broken', 'open') AND kind IN ({kinds})
) fell_due
GROUP BY 1, 2, 3

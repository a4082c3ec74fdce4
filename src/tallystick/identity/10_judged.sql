-- Grain: one judgement about a pair of party descriptions (a < b) that stands: of several about one pair the
-- latest, equal times decided by doc_id and not by arrival. Who is who is true of all days, so a judgement
-- counts whatever the day asked for, from the moment it was known.
-- Only the operator of the book judges: what others hand in is evidence to look at, not a decision.
-- verdict: same, apart, withdrawn (as if nobody had judged).
SELECT a, b, verdict, doc_id
FROM (
  SELECT a, b, verdict, doc_id,
         ROW_NUMBER() OVER (PARTITION BY a, b ORDER BY told_at DESC, doc_id DESC) AS place
  FROM (
    SELECT LEAST(d.subject, d.recipient) AS a, GREATEST(d.subject, d.recipient) AS b,
           CASE WHEN d.action = 'retract' THEN 'withdrawn' ELSE d.status END AS verdict,
           COALESCE(unix_micros(d.happened_at), unix_date(d.issued_on) * 86400000000) AS told_at,
           d.doc_id
    FROM document d
    WHERE d.kind = 'identity' AND d.subject <> d.recipient
      AND d.version IN (SELECT version FROM operator_version)
  ) told
) ranked
WHERE place = 1

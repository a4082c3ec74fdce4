-- claim: a complaint is made in good faith: a ruling that rejects the buyer's complaint breaks it.
-- Columns: as 80_outcome.sql reads them.
SELECT deal, 0 AS item, buyer AS promisor, seller AS promisee, day AS made_day,
       CAST(NULL AS INT) AS first_due_day, ruled_day AS due_day, 0 AS revisions, ruled_day AS done_day,
       value_minor, currency, 1000000 AS kept_ppm,
       CASE WHEN ruling = 'rejected' THEN 'broken' END AS stop, CAST(NULL AS STRING) AS fault,
       mask AS made_mask, ruled_mask AS done_mask, link_ppm
FROM complaint
WHERE ruling IN ('upheld', 'partly_upheld', 'rejected') AND buyer IS NOT NULL
  AND (issuer IS NULL OR issuer = buyer)

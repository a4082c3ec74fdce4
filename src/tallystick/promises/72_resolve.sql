-- resolve: a platform rules on a complaint in time.
-- Columns: as 80_outcome.sql reads them.
SELECT deal, 0 AS item, platform AS promisor, COALESCE(issuer, buyer) AS promisee, day AS made_day,
       due_day AS first_due_day, due_day, 0 AS revisions, ruled_day AS done_day, value_minor, currency,
       1000000 AS kept_ppm, CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       mask AS made_mask, ruled_mask AS done_mask, link_ppm
FROM complaint
WHERE platform IS NOT NULL AND due_day IS NOT NULL AND day IS NOT NULL

-- settle: an insurer answers a claim in time.
-- Columns: as 80_outcome.sql reads them.
SELECT c.deal, c.item, c.insurer AS promisor, COALESCE(c.buyer, c.seller) AS promisee, c.made_day,
       c.due_day AS first_due_day, c.due_day, 0 AS revisions, s.day AS done_day, c.value_minor,
       c.currency, 1000000 AS kept_ppm, CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       c.mask AS made_mask, COALESCE(s.mask, 0) AS done_mask, c.link_ppm
FROM claimed c
LEFT JOIN settled s ON s.deal = c.deal AND s.item = c.item
WHERE c.due_day IS NOT NULL

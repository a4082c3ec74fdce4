-- cover: an insurer stands by its policy: a claim refused wrongly breaks it.
-- Columns: as 80_outcome.sql reads them.
SELECT c.deal, c.item, c.insurer AS promisor, COALESCE(c.buyer, c.seller) AS promisee, c.made_day,
       CAST(NULL AS INT) AS first_due_day, s.day AS due_day, 0 AS revisions, s.day AS done_day,
       c.value_minor, c.currency, 1000000 AS kept_ppm,
       CASE WHEN s.wrong = 1 THEN 'broken' END AS stop, CAST(NULL AS STRING) AS fault,
       c.mask AS made_mask, s.mask AS done_mask, c.link_ppm
FROM claimed c
JOIN settled s ON s.deal = c.deal AND s.item = c.item

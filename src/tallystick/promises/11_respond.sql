-- respond: the seller answers a request for quotation in the time that it gives.
-- Columns: as 80_outcome.sql reads them.
SELECT r.deal, 0 AS item, r.seller AS promisor, r.buyer AS promisee,
       r.made_day, r.due_day AS first_due_day, r.due_day, 0 AS revisions, q.done_day,
       q.value_minor, q.currency, 1000000 AS kept_ppm,
       CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       r.mask AS made_mask, COALESCE(q.mask, 0) AS done_mask, r.link_ppm
FROM (
  SELECT deal, seller, MAX(buyer) AS buyer, MIN(day) AS made_day, MIN(due_day) AS due_day,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'rfq' AND seller IS NOT NULL AND due_day IS NOT NULL
  GROUP BY deal, seller
) r
LEFT JOIN (
  SELECT deal, seller, MIN(day) AS done_day, MAX(amount_minor) AS value_minor,
         MIN(currency) AS currency, BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'quotation' GROUP BY deal, seller
) q ON q.deal = r.deal AND q.seller = r.seller

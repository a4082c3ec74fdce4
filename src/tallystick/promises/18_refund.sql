-- refund: money that the seller agreed to give back moves by the date (30 days where none is given).
-- Columns: as 80_outcome.sql reads them.
SELECT p.deal, 0 AS item, p.seller AS promisor, p.buyer AS promisee, p.made_day,
       p.due_day AS first_due_day, p.due_day, 0 AS revisions, f.done_day, p.value_minor, p.currency,
       1000000 AS kept_ppm, CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       p.mask AS made_mask, COALESCE(f.mask, 0) AS done_mask, p.link_ppm
FROM (
  SELECT deal, seller, MAX(buyer) AS buyer, MIN(day) AS made_day,
         COALESCE(MIN(due_day), MIN(day) + 30) AS due_day, MAX(amount_minor) AS value_minor,
         MIN(currency) AS currency, BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'refund_approval' GROUP BY deal, seller
) p
LEFT JOIN (
  SELECT deal, MIN(day) AS done_day, BIT_OR(mask) AS mask FROM doc WHERE kind = 'refund' GROUP BY deal
) f ON f.deal = p.deal

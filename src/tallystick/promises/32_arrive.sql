-- arrive: the carrier brings the goods by the date it gave, undamaged. A hold by customs is not its fault.
-- Columns: as 80_outcome.sql reads them.
SELECT s.deal, 0 AS item, s.carrier AS promisor, COALESCE(s.buyer, s.seller) AS promisee, s.made_day,
       s.first_due_day, s.due_day, s.dates - 1 AS revisions,
       COALESCE(a.carried_day, a.receipt_day) AS done_day, s.value_minor, s.currency,
       1000000 AS kept_ppm,
       CASE WHEN a.fault IN ('customs', 'force_majeure', 'seller', 'buyer') THEN 'excused'
            WHEN a.harmed = 1 THEN 'broken'
            WHEN a.held = 1 AND COALESCE(a.carried_day, a.receipt_day, {as_of}) > s.due_day
            THEN 'excused' END AS stop,
       CASE WHEN a.fault IS NOT NULL THEN a.fault WHEN a.harmed = 1 THEN 'carrier'
            WHEN a.held = 1 AND COALESCE(a.carried_day, a.receipt_day, {as_of}) > s.due_day
            THEN 'customs' END AS fault,
       s.mask AS made_mask, COALESCE(a.mask, 0) AS done_mask, s.link_ppm
FROM (
  SELECT deal, carrier, MAX(buyer) AS buyer, MAX(seller) AS seller, MIN(day) AS made_day,
         MIN(due_day) AS first_due_day, MIN(due_day) AS due_day, COUNT(DISTINCT due_day) AS dates,
         MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'shipment' AND due_day IS NOT NULL AND carrier IS NOT NULL
  GROUP BY deal, carrier
) s
LEFT JOIN arrived a ON a.deal = s.deal

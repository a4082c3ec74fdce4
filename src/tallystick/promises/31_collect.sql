-- collect: the carrier fetches booked goods by the date.
-- Columns: as 80_outcome.sql reads them.
SELECT b.deal, 0 AS item, b.carrier AS promisor, COALESCE(b.seller, b.buyer) AS promisee, b.made_day,
       b.due_day AS first_due_day, b.due_day, 0 AS revisions, e.done_day, b.value_minor, b.currency,
       1000000 AS kept_ppm, CASE WHEN e.deal IS NULL AND c.deal IS NOT NULL THEN 'excused' END AS stop,
       CAST(NULL AS STRING) AS fault, b.mask AS made_mask, COALESCE(e.mask, 0) AS done_mask, b.link_ppm
FROM (
  SELECT deal, carrier, MAX(seller) AS seller, MAX(buyer) AS buyer, MIN(day) AS made_day,
         MIN(due_day) AS due_day, MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'booking' AND due_day IS NOT NULL AND carrier IS NOT NULL
  GROUP BY deal, carrier
) b
LEFT JOIN (
  SELECT deal, MIN(day) AS done_day, BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'transport_event' AND status IN ('collected', 'departed') GROUP BY deal
) e ON e.deal = b.deal
LEFT JOIN called_off c ON c.deal = b.deal

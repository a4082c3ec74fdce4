-- deposit: the buyer pays what a proforma asks for, in time and in full.
-- Columns: as 80_outcome.sql reads them.
SELECT p.deal, p.item, p.buyer AS promisor, p.seller AS promisee, p.made_day,
       p.due_day AS first_due_day, p.due_day, 0 AS revisions,
       CASE WHEN m.paid_minor >= p.value_minor - FLOOR(p.value_minor / 200) THEN m.done_day END
         AS done_day,
       p.value_minor, p.currency,
       CASE WHEN m.paid_minor < p.value_minor - FLOOR(p.value_minor / 200)
            THEN CAST(FLOOR(m.paid_minor * 1e6 / p.value_minor) AS BIGINT) ELSE 1000000 END AS kept_ppm,
       CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       p.mask AS made_mask, COALESCE(m.mask, 0) AS done_mask, p.link_ppm
FROM (
  SELECT deal, item, MAX(buyer) AS buyer, MAX(seller) AS seller, MIN(day) AS made_day,
         MIN(due_day) AS due_day, MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'proforma' AND due_day IS NOT NULL AND amount_minor > 0 AND item IS NOT NULL
  GROUP BY deal, item
) p
LEFT JOIN (
  SELECT deal, item, currency, MAX(day) AS done_day, SUM(amount_minor) AS paid_minor,
         BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'payment' AND COALESCE(status, 'settled') = 'settled'
  GROUP BY deal, item, currency
) m ON m.deal = p.deal AND m.item = p.item AND m.currency = p.currency

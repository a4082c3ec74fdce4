-- remit: a bank or payment service carries out an instruction in time and in full.
-- Columns: as 80_outcome.sql reads them.
SELECT i.deal, 0 AS item, i.bank AS promisor, i.buyer AS promisee, i.made_day,
       i.due_day AS first_due_day, i.due_day, 0 AS revisions, p.done_day, i.value_minor, i.currency,
       CASE WHEN p.paid_minor < i.value_minor - FLOOR(i.value_minor / 200)
            THEN CAST(FLOOR(p.paid_minor * 1e6 / i.value_minor) AS BIGINT) ELSE 1000000 END AS kept_ppm,
       CASE WHEN p.refused = 1 THEN 'excused' END AS stop,
       CASE WHEN p.refused = 1 THEN 'buyer' END AS fault,
       i.mask AS made_mask, COALESCE(p.mask, 0) AS done_mask, i.link_ppm
FROM (
  SELECT deal, bank, MAX(buyer) AS buyer, MIN(day) AS made_day, MIN(due_day) AS due_day,
         MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'payment_instruction' AND due_day IS NOT NULL AND bank IS NOT NULL
  GROUP BY deal, bank
) i
LEFT JOIN (
  SELECT deal, MIN(CASE WHEN COALESCE(status, 'settled') = 'settled' THEN day END) AS done_day,
         MAX(CASE WHEN status = 'rejected' THEN 1 ELSE 0 END) AS refused,
         SUM(CASE WHEN COALESCE(status, 'settled') = 'settled' THEN amount_minor END) AS paid_minor,
         BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'payment' GROUP BY deal
) p ON p.deal = i.deal

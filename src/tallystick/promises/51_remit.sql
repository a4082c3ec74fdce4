-- remit: a bank or payment service carries out an instruction in time and in full. Money that moved
-- before the instruction settles something else.
-- Columns: as 80_outcome.sql reads them.
SELECT i.deal, 0 AS item, i.bank AS promisor, i.buyer AS promisee, i.made_day,
       i.due_day AS first_due_day, i.due_day, 0 AS revisions, p.done_day, i.value_minor, i.currency,
       CASE WHEN i.value_minor > 0 AND p.paid_minor < i.value_minor - FLOOR(i.value_minor / 200)
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
  SELECT n.deal, n.bank,
         MIN(CASE WHEN COALESCE(m.status, 'settled') = 'settled' THEN m.day END) AS done_day,
         MAX(CASE WHEN m.status = 'rejected' THEN 1 ELSE 0 END) AS refused,
         MAX(CASE WHEN COALESCE(m.status, 'settled') = 'settled' THEN m.amount_minor END) AS paid_minor,
         BIT_OR(m.mask) AS mask
  FROM (
    SELECT deal, bank, MIN(day) AS day
    FROM doc WHERE kind = 'payment_instruction' GROUP BY deal, bank
  ) n
  JOIN doc m ON m.deal = n.deal AND m.kind = 'payment' AND m.day >= n.day
            AND (m.bank IS NULL OR m.bank = n.bank)
  GROUP BY n.deal, n.bank
) p ON p.deal = i.deal AND p.bank = i.bank

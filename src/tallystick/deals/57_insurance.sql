-- Grain: one policy that does not cover what it should. Reads doc_break. Columns: as every text of breaks.
-- The value of the goods is what was invoiced, or ordered where nothing was; 2 % below it is within the trade.
WITH policy AS (
  SELECT deal, MIN(issued_day) AS day, MAX(due_day) AS ends_day, currency, MAX(amount_minor) AS insured,
         BIT_OR(mask) AS mask
  FROM doc_break WHERE kind = 'policy' GROUP BY deal, currency
),
loss AS (
  SELECT deal, MIN(day) AS day FROM doc_break
  WHERE kind = 'transport_event' AND status IN ('damaged', 'lost') GROUP BY deal
),
value AS (
  SELECT deal, unit, MAX(CASE WHEN kind = 'invoice' THEN whole END) AS invoiced,
         MAX(CASE WHEN kind = 'order' THEN most END) AS ordered,
         MAX(CASE WHEN kind = 'claim' THEN most END) AS claimed
  FROM figure WHERE basis = 'money' AND kind IN ('invoice', 'order', 'claim') GROUP BY deal, unit
)
SELECT p.deal, 'insurance' AS kind,
       CASE WHEN v.invoiced IS NULL THEN 'order and policy' ELSE 'invoice and policy' END AS between_kinds,
       COALESCE(v.invoiced, v.ordered) AS expected, p.insured AS found, p.currency AS unit, p.mask AS told
FROM policy p JOIN value v ON v.deal = p.deal AND v.unit = p.currency
WHERE p.insured < COALESCE(v.invoiced, v.ordered) * 0.98
UNION ALL
SELECT p.deal, 'insurance', 'policy and claim', p.insured, v.claimed, p.currency, p.mask
FROM policy p JOIN value v ON v.deal = p.deal AND v.unit = p.currency
WHERE v.claimed > p.insured
UNION ALL
SELECT p.deal, 'insurance', 'policy after loss', CAST(l.day AS BIGINT), CAST(p.day AS BIGINT), 'day', p.mask
FROM policy p JOIN loss l ON l.deal = p.deal
WHERE p.day > l.day
UNION ALL
SELECT p.deal, 'insurance', 'loss after cover ended', CAST(p.ends_day AS BIGINT), CAST(l.day AS BIGINT), 'day',
       p.mask
FROM policy p JOIN loss l ON l.deal = p.deal
WHERE l.day > p.ends_day

-- Grain: one disagreement inside a deal. Reads `doc_break` (rows of 40_doc.sql of the deals asked for).
-- Columns: deal, kind, between (which documents), expected, found (minor units, thousandths or day
-- numbers), unit (currency, unit of quantity, or 'day').
-- Tolerance is 2 % for bills and quantities (tax on top of an order is a break of its own size, so it
-- is shown, not hidden) and half of one per cent for money that moved. A deposit asked for before may
-- be part of the invoice or come on top of it; a break is what fits neither.
WITH stated AS (
  SELECT deal, kind, COALESCE(own, deal) AS own, currency,
         MIN(amount_minor) AS low, MAX(amount_minor) AS high
  FROM doc_break
  WHERE kind IN ('order', 'invoice', 'quotation', 'proforma') AND amount_minor IS NOT NULL
  GROUP BY deal, kind, COALESCE(own, deal), currency
),
money AS (
  SELECT deal, currency,
         CAST(SUM(CASE WHEN kind = 'order' THEN high END) AS BIGINT) AS ordered,
         CAST(SUM(CASE WHEN kind = 'invoice' THEN high END) AS BIGINT) AS invoiced,
         CAST(COALESCE(SUM(CASE WHEN kind = 'proforma' THEN high END), 0) AS BIGINT) AS asked_before,
         MAX(CASE WHEN kind = 'quotation' THEN high END) AS quoted
  FROM stated GROUP BY deal, currency
),
moved AS (
  SELECT deal, currency,
         CAST(SUM(CASE WHEN kind = 'payment' AND COALESCE(status, 'settled') = 'settled' THEN amount_minor
                  WHEN kind = 'payment_return' THEN -amount_minor END) AS BIGINT) AS paid,
         CAST(SUM(CASE WHEN kind = 'credit_note' THEN amount_minor END) AS BIGINT) AS credited,
         MAX(CASE WHEN kind IN ('export_declaration', 'import_declaration') THEN amount_minor END)
           AS declared
  FROM doc_break WHERE currency IS NOT NULL GROUP BY deal, currency
),
goods AS (
  SELECT deal, MIN(unit) AS unit, MAX(unit) AS other_unit,
         MAX(CASE WHEN kind = 'order' THEN quantity_milli END) AS ordered,
         CAST(SUM(CASE WHEN kind = 'dispatch' THEN quantity_milli END) AS BIGINT) AS sent,
         CAST(SUM(CASE WHEN kind = 'receipt' THEN quantity_milli END) AS BIGINT) AS received,
         CAST(SUM(CASE WHEN kind = 'invoice' THEN quantity_milli END) AS BIGINT) AS invoiced
  FROM doc_break WHERE quantity_milli IS NOT NULL GROUP BY deal
),
days AS (
  SELECT deal, MIN(CASE WHEN kind = 'order' THEN day END) AS ordered,
         MIN(CASE WHEN kind = 'dispatch' THEN day END) AS sent,
         MIN(CASE WHEN kind = 'receipt' THEN day END) AS received
  FROM doc_break GROUP BY deal
)
SELECT deal, 'contradiction' AS kind, kind AS between_kinds, low AS expected, high AS found, currency AS unit
FROM stated WHERE low <> high
UNION ALL
SELECT a.deal, 'contradiction', CONCAT(a.kind, ' in ', a.currency, ' and in ', b.currency), a.low, b.low,
       CONCAT(a.currency, ' and ', b.currency)
FROM stated a JOIN stated b ON b.deal = a.deal AND b.kind = a.kind AND b.own = a.own
                           AND a.currency < b.currency
UNION ALL
SELECT deal, 'amount', 'quotation and order', quoted, ordered, currency FROM money
WHERE ABS(quoted - ordered) > quoted / 50
UNION ALL
SELECT deal, 'amount', 'order and invoice', ordered, invoiced, currency FROM money
WHERE ABS(ordered - invoiced) > ordered / 50
  AND ABS(ordered - invoiced - asked_before) > ordered / 50
UNION ALL
SELECT m.deal, 'payment', 'invoice and payment', m.invoiced - COALESCE(v.credited, 0), v.paid, m.currency
FROM money m JOIN moved v ON v.deal = m.deal AND v.currency = m.currency
WHERE ABS(m.invoiced - COALESCE(v.credited, 0) - v.paid) > m.invoiced / 200
  AND ABS(m.invoiced + m.asked_before - COALESCE(v.credited, 0) - v.paid) > m.invoiced / 200
UNION ALL
SELECT m.deal, 'declaration', 'invoice and customs declaration', m.invoiced, v.declared, m.currency
FROM money m JOIN moved v ON v.deal = m.deal AND v.currency = m.currency
WHERE ABS(m.invoiced - v.declared) > m.invoiced / 50
UNION ALL
SELECT a.deal, 'currency', 'documents in two currencies', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
       CONCAT(a.currency, ' and ', b.currency)
FROM money a JOIN money b ON b.deal = a.deal AND a.currency < b.currency
UNION ALL
SELECT deal, 'quantity', 'order and dispatch', ordered, sent, unit FROM goods
WHERE unit = other_unit AND ABS(ordered - sent) > ordered / 50
UNION ALL
SELECT deal, 'quantity', 'dispatch and receipt', sent, received, unit FROM goods
WHERE unit = other_unit AND ABS(sent - received) > sent / 50
UNION ALL
SELECT deal, 'quantity', 'order and receipt', ordered, received, unit FROM goods
WHERE unit = other_unit AND sent IS NULL AND ABS(ordered - received) > ordered / 50
UNION ALL
SELECT deal, 'quantity', 'order and invoice', ordered, invoiced, unit FROM goods
WHERE unit = other_unit AND ABS(ordered - invoiced) > ordered / 50
UNION ALL
SELECT deal, 'order of events', 'dispatch before order', CAST(ordered AS BIGINT), CAST(sent AS BIGINT), 'day'
FROM days WHERE sent < ordered
UNION ALL
SELECT deal, 'order of events', 'receipt before dispatch', CAST(sent AS BIGINT), CAST(received AS BIGINT),
       'day'
FROM days WHERE received < sent

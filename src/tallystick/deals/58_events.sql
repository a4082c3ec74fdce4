-- Grain: one thing that happened before what must come first, and goods that nobody shipped. Reads doc_break,
-- figure, shipper.
-- Goods without a shipment say something only of a seller whose shipments the book sees otherwise.
-- Columns: as every text of breaks; expected and found are days where unit is 'day'.
-- The day of an event at a place is counted in UTC, that of a paper where it was written: between one and the other
-- a day is no break.
WITH days AS (
  SELECT deal, MIN(CASE WHEN kind = 'order' THEN day END) AS ordered,
         MIN(CASE WHEN kind = 'dispatch' THEN day END) AS sent,
         MIN(CASE WHEN kind = 'transport_event' AND status IN ('collected', 'departed') THEN day END) AS taken,
         MIN(CASE WHEN kind = 'transport_event' AND status IN ('arrived', 'delivered') THEN day END) AS brought,
         MIN(CASE WHEN kind = 'receipt' THEN day END) AS received,
         MIN(CASE WHEN kind = 'export_declaration' THEN day END) AS declared,
         MIN(CASE WHEN kind = 'invoice' THEN day END) AS invoiced,
         MAX(CASE WHEN kind = 'invoice' AND (terms IN ({credit}) OR (terms IS NULL AND due_day > issued_day))
                  THEN 1 ELSE 0 END) AS on_credit,
         MAX(CASE WHEN kind IN ('dispatch', 'shipment', 'transport_event', 'warehouse_release') THEN 1 ELSE 0 END)
           AS shipped,
         MAX(CASE WHEN kind = 'receipt' AND COALESCE(status, '') <> 'rejected' THEN quantity_milli END) AS milli,
         MAX(CASE WHEN kind = 'receipt' THEN unit END) AS unit,
         BIT_OR(CASE WHEN kind = 'dispatch' THEN mask ELSE 0 END) AS sent_mask,
         BIT_OR(CASE WHEN kind = 'receipt' THEN mask ELSE 0 END) AS received_mask
  FROM doc_break GROUP BY deal
),
first_bill AS (
  SELECT deal, currency, MIN(day) AS day, SUM(minor) AS minor
  FROM (SELECT deal, currency, own, MIN(day) AS day, MAX(amount_minor) AS minor FROM doc_break
        WHERE kind = 'invoice' AND amount_minor > 0 GROUP BY deal, currency, own) one
  GROUP BY deal, currency
),
early AS (
  SELECT p.deal, MIN(b.day) AS bill_day, MIN(p.day) AS day, MAX(p.mask) AS mask, MAX(b.minor) AS minor,
         MAX(COALESCE(f.whole, 0)) AS asked, SUM(p.amount_minor) AS paid
  FROM doc_break p
  JOIN first_bill b ON b.deal = p.deal AND b.currency = p.currency AND p.day < b.day
  LEFT JOIN figure f ON f.deal = p.deal AND f.kind = 'proforma' AND f.basis = 'money' AND f.unit = p.currency
  WHERE p.kind = 'payment' AND COALESCE(p.status, 'settled') = 'settled'
  GROUP BY p.deal, p.contributor, p.currency
),
event AS (
  SELECT deal, 'dispatch before order' AS between_kinds, ordered AS expected, sent AS found, sent_mask AS told
  FROM days WHERE sent < ordered
  UNION ALL SELECT deal, 'collection before order', ordered, taken, 0 FROM days
  WHERE taken < ordered - 1 AND COALESCE(sent >= ordered, TRUE)
  UNION ALL SELECT deal, 'receipt before dispatch', sent, received, received_mask FROM days WHERE received < sent
  UNION ALL SELECT deal, 'receipt before collection', taken, received, received_mask FROM days
  WHERE received < taken - 1 AND COALESCE(received >= sent, TRUE)
  UNION ALL SELECT deal, 'delivery before collection', taken, brought, 0 FROM days WHERE brought < taken
  UNION ALL SELECT deal, 'declaration before order', ordered, declared, 0 FROM days WHERE declared < ordered
  UNION ALL SELECT deal, 'invoice before order', ordered, invoiced, 0 FROM days WHERE invoiced < ordered
  UNION ALL SELECT e.deal, 'payment before invoice', MIN(bill_day), MIN(day), MAX(mask)
  FROM early e JOIN (SELECT deal FROM days WHERE on_credit = 1) d ON d.deal = e.deal
  WHERE paid > asked * 1005e-3 AND paid * 2 > minor GROUP BY e.deal
)
SELECT deal, 'order of events' AS kind, between_kinds, CAST(expected AS BIGINT) AS expected,
       CAST(found AS BIGINT) AS found, 'day' AS unit, told
FROM event
UNION ALL
SELECT deal, 'goods', 'receipt without shipment', CAST(0 AS BIGINT), milli, unit, received_mask
FROM days WHERE milli > 0 AND shipped = 0 AND (ordered IS NOT NULL OR invoiced IS NOT NULL)
  AND deal IN (
    SELECT deal FROM doc_break WHERE seller IN (SELECT seller FROM shipper))

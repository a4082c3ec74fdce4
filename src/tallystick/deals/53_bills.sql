-- Grain: one paper told in two ways, one pair of currencies, or one bill that bills again what was billed.
-- Reads doc_break, figure. Columns: as every text of breaks.
WITH stated AS (
  SELECT deal, kind, COALESCE(own, deal) AS own, currency, MIN(amount_minor) AS low, MAX(amount_minor) AS high,
         MIN(day) AS day, MIN(seller) AS seller, MAX(quantity_milli) AS milli, BIT_OR(mask) AS mask
  FROM doc_break
  WHERE kind IN ('order', 'invoice', 'quotation', 'proforma') AND amount_minor IS NOT NULL
  GROUP BY deal, kind, COALESCE(own, deal), currency
),
money AS (SELECT DISTINCT deal, currency FROM stated),
again AS (
  SELECT b.deal, b.currency, a.high, b.high AS found, b.mask, o.most AS ordered, i.whole AS billed,
         COALESCE(c.most, 0) AS credited, a.day, b.day AS again_day
  FROM stated a
  JOIN stated b ON b.deal = a.deal AND b.kind = 'invoice' AND b.currency = a.currency AND b.seller = a.seller
               AND b.own > a.own AND b.high = a.high AND COALESCE(b.milli, -1) = COALESCE(a.milli, -1)
  JOIN figure i ON i.deal = a.deal AND i.kind = 'invoice' AND i.basis = 'money' AND i.unit = a.currency
  LEFT JOIN figure o ON o.deal = a.deal AND o.kind = 'order' AND o.basis = 'money' AND o.unit = a.currency
  LEFT JOIN figure c ON c.deal = a.deal AND c.kind = 'credit_note' AND c.basis = 'money' AND c.unit = a.currency
  WHERE a.kind = 'invoice'
)
SELECT deal, 'contradiction' AS kind, kind AS between_kinds, low AS expected, high AS found, currency AS unit,
       mask AS told
FROM stated WHERE low <> high
UNION ALL
SELECT a.deal, 'contradiction', CONCAT(a.kind, ' in ', a.currency, ' and in ', b.currency), a.low, b.low,
       CONCAT(a.currency, ' and ', b.currency), b.mask
FROM stated a JOIN stated b ON b.deal = a.deal AND b.kind = a.kind AND b.own = a.own
                           AND a.currency < b.currency
UNION ALL
SELECT a.deal, 'currency', 'documents in two currencies', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
       CONCAT(a.currency, ' and ', b.currency), 0
FROM money a JOIN money b ON b.deal = a.deal AND a.currency < b.currency
UNION ALL
SELECT i.deal, 'currency', 'invoice and payment', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT),
       CONCAT(i.unit, ' and ', p.unit), p.mask
FROM figure i JOIN figure p ON p.deal = i.deal AND p.kind = 'payment' AND p.basis = 'money' AND p.unit <> i.unit
WHERE i.kind = 'invoice' AND i.basis = 'money'
  AND NOT EXISTS (SELECT 1 FROM figure b WHERE b.deal = p.deal AND b.basis = 'money' AND b.unit = p.unit
                                          AND b.kind IN ('invoice', 'proforma'))
UNION ALL
SELECT deal, 'billed twice', 'invoice and invoice', high, found, currency, mask
FROM again
WHERE (ordered IS NOT NULL AND billed - credited >= ordered + found - ordered / 50)
   OR (ordered IS NULL AND day = again_day AND credited < found)

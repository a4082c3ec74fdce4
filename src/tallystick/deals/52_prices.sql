-- Grain: one pair of documents of a deal that name another price for one unit of the goods, by more than 2 %.
-- Reads figure. Columns: as every text of breaks; expected and found are minor units for one unit of quantity.
-- A bill from which a deposit was taken off, and one with the deposit that was asked for before, are at the
-- price that was agreed.
WITH price AS (
  SELECT m.deal, m.kind, m.unit AS currency, g.unit, m.most AS minor, g.most AS milli, m.mask,
         COALESCE(d.whole, 0) AS before_minor
  FROM figure m
  JOIN figure g ON g.deal = m.deal AND g.kind = m.kind AND g.basis = 'goods' AND g.most > 0
  LEFT JOIN figure d ON d.deal = m.deal AND d.kind = 'proforma' AND d.basis = 'money' AND d.unit = m.unit
                    AND m.kind = 'invoice'
  WHERE m.basis = 'money' AND m.kind IN ('quotation', 'order', 'order_confirmation', 'invoice')
),
pair AS (
  SELECT a.deal, CONCAT(a.kind, ' and ', b.kind) AS between_kinds, a.currency AS unit, b.mask AS told,
         a.minor * 1000.0 / a.milli AS agreed, b.minor * 1000.0 / b.milli AS billed,
         (b.minor + b.before_minor) * 1000.0 / b.milli AS billed_with
  FROM price a
  JOIN price b ON b.deal = a.deal AND b.currency = a.currency AND b.unit = a.unit
              AND ((a.kind = 'quotation' AND b.kind = 'order')
                OR (a.kind = 'order' AND b.kind IN ('order_confirmation', 'invoice')))
)
SELECT deal, 'price' AS kind, between_kinds, CAST(FLOOR(agreed) AS BIGINT) AS expected,
       CAST(FLOOR(billed) AS BIGINT) AS found, unit, told
FROM pair
WHERE ABS(agreed - billed) > agreed * 0.02 AND ABS(agreed - billed_with) > agreed * 0.02

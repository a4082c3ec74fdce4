-- Grain: one party of a deal that is another on the next document. Reads doc_break, party_pair.
-- Columns: as every text of breaks; expected and found are companies, unit is the role in which they differ.
-- A deal may have several sellers: a break is a party that is in none of the papers before. Who a bill was
-- assigned to is paid in the place of the seller.
WITH paper AS (
  SELECT DISTINCT deal, kind, seller, buyer FROM doc_break
  WHERE kind IN ('order', 'invoice', 'dispatch', 'payment', 'export_declaration', 'import_declaration')
    AND (kind <> 'payment' OR COALESCE(status, 'settled') = 'settled')
),
party AS (
  SELECT deal, kind, 'seller' AS role, seller AS company FROM paper WHERE seller IS NOT NULL
  UNION SELECT deal, kind, 'buyer', buyer FROM paper WHERE buyer IS NOT NULL
),
financier AS (
  SELECT DISTINCT deal, recipient AS company FROM doc_break WHERE kind = 'assignment' AND recipient IS NOT NULL
),
pair AS (
  SELECT f.deal, CONCAT(p.expects, ' and ', p.finds) AS between_kinds, f.role, e.company AS expected,
         f.company AS found
  FROM party_pair p
  JOIN (SELECT deal, kind, role, MIN(company) AS company FROM party GROUP BY deal, kind, role) e
    ON e.kind = p.expects AND e.role = p.role
  JOIN party f ON f.deal = e.deal AND f.kind = p.finds AND f.role = p.role
  LEFT JOIN party k ON k.deal = f.deal AND k.kind = p.expects AND k.role = f.role AND k.company = f.company
  LEFT JOIN financier m ON m.deal = f.deal AND m.company = f.company AND p.finds = 'payment'
  WHERE k.company IS NULL AND m.company IS NULL
)
SELECT deal, 'party' AS kind, between_kinds, expected, found, role AS unit, 0 AS told FROM pair

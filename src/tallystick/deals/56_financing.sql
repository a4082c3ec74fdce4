-- Grain: one bill that is financed twice or above what it bills, or that was paid to the seller though it was
-- assigned. Reads doc_break, assigned_paper. Columns: as every text of breaks; expected and found are companies where unit
-- is a role.
WITH bill AS (
  SELECT deal, own, item, MIN(seller) AS seller, MIN(currency) AS currency, MAX(amount_minor) AS minor
  FROM doc_break WHERE kind = 'invoice' AND own IS NOT NULL GROUP BY deal, own, item
),
named AS (
  SELECT doc_id, recipient, day, amount_minor, currency, ref1 AS node FROM assigned_paper
  UNION ALL SELECT doc_id, recipient, day, amount_minor, currency, ref2 FROM assigned_paper
  UNION ALL SELECT doc_id, recipient, day, amount_minor, currency, ref3 FROM assigned_paper
  UNION ALL SELECT doc_id, recipient, day, amount_minor, currency, ref4 FROM assigned_paper
),
assigned AS (
  SELECT b.deal, b.own, b.item, b.seller, b.minor, b.currency, n.recipient, MIN(n.day) AS day,
         MAX(CASE WHEN n.currency = b.currency AND c.bills = 1 THEN n.amount_minor END) AS financed
  FROM bill b
  JOIN named n ON n.node = b.own
  JOIN (SELECT doc_id, COUNT(node) AS bills FROM named GROUP BY doc_id) c ON c.doc_id = n.doc_id
  GROUP BY b.deal, b.own, b.item, b.seller, b.minor, b.currency, n.recipient
)
SELECT a.deal, 'financing' AS kind, 'assignment and assignment' AS between_kinds, a.recipient AS expected,
       b.recipient AS found, 'recipient' AS unit, 0 AS told
FROM assigned a JOIN assigned b ON b.own = a.own AND b.deal = a.deal AND b.recipient <> a.recipient
                               AND (b.day > a.day OR (b.day = a.day AND b.recipient > a.recipient))
UNION ALL
SELECT deal, 'financing', 'invoice and assignment', MAX(minor), MAX(financed), currency, 0
FROM assigned WHERE financed > minor GROUP BY deal, own, currency
UNION ALL
SELECT DISTINCT a.deal, 'financing', 'assignment and payment', a.recipient, p.seller, 'seller', p.mask
FROM assigned a
JOIN doc_break p ON p.deal = a.deal AND p.kind = 'payment' AND p.seller = a.seller AND p.day > a.day
                AND (p.item = a.item OR p.item IS NULL) AND COALESCE(p.status, 'settled') = 'settled'
WHERE a.recipient <> a.seller

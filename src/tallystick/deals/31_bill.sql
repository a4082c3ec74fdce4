-- Grain: one bill (invoice or proforma) of a seller for whom there is open money, with what is to be paid after
-- the credit notes that name it. Reads {said}, open, document_text.
-- Columns: item (its node), thread, seller, buyer, currency, amount_minor, whole_minor, issued_day, due_day,
-- number_key (its number without spaces and marks, in capitals; null where too short to know it by).
WITH seller_open AS (SELECT DISTINCT seller FROM open WHERE kind IN (SELECT kind FROM money_kind)),
bill AS (
  SELECT s.own AS item, MIN(s.thread) AS thread, s.seller, MAX(s.buyer) AS buyer,
         MIN(s.currency) AS currency, MAX(s.amount_minor) AS amount_minor, MIN(s.issued_day) AS issued_day,
         MIN(s.due_day) AS due_day, MIN({number_key}) AS number_key
  FROM {said} s
  LEFT JOIN document_text t ON t.doc_id = s.doc_id AND t.version = s.version
  WHERE s.kind IN ('invoice', 'proforma') AND s.amount_minor > 0 AND s.own IS NOT NULL
    AND s.seller IN (SELECT seller FROM seller_open)
  GROUP BY s.own, s.seller
),
credited AS (
  SELECT item, SUM(amount_minor) AS minor FROM {said}
  WHERE kind = 'credit_note' AND item IS NOT NULL AND seller IN (SELECT seller FROM seller_open)
  GROUP BY item
)
SELECT b.*, CAST(b.amount_minor - COALESCE(c.minor, 0) AS BIGINT) AS whole_minor
FROM bill b LEFT JOIN credited c ON c.item = b.item

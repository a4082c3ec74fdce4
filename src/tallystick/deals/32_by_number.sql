-- Grain: one bill (item) that the text of open money (doc_id) names by its number, with the part of the money that
-- is for it. Reads open, bill, told, document_text, {said}.
-- Several numbers in one text share the money in the order of their due days; a credit note named among them
-- adds what it is worth. Who pays need not be the buyer: a number in the text says for whom. A bill is known by
-- its number, and by the creditor reference (RF, QR, KID ...) that its note says its payment is to name,
-- unless it is that of several, as where a customer has one for good.
WITH money AS (
  SELECT o.doc_id, o.kind, o.contributor, o.thread, o.seller, o.currency, o.amount_minor, o.day, t.note
  FROM open o JOIN document_text t ON t.doc_id = o.doc_id AND t.version = o.version
  WHERE o.kind IN (SELECT kind FROM money_kind) AND t.note IS NOT NULL AND o.amount_minor > 0
),
word AS (
  SELECT doc_id, explode(split({words}, ' ')) AS word FROM money
),
token AS (
  SELECT doc_id, word FROM word WHERE LENGTH(word) >= 4
  UNION SELECT doc_id, digits FROM (
    SELECT doc_id, word, translate(word, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') AS digits FROM word
  ) lettered WHERE LENGTH(digits) >= 4 AND word LIKE CONCAT('%', digits)
),
billed AS (
  SELECT item, seller, explode(split({words}, ' ')) AS word
  FROM (
    SELECT s.own AS item, s.seller, replace(t.note, 'payment reference: ', 'PAYMENTREFERENCE') AS note
    FROM {said} s JOIN document_text t ON t.doc_id = s.doc_id AND t.version = s.version
    WHERE s.kind IN ('invoice', 'proforma') AND s.own IS NOT NULL AND t.note LIKE '%payment reference: %'
      AND s.seller IN (SELECT seller FROM money)
  ) marked
),
known AS (
  SELECT item, seller, number_key AS word FROM bill WHERE number_key IS NOT NULL
  UNION SELECT MIN(item) AS item, seller, SUBSTR(word, 17) AS word FROM billed
  WHERE word LIKE 'PAYMENTREFERENCE____%'
  GROUP BY seller, SUBSTR(word, 17) HAVING COUNT(DISTINCT item) = 1
),
hit AS (
  SELECT DISTINCT m.doc_id, m.thread, m.seller, m.currency, m.amount_minor, m.day, b.item,
         b.thread AS bill, b.due_day, b.issued_day,
         b.whole_minor - CASE WHEN m.kind = 'payment' THEN COALESCE(t.minor, 0) ELSE 0 END AS left_minor
  FROM money m JOIN token k ON k.doc_id = m.doc_id
  JOIN known n ON n.seller = m.seller AND n.word = k.word
  JOIN bill b ON b.item = n.item AND b.seller = n.seller
  LEFT JOIN told t ON t.item = b.item AND t.contributor = m.contributor
  WHERE b.thread <> m.thread AND m.day >= b.issued_day - 30
    AND (b.currency = m.currency OR m.kind = 'payment_return')
),
named AS (
  SELECT DISTINCT n.doc_id, k.doc_id AS note_id, k.amount_minor AS credit_minor
  FROM (SELECT DISTINCT doc_id, seller, currency FROM hit) n
  JOIN token t ON t.doc_id = n.doc_id
  JOIN (SELECT s.doc_id, s.seller, s.currency, s.amount_minor, {number_key} AS number_key
        FROM {said} s JOIN document_text x ON x.doc_id = s.doc_id AND x.version = s.version
        WHERE s.kind = 'credit_note' AND s.item IS NULL AND s.seller IN (SELECT seller FROM hit)) k
    ON k.seller = n.seller AND k.currency = n.currency AND k.number_key = t.word
),
credit AS (
  SELECT doc_id, SUM(credit_minor) AS minor FROM named GROUP BY doc_id
),
shared AS (
  SELECT h.*, h.amount_minor + COALESCE(c.minor, 0) AS whole_minor,
         COUNT(*) OVER (PARTITION BY h.doc_id) AS bills,
         SUM(h.left_minor) OVER (PARTITION BY h.doc_id) AS owed_minor,
         SUM(h.left_minor) OVER (PARTITION BY h.doc_id ORDER BY COALESCE(h.due_day, h.issued_day), h.item
                                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_minor
  FROM hit h LEFT JOIN credit c ON c.doc_id = h.doc_id
)
SELECT doc_id, thread AS a, bill AS b, item, seller,
       CASE WHEN bills = 1 THEN CAST(NULL AS BIGINT)
            ELSE CAST(LEAST(left_minor, whole_minor - COALESCE(before_minor, 0)) AS BIGINT) END AS part_minor,
       CASE WHEN ABS(owed_minor - whole_minor) <= owed_minor / 50 THEN 950000 ELSE 850000 END AS ppm,
       'payment-by-number' AS rule
FROM shared
WHERE bills = 1 OR (left_minor > 0 AND whole_minor > COALESCE(before_minor, 0))

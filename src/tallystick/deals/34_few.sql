-- Grain: one unpaid bill (item) that open money (doc_id) of the same buyer, seller and currency may be for.
-- Reads open, bill, told, placed, paid_item. At most {many} bills of one piece of money are tried.
WITH money AS (
  SELECT doc_id, contributor, thread, seller, buyer, currency, amount_minor, day FROM open
  WHERE kind = 'payment' AND amount_minor > 0 AND buyer IS NOT NULL
    AND doc_id NOT IN (SELECT doc_id FROM placed)
),
unpaid AS (
  SELECT b.item, b.thread, b.seller, b.buyer, b.currency, b.issued_day, m.contributor,
         b.whole_minor - COALESCE(t.minor, 0) AS left_minor
  FROM bill b
  JOIN (SELECT DISTINCT seller, buyer, contributor FROM money) m ON m.seller = b.seller AND m.buyer = b.buyer
  LEFT JOIN told t ON t.item = b.item AND t.contributor = m.contributor
  WHERE b.whole_minor > COALESCE(t.minor, 0) AND b.item NOT IN (SELECT item FROM paid_item)
),
pair AS (
  SELECT m.doc_id, m.contributor, m.thread AS a, m.amount_minor AS money_minor, b.item, b.thread AS b,
         b.left_minor, m.seller, COUNT(*) OVER (PARTITION BY m.doc_id) AS bills,
         SUM(b.left_minor) OVER (PARTITION BY m.doc_id) AS all_minor
  FROM money m
  JOIN unpaid b ON b.seller = m.seller AND b.buyer = m.buyer AND b.currency = m.currency
               AND b.contributor = m.contributor
               AND b.thread <> m.thread AND m.day BETWEEN b.issued_day - 5 AND b.issued_day + 120
)
SELECT * FROM pair WHERE bills <= {many}

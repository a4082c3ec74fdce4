-- Grain: one bill (item) and one piece of open money (doc_id) of a payment for several bills, of a bill paid in
-- several parts, or of the only bill there is, paid in part. Reads open, bill, told, placed, paid_item.
-- The sum must be exact and the only one of its rule; at most {many} bills or payments of a pair are tried.
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
  SELECT m.doc_id, m.contributor, m.thread AS a, m.amount_minor AS money_minor, m.day, b.item, b.thread AS b,
         b.left_minor, m.seller, COUNT(*) OVER (PARTITION BY m.doc_id) AS bills,
         SUM(b.left_minor) OVER (PARTITION BY m.doc_id) AS all_minor
  FROM money m
  JOIN unpaid b ON b.seller = m.seller AND b.buyer = m.buyer AND b.currency = m.currency
               AND b.contributor = m.contributor
               AND b.thread <> m.thread AND m.day BETWEEN b.issued_day - 5 AND b.issued_day + 120
),
few AS (SELECT * FROM pair WHERE bills <= {many}),
every_bill AS (
  SELECT doc_id, a, b, item, seller, left_minor AS part_minor, 'payment-for-all' AS rule FROM few
  WHERE bills > 1 AND all_minor = money_minor
),
two AS (
  SELECT x.doc_id, x.item AS first_item, y.item AS second_item,
         COUNT(*) OVER (PARTITION BY x.doc_id) AS ways
  FROM few x JOIN few y ON y.doc_id = x.doc_id AND y.item > x.item
  WHERE x.left_minor + y.left_minor = x.money_minor
),
two_bills AS (
  SELECT f.doc_id, f.a, f.b, f.item, f.seller, f.left_minor AS part_minor, 'payment-for-two' AS rule
  FROM few f JOIN two t ON t.doc_id = f.doc_id AND t.ways = 1 AND f.item IN (t.first_item, t.second_item)
),
crowd AS (SELECT item, contributor, COUNT(*) AS payments FROM few GROUP BY item, contributor),
halves AS (
  SELECT x.item, x.contributor, x.doc_id AS first_doc, y.doc_id AS second_doc,
         COUNT(*) OVER (PARTITION BY x.item, x.contributor) AS ways
  FROM few x JOIN few y ON y.item = x.item AND y.contributor = x.contributor AND y.doc_id > x.doc_id
  JOIN crowd c ON c.item = x.item AND c.contributor = x.contributor AND c.payments <= {many}
  WHERE x.money_minor + y.money_minor = x.left_minor
),
bill_in_two AS (
  SELECT f.doc_id, f.a, f.b, f.item, f.seller, CAST(NULL AS BIGINT) AS part_minor, 'payment-in-two' AS rule
  FROM few f
  JOIN halves h ON h.item = f.item AND h.contributor = f.contributor AND h.ways = 1
               AND f.doc_id IN (h.first_doc, h.second_doc)
),
only_bill AS (
  SELECT doc_id, a, b, item, seller, CAST(NULL AS BIGINT) AS part_minor, 'payment-in-part' AS rule FROM few
  WHERE bills = 1 AND money_minor < left_minor
),
found AS (
  SELECT f.*, 700000 AS ppm, 1 AS turn FROM every_bill f
  UNION ALL SELECT f.*, 650000, 2 FROM two_bills f
  UNION ALL SELECT f.*, 650000, 3 FROM bill_in_two f
  UNION ALL SELECT f.*, 550000, 4 FROM only_bill f
),
turns AS (
  SELECT f.*, MIN(turn) OVER (PARTITION BY doc_id) AS own_turn, MIN(turn) OVER (PARTITION BY item) AS bill_turn
  FROM found f
),
kept AS (SELECT * FROM turns WHERE turn = own_turn AND turn = bill_turn),
whole AS (
  SELECT k.doc_id FROM kept k JOIN found f ON f.doc_id = k.doc_id AND f.turn = k.turn
  GROUP BY k.doc_id HAVING COUNT(DISTINCT k.item) = COUNT(DISTINCT f.item)
),
claims AS (SELECT item, COUNT(DISTINCT doc_id) AS claimed, MIN(turn) AS turn FROM kept GROUP BY item)
SELECT k.doc_id, k.a, k.b, k.item, k.seller, CAST(k.part_minor AS BIGINT) AS part_minor, k.ppm, k.rule
FROM kept k JOIN whole w ON w.doc_id = k.doc_id
JOIN claims c ON c.item = k.item AND (c.claimed = 1 OR c.turn >= 3)

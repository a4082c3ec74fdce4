-- Grain: one bill (item) and one piece of open money (doc_id) that belong together by a sum, with the turn of the rule:
-- 1 all bills there are, 2 two of them, 3 one bill in two parts, 4 part of the only bill. Reads few.
WITH every_bill AS (
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
)
SELECT f.*, 700000 AS ppm, 1 AS turn FROM every_bill f
UNION ALL SELECT f.*, 650000, 2 FROM two_bills f
UNION ALL SELECT f.*, 650000, 3 FROM bill_in_two f
UNION ALL SELECT f.*, 550000, 4 FROM only_bill f

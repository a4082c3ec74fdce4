-- Grain: one bill (item) that open money (doc_id) is for by its amount. Reads fitting.
-- The amount is what is left to pay to the unit, or less by a bank's fees, or the same in another currency at
-- the day's rate within 2 %. Taken where one bill fits clearly better than any other and no other money of that
-- contributor fits the bill as well: a wrong link is worse than none.
WITH ranked AS (
  SELECT f.*, ROW_NUMBER() OVER (PARTITION BY doc_id ORDER BY fit DESC, gap, item) AS place,
         LEAD(fit) OVER (PARTITION BY doc_id ORDER BY fit DESC, gap, item) AS next_fit
  FROM fitting f
),
best AS (SELECT * FROM ranked WHERE place = 1 AND fit - COALESCE(next_fit, 0) >= 20),
wanted AS (
  SELECT item, kind, contributor, fit, COUNT(*) AS claimed FROM best GROUP BY item, kind, contributor, fit
),
top_claim AS (SELECT item, kind, contributor, MAX(fit) AS fit FROM best GROUP BY item, kind, contributor)
SELECT t.doc_id, t.a, t.b, t.item, t.seller, CASE WHEN t.rule = 'payment-converted' THEN CAST(t.left_minor AS BIGINT) END AS part_minor,
       CASE WHEN t.rule = 'payment-converted' THEN t.bill_currency END AS part_currency,
       CASE t.rule WHEN 'payment-by-amount' THEN 800000 WHEN 'payment-less-fees' THEN 700000 ELSE 650000 END AS ppm,
       t.rule
FROM best t
JOIN wanted w ON w.item = t.item AND w.kind = t.kind AND w.contributor = t.contributor AND w.fit = t.fit
             AND w.claimed = 1
JOIN top_claim c ON c.item = t.item AND c.kind = t.kind AND c.contributor = t.contributor AND c.fit = t.fit

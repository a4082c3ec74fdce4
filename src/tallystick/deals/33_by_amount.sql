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
claimed AS (
  SELECT b.*, COUNT(*) OVER (PARTITION BY item, kind, contributor, fit) AS claims,
         MAX(fit) OVER (PARTITION BY item, kind, contributor) AS top_fit
  FROM best b
)
SELECT doc_id, a, b, item, seller,
       CASE WHEN rule = 'payment-converted' THEN CAST(left_minor AS BIGINT) END AS part_minor,
       CASE WHEN rule = 'payment-converted' THEN bill_currency END AS part_currency,
       CASE rule WHEN 'payment-by-amount' THEN 800000 WHEN 'payment-less-fees' THEN 700000 ELSE 650000 END AS ppm,
       rule
FROM claimed WHERE claims = 1 AND fit = top_fit

-- Grain: one bill (item) that open money (doc_id) is for by its amount. Reads open, bill, told, placed, link_fx.
-- Same buyer and seller, from 5 days before the bill to 180 after; the amount is what is left to pay to the
-- unit, or less by a bank's fees, or the same in another currency at the day's rate within 2 %. Taken where
-- one bill fits clearly better than any other and no other money of that contributor fits the bill as well:
-- a wrong link is worse than none.
WITH money AS (
  SELECT * FROM open
  WHERE kind IN (SELECT kind FROM money_kind) AND kind <> 'payment_return' AND amount_minor > 0 AND buyer IS NOT NULL
    AND doc_id NOT IN (SELECT doc_id FROM placed)
),
owed AS (
  SELECT m.doc_id, m.kind, m.contributor, m.seller, m.currency, m.amount_minor, m.day, m.thread AS a,
         b.thread AS b, b.item, b.currency AS bill_currency, COALESCE(b.due_day, b.issued_day + 15) AS usual_day,
         b.whole_minor - CASE WHEN m.kind = 'payment' THEN COALESCE(t.minor, 0) ELSE 0 END AS left_minor
  FROM money m
  JOIN bill b ON b.seller = m.seller AND b.buyer = m.buyer AND b.thread <> m.thread
             AND m.day BETWEEN b.issued_day - 5 AND b.issued_day + 180
  LEFT JOIN told t ON t.item = b.item AND t.contributor = m.contributor
),
pair AS (
  SELECT m.doc_id, m.kind, m.contributor, m.a, m.b, m.item, m.seller, m.left_minor, m.bill_currency,
         ABS(m.day - m.usual_day) AS gap,
         CASE WHEN m.currency = m.bill_currency AND m.amount_minor = m.left_minor THEN 60
              WHEN m.currency = m.bill_currency AND m.amount_minor < m.left_minor
                   AND m.left_minor - m.amount_minor
                       <= GREATEST(m.left_minor / 200, LEAST(3000, m.left_minor / 20)) THEN 30
              WHEN m.currency <> m.bill_currency
                   AND ABS(m.amount_minor * CAST(p.nano_cents AS DOUBLE) - m.left_minor * CAST(q.nano_cents AS DOUBLE))
                       <= 2e-2 * m.left_minor * q.nano_cents THEN 30
         END AS fit,
         CASE WHEN m.currency <> m.bill_currency THEN 'payment-converted'
              WHEN m.amount_minor = m.left_minor THEN 'payment-by-amount' ELSE 'payment-less-fees' END AS rule
  FROM owed m
  LEFT JOIN link_fx p ON p.currency = m.currency AND p.day = m.day AND m.currency <> m.bill_currency
  LEFT JOIN link_fx q ON q.currency = m.bill_currency AND q.day = m.day AND m.currency <> m.bill_currency
  WHERE m.left_minor > 0
),
fitting AS (SELECT * FROM pair WHERE fit IS NOT NULL),
ranked AS (
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

-- Grain: one bill (item) whose amount open money (doc_id) fits, with how well: 60 to the unit, 30 less a bank's
-- fees or in another currency. Reads open, bill, told, placed, link_fx.
-- Same buyer and seller, from 5 days before the bill to 180 after.
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
)
SELECT * FROM pair WHERE fit IS NOT NULL

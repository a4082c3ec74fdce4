-- Grain: one inferred link (a, b), the end that it brings in (weak), with its strength in parts per million and the rule that made it.
-- Reads unbound, the payments and orders of {said} that refer to nothing.
-- Only documents that refer to nothing are candidates, and only a pairing that is the single one
-- possible on both sides is taken: a wrong link is worse than none.
--   payment-by-amount: same buyer, seller, currency and amount, from 5 days before the invoice to
--                      120 days after.
--   order-after-quote: an order to the quoting seller by the firm that asked (or on whose behalf it
--                      was asked), within the offer's validity or 30 days; not for an offer that
--                      another order names.
WITH bill AS (
  SELECT * FROM {said}
  WHERE kind = 'invoice' AND seller IN (SELECT seller FROM unbound WHERE kind = 'payment')
),
payment_pair AS (
  SELECT p.thread AS a, i.thread AS b, p.thread AS weak, p.seller, p.doc_id AS left_doc, i.doc_id AS right_doc,
         800000 AS ppm, 'payment-by-amount' AS rule
  FROM unbound p
  JOIN bill i ON i.seller = p.seller AND i.buyer = p.buyer AND i.currency = p.currency
             AND i.amount_minor = p.amount_minor
  WHERE p.kind = 'payment' AND p.amount_minor > 0
    AND p.day BETWEEN i.issued_day - 5 AND i.issued_day + 120
),
free_quote AS (
  SELECT q.* FROM {said} q
  WHERE q.kind = 'quotation' AND q.seller IS NOT NULL AND q.buyer IS NOT NULL
    AND q.own NOT IN (SELECT ref1 FROM {said} WHERE kind = 'order' AND ref1 IS NOT NULL)
),
quote_pair AS (
  SELECT o.thread AS a, q.thread AS b, q.thread AS weak, o.seller, o.doc_id AS left_doc, q.doc_id AS right_doc,
         600000 AS ppm, 'order-after-quote' AS rule
  FROM unbound o
  JOIN free_quote q ON q.seller = o.seller
  WHERE o.kind = 'order' AND (q.buyer = o.buyer OR q.buyer = o.issuer)
    AND o.day BETWEEN q.day AND COALESCE(q.due_day, q.day + 30)
),
pair AS (SELECT * FROM payment_pair UNION ALL SELECT * FROM quote_pair),
lefts AS (SELECT left_doc, rule, COUNT(DISTINCT b) AS n FROM pair GROUP BY left_doc, rule),
rights AS (SELECT right_doc, rule, COUNT(DISTINCT a) AS n FROM pair GROUP BY right_doc, rule)
SELECT DISTINCT p.a, p.b, p.weak, p.ppm, p.rule, p.seller
FROM pair p
JOIN lefts l ON l.left_doc = p.left_doc AND l.rule = p.rule AND l.n = 1
JOIN rights r ON r.right_doc = p.right_doc AND r.rule = p.rule AND r.n = 1
WHERE p.a <> p.b

-- Grain: one document (doc_id) with a thread of documents that it may follow in the course of a deal, ranked.
-- Reads open, link_rule, {said}, placed.
-- Candidates have the same seller and buyer, in the days that the rule allows. Points: amount (60 the same, 30
-- within 2 %), quantity (30), nearness in days (up to 10); against it: another amount, another quantity, and
-- that the candidate has such a document already.
WITH open_here AS (
  SELECT * FROM open
  WHERE kind IN (SELECT kind FROM link_rule) AND doc_id NOT IN (SELECT doc_id FROM placed)
),
anchor AS (
  SELECT kind, doc_id, own, thread, seller, buyer, currency, amount_minor, quantity_milli, unit, day, due_day
  FROM {said}
  WHERE kind IN (SELECT anchor FROM link_rule) AND seller IN (SELECT seller FROM open_here)
),
partner AS (
  SELECT doc_id, buyer AS partner FROM open_here WHERE buyer IS NOT NULL
  UNION SELECT doc_id, issuer FROM open_here WHERE issuer IS NOT NULL AND issuer <> seller AND kind = 'order'
),
answered AS (
  SELECT DISTINCT kind, contributor, node FROM (
    SELECT kind, contributor, ref1 AS node FROM {said}
    WHERE ref1 IS NOT NULL AND seller IN (SELECT seller FROM open_here)
    UNION ALL
    SELECT kind, contributor, ref2 FROM {said}
    WHERE ref2 IS NOT NULL AND seller IN (SELECT seller FROM open_here)
  ) named WHERE kind IN (SELECT kind FROM link_rule WHERE once = 1)
),
pair AS (
  SELECT x.doc_id, x.kind, x.contributor, x.seller, x.thread AS own_thread, y.thread AS met_thread,
         y.doc_id AS met, r.turn, r.once, r.weak,
         CASE WHEN x.amount_minor IS NULL OR y.amount_minor IS NULL OR x.currency <> y.currency THEN 0
              WHEN x.amount_minor = y.amount_minor THEN 60
              WHEN r.compares = 'insured' THEN
                CASE WHEN ABS(x.amount_minor * 10 - y.amount_minor * 11) <= y.amount_minor / 10 THEN 50 ELSE 0 END
              WHEN r.compares = 'part' THEN CASE WHEN x.amount_minor < y.amount_minor THEN 0 ELSE -40 END
              WHEN ABS(x.amount_minor - y.amount_minor) <= y.amount_minor / 50 THEN 30
              WHEN r.compares = 'declared' THEN -10
              WHEN x.amount_minor > y.amount_minor AND x.amount_minor * 10 <= y.amount_minor * 13 THEN 0
              ELSE -40 END
         + CASE WHEN x.quantity_milli IS NULL OR y.quantity_milli IS NULL OR x.unit <> y.unit THEN 0
                WHEN x.quantity_milli = y.quantity_milli THEN 30
                WHEN x.quantity_milli < y.quantity_milli THEN 0 ELSE -30 END
         + CAST(GREATEST(0, 10 - FLOOR(ABS(x.day - y.day) / 3)) AS INT)
         - CASE WHEN a.node IS NULL THEN 0 ELSE 25 END AS points
  FROM open_here x
  JOIN partner p ON p.doc_id = x.doc_id
  JOIN link_rule r ON r.kind = x.kind
  JOIN anchor y ON y.kind = r.anchor AND y.seller = x.seller AND y.buyer = p.partner
               AND x.day BETWEEN y.day - r.before_days AND COALESCE(
                 CASE WHEN r.until_due = 1 THEN y.due_day END, y.day + r.after_days)
               AND y.thread <> x.thread
  LEFT JOIN answered a ON r.once = 1 AND a.kind = x.kind AND a.contributor = x.contributor AND a.node = y.own
),
by_thread AS (
  SELECT doc_id, kind, contributor, seller, own_thread, met_thread, turn, once, weak, MAX(points) AS points,
         MIN(met) AS met
  FROM pair
  GROUP BY doc_id, kind, contributor, seller, own_thread, met_thread, turn, once, weak
)
SELECT t.*, ROW_NUMBER() OVER (PARTITION BY doc_id, turn ORDER BY points DESC, met) AS place,
       LEAD(points) OVER (PARTITION BY doc_id, turn ORDER BY points DESC, met) AS next_points
FROM by_thread t

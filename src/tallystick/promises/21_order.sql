-- order: a buyer stands by an order that the seller has confirmed: broken where the buyer calls it off.
-- Columns: as 80_outcome.sql reads them.
SELECT o.deal, 0 AS item, o.buyer AS promisor, o.seller AS promisee,
       o.confirmed_day AS made_day, CAST(NULL AS INT) AS first_due_day,
       COALESCE(c.day, s.notice_day, s.taken_day) AS due_day, 0 AS revisions,
       CASE WHEN c.day IS NULL THEN COALESCE(s.notice_day, s.taken_day) END AS done_day,
       o.value_minor, o.currency, 1000000 AS kept_ppm,
       CASE WHEN c.by_buyer = 1 THEN 'broken' WHEN c.day IS NOT NULL THEN 'excused' END AS stop,
       CASE WHEN c.by_seller = 1 THEN 'seller' WHEN c.day IS NOT NULL AND c.by_buyer = 0 THEN 'unknown'
       END AS fault,
       o.mask AS made_mask, COALESCE(c.mask, s.notice_mask, 0) AS done_mask, o.link_ppm
FROM ordered o
LEFT JOIN called_off c ON c.deal = o.deal AND c.day >= o.confirmed_day
LEFT JOIN sent s ON s.deal = o.deal AND s.seller = o.seller
WHERE o.confirmed_day IS NOT NULL AND o.buyer IS NOT NULL

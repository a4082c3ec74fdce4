-- receive: the buyer takes goods that are as agreed. Refusing them is a break where no inspection failed
-- and no complaint was upheld or is still open.
-- Columns: as 80_outcome.sql reads them.
SELECT o.deal, 0 AS item, o.buyer AS promisor, o.seller AS promisee, o.made_day,
       CAST(NULL AS INT) AS first_due_day, a.receipt_day AS due_day, 0 AS revisions,
       a.receipt_day AS done_day, o.value_minor, o.currency, 1000000 AS kept_ppm,
       CASE WHEN a.refused = 1 AND (i.deal IS NOT NULL OR k.ruling IN ('upheld', 'partly_upheld'))
            THEN 'excused'
            WHEN a.refused = 1 AND k.deal IS NOT NULL AND k.ruling IS NULL THEN 'disputed'
            WHEN a.refused = 1 THEN 'broken' END AS stop,
       CASE WHEN a.refused = 1 AND (i.deal IS NOT NULL OR k.ruling IN ('upheld', 'partly_upheld'))
            THEN 'seller' END AS fault,
       o.mask AS made_mask, a.mask AS done_mask, o.link_ppm
FROM ordered o
JOIN arrived a ON a.deal = o.deal AND a.receipt_day IS NOT NULL
  AND COALESCE(a.only_seller, o.seller) = o.seller
LEFT JOIN complaint k ON k.deal = o.deal
LEFT JOIN (
  SELECT DISTINCT deal FROM doc WHERE kind = 'inspection' AND status = 'failed'
) i ON i.deal = o.deal
WHERE o.buyer IS NOT NULL

-- conform: the goods are as agreed. Kept when the inspection window of 14 days after arrival ends without
-- a justified complaint; a complaint that is not yet ruled on leaves it disputed. That a carrier brought
-- the goods says nothing of what they are: silence after it is the weakest evidence.
-- Columns: as 80_outcome.sql reads them.
SELECT o.deal, 0 AS item, o.seller AS promisor, o.buyer AS promisee,
       o.made_day, COALESCE(a.receipt_day, a.carried_day, i.day) + 14 AS first_due_day,
       COALESCE(a.receipt_day, a.carried_day, i.day) + 14 AS due_day, 0 AS revisions,
       CASE WHEN COALESCE(a.receipt_day, a.carried_day, i.day) + 14 <= {as_of}
            THEN COALESCE(a.receipt_day, a.carried_day, i.day) + 14 END AS done_day,
       o.value_minor, o.currency, 1000000 AS kept_ppm,
       CASE WHEN k.ruling IN ('upheld', 'partly_upheld') AND k.of_goods = 1
                 AND COALESCE(k.fault, 'seller') = 'seller' THEN 'broken'
            WHEN i.failed = 1 AND k.ruling IS NULL THEN 'broken'
            WHEN k.of_goods = 1 AND k.ruling IS NULL THEN 'disputed'
            WHEN a.harmed = 1 THEN 'excused'
            WHEN a.bad = 1 AND k.ruling IS NULL THEN 'disputed' END AS stop,
       CASE WHEN a.harmed = 1 THEN 'carrier' ELSE k.fault END AS fault,
       o.mask AS made_mask,
       CASE WHEN k.ruling IS NOT NULL THEN k.ruled_mask
            WHEN i.day IS NOT NULL THEN i.mask
            WHEN k.of_goods = 1 THEN k.mask ELSE COALESCE(a.receipt_mask, 0) END AS done_mask,
       o.link_ppm
FROM ordered o
LEFT JOIN arrived a ON a.deal = o.deal
  AND COALESCE(a.only_seller, o.seller) = o.seller
LEFT JOIN complaint k ON k.deal = o.deal
LEFT JOIN (
  SELECT deal, MIN(day) AS day, MAX(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed,
         BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'inspection' GROUP BY deal
) i ON i.deal = o.deal
WHERE COALESCE(a.receipt_day, a.carried_day, i.day) IS NOT NULL

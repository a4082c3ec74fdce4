-- Grain: goods reaching the buyer, per deal, as view `arrived`. A receipt of nothing is no arrival.
--   harmed_milli   how much was damaged or lost, the largest figure told; harmed_whole: 1 where no
--                  figure was told
--   only_seller    the seller whose goods all of them are, where they name one
SELECT deal, CASE WHEN MIN(seller) = MAX(seller) THEN MIN(seller) END AS only_seller,
       MIN(CASE WHEN kind = 'transport_event' AND status IN ('delivered', 'arrived') THEN day END)
         AS carried_day,
       MIN(CASE WHEN kind = 'receipt' AND (COALESCE(quantity_milli, 1) > 0 OR status = 'rejected')
                THEN day END) AS receipt_day,
       MAX(CASE WHEN kind = 'receipt' AND status IN ('damaged', 'rejected') THEN 1 ELSE 0 END) AS bad,
       MAX(CASE WHEN kind = 'receipt' AND status = 'rejected' THEN 1 ELSE 0 END) AS refused,
       MAX(CASE WHEN kind = 'transport_event' AND status IN ('damaged', 'lost') THEN 1 ELSE 0 END)
         AS harmed,
       MIN(CASE WHEN kind = 'transport_event' AND status IN ('damaged', 'lost') THEN day END)
         AS harmed_day,
       MAX(CASE WHEN kind = 'transport_event' AND status IN ('damaged', 'lost')
                THEN quantity_milli END) AS harmed_milli,
       MAX(CASE WHEN kind = 'transport_event' AND status IN ('damaged', 'lost')
                     AND quantity_milli IS NULL THEN 1 ELSE 0 END) AS harmed_whole,
       MAX(CASE WHEN kind = 'customs_event' AND status = 'held' THEN 1 ELSE 0 END) AS held,
       MAX(CASE WHEN kind = 'transport_event' THEN fault END) AS fault,
       BIT_OR(CASE WHEN kind <> 'customs_event' THEN mask ELSE 0 END) AS mask,
       BIT_OR(CASE WHEN kind = 'receipt' THEN mask ELSE 0 END) AS receipt_mask
FROM doc
WHERE COALESCE(kind, '') IN ('transport_event', 'receipt', 'customs_event')
GROUP BY deal

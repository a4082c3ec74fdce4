-- Grain: goods leaving, per deal and seller (0 where the document names none), as view `sent`.
-- The carrier's word on the day comes before the seller's.
SELECT deal, COALESCE(seller, 0) AS seller,
       MIN(CASE WHEN kind = 'dispatch' THEN day END) AS notice_day,
       MIN(CASE WHEN kind <> 'dispatch' THEN day END) AS taken_day,
       SUM(CASE WHEN kind = 'dispatch' THEN quantity_milli END) AS quantity_milli,
       BIT_OR(CASE WHEN kind = 'dispatch' THEN mask ELSE 0 END) AS notice_mask,
       BIT_OR(CASE WHEN kind <> 'dispatch' THEN mask ELSE 0 END) AS taken_mask
FROM doc
WHERE kind IN ('dispatch', 'shipment')
   OR (kind = 'transport_event' AND status IN ('collected', 'departed'))
GROUP BY deal, COALESCE(seller, 0)

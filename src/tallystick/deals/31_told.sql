-- Grain: one bill (item) and contributor who tells of payments that name it, with what they come to. Reads
-- {said}, bill. What one contributor tells of is not open to other money of the same contributor; another
-- contributor may well tell of the same payment.
SELECT s.item, s.contributor,
       CAST(SUM(CASE WHEN s.kind = 'payment_return' THEN -s.amount_minor ELSE s.amount_minor END) AS BIGINT)
         AS minor
FROM {said} s JOIN bill b ON b.item = s.item AND b.seller = s.seller
WHERE s.kind IN ('payment', 'payment_return') AND COALESCE(s.status, 'settled') = 'settled'
GROUP BY s.item, s.contributor

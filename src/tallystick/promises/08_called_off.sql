-- Grain: cancellation of a deal, as view `called_off`; by whom, where the document says.
SELECT deal, MIN(day) AS day,
       MAX(CASE WHEN issuer = seller OR fault = 'seller' THEN 1 ELSE 0 END) AS by_seller,
       MAX(CASE WHEN issuer = buyer OR fault = 'buyer' THEN 1 ELSE 0 END) AS by_buyer,
       BIT_OR(mask) AS mask
FROM doc
WHERE kind = 'order_cancellation'
GROUP BY deal

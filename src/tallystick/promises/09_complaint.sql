-- Grain: complaints and their end, per deal, as view `complaint`. Reason codes are those of the Peppol
-- Invoice Response; QUA, DEL, QTY, ITM and PRI speak of the goods or the bill, the others of the money.
SELECT deal,
       MIN(CASE WHEN kind = 'dispute' THEN day END) AS day,
       MAX(CASE WHEN kind = 'dispute' THEN due_day END) AS due_day,
       MAX(CASE WHEN kind = 'dispute' AND COALESCE(reason, 'QUA') IN ('QUA', 'ITM', 'NON')
                THEN 1 ELSE 0 END) AS of_goods,
       MAX(CASE WHEN kind = 'dispute' THEN issuer END) AS issuer,
       MAX(CASE WHEN kind = 'dispute' THEN platform END) AS platform,
       MIN(CASE WHEN kind = 'dispute_ruling' THEN day END) AS ruled_day,
       MAX(CASE WHEN kind = 'dispute_ruling' THEN status END) AS ruling,
       MAX(CASE WHEN kind = 'dispute_ruling' THEN fault END) AS fault,
       MAX(amount_minor) AS value_minor, MAX(currency) AS currency,
       BIT_OR(CASE WHEN kind = 'dispute' THEN mask ELSE 0 END) AS mask,
       BIT_OR(CASE WHEN kind = 'dispute_ruling' THEN mask ELSE 0 END) AS ruled_mask,
       MAX(seller) AS seller, MAX(buyer) AS buyer, MIN(link_ppm) AS link_ppm
FROM doc
WHERE COALESCE(kind, '') IN ('dispute', 'dispute_ruling')
GROUP BY deal

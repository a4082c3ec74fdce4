-- Grain: one order per deal and seller, as view `ordered`: what was ordered, by when it was to leave and
-- to arrive, and whether the date was re-stated. The seller's first confirmation is its word; the date
-- of the order stands in where no confirmation names one. Only the buyer can move the date.
-- A number told twice is one order; several numbers (the rows of an order) add up.
SELECT deal, seller, MAX(buyer) AS buyer,
       MIN(CASE WHEN kind = 'order' THEN day END) AS made_day,
       MIN(standing_day) AS confirmed_day,
       MAX(refused) AS refused,
       COALESCE(MIN(CASE WHEN kind = 'order_confirmation' THEN due_day END),
                MIN(CASE WHEN kind = 'order' THEN due_day END)) AS first_due_day,
       MAX(CASE WHEN kind = 'order_change' THEN last_due_day END) AS changed_due_day,
       COUNT(DISTINCT due_day) AS dates,
       MAX(CASE WHEN kind = 'order_change' THEN last_deliver_day END) AS changed_deliver_day,
       MIN(deliver_day) AS first_deliver_day,
       CASE WHEN MIN(currency) = MAX(last_currency)
            THEN SUM(CASE WHEN kind = 'order' THEN amount_minor END) END AS value_minor,
       MIN(currency) AS currency,
       MAX(CASE WHEN kind = 'order_confirmation' THEN amount_minor END) AS confirmed_minor,
       CASE WHEN MIN(unit) = MAX(last_unit) OR MAX(last_unit) IS NULL
            THEN GREATEST(SUM(CASE WHEN kind = 'order' THEN quantity_milli END),
                          MAX(CASE WHEN kind = 'order_change' THEN quantity_milli END)) END
         AS quantity_milli,
       BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
FROM (
  SELECT deal, seller, kind, MAX(buyer) AS buyer, MIN(day) AS day,
         MIN(CASE WHEN kind = 'order_confirmation' AND COALESCE(status, '') <> 'rejected' THEN day END)
           AS standing_day,
         MAX(CASE WHEN kind = 'order_confirmation' AND status = 'rejected' THEN 1 ELSE 0 END) AS refused,
         MIN(due_day) AS due_day, MAX(due_day) AS last_due_day,
         MIN(deliver_day) AS deliver_day, MAX(deliver_day) AS last_deliver_day,
         MAX(amount_minor) AS amount_minor, MIN(currency) AS currency, MAX(currency) AS last_currency,
         MAX(quantity_milli) AS quantity_milli, MIN(unit) AS unit, MAX(unit) AS last_unit,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc
  WHERE COALESCE(kind, '') IN ('order', 'order_confirmation', 'order_change') AND seller IS NOT NULL
  GROUP BY deal, seller, kind, COALESCE(own, deal)
) numbered
GROUP BY deal, seller
HAVING MAX(CASE WHEN kind = 'order' THEN 1 ELSE 0 END) = 1

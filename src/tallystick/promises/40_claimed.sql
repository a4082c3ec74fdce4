-- Grain: one insurance claim, as view `claimed`.
SELECT deal, COALESCE(item, 0) AS item, insurer, MAX(buyer) AS buyer, MAX(seller) AS seller,
       MIN(day) AS made_day, MIN(due_day) AS due_day, MAX(amount_minor) AS value_minor,
       MIN(currency) AS currency, BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
FROM doc WHERE kind = 'claim' AND insurer IS NOT NULL
GROUP BY deal, COALESCE(item, 0), insurer

-- Grain: the answer to one insurance claim, as view `settled`.
SELECT deal, COALESCE(item, 0) AS item, MIN(day) AS day,
       MAX(CASE WHEN status = 'refused_wrongly' THEN 1 ELSE 0 END) AS wrong, BIT_OR(mask) AS mask
FROM doc WHERE kind = 'claim_settlement'
GROUP BY deal, COALESCE(item, 0)

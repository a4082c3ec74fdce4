-- Grain: one promise with its value in US cents. Rates are integers, one per currency and day.
SELECT p.*,
       CAST(FLOOR(CAST(p.value_minor AS DOUBLE) * x.nano_cents / 1e9) AS BIGINT) AS value_cents,
       CASE WHEN p.matured_day <= {as_of} AND p.outcome IN ('kept', 'late', 'partial', 'broken')
            THEN 1 ELSE 0 END AS counted
FROM promise p
LEFT JOIN fx x ON x.currency = p.currency AND x.day = p.made_day

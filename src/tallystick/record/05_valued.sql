-- Grain: one promise with what it was worth and how much of it was broken. Rates are integers, one per currency
-- and day.
--   value_cents   in US cents, at the day on which it was made
--   broken_ppm    share broken (late counts as broken in full)
--   counted       1 if it is matured at {as_of} and was kept, late, kept in part or broken
SELECT p.*,
       CAST(FLOOR(CAST(p.value_minor AS DOUBLE) * x.nano_cents / 1e9) AS BIGINT) AS value_cents,
       CASE WHEN p.outcome IN ('kept', 'partial') THEN 1000000 - p.kept_ppm ELSE 1000000 END AS broken_ppm,
       CASE WHEN p.matured_day <= {as_of} AND p.outcome IN ('kept', 'late', 'partial', 'broken')
            THEN 1 ELSE 0 END AS counted
FROM promise p
LEFT JOIN fx x ON x.currency = p.currency AND x.day = p.made_day

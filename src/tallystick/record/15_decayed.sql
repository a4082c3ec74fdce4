-- Grain: one promise with the masses that are added up; only what is added up, so that it stays small.
--   cor180      micro-units at {as_of}: strength, decayed
--   e180, e730  micro-units at {as_of}: weight, decayed
SELECT promisor, promisee, kind, outcome, counted, matured_day, made_day, late_days, anchored, value_cents,
       broken_ppm, w180, w365,
       CAST(FLOOR(strength_ppm * w180 / 1e6) AS BIGINT) AS cor180,
       CAST(FLOOR(weight * w180 / 1e6) AS BIGINT) AS e180,
       CAST(FLOOR(weight * w730 / 1e6) AS BIGINT) AS e730
FROM weighed

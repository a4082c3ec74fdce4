-- Grain: as in 10_counted.sql, with only what is added up, so that it stays small.
--   attester      the only independent contributor that saw it, by its bit; 0 if there are several, or none
--   c30 .. call   micro-units: strength, decayed
--   e30 .. eall   micro-units: weight, decayed
SELECT {key}, promisee, outcome, counted, matured_day, made_day, late_days, anchored, witness, value_cents,
       CASE WHEN witness = 3 AND BIT_COUNT(mask & {attesters}) = 1 THEN mask & {attesters} ELSE 0 END AS attester,
       broken_ppm, place, w365, [[w{h}]],
       [[CAST(FLOOR(strength_ppm * w{h} / 1e6) AS BIGINT) AS c{h}]],
       [[CAST(FLOOR(weight * w{h} / 1e6) AS BIGINT) AS e{h}]]
FROM weighed

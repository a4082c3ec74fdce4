-- Grain: as in 10_counted.sql, with only what is added up, so that it stays small.
--   c30 .. call   micro-units: strength, decayed
--   e30 .. eall   micro-units: weight, decayed
SELECT {key}, promisee, outcome, counted, matured_day, made_day, late_days, anchored, witness, value_cents,
       broken_ppm, place, w365, [[w{h}]],
       [[CAST(FLOOR(strength_ppm * w{h} / 1e6) AS BIGINT) AS c{h}]],
       [[CAST(FLOOR(weight * w{h} / 1e6) AS BIGINT) AS e{h}]]
FROM weighed

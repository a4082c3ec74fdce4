-- Grain: as in 10_counted.sql, with only what is added up, so that it stays small: what is at most a million
-- takes four bytes.
--   c30 .. call   micro-units: strength, decayed
--   e30 .. eall   micro-units: weight, decayed
SELECT {key}, promisee, outcome, counted, matured_day, made_day, late_days, anchored, witness, value_cents,
       broken_ppm, place, CAST(w365 AS INT) AS w365, [[CAST(w{h} AS INT) AS w{h}]],
       [[CAST(FLOOR(strength_ppm * w{h} / 1e6) AS INT) AS c{h}]],
       [[CAST(FLOOR(weight * w{h} / 1e6) AS INT) AS e{h}]]
FROM weighed

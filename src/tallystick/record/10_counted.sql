-- Grain: one promise with what it weighs at {as_of}; with moments, one promise at each moment of its promisor
-- that comes after it. Reads {source} (valued v), median, decay.
--   weight        micro-units: strength times min(1, value over the median of its kind); a promise whose
--                 value cannot be known weighs {unvalued} ppm of that, unless its kind has no values
--   place         order of the outcomes of a file
--   w30 .. wall   ppm that the half-lives leave of it; 0 if it does not count
SELECT {columns},
       {place} AS place,
       CAST(FLOOR(v.strength_ppm * CASE
         WHEN m.median_cents IS NULL OR m.median_cents <= 0 THEN 1e0
         WHEN v.value_cents IS NULL THEN {unvalued} / 1e6
         WHEN v.value_cents >= m.median_cents THEN 1e0
         ELSE CAST(v.value_cents AS DOUBLE) / m.median_cents END) AS BIGINT) AS weight,
       CASE WHEN v.counted = 1 THEN d.w365 ELSE 0 END AS w365,
       [[CASE WHEN v.counted = 1 THEN d.w{h} ELSE 0 END AS w{h}]]
FROM {source}
LEFT JOIN median m ON m.kind = v.kind
LEFT JOIN decay d ON d.age = {as_of} - v.matured_day

-- Grain: {key} and attester, where one independent contributor alone saw promises (attester <> 0).
--   kept_ppm, broken_ppm   what is left of that mass: of what was kept, at most {attested} or as much as all
--                          other witnesses saw kept; of what was broken, at most {attested}
SELECT a.*,
       CASE WHEN kept <= GREATEST({attested}, everybody - kept) THEN 1000000
            ELSE CAST(FLOOR(GREATEST({attested}, everybody - kept) * 1e6 / kept) AS BIGINT) END AS kept_ppm,
       CASE WHEN broken <= {attested} THEN 1000000
            ELSE CAST(FLOOR({attested} * 1e6 / broken) AS BIGINT) END AS broken_ppm
FROM (
  SELECT {key}, attester, SUM(e730 - b730) AS kept, SUM(b730) AS broken,
         SUM(SUM(e730 - b730)) OVER (PARTITION BY {key}) AS everybody
  FROM pair
  WHERE witness = 3
  GROUP BY {key}, attester
) a
WHERE attester <> 0

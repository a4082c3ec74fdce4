-- Grain: as in 30_pair.sql. What each counterparty gives, capped at {cap} (one side's word that a promise was
-- broken at {pool_accused}): g(E) = E * cap / (E + cap). What a single contributor attests is bounded before.
--   m, mb   capped mass, total and broken, if every counterparty were known
--   n, s    the same times q: proven
--   r, rb   what is not proven, uncapped: it goes into a pool with that of all others
SELECT {key}, promisee, witness, money,
       CAST(FLOOR(CAST(money AS DOUBLE) * q_ppm / 1e6) AS BIGINT) AS money_proven,
       [[m{h}]],
       [[CASE WHEN e{h} > 0 THEN CAST(FLOOR(CAST(m{h} AS DOUBLE) * b{h} / e{h}) AS BIGINT) ELSE 0 END AS mb{h}]],
       [[CAST(FLOOR(CAST(m{h} AS DOUBLE) * q_ppm / 1e6) AS BIGINT) AS n{h}]],
       [[CASE WHEN e{h} > 0 THEN CAST(FLOOR(CAST(m{h} AS DOUBLE) * q_ppm / 1e6 * b{h} / e{h}) AS BIGINT)
              ELSE 0 END AS s{h}]],
       [[CAST(FLOOR(CAST(e{h} AS DOUBLE) * (1000000 - q_ppm) / 1e6) AS BIGINT) AS r{h}]],
       [[CAST(FLOOR(CAST(b{h} AS DOUBLE) * (1000000 - q_ppm) / 1e6) AS BIGINT) AS rb{h}]]
FROM (
  SELECT p.*, [[CAST(FLOOR(CAST(e{h} AS DOUBLE) * bound / (e{h} + bound)) AS BIGINT) AS m{h}]]
  FROM (
    SELECT {own_key}, r.promisee, r.witness, r.money, r.q_ppm,
           CASE WHEN r.witness = 4 THEN {pool_accused} ELSE {cap} END AS bound,
           [[CASE WHEN a.attester IS NULL THEN r.b{h}
                  ELSE CAST(FLOOR(CAST(r.b{h} AS DOUBLE) * a.broken_ppm / 1e6) AS BIGINT) END AS b{h}]],
           [[CASE WHEN a.attester IS NULL THEN r.e{h}
                  ELSE CAST(FLOOR(CAST(r.b{h} AS DOUBLE) * a.broken_ppm / 1e6) AS BIGINT)
                     + CAST(FLOOR(CAST(r.e{h} - r.b{h} AS DOUBLE) * a.kept_ppm / 1e6) AS BIGINT) END AS e{h}]]
    FROM pair r
    LEFT JOIN attested a ON {same_key} AND a.attester = r.attester
  ) p
) capped

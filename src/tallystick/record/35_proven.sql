-- Grain: as in 30_pair.sql. What each counterparty gives, capped at {cap}: g(E) = E * cap / (E + cap).
--   m, mb   capped mass of all its promises, total and broken, if every counterparty were known
--   n, s    that of those which both sides or a witness stand for, times q: proven
SELECT p.*, CAST(FLOOR(CAST(money AS DOUBLE) * q_ppm / 1e6) AS BIGINT) AS money_proven,
       [[CAST(FLOOR(CAST(e{h} AS DOUBLE) * {cap} / (e{h} + {cap})) AS BIGINT) AS m{h}]],
       [[CAST(FLOOR(CAST(b{h} AS DOUBLE) * {cap} / (e{h} + {cap})) AS BIGINT) AS mb{h}]],
       [[CAST(FLOOR(CAST(f{h} AS DOUBLE) * {cap} / (f{h} + {cap}) * q_ppm / 1e6) AS BIGINT) AS n{h}]],
       [[CAST(FLOOR(CAST(fb{h} AS DOUBLE) * {cap} / (f{h} + {cap}) * q_ppm / 1e6) AS BIGINT) AS s{h}]]
FROM pair p

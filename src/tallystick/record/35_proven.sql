-- Grain: as in 30_pair.sql. What each counterparty gives, capped at {cap}: g(E) = E * cap / (E + cap).
--   m, mb   capped mass of all its promises, total and broken, if every counterparty were known
--   n, s    that of those which both sides or a witness stand for, times q: proven
-- Whole numbers in floating point, exact up to 9 * 10^15, because sums of them are the cheaper ones.
SELECT p.*, CAST(FLOOR(CAST(money AS DOUBLE) * q_ppm / 1e6) AS BIGINT) AS money_proven,
       [[FLOOR(CAST(e{h} AS DOUBLE) * {cap} / (e{h} + {cap})) AS m{h}]],
       [[FLOOR(CAST(b{h} AS DOUBLE) * {cap} / (e{h} + {cap})) AS mb{h}]],
       [[FLOOR(CAST(f{h} AS DOUBLE) * {cap} / (f{h} + {cap}) * q_ppm / 1e6) AS n{h}]],
       [[FLOOR(CAST(fb{h} AS DOUBLE) * {cap} / (f{h} + {cap}) * q_ppm / 1e6) AS s{h}]]
FROM pair p

-- Grain: {key}. Proven mass added up, and the pools: all that is unproven counts together as one counterparty
-- would, g(E) = E * K / (E + K), with K by who stands behind it:
--   3  independent witness, counterparty not known    {pool_seen}
--   12 both sides, or a marketplace                   {pool_told}
--   0  one side says that it was kept                 {pool_word}
--   4  one side says that it was broken               {pool_accused}
SELECT {key}, counterparties, money, money_proven,
       [[m{h}]], [[mb{h}]],
       [[n{h} + {g3} + {g12} + {g0} + {g4} AS n{h}]],
       [[s{h} + {s3} + {s12} + {s0} + {s4} AS s{h}]]
FROM (
  SELECT {key}, COUNT(DISTINCT promisee) AS counterparties, SUM(money) AS money,
         SUM(money_proven) AS money_proven,
         [[SUM(m{h}) AS m{h}]], [[SUM(mb{h}) AS mb{h}]], [[SUM(n{h}) AS n{h}]], [[SUM(s{h}) AS s{h}]],
         [[SUM(CASE WHEN witness = 3 THEN r{h} ELSE 0 END) AS p3{h}]],
         [[SUM(CASE WHEN witness = 3 THEN rb{h} ELSE 0 END) AS b3{h}]],
         [[SUM(CASE WHEN witness IN (1, 2) THEN r{h} ELSE 0 END) AS p12{h}]],
         [[SUM(CASE WHEN witness IN (1, 2) THEN rb{h} ELSE 0 END) AS b12{h}]],
         [[SUM(CASE WHEN witness = 0 THEN r{h} ELSE 0 END) AS p0{h}]],
         [[SUM(CASE WHEN witness = 0 THEN rb{h} ELSE 0 END) AS b0{h}]],
         [[SUM(CASE WHEN witness = 4 THEN r{h} ELSE 0 END) AS p4{h}]],
         [[SUM(CASE WHEN witness = 4 THEN rb{h} ELSE 0 END) AS b4{h}]]
  FROM proven
  GROUP BY {key}
) pooled

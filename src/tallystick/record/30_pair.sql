-- Grain: {key}, promisee, witness and attester: decayed mass, total (e) and broken (b), in micro-units, and the
-- decayed money kept before an independent witness, in US cents.
--   q_ppm   how well the promisee is known: by its ties u to others than this promisor, u^2 / (u^2 + {known}^2),
--           times what its standing leaves; 0 where nobody but a marketplace or the promisor speaks. The square:
--           a few ties that rings can afford are worth next to nothing, many are worth nearly all.
SELECT s.*,
       CASE WHEN s.witness < 2 THEN 0 ELSE CAST(FLOOR(COALESCE(c.credibility_ppm, {unverified})
         * (CAST(u AS DOUBLE) * u / (CAST(u AS DOUBLE) * u + CAST({known} AS DOUBLE) * {known}))) AS BIGINT)
         END AS q_ppm
FROM (
  SELECT p.*, CASE WHEN r.reach IS NULL THEN 0 WHEN t.a IS NULL THEN r.reach
                   WHEN p.owner < p.promisee THEN r.reach - t.tie_a ELSE r.reach - t.tie_b END AS u
  FROM (
    SELECT {key}, {promisor} AS owner, promisee, witness, attester,
           SUM(CASE WHEN witness = 3 AND outcome = 'kept'
                    THEN CAST(FLOOR(CAST(value_cents AS DOUBLE) * w365 / 1e6) AS BIGINT) ELSE 0 END) AS money,
           [[SUM(e{h}) AS e{h}]],
           [[SUM(CAST(FLOOR(e{h} * broken_ppm / 1e6) AS BIGINT)) AS b{h}]]
    FROM counted_promise
    WHERE counted = 1
    GROUP BY {key}, promisee, witness, attester
  ) p
  LEFT JOIN reach r ON r.company = p.promisee
  LEFT JOIN tie t ON t.a = CASE WHEN p.owner < p.promisee THEN p.owner ELSE p.promisee END
                 AND t.b = CASE WHEN p.owner < p.promisee THEN p.promisee ELSE p.owner END
) s
LEFT JOIN credibility c ON c.company = s.promisee

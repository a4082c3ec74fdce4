-- Grain: {key} and promisee. In micro-units, for each half-life, total and broken: decayed mass of all promises
-- (e, b), and of those for which both sides or an independent witness stand (f, fb). In US cents: decayed money
-- kept before an independent witness. What was broken is added up apart: few promises are, and the fewer sums for
-- each of the many pairs, the less there is to move about.
--   q_ppm   how well the promisee is known: by its ties u to others than this promisor and its partners,
--           u^2 / (u^2 + {known}^2), times what its standing leaves. The square: a few ties, which rings can
--           afford, are worth next to nothing, many are worth nearly all.
SELECT s.*,
       CAST(FLOOR(COALESCE(c.credibility_ppm, {unverified})
              * (CAST(u AS DOUBLE) * u / (CAST(u AS DOUBLE) * u + CAST({known} AS DOUBLE) * {known}))) AS BIGINT)
         AS q_ppm
FROM (
  SELECT *, reach - within - tie AS u
  FROM (
    SELECT p.*, [[COALESCE(f.b{h}, 0) AS b{h}]], [[COALESCE(f.fb{h}, 0) AS fb{h}]],
           COALESCE(r.reach, 0) AS reach, COALESCE(w.within, 0) AS within,
           COALESCE(CASE WHEN p.promisor < p.promisee THEN t.tie_a ELSE t.tie_b END, 0) AS tie
    FROM (
      SELECT {key}, promisee,
             CAST(SUM(CASE WHEN witness = 3 AND outcome = 'kept'
               THEN CAST(FLOOR(CAST(value_cents AS DOUBLE) * w365 / 1e6) AS BIGINT) ELSE 0 END) AS BIGINT) AS money,
             [[CAST(SUM(e{h}) AS BIGINT) AS e{h}]],
             [[CAST(SUM(CASE WHEN witness IN (2, 3) THEN e{h} ELSE 0 END) AS BIGINT) AS f{h}]]
      FROM counted_promise
      WHERE counted = 1
      GROUP BY {key}, promisee
    ) p
    LEFT JOIN faults f ON {same}
    LEFT JOIN reach r ON r.company = p.promisee
    LEFT JOIN within w ON w.owner = p.promisor AND w.promisee = p.promisee
    LEFT JOIN tie t ON t.a = LEAST(p.promisor, p.promisee) AND t.b = GREATEST(p.promisor, p.promisee)
  ) joined
) s
LEFT JOIN credibility c ON c.company = s.promisee

-- Grain: as in 30_pair.sql: what one counterparty gives to a track record, and why: the columns of 30_pair.sql
-- and 35_proven.sql, and of the promisee
--   reach            ties to all its partners, in micro-units; `tie`: of these to the promisor
--   credibility_ppm  what its standing leaves
SELECT p.kind, p.promisee, p.witness, p.u, p.q_ppm,
       COALESCE(r.reach, 0) AS reach,
       COALESCE(CASE WHEN p.owner < p.promisee THEN t.tie_a ELSE t.tie_b END, 0) AS tie,
       COALESCE(c.credibility_ppm, {unverified}) AS credibility_ppm,
       [[p.e{h}, p.b{h}, v.m{h}, v.n{h}, v.s{h}, v.r{h}, v.rb{h}]]
FROM pair p
JOIN proven v ON v.kind = p.kind AND v.promisee = p.promisee AND v.witness = p.witness
LEFT JOIN reach r ON r.company = p.promisee
LEFT JOIN tie t ON t.a = CASE WHEN p.owner < p.promisee THEN p.owner ELSE p.promisee END
               AND t.b = CASE WHEN p.owner < p.promisee THEN p.promisee ELSE p.owner END
LEFT JOIN credibility c ON c.company = p.promisee
ORDER BY p.kind, p.promisee, p.witness

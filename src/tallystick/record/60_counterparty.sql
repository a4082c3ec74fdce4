-- Grain: as in 30_pair.sql: what one counterparty gives to a track record, and why: columns of 30_pair.sql and
-- 35_proven.sql, and
--   reach                  ties of the promisee to all its partners, in micro-units; tie: of these to the promisor
--   credibility_ppm        what the standing of the promisee leaves
--   kept_ppm, broken_ppm   what is left of the mass that a single contributor attests (33_attested.sql)
SELECT p.kind, p.promisee, p.witness, p.attester, p.u, p.q_ppm,
       COALESCE(r.reach, 0) AS reach,
       COALESCE(CASE WHEN p.owner < p.promisee THEN t.tie_a ELSE t.tie_b END, 0) AS tie,
       COALESCE(c.credibility_ppm, {unverified}) AS credibility_ppm,
       COALESCE(a.kept_ppm, 1000000) AS kept_ppm, COALESCE(a.broken_ppm, 1000000) AS broken_ppm,
       [[p.e{h}, p.b{h}, v.m{h}, v.n{h}, v.s{h}, v.r{h}, v.rb{h}]]
FROM pair p
JOIN proven v ON v.kind = p.kind AND v.promisee = p.promisee AND v.witness = p.witness
             AND v.attester = p.attester
LEFT JOIN attested a ON a.kind = p.kind AND a.attester = p.attester
LEFT JOIN reach r ON r.company = p.promisee
LEFT JOIN tie t ON t.a = CASE WHEN p.owner < p.promisee THEN p.owner ELSE p.promisee END
               AND t.b = CASE WHEN p.owner < p.promisee THEN p.promisee ELSE p.owner END
LEFT JOIN credibility c ON c.company = p.promisee
ORDER BY p.kind, p.promisee, p.witness, p.attester

-- Grain: as in 30_pair.sql and 35_proven.sql, with their columns: what one counterparty gives to a track record,
-- and why. credibility_ppm: what the standing of the promisee leaves.
SELECT p.*, COALESCE(c.credibility_ppm, {unverified}) AS credibility_ppm
FROM proven p
LEFT JOIN credibility c ON c.company = p.promisee
ORDER BY p.kind, p.promisee

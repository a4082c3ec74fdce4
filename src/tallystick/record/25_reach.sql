-- Grain: one company that an independent witness has seen: the ties to all its partners, in micro-units, each
-- counting what the standing of the partner leaves: strangers who deal with each other do not get known by it.
SELECT company, CAST(SUM(tie) AS BIGINT) AS reach
FROM (SELECT a AS company, tie_b AS tie FROM tie UNION ALL SELECT b, tie_a FROM tie) ends
GROUP BY company

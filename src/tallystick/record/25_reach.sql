-- Grain: one company that an independent witness has seen: the ties to all its partners, in micro-units.
SELECT company, CAST(SUM(tie) AS BIGINT) AS reach
FROM (SELECT a AS company, tie FROM tie UNION ALL SELECT b, tie FROM tie) ends
GROUP BY company

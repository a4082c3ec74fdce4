-- Grain: one company that an independent witness has seen: the ties to all its partners, in micro-units, each
-- counting what the standing of the partner leaves: strangers who deal with each other do not get known by it.
SELECT company, COUNT(*) AS partners, SUM(tie) AS reach
FROM ties
GROUP BY company

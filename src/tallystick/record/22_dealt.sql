-- Grain: two companies one of which promised the other anything, whatever became of it (a < b).
SELECT DISTINCT CASE WHEN promisor < promisee THEN promisor ELSE promisee END AS a,
       CASE WHEN promisor < promisee THEN promisee ELSE promisor END AS b
FROM promise
WHERE promisee <> 0

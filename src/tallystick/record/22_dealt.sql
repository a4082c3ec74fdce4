-- Grain: two companies one of which promised the other anything, whatever became of it (a < b).
SELECT DISTINCT LEAST(promisor, promisee) AS a,
       GREATEST(promisor, promisee) AS b
FROM promise
WHERE promisee <> 0

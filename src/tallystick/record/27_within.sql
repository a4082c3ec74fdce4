-- Grain: promisor (owner) and promisee: the ties of the promisee to companies with which the promisor deals
-- itself. A ring whose members know each other and their customer is not known by that. Companies with more than
-- {few} partners are left out: what a few of these add to them decides nothing.
SELECT x.other AS owner, x.company AS promisee, SUM(y.tie) AS within
FROM ties x
JOIN reach r ON r.company = x.company AND r.partners <= {few}
JOIN ties y ON y.company = x.company AND y.other <> x.other
JOIN dealt d ON d.a = LEAST(x.other, y.other) AND d.b = GREATEST(x.other, y.other)
GROUP BY x.other, x.company

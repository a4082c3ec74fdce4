-- Grain: promisor, kind and promisee: decayed mass, total (e) and broken (b), in micro-units, and the
-- decayed money kept before an independent witness, in US cents.
SELECT promisor, kind, promisee,
       SUM(e180) AS e180,
       SUM(CAST(FLOOR(e180 * broken_ppm / 1e6) AS BIGINT)) AS b180,
       SUM(e730) AS e730,
       SUM(CAST(FLOOR(e730 * broken_ppm / 1e6) AS BIGINT)) AS b730,
       SUM(CASE WHEN anchored = 1 AND outcome = 'kept'
                THEN CAST(FLOOR(CAST(value_cents AS DOUBLE) * w365 / 1e6) AS BIGINT) END) AS proven_cents
FROM counted_promise
WHERE counted = 1
GROUP BY promisor, kind, promisee

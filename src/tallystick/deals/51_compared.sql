-- Grain: one pair of figures of a deal, in one unit, that do not fit. Reads figure, break_pair, reading.
-- Columns: as every text of breaks: deal, kind, between_kinds, expected, found, unit, told (mask of who said
-- what was found).
-- What is expected is read in up to six ways (told by one contributor, in parts by several, or as changed; with a deposit that
-- was asked for before as part of the bill, or on top of it); credit notes come off. A break is what no way
-- explains: neither all that was found nor what each contributor tells of it.
WITH met AS (
  SELECT e.deal, p.kind, p.between_kinds, e.unit, p.under_ppm, p.over_ppm, f.whole, f.most, f.least,
         f.mask AS told,
         CASE r.way WHEN 1 THEN e.whole WHEN 2 THEN COALESCE(h.most, e.most) ELSE e.most END - COALESCE(c.most, 0)
           + r.deposit * p.deposit * COALESCE(d.whole, 0) AS expected,
         CASE WHEN r.way = 0 AND r.deposit = 0 THEN e.most - COALESCE(c.most, 0) END AS plain
  FROM break_pair p
  JOIN figure e ON e.kind = p.expects AND e.basis = p.basis
  JOIN figure f ON f.deal = e.deal AND f.kind = p.finds AND f.basis = p.basis AND f.unit = e.unit
  CROSS JOIN reading r
  LEFT JOIN figure h ON h.deal = e.deal AND h.kind = 'order_change' AND h.basis = e.basis AND h.unit = e.unit
                    AND e.kind = 'order'
  LEFT JOIN (SELECT DISTINCT deal, kind, basis FROM figure) u ON u.deal = e.deal AND u.kind = p.unless
                                                             AND u.basis = p.basis
  LEFT JOIN figure c ON c.deal = e.deal AND c.kind = 'credit_note' AND c.basis = 'money' AND c.unit = e.unit
                    AND p.credit = 1
  LEFT JOIN figure d ON d.deal = e.deal AND d.kind = 'proforma' AND d.basis = 'money' AND d.unit = e.unit
                    AND p.deposit <> 0
  WHERE u.deal IS NULL
),
fit AS (
  SELECT m.*,
         CASE WHEN whole BETWEEN expected - ABS(expected) * (under_ppm / 1e6)
                             AND expected + ABS(expected) * (over_ppm / 1e6) THEN 1 ELSE 0 END AS whole_fits,
         CASE WHEN most BETWEEN expected - ABS(expected) * (under_ppm / 1e6)
                            AND expected + ABS(expected) * (over_ppm / 1e6) THEN 1 ELSE 0 END AS most_fits,
         CASE WHEN least BETWEEN expected - ABS(expected) * (under_ppm / 1e6)
                             AND expected + ABS(expected) * (over_ppm / 1e6) THEN 1 ELSE 0 END AS least_fits
  FROM met m
),
judged AS (
  SELECT deal, kind, between_kinds, unit, MAX(plain) AS expected, MAX(whole) AS whole, MAX(most) AS most,
         MAX(least) AS least, MAX(told) AS told, MAX(whole_fits) AS whole_fits, MAX(most_fits) AS most_fits,
         MAX(least_fits) AS least_fits
  FROM fit GROUP BY deal, kind, between_kinds, unit
)
SELECT deal, kind, between_kinds, expected,
       CASE WHEN whole < expected THEN whole WHEN least_fits = 0 THEN least ELSE most END AS found, unit, told
FROM judged
WHERE whole_fits = 0 AND (most_fits = 0 OR least_fits = 0)

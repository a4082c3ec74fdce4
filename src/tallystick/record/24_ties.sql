-- Grain: one company and one of its partners: what the partner adds to how well the company is known.
SELECT a AS company, b AS other, tie_b AS tie FROM tie
UNION ALL
SELECT b AS company, a AS other, tie_a AS tie FROM tie

-- Grain: one link between two nodes (a, b) of the graph of deals, stated by a document.
-- A document's own number is worth an edge only where another document refers to it. Money that
-- names several bills does not tie their deals together: it hangs on the first.
WITH node AS (
  SELECT kind, thread, own, ref2, ref3, ref4 FROM {said}
),
referred AS (
  SELECT thread AS node FROM node WHERE own IS NULL OR thread <> own
  UNION SELECT ref2 FROM node WHERE ref2 IS NOT NULL
  UNION SELECT ref3 FROM node WHERE ref3 IS NOT NULL
  UNION SELECT ref4 FROM node WHERE ref4 IS NOT NULL
),
tie AS (
  SELECT * FROM node
  WHERE kind NOT IN ('payment', 'remittance', 'statement', 'credit_note', 'reminder')
)
SELECT n.thread AS a, n.own AS b
FROM node n JOIN referred r ON r.node = n.own
WHERE n.own <> n.thread
UNION ALL SELECT thread, ref2 FROM tie WHERE ref2 <> thread
UNION ALL SELECT thread, ref3 FROM tie WHERE ref3 <> thread
UNION ALL SELECT thread, ref4 FROM tie WHERE ref4 <> thread

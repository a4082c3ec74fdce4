-- Grain: one link between two nodes (a, b) of the graph of deals, stated by a document. Reads
-- node(kind, thread, own, ref2, ref3, ref4, item), a row per document.
-- A document's own number is worth an edge only where another document refers to it. Money that
-- names several bills, and who finances them, does not tie their deals together: it hangs on the first. Money for one
-- bill ties that to the order that it names too, since one of both may be another party's number.
WITH referred AS (
  SELECT thread AS node FROM node WHERE own IS NULL OR thread <> own
  UNION ALL SELECT ref2 FROM node WHERE ref2 IS NOT NULL
  UNION ALL SELECT ref3 FROM node WHERE ref3 IS NOT NULL
  UNION ALL SELECT ref4 FROM node WHERE ref4 IS NOT NULL
),
tie AS (
  SELECT * FROM node
  WHERE kind NOT IN ('payment', 'remittance', 'statement', 'credit_note', 'reminder',
                     'assignment')
     OR (kind IN ('payment', 'remittance') AND ref2 = item AND ref3 IS NULL)
)
SELECT thread AS a, own AS b FROM node
WHERE own <> thread AND own IN (SELECT node FROM referred)
UNION ALL SELECT thread, ref2 FROM tie WHERE ref2 <> thread
UNION ALL SELECT thread, ref3 FROM tie WHERE ref3 <> thread
UNION ALL SELECT thread, ref4 FROM tie WHERE ref4 <> thread

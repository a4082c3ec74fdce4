-- Grain: one reference of a document to a number that no document bears. Reads `doc_break` (the documents
-- of the deals asked for), `said` and `document_named`.
-- Columns: deal, kind, place (of the reference among the document's link keys), named (all that it refers to).
-- `deal` is a platform's number of a whole transaction, which no document bears: who names nothing else
-- is left out.
WITH link AS (
  SELECT b.deal, s.doc_id, s.version, s.kind, s.ref1, s.ref2, s.ref3, s.ref4
  FROM doc_break b JOIN said s ON s.doc_id = b.doc_id
  WHERE s.ref1 IS NOT NULL OR s.ref2 IS NOT NULL OR s.ref3 IS NOT NULL OR s.ref4 IS NOT NULL
),
place AS (
  SELECT deal, doc_id, version, kind, 1 AS place, ref1 AS node FROM link
  UNION ALL SELECT deal, doc_id, version, kind, 2, ref2 FROM link
  UNION ALL SELECT deal, doc_id, version, kind, 3, ref3 FROM link
  UNION ALL SELECT deal, doc_id, version, kind, 4, ref4 FROM link
),
open AS (
  SELECT p.* FROM place p
  WHERE p.node IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said t WHERE t.own = p.node)
),
paper AS (
  SELECT doc_id, version FROM (
    SELECT d.doc_id, d.version, explode(d.named) AS ref FROM document_named d
    WHERE d.doc_id IN (SELECT doc_id FROM open)
  ) r WHERE r.ref.kind <> 'deal' GROUP BY doc_id, version
)
SELECT o.deal, o.kind, o.place, d.named
FROM open o
JOIN paper p ON p.doc_id = o.doc_id AND p.version = o.version
JOIN document_named d ON d.doc_id = o.doc_id AND d.version = o.version

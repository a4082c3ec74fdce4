-- Grain: one reference of a document to a number that no document bears. Reads `nowhere` and `document_named`.
-- Columns: deal, kind, place (of the reference among the document's link keys), named (all that it refers to).
-- `deal` is a platform's number of a whole transaction, which no document bears: who names nothing else
-- is left out.
WITH paper AS (
  SELECT doc_id, version FROM (
    SELECT d.doc_id, d.version, explode(d.named) AS ref FROM document_named d
    WHERE d.doc_id IN (SELECT doc_id FROM nowhere)
  ) r WHERE r.ref.kind <> 'deal' GROUP BY doc_id, version
)
SELECT o.deal, o.kind, o.place, d.named
FROM nowhere o
JOIN paper p ON p.doc_id = o.doc_id AND p.version = o.version
JOIN document_named d ON d.doc_id = o.doc_id AND d.version = o.version

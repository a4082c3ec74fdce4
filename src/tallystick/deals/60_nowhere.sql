-- Grain: one link key of a document (place: which of its four) that is no document's own. Reads `doc_break`
-- (the documents of the deals asked for), `said` (their statements, perhaps among others)
-- and `said_node`, the nodes of all that they might name.
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
)
SELECT p.* FROM place p
WHERE p.node IS NOT NULL AND NOT EXISTS (SELECT 1 FROM said_node t WHERE t.own = p.node)

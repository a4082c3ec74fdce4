-- Grain: one piece of money (doc_id) that refers to nothing but other money (an order to a bank, an end-to-end id),
-- none of which is in the book. Reads hinted (money that refers to something, but to no bill),
-- document_named, {said}.
SELECT h.doc_id
FROM hinted h
JOIN (
  SELECT doc_id, version,
         MAX(CASE WHEN ref.kind IN (SELECT kind FROM money_kind) THEN 0 ELSE 1 END) AS other
  FROM (
    SELECT d.doc_id, d.version, explode(d.named) AS ref FROM document_named d
    WHERE d.doc_id IN (SELECT doc_id FROM hinted)
  ) r GROUP BY doc_id, version
) n ON n.doc_id = h.doc_id AND n.version = h.version AND n.other = 0
WHERE NOT EXISTS (
  SELECT 1 FROM {said} t WHERE t.own = h.ref1 AND t.seller = h.seller AND t.doc_id <> h.doc_id
)

-- Grain: one statement that stands after corrections and retractions.
-- A correction or retraction speaks for its own contributor about the document of the same kind and
-- number, and waits without effect until that is there, be it struck ({stated}). Of several the latest
-- counts, and equal days are decided by doc_id, not by arrival.
SELECT s.*
FROM said_raw s
LEFT JOIN (
  SELECT contributor, kind, own, doc_id, action
  FROM (
    SELECT contributor, kind, own, doc_id, action,
           ROW_NUMBER() OVER (PARTITION BY contributor, kind, own
                              ORDER BY day DESC, doc_id DESC) AS place
    FROM said_raw r
    WHERE action <> 'state' AND own IS NOT NULL
      AND EXISTS (SELECT 1 FROM {stated} t
                  WHERE t.action = 'state' AND t.contributor = r.contributor AND t.kind = r.kind
                    AND t.own = r.own)
  ) ranked
  WHERE place = 1
) a ON a.contributor = s.contributor AND a.kind = s.kind AND a.own = s.own
WHERE (a.doc_id IS NULL AND s.action = 'state')
   OR (a.doc_id = s.doc_id AND s.action = 'correct')

-- Grain: one tie of ownership that stands on the day asked for: owned, owner (companies), share_ppm (null where
-- the register says no more than that the owner controls), reason (the register's word for it), and the day and
-- id of the document that says so. Reads the view said: what counts after corrections and retractions.
-- Of several documents under one number about the same two the latest counts; one that has ended ends it.
-- Only registers, courts and the operator are heard: a firm that could say who owns whom could void the
-- complaints of its customers.
SELECT owned, owner, share_ppm, reason, day, doc_id
FROM (
  SELECT subject AS owned, issuer AS owner, score_ppm AS share_ppm, reason, day, doc_id, status,
         ROW_NUMBER() OVER (PARTITION BY subject, issuer, own, CASE WHEN own IS NULL THEN reason END
                            ORDER BY day DESC, doc_id DESC) AS place
  FROM said
  WHERE kind = 'ownership' AND subject <> issuer
    AND version IN (SELECT version FROM owner_version)
) ranked
WHERE place = 1 AND COALESCE(status, 'active') = 'active'

-- Grain: one document that says again what was struck, and so does not count either.
-- Reads: said_all, struck_said (the struck statements, with slot, struck_for and since), restored(doc_id).
-- The same contributor says it again where, under the same kind and number, nothing of what was disputed differs;
-- without a number, where nothing at all does. Anyone else says it again where nothing at all differs and it came
-- in after the strike: what others had said before that was their own word. Parties are compared as companies.
SELECT DISTINCT s.doc_id
FROM said_all s
JOIN struck_said k
  ON k.kind = s.kind AND k.slot = {slot}
WHERE s.action <> 'retract' AND s.doc_id NOT IN (SELECT doc_id FROM restored)
  AND s.own IS NOT DISTINCT FROM k.own
  AND (({whole} AND (s.contributor = k.contributor OR s.version > k.since))
    OR (s.own IS NOT NULL AND s.contributor = k.contributor AND CASE k.struck_for {disputed} ELSE FALSE END))

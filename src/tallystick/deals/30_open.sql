-- Grain: one document that may belong to a deal but names none: it refers to nothing. Reads {said}.
-- Columns: the document's, as the rules of inference read them.
SELECT kind, doc_id, version, contributor, thread, own, seller, buyer, issuer, currency, amount_minor,
       quantity_milli, unit, day, due_day
FROM {said}
WHERE ref1 IS NULL AND seller IS NOT NULL AND kind IN (SELECT kind FROM open_kind)

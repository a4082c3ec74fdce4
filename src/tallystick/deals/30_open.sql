-- Grain: one document that may belong to a deal but names none: it refers to nothing, or it is money that refers
-- to nothing but other money. Reads {said}, loose.
-- Columns: the document's, as the rules of inference read them.
SELECT kind, doc_id, version, contributor, thread, seller, buyer, issuer, currency, amount_minor, quantity_milli,
       unit, day
FROM {said}
WHERE (ref1 IS NULL OR doc_id IN (SELECT doc_id FROM loose)) AND seller IS NOT NULL
  AND kind IN (SELECT kind FROM open_kind)

-- Grain: one bill (item) and one piece of open money (doc_id) of a payment for several bills, of a bill paid in
-- several parts, or of the only bill there is, paid in part. Reads part_found (rows of 34_found.sql).
-- A sum must be exact and the only one of its rule; money and bills go to the first rule that finds them.
WITH turns AS (
  SELECT f.*, MIN(turn) OVER (PARTITION BY doc_id) AS own_turn, MIN(turn) OVER (PARTITION BY item) AS bill_turn
  FROM part_found f
),
kept AS (SELECT * FROM turns WHERE turn = own_turn AND turn = bill_turn),
whole AS (
  SELECT k.doc_id FROM kept k JOIN part_found f ON f.doc_id = k.doc_id AND f.turn = k.turn
  GROUP BY k.doc_id HAVING COUNT(DISTINCT k.item) = COUNT(DISTINCT f.item)
),
claims AS (SELECT item, COUNT(DISTINCT doc_id) AS claimed, MIN(turn) AS turn FROM kept GROUP BY item)
SELECT k.doc_id, k.a, k.b, k.item, k.seller, CAST(k.part_minor AS BIGINT) AS part_minor, k.ppm, k.rule
FROM kept k JOIN whole w ON w.doc_id = k.doc_id
JOIN claims c ON c.item = k.item AND (c.claimed = 1 OR c.turn >= 3)

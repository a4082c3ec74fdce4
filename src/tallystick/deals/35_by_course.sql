-- Grain: one document (doc_id) with the document that it follows in the course of a deal. Reads course (rows of
-- 35_course.sql). Taken is the one that leads by 15 points with 30 or more, or the only one there is where nothing
-- speaks against it, of the first of the rule's kinds that has such.
WITH clear AS (
  SELECT * FROM course
  WHERE place = 1 AND ((points >= 30 AND points - COALESCE(next_points, -1000) >= 15)
                       OR (next_points IS NULL AND points >= 0))
),
first_turn AS (SELECT doc_id, MIN(turn) AS turn FROM clear GROUP BY doc_id),
chosen AS (SELECT c.* FROM clear c JOIN first_turn f ON f.doc_id = c.doc_id AND f.turn = c.turn),
claim AS (
  SELECT c.*, ROW_NUMBER() OVER (PARTITION BY kind, contributor, met_thread ORDER BY points DESC, doc_id) AS claim_place,
         LEAD(points) OVER (PARTITION BY kind, contributor, met_thread ORDER BY points DESC, doc_id) AS rival_points
  FROM chosen c
)
SELECT doc_id, own_thread AS a, met_thread AS b, CAST(NULL AS BIGINT) AS item, seller,
       CAST(NULL AS BIGINT) AS part_minor,
       CASE WHEN points >= 80 THEN 800000 WHEN points >= 30 THEN 700000 ELSE 600000 END AS ppm,
       CONCAT(kind, CASE WHEN points >= 30 THEN '-by-content' ELSE '-by-days' END) AS rule, weak
FROM claim
WHERE once = 0 OR (claim_place = 1 AND (rival_points IS NULL OR points - rival_points >= 15))

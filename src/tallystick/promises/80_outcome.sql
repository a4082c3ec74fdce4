-- Grain: one promise, with its outcome at {as_of}. Reads the rows of one kind; {kind}, {side}, {grace},
-- {anchors} and {neutral} come from the table of kinds; {relation} is how far the sides are related, in ppm.
--   matured_day    the day on which the promise counts: due plus grace, whether kept early or not
--   outcome        open kept late partial broken excused disputed
--   kept_ppm       share kept (1,000,000 = all)
--   witness        who stands behind the outcome: 0 one side, that it was kept; 1 a marketplace; 2 both
--                  sides; 3 one independent anchor or more; 4 one side alone, that it was broken
--   strength_ppm   how strongly the outcome is corroborated: one side .15, both sides or a marketplace
--                  .35, one independent anchor .85, two .. 1.00, times the weakest inferred link, times
--                  what relation leaves. An accusation by one side that stays unanswered for 14 days
--                  counts .35. Sides that are related by half are one side, and what one keeps to the
--                  other proves nothing (anchored 0).
SELECT deal, CAST(item AS BIGINT) AS item, '{kind}' AS kind,
       promisor, COALESCE(promisee, 0) AS promisee,
       CAST(made_day AS INT) AS made_day, CAST(first_due_day AS INT) AS first_due_day,
       CAST(due_day AS INT) AS due_day, CAST(revisions AS INT) AS revisions,
       CAST(done_day AS INT) AS done_day, CAST(due_day + {grace} AS INT) AS matured_day, outcome,
       CASE WHEN done_day > due_day THEN CAST(done_day - due_day AS INT)
            WHEN done_day IS NOT NULL THEN 0 END AS late_days,
       CASE outcome WHEN 'broken' THEN 0 WHEN 'partial' THEN CAST(kept_ppm AS BIGINT)
            ELSE 1000000 END AS kept_ppm,
       CASE WHEN fault IS NOT NULL THEN fault
            WHEN outcome IN ('late', 'partial', 'broken') THEN '{side}' END AS fault,
       CAST(value_minor AS BIGINT) AS value_minor, currency, CAST(mask AS BIGINT) AS mask,
       CASE WHEN BIT_COUNT(mask & {anchors}) > 0 AND related_ppm < {half} THEN 1 ELSE 0 END AS anchored,
       CASE WHEN BIT_COUNT(mask & {anchors}) > 0 AND related_ppm < {half} THEN 3
            WHEN BIT_COUNT(mask & 3) = 2 AND related_ppm < {half} THEN 2
            WHEN (mask & {neutral}) <> 0 THEN 1
            WHEN outcome IN ('late', 'partial', 'broken') THEN 4 ELSE 0 END AS witness,
       CAST(FLOOR(FLOOR(CASE
         WHEN BIT_COUNT(mask & {anchors}) >= 2 THEN 1000000
         WHEN BIT_COUNT(mask & {anchors}) = 1 THEN 850000
         WHEN (mask & {neutral}) <> 0 OR (BIT_COUNT(mask & 3) = 2 AND related_ppm < {half}) THEN 350000
         WHEN outcome IN ('broken', 'partial') AND {as_of} >= due_day + 14 THEN 350000
         ELSE 150000 END / 1e6 * link_ppm) * (1000000 - related_ppm) / 1e6) AS BIGINT) AS strength_ppm,
       CAST(link_ppm AS BIGINT) AS link_ppm
FROM (
  SELECT p.*, {relation} AS related_ppm,
         CASE WHEN stop IS NOT NULL THEN stop
              WHEN kept_ppm < 1000000 AND (done_day IS NOT NULL OR {as_of} > due_day + {grace})
              THEN CASE WHEN kept_ppm > 0 THEN 'partial' ELSE 'broken' END
              WHEN due_day IS NULL THEN 'open'
              WHEN done_day IS NULL AND {as_of} <= due_day + {grace} THEN 'open'
              WHEN done_day IS NULL THEN 'broken'
              WHEN done_day > due_day + {grace} THEN 'late'
              ELSE 'kept' END AS outcome,
         CASE WHEN done_day IS NOT NULL OR stop IS NOT NULL OR kept_ppm < 1000000
              THEN done_mask ELSE made_mask END AS mask
  FROM ({rows}) p
  {related}
  WHERE promisor IS NOT NULL AND (promisee IS NULL OR promisor <> promisee)
) judged

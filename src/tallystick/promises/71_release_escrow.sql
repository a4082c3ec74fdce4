-- release_escrow: a platform lets money out of escrow by the date.
-- Columns: as 80_outcome.sql reads them.
SELECT h.deal, 0 AS item, h.platform AS promisor, h.seller AS promisee, h.made_day,
       h.due_day AS first_due_day, h.due_day, 0 AS revisions, r.day AS done_day, h.value_minor,
       h.currency, 1000000 AS kept_ppm,
       CASE WHEN r.day IS NULL AND k.day IS NOT NULL AND k.ruling IS NULL THEN 'excused' END AS stop,
       CAST(NULL AS STRING) AS fault, h.mask AS made_mask, COALESCE(r.mask, 0) AS done_mask, h.link_ppm
FROM (
  SELECT deal, platform, MAX(seller) AS seller, MIN(day) AS made_day, MIN(due_day) AS due_day,
         MAX(amount_minor) AS value_minor, MIN(currency) AS currency, BIT_OR(mask) AS mask,
         MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'escrow_hold' AND due_day IS NOT NULL GROUP BY deal, platform
) h
LEFT JOIN (
  SELECT deal, MIN(day) AS day, BIT_OR(mask) AS mask FROM doc WHERE kind = 'escrow_release' GROUP BY deal
) r ON r.deal = h.deal
LEFT JOIN complaint k ON k.deal = h.deal

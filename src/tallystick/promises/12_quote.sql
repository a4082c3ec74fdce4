-- quote: an offer is held until its validity ends: not withdrawn, not refused, not made dearer once the
-- buyer has ordered at it. A deal that was ordered settles it on the day of the order.
-- Columns: as 80_outcome.sql reads them.
SELECT q.deal, 0 AS item, q.seller AS promisor, q.buyer AS promisee,
       q.made_day, q.due_day AS first_due_day, q.due_day, 0 AS revisions,
       CASE WHEN o.made_day <= q.due_day THEN o.made_day
            WHEN q.due_day <= {as_of} THEN q.due_day END AS done_day,
       q.value_minor, q.currency, 1000000 AS kept_ppm,
       CASE WHEN w.day <= q.due_day AND (o.made_day IS NULL OR w.day <= o.made_day) THEN 'broken'
            WHEN o.made_day <= q.due_day AND o.refused = 1 THEN 'broken'
            WHEN o.made_day <= q.due_day AND o.confirmed_minor > o.value_minor THEN 'broken'
       END AS stop,
       CAST(NULL AS STRING) AS fault,
       q.mask AS made_mask, COALESCE(w.mask, o.mask, q.mask) AS done_mask, q.link_ppm
FROM (
  SELECT deal, seller, MAX(buyer) AS buyer, MIN(day) AS made_day, MAX(due_day) AS due_day,
         MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'quotation' AND due_day IS NOT NULL
  GROUP BY deal, seller
) q
LEFT JOIN ordered o ON o.deal = q.deal AND o.seller = q.seller
LEFT JOIN (
  SELECT deal, MIN(day) AS day, BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'quotation_withdrawal' GROUP BY deal
) w ON w.deal = q.deal

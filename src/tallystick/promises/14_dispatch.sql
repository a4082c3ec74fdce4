-- dispatch: the goods leave the seller by the date. The carrier's word on the day comes first; where the
-- carrier came late for goods that stood ready in time, the lateness is the carrier's.
-- Columns: as 80_outcome.sql reads them.
SELECT o.deal, 0 AS item, o.seller AS promisor, o.buyer AS promisee,
       o.made_day, o.first_due_day,
       COALESCE(o.changed_due_day, o.first_due_day) AS due_day, o.dates - 1 AS revisions,
       COALESCE(s.taken_day, a.taken_day, s.notice_day, a.notice_day) AS done_day,
       o.value_minor, o.currency, 1000000 AS kept_ppm,
       CASE WHEN s.deal IS NULL AND a.deal IS NULL AND c.by_seller = 1 THEN 'broken'
            WHEN s.deal IS NULL AND a.deal IS NULL AND c.day IS NOT NULL THEN 'excused'
            WHEN s.deal IS NULL AND a.deal IS NULL AND o.refused = 1 THEN 'excused'
            WHEN b.due_day < COALESCE(s.taken_day, a.taken_day)
             AND s.notice_day <= COALESCE(o.changed_due_day, o.first_due_day)
             AND COALESCE(s.taken_day, a.taken_day) > COALESCE(o.changed_due_day, o.first_due_day)
            THEN 'excused' END AS stop,
       CASE WHEN s.deal IS NULL AND a.deal IS NULL AND c.by_buyer = 1 THEN 'buyer'
            WHEN s.deal IS NULL AND a.deal IS NULL AND c.day IS NOT NULL AND c.by_seller = 0
            THEN 'unknown'
            WHEN b.due_day < COALESCE(s.taken_day, a.taken_day)
             AND s.notice_day <= COALESCE(o.changed_due_day, o.first_due_day) THEN 'carrier' END AS fault,
       o.mask AS made_mask,
       CASE WHEN s.taken_day IS NOT NULL THEN s.taken_mask
            WHEN a.taken_day IS NOT NULL THEN a.taken_mask
            ELSE COALESCE(s.notice_mask, a.notice_mask, c.mask, 0) END AS done_mask,
       o.link_ppm
FROM ordered o
LEFT JOIN sent s ON s.deal = o.deal AND s.seller = o.seller
LEFT JOIN sent a ON a.deal = o.deal AND a.seller = 0
LEFT JOIN called_off c ON c.deal = o.deal
LEFT JOIN (
  SELECT deal, MAX(due_day) AS due_day FROM doc WHERE kind = 'booking' GROUP BY deal
) b ON b.deal = o.deal
WHERE o.first_due_day IS NOT NULL

-- arrive: the carrier brings the goods by the date it gave, undamaged; two in a hundred lost is within the
-- trade's tolerance. A hold by customs is not its fault; nor is it late where it was bound to the date
-- that the order named and the seller handed the goods over so late that this alone explains the delay.
-- Columns: as 80_outcome.sql reads them.
SELECT deal, 0 AS item, carrier AS promisor, COALESCE(buyer, seller) AS promisee, made_day,
       first_due_day, due_day, dates - 1 AS revisions, done_day, value_minor, currency,
       CASE WHEN harmed_milli * 50 > quantity_milli
            THEN CAST(FLOOR(GREATEST(quantity_milli - harmed_milli, 0) * 1e6 / quantity_milli) AS BIGINT)
            ELSE 1000000 END AS kept_ppm,
       CASE WHEN told_fault IN ('customs', 'force_majeure', 'seller', 'buyer') THEN 'excused'
            WHEN harmed = 1 AND (harmed_whole = 1 OR quantity_milli IS NULL) THEN 'broken'
            WHEN held_late = 1 OR handed_late = 1 THEN 'excused' END AS stop,
       CASE WHEN told_fault IS NOT NULL THEN told_fault
            WHEN harmed = 1 AND (harmed_whole = 1 OR quantity_milli IS NULL) THEN 'carrier'
            WHEN held_late = 1 THEN 'customs'
            WHEN handed_late = 1 THEN 'seller' END AS fault,
       made_mask, done_mask, link_ppm
FROM (
  SELECT s.deal, s.carrier, s.buyer, s.seller, s.made_day, s.first_due_day, s.due_day, s.dates,
         COALESCE(a.carried_day, a.receipt_day) AS done_day, s.value_minor, s.currency,
         s.quantity_milli, a.harmed, a.harmed_milli, a.harmed_whole, a.fault AS told_fault,
         CASE WHEN a.held = 1 AND COALESCE(a.carried_day, a.receipt_day, {as_of}) > s.due_day
              THEN 1 ELSE 0 END AS held_late,
         CASE WHEN s.due_day = h.deliver_day
                   AND COALESCE(a.carried_day, a.receipt_day) > s.due_day
                   AND COALESCE(a.carried_day, a.receipt_day) <= s.due_day + h.slip
              THEN 1 ELSE 0 END AS handed_late,
         s.mask AS made_mask, COALESCE(a.mask, 0) AS done_mask, s.link_ppm
  FROM (
    SELECT deal, carrier, MAX(buyer) AS buyer, MAX(seller) AS seller, MIN(day) AS made_day,
           MIN(due_day) AS first_due_day, MIN(due_day) AS due_day, COUNT(DISTINCT due_day) AS dates,
           MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
           CASE WHEN MAX(quantity_milli) > 0 THEN MAX(quantity_milli) END AS quantity_milli,
           BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
    FROM doc WHERE kind = 'shipment' AND due_day IS NOT NULL AND carrier IS NOT NULL
    GROUP BY deal, carrier
  ) s
  LEFT JOIN arrived a ON a.deal = s.deal
  LEFT JOIN (
    SELECT o.deal, MAX(COALESCE(o.changed_deliver_day, o.first_deliver_day)) AS deliver_day,
           MAX(COALESCE(n.taken_day, c.taken_day) - COALESCE(o.changed_due_day, o.first_due_day)) AS slip
    FROM ordered o
    LEFT JOIN sent n ON n.deal = o.deal AND n.seller = o.seller
    LEFT JOIN sent c ON c.deal = o.deal AND c.seller = 0
    GROUP BY o.deal
  ) h ON h.deal = s.deal
) g

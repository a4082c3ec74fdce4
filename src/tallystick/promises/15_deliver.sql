-- deliver: the quantity ordered reaches the buyer. Judged by what was received, or by what was sent where
-- nothing says what was received; two in a hundred short is within the trade's tolerance. In a deal of
-- several sellers a receipt counts for the seller that it names.
-- Columns: as 80_outcome.sql reads them.
SELECT deal, 0 AS item, seller AS promisor, buyer AS promisee,
       made_day, first_due_day, COALESCE(done_day, due_day) AS due_day, 0 AS revisions, done_day,
       value_minor, currency,
       CASE WHEN got_milli >= ordered_milli - FLOOR(ordered_milli / 50) THEN 1000000
            ELSE CAST(FLOOR(got_milli * 1e6 / ordered_milli) AS BIGINT) END AS kept_ppm,
       CASE WHEN harmed = 1 THEN 'excused' END AS stop,
       CASE WHEN harmed = 1 THEN 'carrier' END AS fault,
       made_mask, done_mask, link_ppm
FROM (
  SELECT o.deal, o.seller, o.buyer, o.made_day,
         COALESCE(o.first_deliver_day, o.first_due_day) AS first_due_day,
         COALESCE(o.changed_deliver_day, o.first_deliver_day, o.first_due_day) AS due_day,
         COALESCE(r.day, u.day, s.notice_day, s.taken_day) AS done_day,
         o.value_minor, o.currency, o.quantity_milli AS ordered_milli,
         COALESCE(r.quantity_milli, u.quantity_milli, s.quantity_milli) AS got_milli,
         a.harmed, o.mask AS made_mask,
         CASE WHEN COALESCE(r.quantity_milli, u.quantity_milli) IS NOT NULL THEN COALESCE(a.mask, 0)
              ELSE s.notice_mask END AS done_mask,
         o.link_ppm
  FROM ordered o
  LEFT JOIN arrived a ON a.deal = o.deal
  LEFT JOIN (
    SELECT deal, seller, MAX(day) AS day, SUM(quantity_milli) AS quantity_milli, BIT_OR(mask) AS mask
    FROM doc WHERE kind = 'receipt' AND seller IS NOT NULL GROUP BY deal, seller
  ) r ON r.deal = o.deal AND r.seller = o.seller
  LEFT JOIN (
    SELECT deal, MAX(day) AS day, SUM(quantity_milli) AS quantity_milli, BIT_OR(mask) AS mask
    FROM doc WHERE kind = 'receipt' AND seller IS NULL GROUP BY deal
  ) u ON u.deal = o.deal
  LEFT JOIN sent s ON s.deal = o.deal AND s.seller = o.seller
  WHERE o.quantity_milli > 0
) g
WHERE got_milli IS NOT NULL

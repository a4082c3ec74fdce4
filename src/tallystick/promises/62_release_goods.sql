-- release_goods: a warehouse lets goods out by the date of the order to do so.
-- Columns: as 80_outcome.sql reads them.
SELECT r.deal, 0 AS item, r.warehouse AS promisor, COALESCE(r.seller, r.buyer) AS promisee, r.made_day,
       r.due_day AS first_due_day, r.due_day, 0 AS revisions, n.day AS done_day,
       CAST(NULL AS BIGINT) AS value_minor, CAST(NULL AS STRING) AS currency, 1000000 AS kept_ppm,
       CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       r.mask AS made_mask, COALESCE(n.mask, 0) AS done_mask, r.link_ppm
FROM (
  SELECT deal, warehouse, MAX(seller) AS seller, MAX(buyer) AS buyer, MIN(day) AS made_day,
         MIN(due_day) AS due_day, BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'release_order' AND due_day IS NOT NULL GROUP BY deal, warehouse
) r
LEFT JOIN (
  SELECT deal, warehouse, MIN(day) AS day, BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'warehouse_release' GROUP BY deal, warehouse
) n ON n.deal = r.deal AND n.warehouse = r.warehouse

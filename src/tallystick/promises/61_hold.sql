-- hold: a warehouse still has the quantity that it took in.
-- Columns: as 80_outcome.sql reads them.
SELECT r.deal, 0 AS item, r.warehouse AS promisor, COALESCE(r.seller, r.buyer) AS promisee, r.made_day,
       CAST(NULL AS INT) AS first_due_day, n.day AS due_day, 0 AS revisions, n.day AS done_day,
       CAST(NULL AS BIGINT) AS value_minor, CAST(NULL AS STRING) AS currency,
       CASE WHEN n.quantity_milli >= r.quantity_milli THEN 1000000
            ELSE CAST(FLOOR(n.quantity_milli * 1e6 / r.quantity_milli) AS BIGINT) END AS kept_ppm,
       CAST(NULL AS STRING) AS stop, CAST(NULL AS STRING) AS fault,
       r.mask AS made_mask, n.mask AS done_mask, r.link_ppm
FROM (
  SELECT deal, warehouse, MAX(seller) AS seller, MAX(buyer) AS buyer, MIN(day) AS made_day,
         SUM(quantity_milli) AS quantity_milli, BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc WHERE kind = 'warehouse_receipt' AND quantity_milli > 0 GROUP BY deal, warehouse
) r
JOIN (
  SELECT deal, warehouse, MAX(day) AS day, MIN(quantity_milli) AS quantity_milli, BIT_OR(mask) AS mask
  FROM doc WHERE kind = 'stock_count' GROUP BY deal, warehouse
) n ON n.deal = r.deal AND n.warehouse = r.warehouse

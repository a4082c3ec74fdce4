-- declare, declare_import: customs are told what the invoice says, within two in a hundred. The seller
-- answers for the export declaration, the buyer for the import declaration.
-- Columns: as 80_outcome.sql reads them.
SELECT e.deal, e.item, e.promisor, e.promisee, e.day AS made_day,
       CAST(NULL AS INT) AS first_due_day, e.day AS due_day, 0 AS revisions, e.day AS done_day,
       e.value_minor, e.currency, 1000000 AS kept_ppm,
       CASE WHEN ABS(e.value_minor - i.invoiced_minor) > i.invoiced_minor / 50 THEN 'broken' END AS stop,
       CAST(NULL AS STRING) AS fault, e.mask AS made_mask, e.mask AS done_mask, e.link_ppm
FROM (
  SELECT deal, 0 AS item, {side} AS promisor, MAX({other}) AS promisee,
         MIN(day) AS day, MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM doc
  WHERE kind = '{paper}' AND amount_minor > 0
  GROUP BY deal, {side}
) e
JOIN (
  SELECT deal, currency, MAX(amount_minor) AS invoiced_minor
  FROM doc WHERE kind = 'invoice' AND amount_minor > 0 GROUP BY deal, currency
) i ON i.deal = e.deal AND i.currency = e.currency
WHERE e.promisor IS NOT NULL

-- Grain: one figure of a deal: what documents of one kind come to in one unit. Reads doc_break.
-- Columns: deal, kind, basis ('money' or 'goods'), unit (currency, or unit of quantity), whole (sum over all
-- numbers), most and least (the largest and the smallest sum that one contributor tells), mask (who speaks).
-- A number told several times counts once, with its largest figure. Money that came back is taken off.
-- Several contributors may tell of the same thing under numbers of their own, so there is no one sum: `whole`
-- is right where each tells of a part, `most` and `least` where each tells of all.
WITH said_figure AS (
  SELECT deal, CASE WHEN kind = 'payment_return' THEN 'payment' ELSE kind END AS kind, 'money' AS basis,
         currency AS unit, contributor, mask, own, CASE WHEN own IS NULL THEN doc_id END AS doc_id,
         CASE WHEN kind IN ('payment', 'payment_return') THEN item END AS item,
         CASE WHEN kind = 'payment_return' THEN -amount_minor ELSE amount_minor END AS figure
  FROM doc_break
  WHERE amount_minor IS NOT NULL AND currency IS NOT NULL
    AND (kind NOT IN ('payment', 'payment_return') OR COALESCE(status, 'settled') = 'settled')
  UNION ALL
  SELECT deal, kind, 'goods', COALESCE(unit, ''), contributor, mask, own,
         CASE WHEN own IS NULL THEN doc_id END, CAST(NULL AS BIGINT), quantity_milli
  FROM doc_break WHERE quantity_milli IS NOT NULL
),
line AS (
  SELECT deal, kind, basis, unit, contributor, own, doc_id, item, MAX(figure) AS figure, BIT_OR(mask) AS mask
  FROM said_figure GROUP BY deal, kind, basis, unit, contributor, own, doc_id, item
),
teller AS (
  SELECT deal, kind, basis, unit, contributor, SUM(figure) AS figure, BIT_OR(mask) AS mask
  FROM line GROUP BY deal, kind, basis, unit, contributor
),
number AS (
  SELECT deal, kind, basis, unit, own, doc_id, item, MAX(figure) AS figure
  FROM line GROUP BY deal, kind, basis, unit, own, doc_id, item
),
whole AS (
  SELECT deal, kind, basis, unit, SUM(figure) AS figure FROM number GROUP BY deal, kind, basis, unit
)
SELECT t.deal, t.kind, t.basis, t.unit, CAST(MAX(w.figure) AS BIGINT) AS whole,
       CAST(MAX(t.figure) AS BIGINT) AS most, CAST(MIN(t.figure) AS BIGINT) AS least, BIT_OR(t.mask) AS mask
FROM teller t
JOIN whole w ON w.deal = t.deal AND w.kind = t.kind AND w.basis = t.basis AND w.unit = t.unit
GROUP BY t.deal, t.kind, t.basis, t.unit

-- pay: an invoice on credit is paid by its date, less credit notes; half of one per cent is bank fees.
-- Where no credit was given punctuality says nothing, and there is no such promise. Money and credit notes
-- that name no invoice count for the only one of their deal. What several contributors tell of payments of one
-- amount is counted once: as many, by their numbers, as the one who tells of most.
-- Columns: as 80_outcome.sql reads them.
SELECT v.deal, v.item, v.buyer AS promisor, v.seller AS promisee, v.made_day,
       v.first_due_day, v.due_day, v.dates - 1 AS revisions,
       CASE WHEN m.paid_minor >= v.owed_minor - FLOOR(v.owed_minor / 200) THEN m.done_day END AS done_day,
       v.value_minor, v.currency,
       CASE WHEN v.owed_minor > 0 AND m.paid_minor < v.owed_minor - FLOOR(v.owed_minor / 200)
            THEN CAST(FLOOR(GREATEST(m.paid_minor, 0) * 1e6 / v.owed_minor) AS BIGINT)
            ELSE 1000000 END AS kept_ppm,
       CASE WHEN v.owed_minor <= 0 THEN 'excused'
            WHEN COALESCE(m.paid_minor, 0) < v.owed_minor - FLOOR(v.owed_minor / 200)
                 AND k.day IS NOT NULL AND k.ruling IS NULL THEN 'disputed' END AS stop,
       CASE WHEN v.owed_minor <= 0 THEN 'seller' END AS fault,
       v.mask AS made_mask, COALESCE(m.mask, 0) AS done_mask,
       LEAST(v.link_ppm, COALESCE(m.link_ppm, 1000000)) AS link_ppm
FROM (
  SELECT i.*, i.value_minor - COALESCE(n.credited_minor, 0) AS owed_minor
  FROM (
    SELECT deal, item, MAX(buyer) AS buyer, MAX(seller) AS seller, MIN(day) AS made_day,
           MIN(due_day) AS first_due_day, MIN(due_day) AS due_day, COUNT(DISTINCT due_day) AS dates,
           MAX(amount_minor) AS value_minor, MIN(currency) AS currency,
           BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
    FROM doc
    WHERE kind = 'invoice' AND due_day IS NOT NULL AND amount_minor > 0 AND item IS NOT NULL
      AND (terms IN ({credit}) OR (terms IS NULL AND due_day > issued_day))
    GROUP BY deal, item
  ) i
  LEFT JOIN (
    SELECT c.deal, COALESCE(c.item, s.item) AS item, SUM(c.amount_minor) AS credited_minor
    FROM doc c
    LEFT JOIN (
      SELECT deal, MIN(item) AS item FROM doc WHERE kind = 'invoice'
      GROUP BY deal HAVING MIN(item) = MAX(item)
    ) s ON s.deal = c.deal AND c.item IS NULL
    WHERE c.kind = 'credit_note' GROUP BY c.deal, COALESCE(c.item, s.item)
  ) n ON n.deal = i.deal AND n.item = i.item
) v
LEFT JOIN (
  SELECT deal, item, currency, MAX(done_day) AS done_day, CAST(SUM(minor * times) AS BIGINT) AS paid_minor,
         BIT_OR(mask) AS mask, MIN(link_ppm) AS link_ppm
  FROM (
    SELECT deal, item, currency, minor, MAX(done_day) AS done_day, MAX(times) AS times, BIT_OR(mask) AS mask,
           MIN(link_ppm) AS link_ppm
    FROM (
      SELECT p.deal, COALESCE(p.item, s.item) AS item, p.currency, p.contributor,
             CASE WHEN p.kind = 'payment_return' THEN -p.amount_minor ELSE p.amount_minor END AS minor,
             COUNT(DISTINCT p.own) + SUM(CASE WHEN p.own IS NULL THEN 1 ELSE 0 END) AS times,
             MAX(p.day) AS done_day, BIT_OR(p.mask) AS mask, MIN(p.link_ppm) AS link_ppm
      FROM doc p
      LEFT JOIN (
        SELECT deal, MIN(item) AS item FROM doc WHERE kind = 'invoice'
        GROUP BY deal HAVING MIN(item) = MAX(item)
      ) s ON s.deal = p.deal AND p.item IS NULL
      WHERE COALESCE(p.kind, '') IN ('payment', 'payment_return')
        AND COALESCE(p.status, 'settled') = 'settled'
      GROUP BY p.deal, COALESCE(p.item, s.item), p.currency, p.contributor, p.kind, p.amount_minor
    ) told
    GROUP BY deal, item, currency, minor
  ) moved
  GROUP BY deal, item, currency
) m ON m.deal = v.deal AND m.item = v.item AND m.currency = v.currency
LEFT JOIN complaint k ON k.deal = v.deal

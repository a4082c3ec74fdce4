-- Grain: one bill or payment with another account than the paper before it names. Reads doc_break, billed_before.
-- Columns: as every text of breaks; expected and found are account keys, unit is 'account'.
-- Three cases: money went to another account than the bill says; bills of one seller in one deal say two;
-- and a bill says one that no earlier bill of this seller in this currency did, though there are some.
WITH bill AS (
  SELECT deal, own, item, seller, currency, account_key, MIN(day) AS day, BIT_OR(mask) AS mask FROM doc_break
  WHERE kind IN ('invoice', 'proforma') AND account_key IS NOT NULL
  GROUP BY deal, own, item, seller, currency, account_key
),
paid AS (
  SELECT DISTINCT deal, item, account_key, mask FROM doc_break
  WHERE kind = 'payment' AND account_key IS NOT NULL AND COALESCE(status, 'settled') = 'settled'
),
strange AS (
  SELECT p.deal, b.account_key AS expected, p.account_key AS found, p.mask
  FROM paid p
  JOIN (SELECT deal, MIN(account_key) AS account_key FROM bill GROUP BY deal) b ON b.deal = p.deal
  LEFT JOIN bill k ON k.deal = p.deal AND k.account_key = p.account_key
  WHERE k.deal IS NULL
),
changed AS (
  SELECT b.deal, b.own, MIN(e.account_key) AS expected, b.account_key AS found, b.mask,
         MAX(CASE WHEN e.account_key = b.account_key THEN 1 ELSE 0 END) AS known
  FROM bill b
  JOIN billed_before e ON e.seller = b.seller AND e.currency = b.currency AND e.day < b.day
  GROUP BY b.deal, b.own, b.account_key, b.mask
)
SELECT deal, 'account' AS kind, 'invoice and payment' AS between_kinds, expected, found, 'account' AS unit,
       mask AS told
FROM strange
UNION ALL
SELECT a.deal, 'account', 'bills of one seller', a.account_key, b.account_key, 'account', b.mask
FROM bill a JOIN bill b ON b.deal = a.deal AND b.seller = a.seller AND b.currency = a.currency
                       AND (b.day > a.day OR (b.day = a.day AND b.account_key > a.account_key))
                       AND b.account_key <> a.account_key
UNION ALL
SELECT c.deal, 'account', 'bill and earlier bill', c.expected, c.found, 'account', c.mask
FROM changed c WHERE c.known = 0
  AND NOT EXISTS (SELECT 1 FROM bill b WHERE b.deal = c.deal AND b.account_key = c.expected)

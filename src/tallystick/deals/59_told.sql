-- Grain: one disagreement of a deal with who could have caused it. Reads the rows of the texts 51 to 58, break_kind.
-- Columns: deal, kind, between_kinds, expected, found (minor units, thousandths, day numbers, company or account
-- keys), unit (currency, unit of quantity, 'day', 'account' or a role), caused_by (roles, sorted, with commas between).
-- Beside who the kind names stands the buyer or the seller that alone tells what was found: it may say so falsely.
SELECT b.deal, b.kind, b.between_kinds, b.expected, b.found, b.unit,
       CASE WHEN b.told = 2 AND NOT k.caused_by LIKE '%buyer%' THEN k.with_buyer
            WHEN b.told = 1 AND NOT k.caused_by LIKE '%seller%' THEN k.with_seller
            ELSE k.caused_by END AS caused_by
FROM ({rows}) b
LEFT JOIN break_kind k ON k.kind = b.kind
                      AND (b.between_kinds = k.between_kinds OR b.between_kinds LIKE CONCAT(k.between_kinds, ' in %'))

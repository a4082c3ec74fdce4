-- Grain: one document with the deal that it belongs to; link_ppm is the strength of the link that
-- ties it to the rest of the deal (1,000,000 where that was stated). mask is the bit of who speaks: 1 the
-- seller or who is related to it, 2 the buyer likewise, else that of the kind of contributor.
SELECT s.doc_id, s.kind, s.contributor,
       CASE WHEN s.contributor_party <> 0 AND s.contributor_party = s.seller THEN 1
            WHEN s.contributor_party <> 0 AND s.contributor_party = s.buyer THEN 2
            {own_words}
            ELSE s.source_bit END AS mask,
       s.day, s.issued_day, s.due_day, s.deliver_day,
       {amount_minor}, {currency}, s.quantity_milli, s.unit, s.status, s.reason, s.fault, s.terms,
       s.score_ppm, s.account_key, s.issuer, s.recipient, s.seller, s.buyer, s.carrier, s.insurer, s.bank,
       s.warehouse, s.platform, s.subject, {item}, s.own,
       COALESCE(n.deal, {thread}) AS deal,
       COALESCE(n.ppm, 1000000) AS link_ppm
FROM {said} s
{parts}
LEFT JOIN node_deal n ON n.node = {thread}
{speakers}

-- Grain: one statement that counts at {as_of} (a day number).
-- Reads: document (schema STORED), live(version, contributor, contributor_party, source_bit), merged.
-- Gives: parties as companies, dates as day numbers, link keys as nodes of the graph of deals.
-- A key whose numbering belongs to a role is mixed with that role's company (bxor); without the
-- party there is no node, so that a number alone never joins strangers.
SELECT s.*,
       COALESCE(s.ref1, s.own, hex_key(s.doc_id)) AS thread,
       CASE WHEN s.contributor_party <> 0 AND s.contributor_party = s.seller THEN 1
            WHEN s.contributor_party <> 0 AND s.contributor_party = s.buyer THEN 2
            ELSE s.source_bit END AS mask
FROM (
  SELECT p.*,
         {own_node} AS own,
         {ref1_node} AS ref1,
         {ref2_node} AS ref2,
         {ref3_node} AS ref3,
         {ref4_node} AS ref4,
         {item_node} AS item
  FROM (
    SELECT d.doc_id, d.version, d.kind, d.action, l.contributor,
           COALESCE(l.contributor_party, 0) AS contributor_party, l.source_bit,
           COALESCE(unix_date(CAST(d.happened_at AS DATE)), unix_date(d.issued_on)) AS day,
           COALESCE(unix_date(d.issued_on), unix_date(CAST(d.happened_at AS DATE))) AS issued_day,
           unix_date(d.due_on) AS due_day, unix_date(d.deliver_on) AS deliver_day,
           d.amount_minor, d.currency, d.quantity_milli, d.unit,
           d.status, d.reason, d.fault, d.terms, d.score_ppm,
           {roles},
           d.own_key, d.own_scope, d.ref1_key, d.ref1_scope, d.ref2_key, d.ref2_scope,
           d.ref3_key, d.ref3_scope, d.ref4_key, d.ref4_scope, d.item_key, d.item_scope
    FROM {document} d
    JOIN live l ON d.version = l.version
    {merges}
  ) p
  WHERE p.day <= {as_of}
) s

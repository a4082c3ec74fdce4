-- Grain: one statement that counts at {as_of} (a day number).
-- Reads: document (schema STORED), {live}(version, contributor, contributor_party, source_bit), merged.
-- Gives: parties as companies, dates as day numbers, link keys as nodes of the graph of deals.
-- A key whose numbering belongs to a role is mixed with that role's company (bxor); without the
-- party there is no node, so that a number alone never joins strangers.
-- {texts}: what documents say in words, for who lays them out.
-- The day of an instant is counted in UTC from its microseconds: a cast would look up a time zone.
SELECT s.*,
       COALESCE(s.ref1, s.own, hex_key(s.doc_id)) AS thread
FROM (
  SELECT p.*,
         {nodes}
  FROM (
    SELECT d.doc_id, d.version, d.kind, d.action, l.contributor,
           COALESCE(l.contributor_party, 0) AS contributor_party, l.source_bit,
           COALESCE(d.happened_day, d.issued_on_day) AS day,
           COALESCE(d.issued_on_day, d.happened_day) AS issued_day,
           unix_date(d.due_on) AS due_day, unix_date(d.deliver_on) AS deliver_day,
           d.amount_minor, d.currency, d.quantity_milli, d.unit,
           d.status, d.reason, d.fault, d.terms, d.score_ppm, d.account_key,{texts}
           {companies},
           d.own_key, d.own_scope, d.ref1_key, d.ref1_scope, d.ref2_key, d.ref2_scope,
           d.ref3_key, d.ref3_scope, d.ref4_key, d.ref4_scope, d.item_key, d.item_scope
    FROM (
      SELECT *, CAST(FLOOR(unix_micros(happened_at) / 864e8) AS INT) AS happened_day,
             unix_date(issued_on) AS issued_on_day
      FROM {document} stored
    ) d
    JOIN {live} l ON d.version = l.version
    {merges}
  ) p
  WHERE p.day <= {as_of}
) s

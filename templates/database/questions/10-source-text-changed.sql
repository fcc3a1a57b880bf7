-- Claims whose source text changed
-- What a page said before and says now, with what of the claim that changes: its words, a figure, its qualifier, a party.
SELECT r.seen_at, r.publisher, r.kind, (SELECT group_concat(json_extract(value, '$.field'), ', ') FROM json_each(r.changes)) AS changed,
  r.before_quote, r.after_quote, r.url
FROM revisions AS r
ORDER BY r.seen_at DESC, r.document_id, r.before_claim;

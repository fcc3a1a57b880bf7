-- Who speaks for the White House?
-- :body = white-house
-- People whom claims have speaking on behalf of the body, or of what belongs to it: its science office is its own party.
SELECT r.subject_name AS speaker, r.object_name AS speaks_for, r.claim_count, r.document_count, r.first_published_on, r.quote
FROM families AS f
JOIN relations AS r ON r.object = f.member_id AND r.relation = 'speaks_for'
WHERE f.entity_id = :body
ORDER BY r.document_count DESC, r.claim_count DESC, speaker;

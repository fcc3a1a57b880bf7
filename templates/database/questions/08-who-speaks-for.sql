-- Who speaks for the White House?
-- :body = white-house
-- The body by its id, its name or another name of it. People whom claims have speaking on behalf of the body, or of what belongs to it: its science office is its own party.
WITH party AS (
  SELECT id FROM entities WHERE id = lower(trim(:body))
  UNION SELECT id FROM entities WHERE name = trim(:body) COLLATE NOCASE
  UNION SELECT entity_id FROM aliases WHERE alias = trim(:body) COLLATE NOCASE
)
SELECT r.subject_name AS speaker, r.object_name AS speaks_for, r.claim_count, r.document_count, r.first_published_on, r.quote
FROM families AS f
JOIN relations AS r ON r.object = f.member_id AND r.relation = 'speaks_for'
WHERE f.entity_id IN (SELECT id FROM party)
ORDER BY r.document_count DESC, r.claim_count DESC, speaker;

-- Everything said about a vendor since a date
-- :vendor = alibaba
-- :since = 2026-06-01
-- The vendor by its id, its name or another name of it. Claims that it, or what belongs to it (families), is a party of, and claims whose quote merely names it; role says which. accused_as is there because "operators affiliated with Alibaba" is not "Alibaba".
WITH party AS (
  SELECT id FROM entities WHERE id = lower(trim(:vendor))
  UNION SELECT id FROM entities WHERE name = trim(:vendor) COLLATE NOCASE
  UNION SELECT entity_id FROM aliases WHERE alias = trim(:vendor) COLLATE NOCASE
)
SELECT c.published_on, c.type, c.speaker_name, group_concat(DISTINCT role) AS role, c.accused_as, c.publisher, c.quote, c.link
FROM (
  SELECT p.claim_id, p.role FROM families AS f CROSS JOIN claim_parties AS p ON p.entity_id = f.member_id WHERE f.entity_id IN (SELECT id FROM party)
  UNION
  SELECT m.claim_id, 'named' FROM families AS f CROSS JOIN claim_mentions AS m ON m.entity_id = f.member_id WHERE f.entity_id IN (SELECT id FROM party)
) AS about
CROSS JOIN claims AS c ON c.id = about.claim_id
WHERE c.published_on >= :since
GROUP BY c.id
ORDER BY c.published_on DESC, c.id;

-- Everything said about a vendor since a date
-- :vendor = alibaba
-- :since = 2026-06-01
-- Claims that it, or what belongs to it (families), is a party of, and claims whose quote merely names it; role says which. accused_as is there because "operators affiliated with Alibaba" is not "Alibaba".
SELECT c.published_on, c.type, c.speaker_name, group_concat(DISTINCT role) AS role, c.accused_as, c.publisher, c.quote, c.link
FROM (
  SELECT p.claim_id, p.role FROM families AS f JOIN claim_parties AS p ON p.entity_id = f.member_id WHERE f.entity_id = :vendor
  UNION
  SELECT m.claim_id, 'named' FROM families AS f JOIN claim_mentions AS m ON m.entity_id = f.member_id WHERE f.entity_id = :vendor
) AS about
JOIN claims AS c ON c.id = about.claim_id
WHERE c.published_on >= :since
GROUP BY c.id
ORDER BY c.published_on DESC, c.id;

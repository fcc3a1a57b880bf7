-- Bills and their stages
-- Events in which a legislature acts, one of whose claims names the bill or law in its words, by date. The stage is the event's title: it says what the sources say was done.
WITH named AS (
  SELECT m.entity_id, m.name, e.id AS event_id, min(m.claim_id) AS claim_id
  FROM events AS e
  CROSS JOIN event_claims AS l ON l.event_id = e.id AND l.part = 'told'
  JOIN claim_mentions AS m ON m.claim_id = l.claim_id AND m.type = 'law'
  WHERE e.type IN ('legislation', 'government_action')
  GROUP BY m.entity_id, e.id
)
SELECT n.name AS bill, e.from_on, e.date_basis, e.title, e.independent_sources, n.claim_id AS claim, c.quote
FROM named AS n
JOIN events AS e ON e.id = n.event_id
JOIN claims AS c ON c.id = n.claim_id
ORDER BY bill, e.from_on, e.id;

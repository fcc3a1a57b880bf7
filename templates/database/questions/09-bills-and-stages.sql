-- Bills and their stages
-- Events in which a legislature acts, one of whose claims names the bill or law in its words, by date. The stage is the event's title: it says what the sources say was done.
SELECT m.name AS bill, e.from_on, e.date_basis, e.title, e.independent_sources, min(m.claim_id) AS claim, c.quote
FROM events AS e
JOIN event_claims AS l ON l.event_id = e.id AND l.part = 'told'
JOIN claim_mentions AS m ON m.claim_id = l.claim_id AND m.type = 'law'
JOIN claims AS c ON c.id = m.claim_id
WHERE e.type IN ('legislation', 'government_action')
GROUP BY m.entity_id, e.id
ORDER BY bill, e.from_on, e.id;

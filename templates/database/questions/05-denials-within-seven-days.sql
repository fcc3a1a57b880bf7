-- Which denials followed within seven days?
-- :days = 7
-- Denials by the accused (is_accused = 0 is somebody else who answers) given from the day of the event on until seven days later, each with its words. Where date_basis is publication, the day is that of the page: no source says when it was given.
SELECT e.from_on AS accused_on, e.title, a.party_name, a.is_accused, a.from_on AS denied_on, a.date_basis, a.quote, a.link
FROM answers AS a
JOIN events AS e ON e.id = a.event_id
WHERE a.kind = 'denied' AND julianday(a.from_on) - julianday(e.from_on) BETWEEN 0 AND CAST(:days AS INTEGER)
ORDER BY e.from_on, e.id, a.from_on, a.claim_id;

-- Claims that rest on one independent source
-- Allegations of which, after copies and citations are counted as what they come from, one source is left, however many documents carry them: first those that look like more, document_count of them.
SELECT a.event_id, c.speaker_name, a.accused, a.figures, a.document_count, a.independent_sources, c.publisher AS nearest, c.quote
FROM assertions AS a
JOIN assertion_claims AS l ON l.event_id = a.event_id AND l.assertion_id = a.id AND l.position = 0
JOIN claims AS c ON c.id = l.claim_id
WHERE a.type = 'allegation' AND a.independent_sources = 1
ORDER BY a.document_count DESC, a.event_id, a.id;

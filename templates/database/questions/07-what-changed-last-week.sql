-- What changed last week?
-- :days = 7
-- What the tracker learned in the days before the file's own day (about.built_on): events that it did not know, steps of disputes, pages that changed their words. In the sample all of it was first seen on one day; a file of your own tells more.
SELECT what, at, count(*) AS number, min(title) AS for_example
FROM (
  SELECT 'new event' AS what, substr(first_seen_at, 1, 10) AS at, title FROM events
  UNION ALL SELECT 'event with news', substr(changed_at, 1, 10), title FROM events WHERE changed_at > first_seen_at
  UNION ALL SELECT 'step of a dispute', substr(first_seen_at, 1, 10), dispute_id || ': ' || status FROM dispute_steps
  UNION ALL SELECT 'claim ' || kind, substr(seen_at, 1, 10), coalesce(after_quote, before_quote) FROM revisions
  UNION ALL SELECT 'new claim', substr(first_seen_at, 1, 10), quote FROM claims
)
WHERE at > date((SELECT value FROM about WHERE name = 'built_on'), '-' || :days || ' days')
GROUP BY what, at
ORDER BY at DESC, what;

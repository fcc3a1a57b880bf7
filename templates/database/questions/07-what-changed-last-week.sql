-- What changed last week?
-- :days = 7
-- What the tracker learned in the days before the file's own day (about.built_on): events that it did not know, steps of disputes, pages that changed their words. In the sample all of it was first seen on one day; a file of your own tells more.
WITH since AS (SELECT date(value, '-' || :days || ' days', '+1 day') AS day FROM about WHERE name = 'built_on')
SELECT what, substr(learned_at, 1, 10) AS at, count(*) AS number, min(title) AS for_example
FROM (
  SELECT 'new event' AS what, first_seen_at AS learned_at, title FROM events, since WHERE first_seen_at >= day
  UNION ALL SELECT 'event with news', changed_at, title FROM events, since WHERE changed_at >= day AND changed_at > first_seen_at
  UNION ALL SELECT 'step of a dispute', first_seen_at, dispute_id || ': ' || status FROM dispute_steps, since WHERE first_seen_at >= day
  UNION ALL SELECT 'claim ' || kind, seen_at, coalesce(after_quote, before_quote) FROM revisions, since WHERE seen_at >= day
  UNION ALL SELECT 'new claim', first_seen_at, quote FROM claims, since WHERE first_seen_at >= day
)
GROUP BY what, at
ORDER BY at DESC, what;

-- Who first said a number?
-- :kind = exchanges
-- :number = 28800000
-- The number may be written 28,800,000. Every value of an event that has the number as one of its ends, the earliest publication first; where several came on one day, the one nearest to the original speaker. speaker_name is whose word it is, publisher only who printed it. The day is that of the page, so what is not dated comes last.
SELECT f.published_on, f.speaker_name, f.text, f.publisher, f.is_nearest, f.event_id, f.quote, f.link
FROM figures AS f
WHERE f.kind = lower(trim(:kind)) AND (f.low = CAST(replace(replace(replace(:number, ',', ''), '_', ''), ' ', '') AS NUMERIC)
  OR f.high = CAST(replace(replace(replace(:number, ',', ''), '_', ''), ' ', '') AS NUMERIC))
ORDER BY f.published_on IS NULL, f.published_on, f.is_nearest DESC, f.first_seen_at, f.claim_id
LIMIT 5;

-- All figures for one event, with what they conflict with
-- :event = 2026-06-10-anthropic-allegation-alibaba
-- Values with one figure_group may all stand for one number; conflicts names the others that a value cannot stand beside, and why. is_current is 0 where the page has since dropped the value.
SELECT f.figure_group, f.text, f.qualifier, f.low, f.high, f.speaker_name, f.publisher, f.is_current,
  (SELECT group_concat(DISTINCT json_extract(value, '$.reason')) FROM json_each(f.conflicts)) AS conflicts
FROM figures AS f
WHERE f.event_id = lower(trim(:event))
ORDER BY f.figure_group IS NULL, f.figure_group, f.is_nearest DESC, f.position;

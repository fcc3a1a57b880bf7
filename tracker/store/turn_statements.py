"""The statements by which processes take turns (`store.turns`), for PostgreSQL; `:now` is NULL for its own clock."""

from __future__ import annotations

from sqlalchemy import text

TAKE = text("""
WITH locked AS MATERIALIZED (
    SELECT * FROM host_turn WHERE host = :host FOR UPDATE
), timed AS MATERIALIZED (  -- after the lock: whoever waited for it must not go by a clock of before
    SELECT locked.*, COALESCE(CAST(:now AS timestamptz), clock_timestamp()) AS now FROM locked
), seen AS MATERIALIZED (
    SELECT host, now, next_at, started_at, paused_until, held_until, rests_until, silence,
        CAST(:place AS timestamptz) AS place,
        CAST(now AT TIME ZONE 'UTC' AS date) AS today,
        CASE WHEN day = CAST(now AT TIME ZONE 'UTC' AS date) THEN asked ELSE 0 END AS asked,
        make_interval(secs => GREATEST(
            CAST(:delay AS float8), CASE WHEN crawl_until > now THEN crawl_delay_s ELSE 0 END
        )) AS delay,
        (
            SELECT COALESCE(jsonb_object_agg(key, value), '{}') FROM jsonb_each(CAST(slots AS jsonb))
            WHERE CAST(value AS float8) > EXTRACT(EPOCH FROM now) AND key <> :key
        ) AS slots
    FROM timed
), opened AS MATERIALIZED (  -- GREATEST passes over what is NULL
    SELECT seen.*, GREATEST(started_at + delay, paused_until) AS open_at FROM seen
), placed AS MATERIALIZED (  -- whoever comes a little late to the start that was reserved does not lose it
    SELECT opened.*, GREATEST(now, COALESCE(place, next_at), open_at) AS start_at FROM opened
), judged AS MATERIALIZED (
    SELECT placed.*, CASE
        WHEN held_until > now THEN 'held'
        WHEN rests_until > now THEN 'resting'
        WHEN asked >= :daily_requests THEN 'spent'
        WHEN start_at > now + make_interval(secs => :max_queue) THEN 'crowded'
        WHEN start_at > now THEN 'queued'
        WHEN (SELECT count(*) FROM jsonb_object_keys(slots)) >= :concurrency THEN 'full'
        ELSE 'go' END AS verdict
    FROM placed
), done AS (
    UPDATE host_turn AS kept SET
        next_at = CASE verdict WHEN 'go' THEN GREATEST(judged.next_at, now + delay) ELSE start_at + delay END,
        started_at = CASE verdict WHEN 'go' THEN now ELSE judged.started_at END,
        day = today,
        asked = judged.asked + CASE verdict WHEN 'go' THEN 1 ELSE 0 END,
        slots = CAST(CASE verdict
            WHEN 'go' THEN judged.slots || jsonb_build_object(CAST(:key AS text), EXTRACT(EPOCH FROM now) + :lease)
            ELSE judged.slots END AS json)
    FROM judged
    WHERE kept.host = judged.host AND (verdict = 'go' OR verdict = 'queued' AND place IS NULL)
)
SELECT verdict, silence,
    CASE WHEN verdict IN ('queued', 'full') THEN COALESCE(place, start_at) END AS place_at,
    CAST(EXTRACT(EPOCH FROM CASE verdict
        WHEN 'queued' THEN start_at WHEN 'held' THEN held_until WHEN 'resting' THEN rests_until ELSE now
    END - now) AS float8) AS wait_s
FROM judged
""")
"""One row, unless the host has none: what `ports.TurnAnswer` says."""

MEET = text("""
INSERT INTO host_turn (host, next_at, strikes, day, asked, crawl_delay_s, slots)
SELECT :host, now, 0, today, CASE WHEN today = :day THEN :asked ELSE 0 END, 0, '{}'
FROM (SELECT COALESCE(CAST(:now AS timestamptz), clock_timestamp()) AS now) AS clock
CROSS JOIN LATERAL (SELECT CAST(now AT TIME ZONE 'UTC' AS date) AS today) AS calendar
ON CONFLICT DO NOTHING
""")

KEEP = text("""
UPDATE host_turn SET slots = CAST(CAST(slots AS jsonb) || jsonb_build_object(
    CAST(:key AS text), EXTRACT(EPOCH FROM COALESCE(CAST(:now AS timestamptz), clock_timestamp())) + :lease
) AS json)
WHERE host = :host
""")

END = text("""
UPDATE host_turn SET
    slots = CAST(CAST(slots AS jsonb) - CAST(:key AS text) AS json),
    silence = COALESCE(CAST(:silence AS text), silence),
    rests_until = CASE
        WHEN :answered THEN NULL
        WHEN CAST(:silence AS text) IS NOT NULL AND strikes + 1 >= :max_strikes
            THEN COALESCE(CAST(:now AS timestamptz), clock_timestamp()) + make_interval(secs => :rest)
        ELSE rests_until END,
    strikes = CASE
        WHEN :answered THEN 0
        WHEN CAST(:silence AS text) IS NULL THEN strikes
        ELSE (strikes + 1) % :max_strikes END
WHERE host = :host
""")

PAUSE = text("""
UPDATE host_turn SET paused_until = GREATEST(
    paused_until, COALESCE(CAST(:now AS timestamptz), clock_timestamp()) + make_interval(secs => :seconds))
WHERE host = :host
""")

HOLD = text("""
UPDATE host_turn SET held_until = GREATEST(
    held_until, COALESCE(CAST(:now AS timestamptz), clock_timestamp()) + make_interval(secs => :seconds))
WHERE host = :host
""")

SLOW_DOWN = text("""
UPDATE host_turn SET
    crawl_delay_s = CASE WHEN crawl_until > now THEN GREATEST(crawl_delay_s, :delay) ELSE :delay END,
    crawl_until = CASE
        WHEN crawl_until > now AND crawl_delay_s > :delay THEN crawl_until
        ELSE now + interval '1 day' END
FROM (SELECT COALESCE(CAST(:now AS timestamptz), clock_timestamp()) AS now) AS clock
WHERE host = :host
""")
"""A robots.txt is not trusted for longer than a day (RFC 9309, section 2.4)."""

FORGET = text("""
DELETE FROM host_turn
WHERE day < CAST(COALESCE(CAST(:now AS timestamptz), clock_timestamp()) AT TIME ZONE 'UTC' AS date) - 8
""")
"""No hold is longer than seven days (`fetch.ledger.MAX_HOLD`)."""

FIND_ROBOTS = text("""
SELECT body, unreachable, reason, CAST(EXTRACT(
    EPOCH FROM COALESCE(CAST(:now AS timestamptz), clock_timestamp()) - fetched_at) AS float8) AS age_s
FROM robots WHERE origin = :origin
""")

KEEP_ROBOTS = text("""
INSERT INTO robots (origin, fetched_at, body, unreachable, reason, is_visited)
VALUES (:origin, COALESCE(CAST(:now AS timestamptz), clock_timestamp()), :body, :unreachable, :reason, false)
ON CONFLICT (origin) DO UPDATE SET
    fetched_at = excluded.fetched_at, body = excluded.body,
    unreachable = excluded.unreachable, reason = excluded.reason,
    is_visited = robots.is_visited AND robots.fetched_at > excluded.fetched_at - interval '1 hour'
""")
"""Two who fetch it at once give nobody a second first visit."""

VISIT = text("UPDATE robots SET is_visited = true WHERE origin = :origin AND NOT is_visited RETURNING origin")

FORGET_ROBOTS = text("""
DELETE FROM robots WHERE fetched_at < COALESCE(CAST(:now AS timestamptz), clock_timestamp()) - interval '8 days'
""")

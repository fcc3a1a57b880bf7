"""What the fields of a form ask for: whom to watch, and when to be told."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.digest.asking import MOST_SOURCES, AskedRule, Desk, check_weekday, check_zone, parse_rule
from tracker.errors import InputError
from tracker.serve.subscriptions.asked import Asked
from tracker.types.watching import CADENCES, MAX_RULES, Subscriber, WatchRule

_HOUR = re.compile(r"[0-9]|[01][0-9]|2[0-3]")


def wished_rules(asked: Asked, desk: Desk) -> tuple[WatchRule, ...]:
    """The rules of a form: its fields are one, and each line of `more` is a further one.

    Raises:
        InputError: nothing is named, or something that is not there; says which.
    """
    sources = asked.value("sources").strip() or "1"
    if not (sources.isascii() and sources.isdigit() and len(sources) < 4 and 1 <= int(sources) <= MOST_SOURCES):
        raise InputError(f"independent sources: expected a number from 1 to {MOST_SOURCES}")
    one = AskedRule(
        entities=_lines(asked, "watch"),
        disputes=_lines(asked, "dispute"),
        types=asked.values("type"),
        jurisdictions=tuple(part.strip() for part in asked.value("country").split(",") if part.strip()),
        query=asked.value("query").strip(),
        min_sources=int(sources),
    )
    lines = _lines(asked, "more")
    if len(lines) > MAX_RULES:
        raise InputError(f"{len(lines):,} watch rules are too many: {MAX_RULES} at the most")
    rules = [*([] if one.is_empty else [one]), *map(parse_rule, lines)]
    everything = asked.value("all") == "yes"
    if everything and rules:
        raise InputError("either name what to watch or ask for everything: with both, nothing would be narrower")
    if everything:
        rules = [one]  # from so many sources on
    if not rules:
        raise InputError("nothing is named to watch: name a party, a dispute, a type, a country or words")
    return desk.check_rules(rules, everything=everything)


def wished_times(subscriber: Subscriber, asked: Asked) -> Subscriber:
    """The subscriber, told when the form says; what it does not say stays.

    Raises:
        InputError: a field is none of what may stand there.
    """
    cadence = asked.value("cadence") or subscriber.cadence
    if cadence not in CADENCES:
        raise InputError(f"how often: expected one of {', '.join(CADENCES)}")
    hour = asked.value("hour").strip() or str(subscriber.at_hour)
    if not _HOUR.fullmatch(hour):
        raise InputError("hour: expected a number from 0 to 23")
    weekday, zone = asked.value("weekday"), asked.value("zone")
    return replace(
        subscriber,
        cadence=cadence,
        at_hour=int(hour),
        weekday=check_weekday(weekday) if weekday else subscriber.weekday,
        timezone=check_zone(zone) if zone.strip() else subscriber.timezone,
        wants_all_clear=asked.value("all_clear") == "yes",
    )


def _lines(asked: Asked, name: str) -> tuple[str, ...]:
    return tuple(line.strip() for value in asked.values(name) for line in value.splitlines() if line.strip())

"""A subscriber as its own pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.digest.asking import WEEKDAYS
from tracker.digest.rulewords import rule_words
from tracker.errors import TrackerError
from tracker.serve.subscriptions.office import Office
from tracker.types.watching import Cadence, Subscriber

CADENCE_WORDS: dict[Cadence, str] = {
    "at_once": "as soon as something changes",
    "daily": "once a day",
    "weekly": "once a week",
    "monthly": "once a month, on its first day",
}


@dataclass(frozen=True, slots=True)
class ShownSubscriber:
    """What is said of somebody to themselves."""

    subscriber: Subscriber
    where: str
    """In words: "by mail to kate@mail.example"."""
    when: str
    rules: tuple[str, ...]


def show_subscriber(office: Office, one: Subscriber) -> ShownSubscriber:
    """A subscriber in words; where no edition can be read, its rules are only counted."""
    ways = {"mail": f"by mail to {one.address}", "webhook": "to a webhook", "feed": "in a feed"}
    try:
        with office.desk() as desk:
            names = desk.names_of(one.rules)
            rules = tuple(rule_words(rule, names) for rule in one.rules)
    except TrackerError:
        rules = tuple(f"rule {number}" for number in range(1, len(one.rules) + 1))
    return ShownSubscriber(one, ways[one.channel], _when(one), rules)


def _when(one: Subscriber) -> str:
    if one.cadence == "at_once":
        return CADENCE_WORDS[one.cadence]
    day = f" on {WEEKDAYS[one.weekday].capitalize()}" if one.cadence == "weekly" else ""
    return f"{CADENCE_WORDS[one.cadence]}{day}, at {one.at_hour:02d}:00 ({one.timezone})"

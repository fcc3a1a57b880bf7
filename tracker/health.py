"""How a source does, as a pure function of its record: what is seen, since when, and what somebody can do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from tracker.ports import Attempt, SourceRecord
from tracker.types import Health, HealthState, Outcome

SILENCE_FACTOR = 3
"""A source is silent when its quiet is so many times as long as its longer pauses usually are ..."""
SHORTEST_SILENCE = timedelta(days=3)
"""... and at least this, so that a weekend is no silence."""
_GAPS_FOR_A_HABIT = 5
ALWAYS = 3
"""After so many listings that all gave something, one that gives nothing is a failure."""
_PAGES_FOR_A_VERDICT = 5
WINDOWED_KINDS = frozenset(
    {
        "sitemap", "federal_register", "govinfo", "congress", "regulations_gov", "courtlistener", "gdelt", "govuk",
        "arxiv", "warc",
    }
)  # fmt: skip
"""Kinds that are asked for what is new only: that there is nothing is an ordinary answer."""
_WHOLE_KINDS = frozenset({"feed", "listing", "site"})
"""Kinds that always give their whole list."""
_PASSING = frozenset({"budget", "held"})
_LAYOUT = frozenset({"not_parsable", "layout"})
_FAILED = (Outcome.FAILED, Outcome.REFUSED, Outcome.SKIPPED)

ADVICE = {
    "robots": "robots.txt forbids it and that is respected: find another way in (a feed, an API) or switch it off",
    "forbidden": "the host refuses programs: use another channel of the publisher, or ask its web master",
    "login": "it wants a login: switch it off, or find a public address",
    "legal": "it is withheld for legal reasons: switch it off",
    "challenge": "the host tests for browsers: use a feed or API of the publisher, or ask its web master",
    "address": "the name leads to a private address: check the url, or allow the network in network.allow_networks",
    "key_refused": "the key is wrong, expired or not for this API: get another and put it into the variable named",
    "no_key": "until then the source is skipped; the others go on",
    "budget": "the day's budget for this host is spent: wait, or raise it in network",
    "held": "the host asked to wait: it is asked again after that",
    "timeout": "the host is slow or down: wait; if it stays so, open the address in a browser from this network",
    "dns": "the name is not known: the host may have moved; look for its new address",
    "tls": "the certificate is not valid for it: the host must mend that, or the address is wrong",
    "connection": "nothing answers there: wait; if it stays so, the host may have moved",
    "refused": "open the address in a browser: the host may want something that a program cannot give",
    "failed": "wait; if it stays so, open the address in a browser from this network",
    "busy": "the host is overloaded or limits how often it is asked: wait; if it stays so, slow down in network.hosts",
    "status": "the address may have moved: open it in a browser and look for its new place",
    "redirects": "the address leads nowhere: open it in a browser and take the address that it ends at",
    "too_large": "the answer is larger than network.max_body_bytes: raise that, or take a narrower address",
    "damaged": "the answer breaks off or cannot be decoded: wait; if it stays so, tell the host",
    "no_file": "the file is not there or cannot be read: correct url in config.yaml, or put the file there",
    "api_error": "the API's answer says what it wants: mend the query in config.yaml",
    "not_parsable": "it answers with something else than its kind: open the address and correct url or kind",
    "layout": "the page was rebuilt: look at it and mend the selectors (docs/add-a-source.md)",
}
"""What to do, by the reason of an attempt."""


def judge_health(record: SourceRecord, kind: str, now: datetime) -> Health:
    """The state of a source at `now`, from its record; its own words for why, ours for what to do."""
    asking = next((item for item in record.askings if item.reason not in _PASSING), None)
    if asking is None:
        asking = next(iter(record.askings), None)
    if asking is None:
        return Health("new", why="it was not asked yet")
    if asking.outcome in _FAILED:
        state = _state_of(asking)
        since = _since(record.askings, lambda item: item.outcome in _FAILED and _state_of(item) == state)
        return _health(record, state, since, asking.why or state, ADVICE.get(asking.reason or "", ""))
    return (
        _judge_emptiness(record, kind, asking)
        or _judge_pages(record)
        or _judge_silence(record, now)
        or _health(record, "fine", _since(record.askings, lambda item: item.outcome not in _FAILED))
    )


def _health(
    record: SourceRecord, state: HealthState, since: datetime | None, why: str = "", advice: str = ""
) -> Health:
    error = next((item for item in record.askings if item.outcome in (Outcome.FAILED, Outcome.REFUSED)), None)
    return Health(
        state=state,
        since=since,
        why=why,
        advice=advice,
        last_success_at=next((item.at for item in record.askings if item.outcome not in _FAILED), None),
        last_error_at=error.at if error else None,
        last_error=error.why if error else None,
        last_news_at=record.news_at[0] if record.news_at else None,
        missing=record.missing,
    )


def _state_of(asking: Attempt) -> HealthState:
    if asking.outcome is Outcome.SKIPPED or asking.reason == "no_key":
        return "skipped"
    if asking.outcome is Outcome.REFUSED or asking.reason == "key_refused":
        return "refused"
    return "layout_changed" if asking.reason in _LAYOUT else "unreachable"


def _since(askings: Iterable[Attempt], same: Callable[[Attempt], bool]) -> datetime | None:
    """The oldest of the newest askings that are all alike; what only passes is left out."""
    since = None
    for item in askings:
        if item.reason in _PASSING:
            continue
        if not same(item):
            break
        since = item.at
    return since


def _judge_emptiness(record: SourceRecord, kind: str, last: Attempt) -> Health | None:
    """Nothing where there always was something, or nothing ever."""
    if last.items != 0:
        return None
    counts = [item.items for item in record.askings if item.outcome not in _FAILED and item.items is not None]
    streak = next((index for index, count in enumerate(counts) if count), len(counts))
    since = _since(record.askings, lambda item: item.outcome in _FAILED or item.items == 0)
    if streak == len(counts) and not record.news_at:
        advice = "open the address: it may be the wrong one, or its query too narrow"
        return _health(record, "empty", since, "it answers well, and has never given an entry", advice)
    if streak == len(counts) and kind in _WHOLE_KINDS:
        advice = "open the address: the list may have moved to another one"
        return _health(record, "empty", since, f"it answers well, with no entry {streak} times in a row", advice)
    before = counts[streak:]
    if kind in WINDOWED_KINDS or len(before) < ALWAYS or not all(before):
        return None
    usual = sorted(before)[len(before) // 2]
    why = f"it answers well with no entry, where it always gave some (usually {usual})"
    return _health(record, "empty", since, why, "open the address: the list may have moved to another one")


def _judge_pages(record: SourceRecord) -> Health | None:
    """The list is fine, but none of the pages that it points at can be had or read."""
    newest = [item for item in record.pages if item.reason not in _PASSING][:_PAGES_FOR_A_VERDICT]
    if len(newest) < _PAGES_FOR_A_VERDICT:
        return None
    verdicts: tuple[tuple[HealthState, Callable[[Attempt], bool], str], ...] = (
        ("refused", lambda item: item.outcome is Outcome.REFUSED, "refused"),
        ("unreachable", lambda item: item.outcome in (Outcome.FAILED, Outcome.REFUSED), "not to be had"),
        ("layout_changed", lambda item: item.url in record.unreadable, "not readable"),
    )
    for state, is_so, words in verdicts:
        if all(is_so(item) for item in newest):
            since = _since(record.pages, is_so)
            last = f" (last: {newest[0].why})" if newest[0].why else ""
            why = f"its list is fine, but each of its {len(newest)} newest pages is {words}{last}"
            reason = newest[0].reason or ("layout" if state == "layout_changed" else "")
            return _health(record, state, since, why, ADVICE.get(reason, ""))
    return None


def longest_usual_gap(news_at: Sequence[datetime]) -> timedelta | None:
    """Nine of ten pauses between a source's news are no longer than this; None where too few are known."""
    gaps = sorted(newer - older for newer, older in pairwise(news_at))
    return gaps[(len(gaps) * 9 - 1) // 10] if len(gaps) >= _GAPS_FOR_A_HABIT else None


def _judge_silence(record: SourceRecord, now: datetime) -> Health | None:
    usual = longest_usual_gap(record.news_at)
    if usual is None:
        return None
    quiet = now - record.news_at[0]
    if quiet <= max(SILENCE_FACTOR * usual, SHORTEST_SILENCE):
        return None
    why = f"no news for {_span(quiet)}; its pauses are usually no longer than {_span(usual)}"
    advice = "look at the publisher's site: it may publish elsewhere now, or the address has gone stale"
    return _health(record, "silent", record.news_at[0], why, advice)


def _span(span: timedelta) -> str:
    """A span in words, in the unit that suits it."""
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if span.total_seconds() >= seconds:
            count = round(span.total_seconds() / seconds)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"

"""Why somebody is told: a rule in words, by what of it the change has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tracker.digest.names import Names
from tracker.render.jurisdictions import load_register
from tracker.render.wording import CLAIM_TYPE_WORDS, clean
from tracker.types.changes import Change, ChangeKind
from tracker.types.watching import WatchRule

_T = TypeVar("_T")
KINDS_WATCHED: dict[ChangeKind, str] = {
    "event": "new events",
    "claim": "new claims",
    "sources": "more sources",
    "figure": "figures",
    "conflict": "figures in conflict",
    "status": "moves of disputes",
    "answer": "answers",
    "corrected": "corrections by sources",
    "vanished": "words that are gone",
    "stage": "stages of laws",
    "withdrawn": "withdrawals here",
}


def describe_rule(rule: WatchRule, change: Change, names: Names) -> str:
    """What of a rule a change fits: "you watch Alibaba with what belongs to it (allegation; from 2 sources on)"."""
    narrower: list[str] = []
    watched = [*_parties(rule, change, names), *_disputes(rule, change, names)]
    if rule.types:
        narrower.append(_either(CLAIM_TYPE_WORDS[kind].lower() for kind in _met(rule.types, (change.event_type,))))
    if rule.jurisdictions:
        countries = load_register().names
        narrower.append(_either(countries.get(code, code) for code in _met(rule.jurisdictions, change.jurisdictions)))
    if rule.kinds:
        narrower.append(_either(KINDS_WATCHED[kind] for kind in _met(rule.kinds, (change.kind,))))
    if rule.query:
        narrower.append(f"the words {_shown(rule.query)}")
    if not watched:
        watched, narrower = narrower or ["everything"], []
    if rule.min_sources > 1:
        narrower.append(f"from {rule.min_sources} independent sources on")
    return f"you watch {_joined(watched)}" + (f" ({'; '.join(narrower)})" if narrower else "")


def _parties(rule: WatchRule, change: Change, names: Names) -> Iterable[str]:
    with_children = {*change.families, *change.entities}
    for one in rule.entities:
        if one in change.entities:
            yield clean(names.entity(one).name)
        elif rule.with_children and one in with_children:
            yield f"{clean(names.entity(one).name)} with what belongs to it"


def _disputes(rule: WatchRule, change: Change, names: Names) -> Iterable[str]:
    for one in rule.disputes:
        if one in change.dispute_ids:
            yield f"the dispute {clean(names.dispute(one).name)}"


def _met(asked: Sequence[_T], has: Sequence[_T | None]) -> Sequence[_T]:
    """Those of the values asked for that a change has; all of them where it is told for another reason."""
    return [value for value in asked if value in has] or asked


def _either(words: Iterable[str]) -> str:
    return " or ".join(words)


def _shown(query: str) -> str:
    return clean(query) if any(mark in query for mark in '"“”„«»「」') else f"“{clean(query)}”"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

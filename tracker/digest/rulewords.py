"""Why somebody is told: a rule in words, by what of it the change has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tracker.digest.names import Names
from tracker.render.jurisdictions import load_register
from tracker.render.wording import CLAIM_TYPE_WORDS, clean
from tracker.types.changes import Change, ChangeKind
from tracker.types.watching import WatchRule
from tracker.types.words import ClaimType

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


def rule_words(rule: WatchRule, names: Names, *, hides_query: bool = False) -> str:
    """A rule in words: "Alibaba with what belongs to it; allegation; from 2 independent sources on".

    With `hides_query` the words that somebody typed freely are not repeated.
    """
    parts = [
        _either(_party(names, one, with_children=rule.with_children) for one in rule.entities),
        _either(_dispute(names, one) for one in rule.disputes),
        _types(rule.types),
        _countries(rule.jurisdictions),
        _kinds(rule.kinds),
        ("certain words" if hides_query else f"the words {clean(rule.query)}") if rule.query else "",
        "everything" if rule.is_empty else "",
        _least_sources(rule),
    ]
    return "; ".join(filter(None, parts))


def describe_rule(rule: WatchRule, change: Change, names: Names) -> str:
    """What of a rule a change fits: "you watch Alibaba with what belongs to it (allegation; from 2 sources on)"."""
    narrower: list[str] = []
    watched = [*_parties(rule, change, names), *_disputes(rule, change, names)]
    if rule.types:
        narrower.append(_types(_met(rule.types, (change.event_type,))))
    if rule.jurisdictions:
        narrower.append(_countries(_met(rule.jurisdictions, change.jurisdictions)))
    if rule.kinds:
        narrower.append(_kinds(_met(rule.kinds, (change.kind,))))
    if rule.query:
        narrower.append(f"the words {_shown(rule.query)}")
    if not watched:
        watched, narrower = narrower or ["everything"], []
    if rule.min_sources > 1:
        narrower.append(_least_sources(rule))
    return f"you watch {_joined(watched)}" + (f" ({'; '.join(narrower)})" if narrower else "")


def _parties(rule: WatchRule, change: Change, names: Names) -> Iterable[str]:
    with_children = {*change.families, *change.entities}
    for one in rule.entities:
        if one in change.entities:
            yield _party(names, one, with_children=False)
        elif rule.with_children and one in with_children:
            yield _party(names, one, with_children=True)


def _disputes(rule: WatchRule, change: Change, names: Names) -> Iterable[str]:
    for one in rule.disputes:
        if one in change.dispute_ids:
            yield _dispute(names, one)


def _party(names: Names, id: str, *, with_children: bool) -> str:
    return clean(names.entity(id).name) + (" with what belongs to it" if with_children else "")


def _dispute(names: Names, id: str) -> str:
    return f"the dispute {clean(names.dispute(id).name)}"


def _types(types: Iterable[ClaimType]) -> str:
    return _either(CLAIM_TYPE_WORDS[one].lower() for one in types)


def _countries(codes: Iterable[str]) -> str:
    countries = load_register().names
    return _either(countries.get(code, code) for code in codes)


def _kinds(kinds: Iterable[ChangeKind]) -> str:
    return _either(KINDS_WATCHED[one] for one in kinds)


def _least_sources(rule: WatchRule) -> str:
    return f"from {rule.min_sources} independent sources on" if rule.min_sources > 1 else ""


def _met(asked: Sequence[_T], has: Sequence[_T | None]) -> Sequence[_T]:
    """Those of the values asked for that a change has; all of them where it is told for another reason."""
    return [value for value in asked if value in has] or asked


def _either(words: Iterable[str]) -> str:
    return " or ".join(words)


def _shown(query: str) -> str:
    return clean(query) if any(mark in query for mark in '"“”„«»「」') else f"“{clean(query)}”"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

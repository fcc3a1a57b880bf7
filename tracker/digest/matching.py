"""Whom a change concerns: an index over all rules, so that looking costs as much as there is to find.

Every rule is filed under the one of its conditions that the changes at hand meet least often, and is looked at whole
only for a change that meets that one. A rule whose rarest condition no change meets is never looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.digest.querywords import has_terms, keys_of_term, parse_query, pieces_of, words_of
from tracker.digest.window import OF_WHAT_STOOD
from tracker.types.changes import Change, ChangeKind
from tracker.types.watching import Subscriber, WatchRule

Key = tuple[str, Hashable]
_EVERYTHING: Key = ("all", None)
_TOLD_AT_LAST: dict[str, frozenset[ChangeKind]] = {
    "event": frozenset({"event"}),
    "assertion": frozenset({"claim", "figure", "answer"}),
    "figure": frozenset({"figure"}),
    "conflict": frozenset({"conflict"}),
    "answer": frozenset({"answer"}),
}
"""What a fact that has enough sources at last would have been told as, by the kind of its key."""


@dataclass(frozen=True, slots=True)
class Match:
    """A change that a subscriber's rules ask for."""

    change: Change
    rules: tuple[int, ...]
    """Places of the rules that it fits among the subscriber's, in their order."""


def fits(rule: WatchRule, change: Change, words: str) -> bool:
    """Whether a change fits a rule: every condition that is given holds.

    `words` are the change's (`words_of`); they matter to a rule with a query alone. A rule with a query that has
    nothing to look for in it fits nothing.
    """
    terms = parse_query(rule.query) if rule.query else ()
    return _fits_all(rule, terms, change, words)


def _fits_all(rule: WatchRule, terms: Sequence[str], change: Change, words: str) -> bool:
    if rule.entities and not _concerns(rule, change):
        return False
    if rule.disputes and not any(one in change.dispute_ids for one in rule.disputes):
        return False
    if rule.types and change.event_type not in rule.types:
        return False
    if rule.jurisdictions and not any(code in change.jurisdictions for code in rule.jurisdictions):
        return False
    if not _has_kind_and_sources(rule, change):
        return False
    return not rule.query or bool(terms and has_terms(words, terms))


def _concerns(rule: WatchRule, change: Change) -> bool:
    return any(one in change.entities or (rule.with_children and one in change.families) for one in rule.entities)


def _has_kind_and_sources(rule: WatchRule, change: Change) -> bool:
    """Whether it is of a kind that the rule asks for, and enough sources stand behind it.

    More sources are news for who asks for that kind; for all others only where they are enough at last: then what
    they say is told as the new thing that it is. What is no longer said counts with the sources that it had.
    """
    least, after = rule.min_sources, change.independent_sources
    if change.kind == "sources" and "sources" not in rule.kinds:
        as_kinds = _TOLD_AT_LAST.get(change.key.partition(":")[0], frozenset())
        return change.sources_before < least <= after and (not rule.kinds or not as_kinds.isdisjoint(rule.kinds))
    if rule.kinds and change.kind not in rule.kinds:
        return False
    if change.kind in OF_WHAT_STOOD:
        after = max(after, change.sources_before)
    return least <= 1 or after >= least


class RuleIndex:
    """The rules of some subscribers, filed for some changes."""

    def __init__(
        self, subscribers: Sequence[Subscriber], changes: Sequence[Change], names: Mapping[str, str] | None = None
    ) -> None:
        """File the rules; `names` are those of parties by id, in which queries are looked for as well."""
        self._subscribers, self._changes, self._names = subscribers, changes, names or {}
        self._terms = {rule.query: parse_query(rule.query) for one in subscribers for rule in one.rules if rule.query}
        self._wanted = {key for terms in self._terms.values() for term in terms for key in keys_of_term(term)}
        shared: dict[Key, Key] = {}
        self._keys = [tuple(shared.setdefault(key, key) for key in self._keys_of(change)) for change in changes]
        self._counts = Counter(key for keys in self._keys for key in keys)
        self._words: dict[int, str] = {}
        self._filed: dict[Key, list[tuple[int, int]]] = {}
        for place, subscriber in enumerate(subscribers):
            for number, rule in enumerate(subscriber.rules):
                for key in self._rarest(rule):
                    if self._counts[key]:
                        self._filed.setdefault(key, []).append((place, number))
        self.looked_at = 0
        """How many pairs of a rule and a change were looked at whole."""

    def find_matches(self, start: int = 0, stop: int | None = None) -> dict[str, list[Match]]:
        """What the rules ask for of the changes after their subscriber's cursor, by the subscriber's id.

        Changes are in their order. With `start` and `stop`: of those subscribers alone, as a slice takes them.
        """
        found: dict[str, list[Match]] = {}
        stop = len(self._subscribers) if stop is None else stop
        for number, change in enumerate(self._changes):
            for place, rules in self._find_rules(number, change, start, stop).items():
                found.setdefault(self._subscribers[place].id, []).append(Match(change, tuple(sorted(rules))))
        return found

    def _find_rules(self, number: int, change: Change, start: int, stop: int) -> dict[int, list[int]]:
        """Places of the rules that a change fits, by the subscriber's place."""
        fitting: dict[int, list[int]] = {}
        for place, rule_number in self._candidates(self._keys[number], start, stop):
            subscriber = self._subscribers[place]
            if change.seq and change.seq <= subscriber.cursor:
                continue
            rule = subscriber.rules[rule_number]
            words = self._words_of(number) if rule.query else ""
            self.looked_at += 1
            if _fits_all(rule, self._terms.get(rule.query, ()), change, words):
                fitting.setdefault(place, []).append(rule_number)
        return fitting

    def _candidates(self, keys: Iterable[Key], start: int, stop: int) -> Iterator[tuple[int, int]]:
        lists = []
        for key in keys:
            if filed := self._filed.get(key):  # in the subscribers' order
                first, end = bisect_left(filed, (start, -1)), bisect_left(filed, (stop, -1))
                if first < end:
                    lists.append(filed[first:end])
        return iter(lists[0]) if len(lists) == 1 else iter(dict.fromkeys(found for filed in lists for found in filed))

    def _words_of(self, number: int) -> str:
        words = self._words.get(number)
        if words is None:
            words = self._words[number] = words_of(self._changes[number], self._names)
        return words

    def _keys_of(self, change: Change) -> Iterator[Key]:
        yield _EVERYTHING
        yield from (("entity", one) for one in dict.fromkeys(change.entities))
        yield from (("family", one) for one in dict.fromkeys((*change.entities, *change.families)))
        yield from (("dispute", one) for one in dict.fromkeys(change.dispute_ids))
        yield from (("jurisdiction", code) for code in dict.fromkeys(change.jurisdictions))
        if change.event_type:
            yield ("type", change.event_type)
        yield from (("kind", kind) for kind in _kinds_of(change))
        if self._wanted:
            yield from (("word", piece) for piece in self._wanted & pieces_of(words_of(change, self._names)))

    def _rarest(self, rule: WatchRule) -> Iterable[Key]:
        """The condition of a rule that the changes meet least often, as the keys one of which they then have."""
        return min(self._conditions(rule), key=lambda keys: sum(self._counts[key] for key in keys))

    def _conditions(self, rule: WatchRule) -> Iterator[tuple[Key, ...]]:
        yield (_EVERYTHING,)
        for name, values in (
            ("family" if rule.with_children else "entity", rule.entities),
            ("dispute", rule.disputes),
            ("type", rule.types),
            ("jurisdiction", rule.jurisdictions),
            ("kind", rule.kinds),
        ):
            if values:
                yield tuple((name, value) for value in dict.fromkeys(values))
        if rule.query:
            keys = sorted({key for term in self._terms[rule.query] for key in keys_of_term(term)})
            yield from ((("word", key),) for key in keys)
            if not keys:
                yield ()


def _kinds_of(change: Change) -> Iterable[ChangeKind]:
    """The kinds that a rule may ask for to be told of it."""
    if change.kind != "sources":
        return (change.kind,)
    return ("sources", *sorted(_TOLD_AT_LAST.get(change.key.partition(":")[0], ())))

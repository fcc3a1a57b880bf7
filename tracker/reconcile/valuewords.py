"""What stands between two figures in a sentence, made of their own words."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.reconcile.bounds import Bounds, says_near
from tracker.reconcile.comparison import Relation, differ_in_period
from tracker.reconcile.entities import Parties
from tracker.reconcile.quoting import number_words, quote
from tracker.reconcile.readings import Reading
from tracker.reconcile.scopes import Scope


def interval(bounds: Bounds) -> str:
    """What a value allows, as words: "24,000 to 25,000"."""
    low, high = number_words(bounds.low), number_words(bounds.high)
    return low if low == high else f"{low} to {high}"


def say_conflict(one: Reading, other: Reading, reason: Relation, parties: Parties) -> str:
    """Why two values conflict, in a sentence of their own words."""
    first, second = quote(one.figure.text), quote(other.figure.text)
    if reason == "qualifier_lost":
        bare, full = (first, second) if one.figure.qualifier == "exact" else (second, first)
        return f"{bare} gives the number of {full} without saying that it is {_more_or_less(one, other)}."
    if reason == "scope_differs" and one.scope != other.scope:
        return f"{first} is said of {_names(one.scope, parties)}, {second} of {_names(other.scope, parties)}."
    said = one.figure.speaker != other.figure.speaker
    first, second = (_explained(reading, parties, said) for reading in (one, other))
    if reason == "scope_differs" and differ_in_period(one.record, other.record):
        return f"{first} and {second} differ, and so do the periods that their claims give."
    return f"No number is both {first} and {second}."


def _explained(reading: Reading, parties: Parties, said: bool) -> str:
    """The words of a value with what they allow, where that is more than they write, and with whose word it is."""
    remarks = [interval(reading.bounds)] if reading.bounds and reading.figure.qualifier != "exact" else []
    speaker = reading.figure.speaker
    remarks += [f"on the word of {parties.name(speaker)}" if speaker else "on nobody’s named word"] if said else []
    return quote(reading.figure.text) + (f" ({'; '.join(remarks)})" if remarks else "")


def say_sum(total: Reading, parts: Sequence[Reading], added: Bounds, parties: Parties) -> str:
    """Why a total is not the sum of its parts, in a sentence of their own words."""
    summands = _listed([quote(part.figure.text) for part in parts])
    return f"{summands} add up to {interval(added)}, and not to {_explained(total, parties, False)}."


def _more_or_less(one: Reading, other: Reading) -> str:
    full = other.figure if one.figure.qualifier == "exact" else one.figure
    return "more" if full.qualifier == "over" else "less" if says_near(full) else "the most"


def _names(scope: Scope, parties: Parties) -> str:
    return _listed(sorted(parties.name(party) for party in scope))


def _listed(items: Sequence[str]) -> str:
    """Every item: who is left out of such a sentence would be cleared by it."""
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)

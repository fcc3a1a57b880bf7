"""What a subscriber is to be told of, as it is now: matches and corrections, folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.digest.folding import amend, fold_chains, fold_changes
from tracker.digest.matching import Match
from tracker.digest.window import OF_WHAT_STOOD, Window, is_gone
from tracker.types.changes import Change
from tracker.types.digests import Told


@dataclass(slots=True)
class Entry:
    """A change on its way into a digest."""

    change: Change
    fitted: dict[int, Change] = field(default_factory=dict)
    """The change that fitted a rule, by the rule's place among the subscriber's."""
    told: list[Told] = field(default_factory=list)
    """What it corrects of what was told."""


def gather(matches: Iterable[Match], window: Window, told: Mapping[str, Told], cursor: int) -> list[Entry]:
    """What is to be told to a subscriber of the changes after its cursor, by seq: of each fact one entry.

    A correction of what it was told (by key) is there whether it fits a rule or not. What came and went again since is
    not, and what was corrected since it changed is there as it is now.
    """
    entries = _fold_keys(_collect(matches, window, told, cursor), window, cursor)
    entries = _fold_corrections(entries)
    kept: dict[str, Entry] = {}
    for entry in entries:
        if entry.told or not _came_and_went(entry.change, window, cursor):
            for one in _amended(entry, window, cursor):
                same = [kept[one.change.key], one] if one.change.key in kept else [one]
                last = max((item.change for item in same), key=lambda change: change.seq)
                kept[last.key] = _joined(last, same)
    return sorted(kept.values(), key=lambda entry: entry.change.seq)


def _collect(matches: Iterable[Match], window: Window, told: Mapping[str, Told], cursor: int) -> list[Entry]:
    entries: dict[int, Entry] = {}
    for match in matches:
        if match.change.seq > cursor:
            entry = entries.setdefault(match.change.seq, Entry(match.change))
            entry.fitted |= dict.fromkeys(match.rules, match.change)
    for change, row in window.find_corrections(told, cursor):
        entries.setdefault(change.seq, Entry(change)).told.append(row)
    for entry in [entry for entry in entries.values() if entry.change.kind in OF_WHAT_STOOD]:
        for change in window.correcting_in_turn(entry.change.key, entry.change.seq):
            later = entries.setdefault(change.seq, Entry(change))
            later.fitted = entry.fitted | later.fitted
            later.told += [row for row in entry.told if row not in later.told]
    return [entries[seq] for seq in sorted(entries)]


def _fold_keys(entries: Iterable[Entry], window: Window, cursor: int) -> list[Entry]:
    """An entry for each fact, by seq: what no rule asks for has made it what it is now as well."""
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.change.key, []).append(entry)
    folded = []
    for key, of_key in by_key.items():
        change = fold_changes(window.of_key(key, cursor))
        if change is not None:
            folded.append(_joined(change, of_key))
    return sorted(folded, key=lambda entry: entry.change.seq)


def _fold_corrections(entries: Sequence[Entry]) -> list[Entry]:
    return [
        _joined(chained.change, [entries[place] for place in chained.members])
        for chained in fold_chains([entry.change for entry in entries])
        if chained.change is not None
    ]


def _joined(change: Change, entries: Iterable[Entry]) -> Entry:
    joined = Entry(change)
    for entry in entries:
        joined.fitted = entry.fitted | joined.fitted
        joined.told += [row for row in entry.told if row not in joined.told]
    return joined


def _came_and_went(change: Change, window: Window, cursor: int) -> bool:
    """Whether it takes away only what came to be known since the cursor, and so was never told."""
    if not is_gone(change) or not change.corrects:
        return False
    return all(window.is_fresh(key, cursor) for key in change.corrects)


def _amended(entry: Entry, window: Window, cursor: int) -> Iterable[Entry]:
    """An entry as it is now, or instead of it the correction that has made it untrue."""
    change = entry.change
    if change.kind in OF_WHAT_STOOD:  # chains of these are folded
        return [entry]
    changed_seq = window.of_key(change.key, cursor)[0].seq
    laters = [later for later in window.correcting_in_turn(change.key, changed_seq) if later.key != change.key]
    for chained in fold_chains(laters):
        later = chained.change
        amended = amend(change, later) if later else change
        if amended is None:
            return [Entry(later, entry.fitted, entry.told)] if later and later.kind == "corrected" else []
        change = amended
    return [Entry(change, entry.fitted, entry.told)]

"""Several changes of one thing since the last digest, told as one: as it is now.

No sentence is made up here. A title that does not fit what is folded is taken over from a change that has one, or
nothing is folded: what stands in a digest is what some edition said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.digest.window import OF_WHAT_STOOD, is_gone, is_new
from tracker.types.changes import Change, Evidence

_WITHDRAWN_CLAIM = "withdrawn:claim/"


def fold_changes(changes: Sequence[Change]) -> Change | None:
    """What became of one fact, by seq, as one change: from before the first to after the last.

    None for what came and went again, or is again as it was.
    """
    first, last = changes[0], changes[-1]
    if len(changes) == 1:
        return first
    if is_new(first):
        if is_gone(last):
            return None
        return _with_more_sources(first, last) if last.kind == "sources" else last
    if last.kind == "sources":
        return _of_sources(first, last, changes)
    if first.kind == last.kind and first.before and first.before == last.after:
        return None
    return _with_before(last, first) if first.kind == last.kind else last


@dataclass(slots=True)
class Chained:
    """A change that may stand for several: corrections of which each takes up the words of the one before."""

    change: Change | None
    """None where the page says again what it said before the first."""
    members: list[int]
    """Places of what it stands for in what was given."""


def fold_chains(changes: Sequence[Change]) -> list[Chained]:
    """Changes by seq, with corrections that correct each other as one."""
    chained: list[Chained] = []
    ends: dict[str, Chained] = {}
    """What a later correction may take up, by the key of its fact and by the claims whose words it brought."""
    for place, change in enumerate(changes):
        link = _end_before(change, ends)
        is_one, folded = _fold_corrections(link.change, change) if link and link.change else (False, None)
        if link is not None and is_one:
            link.change = folded
            link.members.append(place)
        else:
            link = Chained(change, [place])
            chained.append(link)
        if change.kind == "corrected":
            ends |= dict.fromkeys((f"key {change.key}", *(f"claim {item.claim_id}" for item in change.evidence)), link)
    return chained


def _end_before(change: Change, ends: Mapping[str, Chained]) -> Chained | None:
    if change.kind not in OF_WHAT_STOOD:
        return None
    taken_up = (f"key {key}" for key in (change.key, *change.corrects))
    words = (f"claim {item.claim_id}" for item in change.evidence_before)
    return next((ends[key] for key in (*taken_up, *words) if key in ends), None)


def _fold_corrections(first: Change, then: Change) -> tuple[bool, Change | None]:
    """Whether two corrections can be told as one (no title may fit both), and that one: nothing may be left of it."""
    if then.kind == "withdrawn":  # what people hid is not told again
        return True, then
    if then.kind == "corrected" and then.after == first.before:
        return True, None
    folded = _with_before(then, first)
    return folded is not then, folded


def amend(change: Change, later: Change) -> Change | None:
    """A change as it is after a later one that corrects the same fact; None where nothing of it can be told as it was.

    Words that no longer stand are taken out, and what stands instead is put in. Only of an event more than its
    corrected words may be left to tell: its title is then the one that it has now.
    """
    if is_gone(later):
        return None
    evidence = _standing(change, later)
    if not evidence:
        return None
    amended = replace(change, evidence=evidence)
    if later.kind in ("vanished", "withdrawn"):  # of the two counts the lower says nothing too much
        amended = replace(amended, independent_sources=min(change.independent_sources, later.independent_sources or 1))
    if not _is_stale(change, later, evidence):
        return amended
    if change.kind != "event" or not later.event_title or _has_words(later.event_title, later.before):
        return None
    return replace(
        amended, title=later.event_title, page=later.page or change.page, event_title=later.event_title,
        after=later.after if later.kind == "corrected" else "",
    )  # fmt: skip


def _standing(change: Change, later: Change) -> tuple[Evidence, ...]:
    gone = {item.claim_id for item in later.evidence_before}
    if later.key.startswith(_WITHDRAWN_CLAIM):
        gone.add(later.key.removeprefix(_WITHDRAWN_CLAIM))
    kept = [item for item in change.evidence if item.claim_id not in gone]
    if later.kind == "corrected":
        known = {item.claim_id for item in kept}
        kept += [item for item in later.evidence if item.claim_id not in known]
    return tuple(kept)


def _is_stale(change: Change, later: Change, evidence: Sequence[Evidence]) -> bool:
    """Whether the sentence of a change has words that no longer stand, or may have words that people hid."""
    if later.kind == "withdrawn":
        return not any(change.after and change.after in item.quote for item in evidence)
    return _has_words(change.title, later.before) or _has_words(change.after, later.before)


def _with_more_sources(first: Change, last: Change) -> Change:
    return replace(
        first, independent_sources=last.independent_sources, evidence=last.evidence or first.evidence,
        seq=last.seq, edition=last.edition, seen_at=last.seen_at,
    )  # fmt: skip


def _of_sources(first: Change, last: Change, changes: Sequence[Change]) -> Change | None:
    others = [change for change in changes if change.kind != "sources"]
    if others:
        folded = fold_changes(others)
        return folded and _with_more_sources(folded, last)
    if first.sources_before == last.independent_sources:
        return None
    return _with_before(last, first) if last.before else replace(last, sources_before=first.sources_before)


def _with_before(last: Change, first: Change) -> Change:
    """The last of several changes, with what stood before the first; as it is where its title would not fit that."""
    if not first.before or first.before == last.before:
        return replace(last, sources_before=first.sources_before)
    title = last.title
    if last.before and last.before in title:
        title, count = re.subn(_whole(last.before), lambda _: first.before, title)
        if count != 1 or last.before in title.replace(first.before, ""):
            return last
    return replace(
        last, title=title, before=first.before, sources_before=first.sources_before,
        evidence_before=first.evidence_before or last.evidence_before,
    )  # fmt: skip


def _has_words(text: str, words: str) -> bool:
    return bool(words) and re.search(_whole(words), text) is not None


def _whole(words: str) -> str:
    """A pattern for words that are no part of longer ones, nor of a longer number."""
    begin = r"(?<![\w])(?<!\d[.,])" if words[:1].isascii() else ""
    end = r"(?!\w)(?![.,]\d)" if words[-1:].isascii() else ""
    return f"{begin}{re.escape(words)}{end}"

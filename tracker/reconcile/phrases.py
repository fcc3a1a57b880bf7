"""Phrases: words of a title or summary in parts, each beside the claims that it is made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tracker.types import ClaimRecord, TextPart

Phrase = tuple[TextPart, ...]

MOST_CLAIMS = 20
"""A part carries at most so many claims, those nearest to the original speaker: sixty pages about one letter would
otherwise repeat their sixty claims in each part of each title."""
_MOST_NAMED = 4


def said(text: str, records: Iterable[ClaimRecord]) -> Phrase:
    """Words that these claims bear out, in the claims' order; nothing for no words."""
    ids = dict.fromkeys(record.id for record in records)
    return (TextPart(text, tuple(ids)[:MOST_CLAIMS]),) if text else ()


def plain(text: str) -> Phrase:
    """Words that only join others."""
    return (TextPart(text),) if text else ()


def text_of(phrase: Iterable[TextPart]) -> str:
    """The words alone."""
    return "".join(part.text for part in phrase)


def fuse(*phrases: Iterable[TextPart]) -> Phrase:
    """Phrases one after the other, with neighbouring parts that carry the same claims as one part."""
    fused: list[TextPart] = []
    for part in (part for phrase in phrases for part in phrase):
        if fused and fused[-1].claim_ids == part.claim_ids:
            fused[-1] = TextPart(fused[-1].text + part.text, part.claim_ids)
        else:
            fused.append(part)
    return tuple(fused)


def capitalise(phrase: Phrase) -> Phrase:
    """The phrase with its first letter as a capital."""
    if not phrase:
        return ()
    first, *rest = phrase
    return (TextPart(first.text[:1].upper() + first.text[1:], first.claim_ids), *rest)


def join_phrases(named: Sequence[Phrase]) -> Phrase:
    """Phrases as a list in words, each words once; beyond four the rest are "others", with all their claims."""
    once: dict[str, Phrase] = {}
    for phrase in named:
        once.setdefault(text_of(phrase), phrase)
    listed = [phrase for text, phrase in once.items() if text]
    if len(listed) > _MOST_NAMED:
        rest = dict.fromkeys(key for phrase in listed[3:] for part in phrase for key in part.claim_ids)
        listed = [*listed[:3], (TextPart("others", tuple(rest)[:MOST_CLAIMS]),)]
    if len(listed) < 2:
        return listed[0] if listed else ()
    joined: list[TextPart] = []
    for number, phrase in enumerate(listed):
        between = "" if number == 0 else " and " if number == len(listed) - 1 else ", "
        joined += [*plain(between), *phrase]
    return tuple(joined)

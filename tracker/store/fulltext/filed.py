"""A version as the index files it: its tokens for SQLite's FTS5, or as a `tsvector` for PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tracker.ids import sha256_hex

WHOLE, PLACES_LACKING, WORDS_LACKING = 2, 1, 0
_LAST_PLACE = 16_383
_MOST_PLACES = 255
"""Of one word; postgresql.org/docs/current/textsearch-limits.html has both."""
_MOST_BYTES = 900_000
"""Of all words and places together; the server takes a mebibyte."""
_GAP = 8
"""Places between title and text, so that no phrase runs from one into the other."""


def digest_of_words(title: str, text_sha256: str, published: object, language: str) -> str:
    """By what the index knows whether a version is still what was filed."""
    return sha256_hex("\0".join((title, text_sha256, str(published), language)))[:16]


def as_tsvector(titled: Sequence[str], tokens: Sequence[str]) -> tuple[str, int]:
    """(title and text with the places of their words as PostgreSQL reads a tsvector, how whole that is); the title's
    weigh A."""
    places: dict[str, list[str]] = {}
    wholeness = WHOLE
    for place, token in _numbered(titled, tokens):
        found = places.setdefault(token, [])
        if place > _LAST_PLACE or len(found) == _MOST_PLACES:
            wholeness = PLACES_LACKING
        else:
            found.append(f"{place}A" if place <= len(titled) else str(place))
    if sum(len(token.encode()) + 4 + 2 * len(found) for token, found in places.items()) > _MOST_BYTES:
        return _without_places(places)
    filed = (f"'{token}':{','.join(found)}" if found else f"'{token}'" for token, found in places.items())
    return " ".join(filed), wholeness


def _numbered(titled: Sequence[str], tokens: Sequence[str]) -> Iterator[tuple[int, str]]:
    yield from enumerate(titled, 1)
    yield from enumerate(tokens, len(titled) + _GAP)


def _without_places(tokens: Iterable[str]) -> tuple[str, int]:
    kept: list[str] = []
    size = 0
    for token in tokens:
        size += len(token.encode()) + 4
        if size > _MOST_BYTES:
            return " ".join(kept), WORDS_LACKING
        kept.append(f"'{token}'")
    return " ".join(kept), PLACES_LACKING

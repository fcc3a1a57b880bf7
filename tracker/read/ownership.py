"""Whose page an address is, where the source that points at it is not its publisher (discovery, aggregators)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.config import Source
from tracker.read.canonical import bare_host, is_same_house
from tracker.read.languages import normalise_language
from tracker.types import Candidate, PublisherType


@dataclass(frozen=True, slots=True)
class Owner:
    """A publisher, as a document names it; `language` is what it usually writes in."""

    publisher: str
    publisher_type: PublisherType
    language: str


def find_owner(url: str, source: Source, said: Candidate, sources: Sequence[Source]) -> Owner:
    """The publisher of a page: the source's own, unless the source only points at pages of others.

    Such a source names a publisher for each candidate. The page then belongs to the configured source of that host,
    where there is one; else to the publisher that was named.
    """
    if not said.publisher:
        return Owner(source.publisher, source.publisher_type, source.language)
    home = next((item for item in sources if item is not source and is_same_house(item.url, url)), None)
    if home is not None:
        return Owner(home.publisher, home.publisher_type, home.language)
    return Owner(said.publisher, source.publisher_type, normalise_language(said.language) or source.language)


def is_own_name(name: str, owner: Owner, url: str) -> bool:
    """Whether a name or host that a page gives as its origin is just its own publisher's."""
    if "." in name and " " not in name:
        return is_same_house(f"https://{name}/", url)
    ours, theirs = plain_name(owner.publisher), plain_name(name)
    host = plain_name(bare_host(url).rpartition(".")[0].rpartition(".")[2])
    return bool(theirs) and (theirs in (ours, host) or (len(theirs) > 3 and theirs in ours))


def plain_name(name: str) -> str:
    """A publisher's name for comparing: "The Harbour Courier" -> "harbourcourier"; its article and marks go."""
    words = "".join(char if char.isalnum() else " " for char in name.casefold()).split()
    return "".join(
        words[1:] if len(words) > 1 and words[0] in ("the", "le", "la", "der", "die", "das", "el") else words
    )

"""What a look through the collected texts is about, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from tracker.fulltext.questions import Question

Order = Literal["relevance", "newest"]
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Scope:
    """Among which versions to look, and how many to show."""

    source: str | None = None
    since: date | None = None
    until: date | None = None
    """Days of publication, both included; what has none lies between none."""
    language: str | None = None
    """A tag, in small letters: this language or a kind of it (RFC 4647, basic filtering)."""
    all_versions: bool = False
    """Every version that answers; otherwise of each document the newest that does."""
    order: Order = "relevance"
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A version that answers, with all that is shown of it."""

    document_id: str
    version_id: str
    version: int
    versions: int
    """So many the document has; the page now says something else where `version` is less."""
    title: str
    text: str
    publisher: str
    source: str
    url: str
    language: str
    published: date | None
    fetched_at: datetime
    relevance: str | None
    """What the extractor judged; None where it has not read the version yet."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found: how much in all, and the first of it."""

    question: Question
    """With the words that its parts and misspelt words stand for."""
    documents: int = 0
    versions: int = 0
    ranked: int = 0
    """So many of them, the newest, were put in order by relevance; the others come after no limit reaches them."""
    found: tuple[Found, ...] = ()
    similar: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Where nothing was found: words that are there, by the word typed that is not."""

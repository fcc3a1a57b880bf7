"""What the tracker covers, in figures that add up: of how many sources, documents and claims the site is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.days import day_words
from tracker.render.catalogue import Catalogue
from tracker.render.wording import count_words, language_tag


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of the coverage statement. `name` is what it is called in the page's markup, for those who check it."""

    name: str
    words: str
    count: int
    note: str = ""


def coverage_of(catalogue: Catalogue) -> tuple[Total, ...]:
    """The totals, from the sources to the events."""
    documents = catalogue.documents.values()
    on = sum(status.enabled for status in catalogue.sources)
    days = sorted(document.current.published for document in documents if document.current.published)
    span = f"published from {day_words(days[0])} to {day_words(days[-1])}" if days else ""
    undated = len(documents) - len(days)
    dated = "; ".join(part for part in (span, f"{undated} without a date" if undated and days else "") if part)
    copies = sum(
        len(group.copies) for group in {group.original: group for group in catalogue.copies_of.values()}.values()
    )
    changed = sum(len(document.versions) > 1 for document in documents)
    shown = sum(record.in_current_version for record in catalogue.claims.values())
    lost = len(catalogue.claims) - shown
    return (
        Total("sources", "sources", len(catalogue.sources), f"{on} switched on" if on < len(catalogue.sources) else ""),
        Total("all-documents", "documents", len(documents), dated),
        Total(
            "versions",
            "versions of them",
            len(catalogue.versions),
            f"{count_words(changed, 'document')} changed" if changed else "",
        ),
        Total("copies", "copies of another’s text", copies, "each counts as no further source" if copies else ""),
        Total("claims", "claims", len(catalogue.claims), f"{lost} no longer in their page" if lost else ""),
        Total(
            "awaiting", "claims that await review", sum(catalogue.awaiting.values()), "not shown, and part of no event"
        ),
        Total("events", "events", len(catalogue.events)),
        Total("disputes", "disputes", len(catalogue.disputes)),
        Total("entities", "entities", len(catalogue.entities)),
    )


def documents_by(catalogue: Catalogue) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """(what they are counted by, (name, documents), most first): each adds up to all documents."""
    documents = catalogue.documents.values()
    return (
        ("Relevance", _ranked(document.extractions[-1].relevance for document in documents)),
        ("Publisher", _ranked(document.publisher_type.replace("_", " ") for document in documents)),
        ("Language", _ranked(language_tag(document.current.language) or "unknown" for document in documents)),
    )


def _ranked(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))

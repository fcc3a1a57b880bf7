"""Stored documents and their extractions, built from a few words each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tracker.ids import sha256_hex
from tracker.types import (
    Claim,
    ClaimType,
    DateBasis,
    DateMention,
    Entity,
    Extraction,
    Mention,
    Qualifier,
    Quantity,
    QuantityKind,
    Relevance,
    StoredDocument,
    Version,
)

AT = datetime(2026, 9, 1, tzinfo=UTC)

GAZETTEER = (
    Entity("lumen", "Lumen Labs", "company", ("Lumen",)),
    Entity("prism", "Prism", "model", parent="lumen"),
    Entity("garnet", "Garnet AI", "company", ("Garnet",)),
    Entity("basalt", "Basalt", "company"),
    Entity("basalt-research", "Basalt Research", "company", parent="basalt"),
    Entity("ada-reyes", "Ada Reyes", "person"),
    Entity("atlantis", "Government of Atlantis", "government"),
    Entity("atlantis-ministry", "Ministry of Trade of Atlantis", "government", parent="atlantis"),
    Entity("atlantis-embassy", "Embassy of Atlantis", "government", parent="atlantis"),
    Entity("lemuria", "Government of Lemuria", "government"),
    Entity("lemuria-palace", "Lemurian Palace", "government", parent="lemuria"),
    Entity("lemuria-diplomacy", "Department of Diplomacy of Lemuria", "government", parent="lemuria"),
    Entity("trade-panel", "Trade Panel", "government"),
    Entity("bill-77", "Model Protection Act", "law", ("H.R. 77",)),
    Entity("bill-78", "Chip Act", "law", ("H.R. 78",)),
)

_DAY = date.fromisoformat


@dataclass
class Said:
    """A claim to be: its words are put into the text, its figures and dates beside it."""

    type: ClaimType
    text: str
    speaker: str | None = None
    accused: tuple[str, ...] = ()
    accused_as: str | None = None
    target: tuple[str, ...] = ()
    figures: tuple[tuple[QuantityKind, float | None, float | None, Qualifier], ...] = ()
    on: str | None = None
    """ISO day, or two with ".." between them."""
    on_text: str = "on that day"
    basis: DateBasis = "stated"
    via: tuple[str, ...] = ()
    speaks_for: str | None = None
    laws: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass
class Page:
    published: str | None
    said: list[Said] = field(default_factory=list)
    title: str = "News"
    relevance: Relevance = "relevant"
    gap: int = 0
    """Characters of other text before the last claim."""


def over(kind: QuantityKind, value: float) -> tuple[QuantityKind, float | None, float | None, Qualifier]:
    return (kind, value, None, "over")


def about(kind: QuantityKind, value: float) -> tuple[QuantityKind, float | None, float | None, Qualifier]:
    return (kind, value, value, "about")


def vague(kind: QuantityKind, value: float) -> tuple[QuantityKind, float | None, float | None, Qualifier]:
    return (kind, value, None, "vague")


def _extract(version_id: str, page: Page) -> tuple[str, Extraction]:
    text, spans = "", []
    for number, said in enumerate(page.said):
        if page.gap and number == len(page.said) - 1:
            text += "x" * page.gap + " "
        start = len(text)
        if any(earlier.text == said.text for earlier in page.said[:number]):
            start = text.index(said.text)
            spans.append((start, start + len(said.text)))
            continue
        text += said.text + " "
        spans.append((start, start + len(said.text)))
    quantities: list[Quantity] = []
    dates: list[DateMention] = []
    mentions: list[Mention] = []
    claims = []
    for said, (start, end) in zip(page.said, spans, strict=True):
        own_figures = range(len(quantities), len(quantities) + len(said.figures))
        quantities += [Quantity(start, end, f"{f[1]} {f[0]}", *f) for f in said.figures]
        own_dates = range(len(dates), len(dates) + (said.on is not None))
        if said.on:
            first, _, last = said.on.partition("..")
            dates.append(DateMention(start, end, said.on_text, _DAY(first), _DAY(last or first), said.basis))
        mentions += [Mention(start, start + 1, text[start], law, law, "law") for law in said.laws]
        mentions += [Mention(start, start + 1, text[start], model, model, "model") for model in said.models]
        claims.append(
            Claim(
                type=said.type,
                start=start,
                end=end,
                text=text[start:end],
                speaker=said.speaker,
                accused=said.accused,
                accused_as=said.accused_as,
                target=said.target,
                quantities=tuple(own_figures),
                dates=tuple(own_dates),
                via=said.via,
                on_behalf_of=said.speaks_for,
            )
        )
    extraction = Extraction(version_id, page.relevance, tuple(mentions), tuple(quantities), tuple(dates), tuple(claims))
    return text, extraction


def document(document_id: str, *pages: Page, publisher: str = "The Meadow Post") -> StoredDocument:
    """A document with a version for each page, oldest first; version ids are the document's with a number."""
    versions, extractions = [], []
    for number, page in enumerate(pages, start=1):
        version_id = f"{document_id}.{number}"
        text, extraction = _extract(version_id, page)
        published = _DAY(page.published) if page.published else None
        versions.append(
            Version(
                version_id,
                document_id,
                number,
                page.title,
                text,
                sha256_hex(text),
                published,
                "en",
                "article",
                None,
                AT,
                AT,
            )
        )
        extractions.append(extraction)
    return StoredDocument(
        id=document_id,
        url=f"https://{document_id}.example/",
        publisher=publisher,
        publisher_type="news",
        source="test",
        first_seen_at=AT,
        last_seen_at=AT,
        versions=tuple(versions),
        extractions=tuple(extractions),
    )


def charge(text: str = "Lumen accused Garnet of copying Prism.", **changes: object) -> Said:
    """Lumen's charge against Garnet about Prism, changed as asked."""
    values: dict[str, object] = {"speaker": "lumen", "accused": ("garnet",), "target": ("prism",), **changes}
    return Said("allegation", text, **values)  # type: ignore[arg-type]

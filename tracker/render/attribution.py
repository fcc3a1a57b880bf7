"""On whose word an event stands, as its page shows it: title and summary with their claims, chains, and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tracker.render.eventparts import Group, Place
from tracker.render.paths import event_path
from tracker.render.views import DocumentView, Party, Views
from tracker.render.wording import CLAIM_TYPE_WORDS, clean, count_words, measure_words, shorten
from tracker.types import Assertion, ChainRole, ChainStep, ClaimType, Event, Figure, SourceBasis, SourceGroup, TextPart

BASIS_WORDS: Mapping[SourceBasis, str] = {
    "original": "the speaker’s own page",
    "copies": "copies of one text",
    "one_publisher": "one publisher",
    "relays": "on the word of another",
    "alone": "on its own",
}
ROLE_WORDS: Mapping[ChainRole, str] = {
    "outlet": "",
    "relay": "citing",
    "document": "",
    "spokesperson": "spoken by",
    "claimant": "",
}
"""What stands before a link of a chain; the outlet comes first and the claimant last anyway."""
_MATTERS: Mapping[ClaimType, str] = {"allegation": "the charge", "denial": "the denial", "admission": "the admission"}
_MOST_TITLE_CHARS = 200
MOST_ASSERTIONS = 40
"""What claims say alike, on an event's page; all of it is in its JSON."""


@dataclass(frozen=True, slots=True)
class LinkedPart:
    """A part of a title or summary; `href` leads to the first of its claims, "" where it has none."""

    text: str
    href: str
    claims: str
    """How many claims it is made from, as words."""


@dataclass(frozen=True, slots=True)
class ChainView:
    """The links of a chain that stand side by side: outlets that one page names together are one link."""

    role: str
    """In words; may be empty."""
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """Documents that count once."""

    basis: str
    why: str
    documents: tuple[DocumentView, ...]
    total: int
    """Of which `documents` may be a part."""


@dataclass(frozen=True, slots=True)
class AssertionView:
    """What several claims say alike, with how many documents and independent sources say it."""

    type: str
    speaker: Party | None
    accused: tuple[Party, ...]
    figures: tuple[tuple[str, str], ...]
    """(value in words, where one of its claims stands)."""
    matter: str
    """What it is, where it is no figure: "the charge", "the act"."""
    quote: str
    """The words of the first claim, where nothing else says what it is about."""
    href: str
    documents: int
    sources: int


def attribution_values(views: Views, event: Event) -> dict[str, Any]:
    """What the event's page shows of its title, its summary, and of what several claims say alike."""
    whole = "".join(part.text for part in event.title_parts) == event.title and len(event.title) <= _MOST_TITLE_CHARS
    telling = [item for item in event.assertions if _is_telling(event, item)]
    return {
        "title_parts": linked_parts(views, event, event.title_parts) if whole else (),
        "summary": linked_parts(views, event, event.summary),
        "assertions": tuple(_assertion(views, event, item) for item in telling[:MOST_ASSERTIONS]),
        "more_assertions": max(len(telling) - MOST_ASSERTIONS, 0),
    }


def chains_of(views: Views, event: Event, groups: Iterable[Group]) -> dict[str, tuple[ChainView, ...]]:
    """The chains of speakers of the given claims, by claim."""
    wanted = {record.id for group in groups for record in group}
    return {chain.claim_id: chain_view(views, chain.steps) for chain in event.chains if chain.claim_id in wanted}


def source_views(views: Views, event: Event, places: Iterable[Place]) -> tuple[SourceView, ...]:
    """The given documents of an event under what makes them one source."""
    held = views.catalogue.documents
    return tuple(
        _source(event.sources[index], tuple(views.document(held[key]) for _, key in group))
        for index, group in groupby(places, key=lambda place: place[0])
        if index >= 0
    )


def linked_parts(views: Views, event: Event, parts: Iterable[TextPart]) -> tuple[LinkedPart, ...]:
    """Parts with links to their claims: on the event's own page where they stand there, else on the document's."""
    linked = []
    for part in parts:
        held = [key for key in part.claim_ids if key in views.catalogue.claims]
        words = count_words(len(held), "claim")
        linked.append(LinkedPart(clean(part.text), _href(views, event, held[0]) if held else "", words))
    return tuple(linked)


def _href(views: Views, event: Event, claim_id: str) -> str:
    """From the event's page, which lies one folder below the top."""
    if claim_id in event.claim_ids:
        page, _, anchor = views.place_in(event, claim_id).partition("#")
        return f"#{anchor}" if page == event_path(event.id) else f"../{page}#{anchor}"
    return f"../{views.claim(views.catalogue.claims[claim_id]).path}"


def chain_view(views: Views, steps: Sequence[ChainStep]) -> tuple[ChainView, ...]:
    """A chain's links in order, relays that follow each other as one."""
    links: list[ChainView] = []
    for step in steps:
        entity = views.party(step.entity_id) if step.entity_id else None
        party = entity if entity and entity.path else Party("", shorten(step.name, 120), None)
        if links and step.role == "relay" and links[-1].role == ROLE_WORDS["relay"]:
            links[-1] = ChainView(links[-1].role, (*links[-1].parties, party))
        else:
            links.append(ChainView(ROLE_WORDS[step.role], (party,)))
    return tuple(links)


def _source(group: SourceGroup, documents: tuple[DocumentView, ...]) -> SourceView:
    return SourceView(BASIS_WORDS[group.basis], shorten(group.why, 600), documents, len(group.documents))


def _is_telling(event: Event, item: Assertion) -> bool:
    """Whether there is something to count: what one document alone says once stands among the claims anyway."""
    return len(item.document_ids) != 1 or (bool(item.figures) and len(event.document_ids) > 1)


def _assertion(views: Views, event: Event, item: Assertion) -> AssertionView:
    claims = [views.catalogue.claims[key] for key in item.claim_ids if key in views.catalogue.claims]
    about = item.accused or item.figures or item.speaker is None
    return AssertionView(
        type=CLAIM_TYPE_WORDS[item.type],
        speaker=views.party(item.speaker) if item.speaker else None,
        accused=views.parties(item.accused),
        figures=_values(views, event, [event.figures[at] for at in item.figures]),
        matter=_MATTERS.get(item.type, "the act"),
        quote="" if about or not claims else shorten(claims[0].claim.text, 90),
        href=_href(views, event, claims[0].id) if claims else "",
        documents=len(item.document_ids),
        sources=len(item.sources),
    )


def _values(views: Views, event: Event, figures: Iterable[Figure]) -> tuple[tuple[str, str], ...]:
    """Each value once, with its qualifier, beside a claim that gives it."""
    values: dict[str, str] = {}
    for figure in figures:
        words = measure_words(figure.low, figure.high, figure.qualifier, figure.kind, figure.unit, figure.text)
        noun = "" if figure.kind in ("money", "percent", "duration") else f" {figure.kind}"
        if figure.claim_id in views.catalogue.claims:
            values.setdefault(words + noun, _href(views, event, figure.claim_id))
    return tuple(values.items())

"""What the templates are given: parties, claims, figures and answers with their links already worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from tracker.config import Site
from tracker.days import interval_words, precision_of
from tracker.render.catalogue import Catalogue, seen_span
from tracker.render.edits import EditView, EditViews
from tracker.render.editstamps import EditStamps, last_of, stamp_edits
from tracker.render.eventparts import EventParts, build_parts, claim_pages
from tracker.render.figures import choose_key_figures
from tracker.render.jurisdictions import home_of, jurisdictions_of, load_register
from tracker.render.marks import Mark, Standing, event_marks, event_standings
from tracker.render.passages import page_of
from tracker.render.paths import document_path, entity_path, event_path, file_stem, safe_url, text_fragment_url
from tracker.render.reads import Reads
from tracker.render.related import Kinship
from tracker.render.tablefiles import Tables
from tracker.render.wording import OWN_WORD, STATUS_WORDS, bare_name, figure_words, measure_words, shorten
from tracker.types import Answer, Claim, ClaimRecord, DateMention, Event, Figure, StoredDocument, Version

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Party:
    """An entity as it is named on a page; `path` is None where it has no page."""

    id: str
    name: str
    path: str | None
    known: bool = True


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as it is named on other pages."""

    document: StoredDocument
    path: str
    title: str
    publisher: str
    published: date | None
    url: str | None
    relevance: str
    claims: int


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its exact words and the place where they stand."""

    record: ClaimRecord
    claim: Claim
    anchor: str
    path: str
    """The document page at the highlighted words."""
    version: Version
    document: DocumentView
    speaker: Party | None
    on_behalf_of: Party | None
    accused: tuple[Party, ...]
    target: tuple[Party, ...]
    via: tuple[Party, ...]
    dates: tuple[DateMention, ...]
    events: tuple[EventView, ...] = ()
    recalls: tuple[EventView, ...] = ()
    """The events that it only recalls as background."""
    answers: tuple[EventView, ...] = ()
    """The events to whose charges it is an answer, and of which it is no claim."""
    status: str = ""
    """On whose word it stands, in one phrase."""
    edits: tuple[EditView, ...] = ()
    """What people changed of it."""
    original: str | None = None
    """The original page at these words; None where it no longer has them, or has no address to link."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A reported figure beside whose word it is."""

    figure: Figure
    words: str
    value: str
    speaker: Party | None
    accused: tuple[Party, ...]
    accused_as: str | None
    """The document's own words for the accused, as its claim has them."""
    document: DocumentView
    path: str
    published: date | None
    language: str
    withdrawn_after: int | None
    """The number of the newest version that had it, where the page no longer does."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What an accused party is reported to have answered."""

    answer: Answer
    party: Party
    claim: ClaimView | None


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as a row of a timeline."""

    event: Event
    path: str
    title: str
    when: str
    precision: str
    actors: tuple[Party, ...]
    figures: tuple[tuple[str, str], ...]
    """(words, their language) of the key figures."""
    more_figures: int
    answers: tuple[tuple[Party, tuple[str, ...]], ...]
    """(accused party, kinds of answer, each once)."""
    documents: int
    sources: int = 0
    """How many of the documents are independent of each other; 0 where nothing is known of it."""
    marks: tuple[Mark, ...] = ()
    standings: tuple[Standing, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    """Codes of the countries where its parties are at home."""


def newest_document(view: DocumentView) -> tuple[int, str]:
    """Sort key of documents: newest first, undated last."""
    return (-view.published.toordinal() if view.published else 1, view.document.id)


class Views:
    """Makes the views of one dataset, for a site that stands at `base` ("" where that is not known).

    What is made once and used by several pages goes through `remember`, so that each of them is known to rest on it.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        site: Site,
        reads: Reads | None = None,
        tables: Tables | None = None,
        stamps: EditStamps | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.site = site
        self.base = site.base_url.rstrip("/") + "/" if site.base_url else ""
        self.edits = EditViews(catalogue.edits, catalogue.entities)
        self.tables = tables or Tables()
        """What makes the tables of the downloads."""
        self._reads = reads or Reads()
        self._stamps = stamps
        self._remembered: dict[str, Any] = {}
        self.kinship = Kinship(catalogue)
        """What finds the events that belong beside one."""

    def parts(self, event: Event) -> EventParts:
        """The long lists of an event, cut into what its page shows and further pages."""
        return self.remember("parts", event.id, partial(build_parts, self.catalogue, event))

    def place_in(self, event: Event, claim_id: str) -> str:
        """Where a claim of an event stands among the event's pages: path and anchor."""
        pages = self.remember("claim_pages", event.id, lambda: claim_pages(event, self.parts(event)))
        return f"{pages[claim_id]}#{file_stem(claim_id)}"

    def remember(self, kind: str, key: str, make: Callable[[], T]) -> T:
        """What `make` gives, made at the first call for this kind and key."""
        name = f"view:{kind}:{key}"
        self._reads.note(name)
        if name not in self._remembered:
            with self._reads.by(name):
                self._remembered[name] = make()
        made: T = self._remembered[name]
        return made

    @property
    def newest_words_at(self) -> datetime | None:
        """When the newest words were fetched, None for an empty dataset.

        The site has no clock of its own, and no time that moves without news: a run without finds rewrites nothing.
        """
        return self.remember("newest_words_at", "", self._newest_words_at)

    def _newest_words_at(self) -> datetime | None:
        documents = self.catalogue.documents.values()
        return max((item.fetched_at for document in documents for item in document.versions), default=None)

    def seen_span(self, event: Event) -> tuple[datetime, datetime] | None:
        """When the tracker first had a claim of the event, and when it last learned of another or saw one change."""
        return self.remember("seen_span", event.id, partial(seen_span, self.catalogue, event))

    @property
    def stamps(self) -> EditStamps:
        """When people last changed what is published of a record."""
        return self._stamps or self.remember("stamps", "", partial(stamp_edits, self.catalogue))

    def changed_at(self, event: Event) -> datetime | None:
        """When the tracker last learned something of an event, or a person last decided something about it."""
        span = self.seen_span(event)
        return last_of(span[1] if span else None, self.stamps.events.get(event.id))

    def party(self, id: str) -> Party:
        """An entity by id; one that the dataset lacks keeps its id as its name and has no page."""
        entity = self.catalogue.entities.get(id)
        if entity is None:
            return Party(id, shorten(id, 80), None)
        return Party(id, shorten(entity.name, 120), entity_path(id), entity.known)

    def home(self, id: str) -> str | None:
        """The code of the country where an entity is at home, None where that is not known."""
        return self.remember("home", id, partial(home_of, id, self.catalogue.entities, load_register()))

    def parties(self, ids: tuple[str, ...] | list[str]) -> tuple[Party, ...]:
        """Entities by id, in that order."""
        return tuple(self.party(key) for key in ids)

    def document(self, document: StoredDocument) -> DocumentView:
        """A document as other pages name it."""
        return self.remember("document", document.id, partial(self._build_document, document))

    def _build_document(self, document: StoredDocument) -> DocumentView:
        self.catalogue.documents.get(document.id)  # read here, wherever it was had from
        version = document.current
        return DocumentView(
            document=document,
            path=document_path(document.id),
            title=shorten(version.title) or "Untitled document",
            publisher=shorten(document.publisher, 80) or "publisher not given",
            published=version.published,
            url=safe_url(document.url),
            relevance=document.extractions[-1].relevance,
            claims=len(self.catalogue.claims_of_document.get(document.id, ())),
        )

    def claim(self, record: ClaimRecord) -> ClaimView:
        """A claim with its parties and its place."""
        return self.remember("claim", record.id, partial(self._build_claim, record))

    def _build_claim(self, record: ClaimRecord) -> ClaimView:
        self.catalogue.claims.get(record.id)
        claim, version = record.claim, self.catalogue.versions[record.version_id]
        document = self.document(self.catalogue.documents[record.document_id])
        page = page_of(version, claim.start)
        return ClaimView(
            record=record,
            claim=claim,
            anchor=file_stem(record.id),
            path=f"{document.path}#{file_stem(record.id)}",
            version=version,
            document=document,
            speaker=self.party(claim.speaker) if claim.speaker else None,
            on_behalf_of=self.party(claim.on_behalf_of) if claim.on_behalf_of else None,
            accused=self.parties(claim.accused),
            target=self.parties(claim.target),
            via=self.parties(claim.via),
            dates=record.dates,
            events=tuple(self.event(event) for event in self.catalogue.events_of_claim.get(record.id, ())),
            recalls=tuple(self.event(event) for event in self.catalogue.events_recalled_by.get(record.id, ())),
            answers=tuple(
                self.event(event)
                for event in self.catalogue.events_answered_by.get(record.id, ())
                if record.id not in event.claim_ids
            ),
            status=self._status(record),
            edits=self.edits.of_claim(record),
            original=text_fragment_url(document.url, claim.text, page) if record.in_current_version else None,
        )

    def _status(self, record: ClaimRecord) -> str:
        """What a body says in its own statement is its word, not a finding of ours or of anybody else's."""
        claim = record.claim
        publisher = bare_name(self.catalogue.documents[record.document_id].publisher)
        issuers = (self.catalogue.entities.get(key) for key in (claim.speaker, claim.on_behalf_of) if key)
        names = {bare_name(name) for entity in issuers if entity for name in (entity.name, *entity.aliases)}
        return OWN_WORD if claim.status != "denied" and publisher in names else STATUS_WORDS[claim.status]

    def claims(self, ids: tuple[str, ...]) -> tuple[ClaimView, ...]:
        """The claims of these ids, in that order."""
        found = (self.catalogue.claims.get(key) for key in ids)
        return tuple(self.claim(record) for record in found if record)

    def by_words(self, claims: Iterable[ClaimView]) -> tuple[tuple[ClaimView, ...], ...]:
        """Claims with those that follow on the same words of the same version, so that a quote stands once."""
        same = groupby(claims, key=lambda view: (view.version.id, view.claim.start, view.claim.end))
        return tuple(tuple(group) for _, group in same)

    def figure(self, figure: Figure) -> FigureView | None:
        """A figure of an event, None where its claim is not in the dataset."""
        record = self.catalogue.claims.get(figure.claim_id)
        if record is None:
            return None
        document = self.document(self.catalogue.documents[record.document_id])
        version = self.catalogue.versions[record.version_id]
        stands = figure.standing == "here" if figure.standing else record.in_current_version
        return FigureView(
            figure=figure,
            words=shorten(figure.text, 160),
            value=measure_words(figure.low, figure.high, figure.qualifier, figure.kind, figure.unit, figure.text),
            speaker=self.party(figure.speaker) if figure.speaker else None,
            accused=self.parties(figure.accused),
            accused_as=record.claim.accused_as,
            document=document,
            path=f"{document.path}#{file_stem(record.id)}",
            published=version.published,
            language=version.language,
            withdrawn_after=None if stands else version.number,
        )

    def _stands(self, figure: Figure) -> bool:
        """Whether the page still says it; a figure that was taken back is no key figure."""
        record = self.catalogue.claims.get(figure.claim_id)
        return record is None or record.in_current_version

    def _language(self, figure: Figure) -> str:
        document = self.catalogue.documents.get(figure.document_id)
        return document.current.language if document else ""

    def answer(self, answer: Answer) -> AnswerView:
        """An answer with the claim that reports it."""
        record = self.catalogue.claims.get(answer.claim_id) if answer.claim_id else None
        return AnswerView(answer, self._answering(answer), self.claim(record) if record else None)

    def _answering(self, answer: Answer) -> Party:
        """Who answers; an owner that was asked about its laboratory is named as its owner."""
        party = self.party(answer.party)
        record = self.catalogue.claims.get(answer.claim_id) if answer.claim_id else None
        accused = record.claim.accused if record else ()
        owned = [self.party(key).name for key in accused if self._belongs(key, answer.party)]
        if not owned or answer.party in accused:
            return party
        return replace(party, name=f"{party.name} (owner of {', '.join(owned)})")

    def _belongs(self, key: str, owner: str) -> bool:
        seen = {key}
        while (entity := self.catalogue.entities.get(key)) and entity.parent and entity.parent not in seen:
            key = entity.parent
            seen.add(key)
            if key == owner:
                return True
        return False

    def event(self, event: Event) -> EventView:
        """An event as a row of a timeline."""
        return self.remember("event", event.id, partial(self._build_event, event))

    def _build_event(self, event: Event) -> EventView:
        self.catalogue.events_by_id.get(event.id)
        chosen, more = choose_key_figures(
            [item for item in event.figures if self._stands(item) and not item.is_doubtful]
        )
        answers: dict[Party, list[str]] = {}
        for answer in event.answers:
            kinds = answers.setdefault(self._answering(answer), [])
            if answer.kind not in kinds:
                kinds.append(answer.kind)
        return EventView(
            event=event,
            path=event_path(event.id),
            title=shorten(event.title) or "Untitled event",
            when=interval_words(event.from_on, event.to_on),
            precision=precision_of(event.from_on, event.to_on),
            actors=self.parties(event.actors),
            figures=tuple((figure_words(item.text, item.low, item.qualifier), self._language(item)) for item in chosen),
            more_figures=more,
            answers=tuple((party, tuple(kinds)) for party, kinds in answers.items()),
            documents=len(event.document_ids),
            sources=len(event.sources),
            marks=event_marks(self.catalogue, event),
            standings=event_standings(self.catalogue, event),
            jurisdictions=jurisdictions_of(event, self.home),
        )

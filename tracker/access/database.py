"""A published database in Python: typed rows of its documented views, read as they are taken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, get_args

from tracker.access.claims import Answer, Claim, Figure
from tracker.access.finding import find_entity, find_event
from tracker.access.happenings import Dispute, Event
from tracker.access.parties import Document, Entity, Relation, Source
from tracker.access.reading import read_row
from tracker.access.selecting import CLAIMS_ABOUT, Selection, instant_of
from tracker.errors import InputError, UnreadableInput
from tracker.query import Published, open_published
from tracker.render.database import DATABASE_PATH
from tracker.types import CLAIM_TYPES, ENTITY_TYPES, QUANTITY_KINDS, DisputeStatus, LedgerKind

T = TypeVar("T")

_ENTITIES = """SELECT *,
  (SELECT json_group_array(a.alias) FROM aliases AS a WHERE a.entity_id = entities.id) AS aliases,
  (SELECT json_group_array(f.member_id) FROM families AS f WHERE f.entity_id = entities.id AND f.steps > 0) AS members
FROM entities"""
_LISTED = "SELECT 1 FROM json_each({}) WHERE value IN FAMILY"
_EVENTS_ABOUT = """(
  id IN (SELECT l.event_id FROM event_claims AS l JOIN claim_parties AS p ON p.claim_id = l.claim_id
         WHERE l.part = 'told' AND p.entity_id IN FAMILY)
  OR EXISTS (SELECT 1 FROM json_each(actors) WHERE value IN FAMILY))"""
_CLAIMS_ACCUSING = "id IN (SELECT claim_id FROM claim_parties WHERE role = 'accused' AND entity_id IN FAMILY)"
_DOCUMENTS_NAMING = "id IN (SELECT document_id FROM mentions WHERE is_current AND entity_id IN FAMILY)"


class Database:
    """A published database, open for reading. Close it, or use it in a `with` statement.

    Names of parties may be any of their names, in any case; a party stands for all that belongs to it. Each method
    gives an iterator that reads on as it is taken, so a loop may stop early, and nothing is loaded whole.

    >>> with tracker.open("tracker.db") as data:
    ...     claim = next(data.claims(speaker="Anthropic", accused="Qwen", until="2026-06-30"))
    >>> claim.type, claim.speaker_name, claim.is_current
    ('allegation', 'Anthropic', True)
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        if self.path.is_dir():
            raise UnreadableInput(f"{self.path} is a folder{_inside(self.path)}")
        self._stack = ExitStack()
        self._open: Published | None = self._stack.enter_context(open_published(self.path))
        self._ids: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<tracker.Database {str(self.path)!r}{'' if self._open else ', closed'}>"

    def close(self) -> None:
        """Give the file back; asking it anything after that is an error."""
        self._open = None
        self._stack.close()

    @property
    def _published(self) -> Published:
        if self._open is None:
            raise InputError(f"{self.path} was closed; open it again with tracker.open")
        return self._open

    def about(self) -> dict[str, str]:
        """What the file is: `schema_version`, `built_on`, `as_of`, `content_sha256` and others, by name."""
        return {str(row["name"]): str(row["value"]) for row in self.sql("SELECT name, value FROM about")}

    def sql(self, query: str, /, *, seconds: float = 60.0, **values: Any) -> Iterator[dict[str, Any]]:
        """The rows of any one SELECT, by their columns' names; `values` are its named parameters.

        Args:
            query: SQL over the views of docs/database.md.
            seconds: how long it may take to the next row.
            values: a value for each `:name` in the query.

        Raises:
            QueryRefused: it is wrong, would write, or takes too long.
        """
        for row in self._published.stream(query, values, seconds):
            yield dict(row)

    def entity(self, name: str) -> Entity:
        """The company, person, public body, model, law or place that is called so, by any of its names.

        Raises:
            InputError: nobody is, or several are; names the nearest.
        """
        selection = Selection(_ENTITIES, "id")
        selection.equal("id", self._id(name))
        return next(self._rows(Entity, selection))

    def entities(
        self, *, type: str | None = None, jurisdiction: str | None = None, known: bool | None = None
    ) -> Iterator[Entity]:
        """All entities, by id: of a type, of a country (ISO 3166-1 alpha-2), or those that somebody has looked at."""
        selection = Selection(_ENTITIES, "id")
        selection.equal("type", type, ENTITY_TYPES)
        selection.equal("jurisdiction", jurisdiction)
        selection.equal("is_known", known)
        return self._rows(Entity, selection)

    def relations(self, *, about: str | None = None, relation: str | None = None) -> Iterator[Relation]:
        """How entities stand to each other: `part_of`, `model_of`, `at_home_in`, `speaks_for` or `accuses`."""
        selection = Selection("SELECT * FROM relations", "relation, subject, object")
        selection.equal("relation", relation, ("part_of", "model_of", "at_home_in", "speaks_for", "accuses"))
        if about is not None:
            selection.of_family("(subject IN FAMILY OR object IN FAMILY)", "about", self._id(about))
        return self._rows(Relation, selection)

    def event(self, id: str) -> Event:
        """The event of an id, also of one that was merged into another.

        Raises:
            InputError: there is none; names the nearest.
        """
        selection = Selection("SELECT * FROM events", "id")
        selection.equal("id", find_event(self._published, id))
        return next(self._rows(Event, selection))

    def events(
        self,
        *,
        about: str | None = None,
        type: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        text: str | None = None,
    ) -> Iterator[Event]:
        """Events, the newest first.

        Args:
            about: a party that takes part, or that a claim of the event names.
            type: one of the types of claims.
            since, until: the first and the last day of interest; an event of several days lies within if any of
                them does.
            text: words in title or summary.
        """
        selection = Selection("SELECT * FROM events", "from_on DESC, to_on DESC, id")
        selection.equal("type", type, CLAIM_TYPES)
        selection.days("to_on", since, None)
        selection.days("from_on", None, until)
        selection.words(text, ("title", "summary"))
        if about is not None:
            selection.of_family(_EVENTS_ABOUT, "about", self._id(about))
        return self._rows(Event, selection)

    def claims(
        self,
        *,
        about: str | None = None,
        speaker: str | None = None,
        accused: str | None = None,
        type: str | None = None,
        event: str | None = None,
        document: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        text: str | None = None,
        current: bool | None = None,
        as_of: date | datetime | str | None = None,
    ) -> Iterator[Claim]:
        """Claims, the newest first.

        Args:
            about: a party in any role, or that the quote names.
            speaker: whose word it is, or on whose behalf.
            accused: who is accused; `Claim.accused_as` may say less than the name.
            type: allegation, denial, admission, no_response, statement, legislation, or an action.
            event: id of an event that they tell.
            document: id of the document.
            since, until: the first and the last day of publication.
            text: words in the quote.
            current: whether the newest version of the page still says it.
            as_of: only those that stood at that instant, or at the end of that day (UTC).
        """
        selection = Selection("SELECT * FROM claims", "published_on DESC, id")
        selection.equal("type", type, CLAIM_TYPES)
        selection.equal("document_id", document)
        selection.equal("is_current", current)
        selection.days("published_on", since, until)
        selection.words(text, ("quote",))
        if about is not None:
            selection.of_family(CLAIMS_ABOUT, "about", self._id(about))
        self._spoken_by(selection, speaker)
        if accused is not None:
            selection.of_family(_CLAIMS_ACCUSING, "accused", self._id(accused))
        if event is not None:
            told = "SELECT claim_id FROM event_claims WHERE part = 'told' AND event_id = :event"
            selection.add(f"id IN ({told})", event=find_event(self._published, event))
        if as_of is not None:
            test = "first_seen_at <= :as_of AND (gone_at IS NULL OR gone_at > :as_of)"
            selection.add(test, as_of=instant_of(as_of, "as_of"))
        return self._rows(Claim, selection)

    def figures(
        self,
        *,
        event: str | None = None,
        kind: str | None = None,
        speaker: str | None = None,
        accused: str | None = None,
        current: bool | None = None,
        doubtful: bool | None = None,
    ) -> Iterator[Figure]:
        """Every reported value, by event; values that conflict stand side by side (`Figure.conflicts`).

        >>> with tracker.open("tracker.db") as data:
        ...     sorted({(item.text, item.qualifier) for item in data.figures(kind="exchanges", accused="MiniMax")})[:2]
        [('16 million-odd exchanges', 'about'), ('1600多万次对话', 'over')]

        Args:
            event: id of the event.
            kind: accounts, exchanges, money, percent, duration (days), users, companies, people, tokens or other.
            speaker: whose word it is, or on whose behalf.
            accused: who is accused with it; `Figure.accused_as` may say less than the name.
            current: whether the newest version of the page still gives it.
            doubtful: whether it can hardly be right.
        """
        selection = Selection("SELECT * FROM figures", "event_id, position")
        selection.equal("kind", kind, QUANTITY_KINDS)
        selection.equal("is_current", current)
        selection.equal("is_doubtful", doubtful)
        self._spoken_by(selection, speaker)
        if accused is not None:
            selection.of_family(f"EXISTS ({_LISTED.format('accused')})", "accused", self._id(accused))
        if event is not None:
            selection.equal("event_id", find_event(self._published, event))
        return self._rows(Figure, selection)

    def answers(
        self,
        *,
        party: str | None = None,
        kind: str | None = None,
        event: str | None = None,
        dispute: str | None = None,
    ) -> Iterator[Answer]:
        """What accused parties answered, also that no answer was found (`none_found`), by event.

        Args:
            party: who answers, or does not.
            kind: denied, declined, no_reply, counter_claim, admitted or none_found.
            event: id of the event whose charges it answers.
            dispute: id of a dispute in whose ledger it stands.
        """
        selection = Selection("SELECT * FROM answers", "event_id IS NULL, event_id, from_on, party, claim_id")
        selection.equal("kind", kind, get_args(LedgerKind))
        if party is not None:
            selection.of_family("party IN FAMILY", "party", self._id(party))
        if event is not None:
            selection.equal("event_id", find_event(self._published, event))
        if dispute is not None:
            selection.add("EXISTS (SELECT 1 FROM json_each(disputes) WHERE value = :dispute)", dispute=dispute)
        return self._rows(Answer, selection)

    def disputes(self, *, about: str | None = None, status: str | None = None) -> Iterator[Dispute]:
        """Who accuses whom about what and how that stands, what changed last first; `about` a party of either side."""
        selection = Selection("SELECT * FROM disputes", "changed_on DESC, id")
        selection.equal("status", status, get_args(DisputeStatus))
        if about is not None:
            sides = (f"EXISTS ({_LISTED.format(side)})" for side in ("accusers", "accused"))
            selection.of_family(f"({' OR '.join(sides)})", "about", self._id(about))
        return self._rows(Dispute, selection)

    def documents(
        self,
        *,
        publisher: str | None = None,
        language: str | None = None,
        kind: str | None = None,
        relevance: str | None = None,
        naming: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        text: str | None = None,
    ) -> Iterator[Document]:
        """The pages that were read, the newest first; their texts are their publishers' and not in the file.

        Args:
            publisher: whose page it is, by its exact name.
            language: a tag of BCP 47 or the beginning of one, whatever its case: zh has zh-CN too.
            kind: article, statement, letter, memo, bill, filing, press_release or report.
            relevance: relevant, background or irrelevant.
            naming: a party that the newest version names.
            since, until: the first and the last day of publication.
            text: words in the title.
        """
        selection = Selection("SELECT * FROM documents", "published_on DESC, id")
        for column, value in (("publisher", publisher), ("kind", kind)):
            selection.equal(column, value)
        selection.in_language(language)
        selection.equal("relevance", relevance, ("relevant", "background", "irrelevant"))
        selection.days("published_on", since, until)
        selection.words(text, ("title",))
        if naming is not None:
            selection.of_family(_DOCUMENTS_NAMING, "naming", self._id(naming))
        return self._rows(Document, selection)

    def sources(self, *, enabled: bool | None = None) -> Iterator[Source]:
        """Where documents come from, and how each source does, by name."""
        selection = Selection("SELECT * FROM sources", "name")
        selection.equal("is_enabled", enabled)
        return self._rows(Source, selection)

    def _spoken_by(self, selection: Selection, speaker: str | None) -> None:
        if speaker is not None:
            selection.of_family("(speaker IN FAMILY OR on_behalf_of IN FAMILY)", "speaker", self._id(speaker))

    def _id(self, name: str) -> str:
        if name not in self._ids:
            self._ids[name] = find_entity(self._published, name)
        return self._ids[name]

    def _rows(self, kind: type[T], selection: Selection) -> Iterator[T]:
        return (read_row(kind, row) for row in self._published.stream(selection.sql, selection.values))


def _inside(folder: Path) -> str:
    for place in (folder / DATABASE_PATH, folder / "site" / DATABASE_PATH):
        if place.is_file():
            return f"; the published database in it is {place}"
    return "; name the published database, such as site/data/tracker.db"

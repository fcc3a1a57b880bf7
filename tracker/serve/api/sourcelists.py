"""The resources of who is named and what was read: entities, documents, sources."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from tracker.access.selecting import IN_LANGUAGE
from tracker.serve.api.filters import ACTOR, JURISDICTION, belongs, days, flag, named, words
from tracker.serve.api.resource import AsOf, Filter, Part, Resource
from tracker.sourcekinds import SOURCE_MODELS
from tracker.types import ENTITY_TYPES, PUBLISHER_TYPES
from tracker.types.words import DocumentKind, HealthState, Relevance

ENTITIES = Resource(
    name="entities",
    singular="Entity",
    description="Companies, models, people, public bodies, laws and places that claims and relevant documents name.",
    table="_entities",
    example="alibaba",
    filters=(
        Filter(name="actor", kind="party", example="alibaba",
               keys="SELECT member_id FROM _families WHERE entity_id = :actor",
               description="A party, by id or by any of its names: itself and all that belongs to it."),
        Filter(name="jurisdiction", kind="jurisdiction", example="CN", choices=JURISDICTION.choices,
               test="t.jurisdiction = :jurisdiction",
               description="ISO 3166-1 code of the country where it is at home."),
        words("type", ENTITY_TYPES, "What it is."),
        Filter(name="parent", kind="id", of="entity", example="alibaba",
               keys="SELECT id FROM _entities WHERE parent = :parent",
               description="What it belongs to at the next step, by its id."),
        flag("known", "is_known", "Whether anybody has said yet what it is."),
    ),
    parts=(
        Part(name="aliases", description="Its other names, in any language.",
             sql="SELECT alias FROM aliases WHERE entity_id = :id ORDER BY alias"),
        Part(name="parents", description="What it belongs to, the nearest first.",
             sql="""SELECT e.id, e.name, e.type, f.steps FROM families AS f JOIN entities AS e ON e.id = f.entity_id
                 WHERE f.member_id = :id AND f.steps > 0 ORDER BY f.steps""", kinds={"steps": "count"}),
        Part(name="members", description="What belongs to it.",
             sql="""SELECT e.id, e.name, e.type, f.steps FROM families AS f JOIN entities AS e ON e.id = f.member_id
                 WHERE f.entity_id = :id AND f.steps > 0 ORDER BY f.steps, e.id""", kinds={"steps": "count"}),
        Part(name="relations", description="How it stands to others, itself. What rests on claims is what these say.",
             sql="""SELECT subject, subject_name, relation, object, object_name, basis, claim_count, by_name_count,
                 document_count, said_as, first_published_on, last_published_on, example_claim, quote, link
                 FROM (SELECT * FROM relations WHERE subject = :id
                   UNION ALL SELECT * FROM relations WHERE object = :id AND subject <> :id)
                 ORDER BY relation, claim_count DESC, subject, object""",
             kinds={"said_as": "json", "claim_count": "count", "by_name_count": "count", "document_count": "count"}),
    ),
)  # fmt: skip

_IN_LANGUAGE = f":language = '*' OR {IN_LANGUAGE.format(column='t.language')}"
_VERSION_THEN = """(SELECT n.{column} FROM _versions AS n WHERE n.document_id = v.id AND n.fetched_at <= :as_of
  ORDER BY n.number DESC LIMIT 1)"""

DOCUMENTS = Resource(
    name="documents",
    singular="Document",
    description="The pages that were read, without their texts: what is quoted is in claims, and the page is at `url`.",
    table="_documents",
    dated="dated_on",
    updated="updated_at",
    party_kind="document",
    filters=(
        replace(ACTOR, description=f"{ACTOR.description} Of a document these are the parties of its claims."),
        JURISDICTION,
        words("kind", get_args(DocumentKind), "What kind of document."),
        named("publisher", "Whose page it is, by the name in `publisher`.", "Northwire"),
        words("publisher_type", PUBLISHER_TYPES, "What kind of publisher."),
        named("source", "The source that pointed at it."),
        Filter(name="language", kind="language", example="zh", test=_IN_LANGUAGE,
               description="Its language as a range of BCP 47 tags (RFC 4647, basic filtering): zh has zh-CN too. Its "
               "case does not matter; * is any."),
        words("relevance", get_args(Relevance), "Whether it is on the matter."),
        belongs("event", "An event that it reports.", "SELECT document_id FROM _event_sources WHERE event_id = :event"),
        *days("Published"),
    ),
    as_of=AsOf(
        test="t.first_seen_at <= :as_of",
        left_out=("version_count", "claim_count", "copy_of", "copy_similarity", "last_seen_on", "updated_at"),
        as_now=("publisher", "publisher_type", "kind", "relevance", "byline", "dateline", "syndicated_from"),
        told={
            "title": _VERSION_THEN.format(column="title"),
            "published_on": _VERSION_THEN.format(column="published_on"),
            "language": _VERSION_THEN.format(column="language"),
            "current_version": _VERSION_THEN.format(column="id"),
        },
        note="title, published_on, language and current_version are those of the newest version then; `from`, `to`, "
        "`language` and the order are today's.",
    ),
    parts=(
        Part(name="versions", description="Each text that the page had, by its digest.", stands="fetched_at <= :as_of",
             sql="""SELECT id, number, is_current, title, published_on, language, text_sha256, text_length, fetched_at,
                 last_seen_on, archive_record FROM versions WHERE document_id = :id AND {stands} ORDER BY number""",
             kinds={"number": "count", "is_current": "flag", "text_length": "count"},
             untold=("is_current", "last_seen_on")),
        Part(name="claims", description="What it says, in the order of its text.",
             sql="""SELECT id, type, status, speaker, speaker_name, accused, accused_as, quote, version_id,
                 start_offset, end_offset, is_current, link FROM claims WHERE document_id = :id
                 ORDER BY version_id, start_offset, end_offset, id""",
             kinds={"accused": "json", "is_current": "flag", "start_offset": "offset", "end_offset": "offset"}),
        Part(name="events", description="The events that it reports.",
             sql="""SELECT e.id, e.type, e.title, e.from_on, e.page FROM event_sources AS s
                 JOIN events AS e ON e.id = s.event_id WHERE s.document_id = :id ORDER BY e.id"""),
        Part(name="copies", description="The documents that print its text.",
             sql="SELECT id, url, title, publisher, copy_similarity FROM documents WHERE copy_of = :id ORDER BY id",
             kinds={"copy_similarity": "number"}),
    ),
)  # fmt: skip

SOURCES = Resource(
    name="sources",
    singular="Source",
    description="Where documents come from, and how each source does.",
    table="_sources",
    key="name",
    filters=(
        words("kind", tuple(SOURCE_MODELS), "What kind of source."),
        words("health", get_args(HealthState), "How it does."),
        words("publisher_type", PUBLISHER_TYPES, "Whose pages it points at."),
        flag("enabled", "is_enabled", "Whether it is asked."),
    ),
)  # fmt: skip

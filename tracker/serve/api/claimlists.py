"""The resources of what is said: claims, figures, answers."""

from __future__ import annotations

from typing import get_args

from tracker.serve.api.filters import ACTOR, JURISDICTION, belongs, days, flag, words
from tracker.serve.api.resource import AsOf, Filter, Part, Resource
from tracker.types import CLAIM_TYPES, QUANTITY_KINDS
from tracker.types.disputes import LedgerKind
from tracker.types.words import ClaimStatus

_STOOD = "{t}.first_seen_at <= :as_of AND ({t}.gone_at IS NULL OR {t}.gone_at > :as_of)"
_CLAIM_STOOD = f"EXISTS (SELECT 1 FROM _claims AS c WHERE c.id = t.claim_id AND {_STOOD.format(t='c')})"
ROLES = ("speaker", "on_behalf_of", "accused", "target", "via")
_ROLE = """EXISTS (
  SELECT 1 FROM _claim_parties AS r JOIN _families AS f ON f.member_id = r.entity_id
  WHERE r.claim_id = t.id AND r.role IN (SELECT value FROM json_each(:role)) AND f.entity_id = :actor)"""
_CURRENT = "Whether the newest version of the page still says it."

CLAIMS = Resource(
    name="claims",
    singular="Claim",
    description="Who says that who did what to whom, as one document words it: with its exact words, the chain of "
    "speakers, and the version and offsets where the words stand. An allegation is somebody's word, never a finding.",
    table="_claims",
    dated="dated_on",
    updated="updated_at",
    party_kind="claim",
    example="c-6dae946c4e96",
    filters=(
        ACTOR,
        Filter(
            name="role", kind="words", choices=ROLES, most_values=len(ROLES), test=_ROLE, example="accused",
            description="As what the first `actor` takes part.",
        ),
        JURISDICTION,
        words("type", CLAIM_TYPES, "What kind of claim."),
        words("status", get_args(ClaimStatus), "As what it is put forward."),
        flag("current", "is_current", _CURRENT),
        belongs("event", "An event: what reports it, recalls it or answers it.",
                "SELECT claim_id FROM _event_claims WHERE event_id = :event"),
        belongs("document", "A document.", "SELECT id FROM _claims WHERE document_id = :document"),
        *days("Published"),
    ),
    as_of=AsOf(
        test=_STOOD.format(t="t"),
        left_out=("is_current", "is_vanished", "last_seen_on", "gone_at", "updated_at", "link", "chain", "edits",
                  "version_id", "version_sha256", "start_offset", "end_offset"),
        as_now=("type", "status", "speaker", "speaker_name", "on_behalf_of", "on_behalf_of_name", "accused",
                "accused_as", "target", "via", "confidence", "publisher", "publisher_type"),
        told={
            "document_title": """(SELECT n.title FROM _versions AS n WHERE n.document_id = v.document_id
              AND n.fetched_at <= :as_of ORDER BY n.number DESC LIMIT 1)""",
            "language": "(SELECT n.language FROM _versions AS n WHERE n.id = v.first_version_id)",
        },
        refused=("current",),
        note="The words stood then; how they are read is today's reading. first_version_id is the version that they "
        "were first seen in; version_id, with its offsets, would be the newest that holds them. document_title is "
        "that of the newest version then.",
    ),
    parts=(
        Part(name="parties", description="Who takes part, as what.", stands="1",
             sql="""SELECT role, position, entity_id, name FROM claim_parties WHERE claim_id = :id
                 ORDER BY role, position"""),
        Part(name="quantities", description="The numbers in it, in the source's words.", stands="1",
             untold=("start_offset", "end_offset"),
             sql="""SELECT position, kind, low, high, qualifier, unit, text, start_offset, end_offset
                 FROM quantities WHERE claim_id = :id ORDER BY position""",
             kinds={"position": "count", "low": "number", "high": "number", "start_offset": "offset",
                    "end_offset": "offset"}),
        Part(name="events", description="The events that it reports, recalls or answers.",
             sql="""SELECT l.event_id, l.part, e.title, e.page FROM event_claims AS l
                 JOIN events AS e ON e.id = l.event_id WHERE l.claim_id = :id ORDER BY l.event_id, l.part"""),
        Part(name="assertions", description="What others say alike, and how many independent sources say it.",
             sql="""SELECT a.event_id, a.id, a.figures, a.document_count, a.independent_sources
                 FROM assertion_claims AS l JOIN assertions AS a ON a.event_id = l.event_id AND a.id = l.assertion_id
                 WHERE l.claim_id = :id ORDER BY a.event_id, a.id""",
             kinds={"figures": "json", "document_count": "count", "independent_sources": "count"}),
        Part(name="revisions", description="What became of it when its page changed.", stands="r.seen_at <= :as_of",
             sql="""SELECT r.kind, r.seen_at, r.from_version, r.to_version, r.before_claim, b.quote AS before_quote,
                 r.after_claim, a.quote AS after_quote, r.changes FROM _revisions AS r
                 LEFT JOIN _claims AS b ON b.id = r.before_claim LEFT JOIN _claims AS a ON a.id = r.after_claim
                 WHERE r.id IN (SELECT id FROM _revisions WHERE before_claim = :id
                   UNION SELECT id FROM _revisions WHERE after_claim = :id) AND {stands} ORDER BY r.seen_at, r.id""",
             kinds={"changes": "json", "seen_at": "instant"}),
    ),
)  # fmt: skip

FIGURES = Resource(
    name="figures",
    singular="Figure",
    description="Every reported value of an event beside whose word it is. Values that conflict stand side by side; "
    "`conflicts` says with which, and why.",
    table="_figures",
    dated="dated_on",
    updated="updated_at",
    party_kind="figure",
    filters=(
        ACTOR,
        JURISDICTION,
        words("kind", QUANTITY_KINDS, "What is counted."),
        Filter(name="status", kind="words", choices=get_args(ClaimStatus), most_values=3, example="alleged",
               test="""(SELECT c.status FROM _claims AS c WHERE c.id = t.claim_id) IN
                 (SELECT value FROM json_each(:status))""",
               description="As what the claim puts it forward."),
        Filter(name="allows", kind="number", example="25000",
               test="(t.low IS NOT NULL OR t.high IS NOT NULL) AND (t.low IS NULL OR t.low <= :allows) "
               "AND (t.high IS NULL OR t.high >= :allows)",
               description="A number that the words allow: 25000 is within \"over 24,000\" and \"nearly 25,000\"."),
        flag("current", "is_current", _CURRENT),
        flag("doubtful", "is_doubtful", "Whether it can hardly be right."),
        belongs("event", "An event.", "SELECT id FROM _figures WHERE event_id = :event"),
        belongs("claim", "A claim.", "SELECT id FROM _figures WHERE claim_id = :claim"),
        *days("Published"),
    ),
    as_of=AsOf(
        test=f"t.first_seen_at <= :as_of AND {_CLAIM_STOOD}",
        left_out=("figure_group", "group_low", "group_high", "is_nearest", "is_doubtful", "conflicts", "link",
                  "is_current", "is_vanished", "last_seen_on", "updated_at", "position", "version_id", "version_sha256",
                  "start_offset", "end_offset"),
        as_now=("kind", "low", "high", "qualifier", "unit", "speaker", "speaker_name", "on_behalf_of", "accused",
                "accused_as", "target", "via", "status", "event_id"),
        refused=("current", "doubtful"),
        note="The words stood then; which event they belong to and how they are read is today's reading.",
    ),
)  # fmt: skip

ANSWERS = Resource(
    name="answers",
    singular="Answer",
    description="What accused parties answered, also that a source reports their silence, and that no source has an "
    "answer (none_found).",
    table="_answers",
    dated="dated_on",
    updated="updated_at",
    party_kind="answer",
    filters=(
        ACTOR,
        JURISDICTION,
        words("kind", get_args(LedgerKind), "What was answered."),
        flag("accused", "is_accused", "Whether the party is itself accused: false for an owner or an embassy."),
        belongs("event", "An event.", "SELECT id FROM _answers WHERE event_id = :event"),
        belongs("dispute", "A dispute.",
                "SELECT answer_id FROM _dispute_answers WHERE dispute_id = :dispute"),
        *days("Given"),
    ),
    as_of=AsOf(
        test=f"t.first_seen_at <= :as_of AND {_CLAIM_STOOD}",
        left_out=("is_current", "link", "last_seen_on", "updated_at", "disputes", "version_id", "start_offset",
                  "end_offset"),
        as_now=("kind", "is_accused", "from_on", "to_on", "date_basis", "event_id", "speaker"),
        note="That no answer had been found by then cannot be told, so rows of kind none_found are left out.",
    ),
)  # fmt: skip

"""The resources of what happened: events and disputes."""

from __future__ import annotations

from typing import Any, get_args

from tracker.query import Limits, Published
from tracker.serve.api.filters import ACTOR, JURISDICTION, belongs, days, words
from tracker.serve.api.resource import AsOf, Filter, Part, Record, Resource
from tracker.types import CLAIM_TYPES, DisputeStatus
from tracker.types.disputes import last_standing

_CLAIM_STANDS = "c.first_seen_at <= :as_of AND (c.gone_at IS NULL OR c.gone_at > :as_of)"
_CLAIM = """c.id, c.type, c.status, c.speaker, c.speaker_name, c.on_behalf_of, c.on_behalf_of_name, c.accused,
  c.accused_as, c.quote, c.published_on, c.publisher, c.document_id, c.version_id, c.start_offset, c.end_offset,
  c.page"""
_CLAIM_KINDS = {"accused": "json", "start_offset": "offset", "end_offset": "offset"}

EVENTS = Resource(
    name="events",
    singular="Event",
    description="What happened once in the world, on a date, as one or more documents report it.",
    table="_events",
    dated="from_on",
    updated="changed_at",
    party_kind="event",
    has_redirects=True,
    example="2026-02-23-anthropic-allegation-deepseek",
    filters=(
        ACTOR,
        JURISDICTION,
        words("type", CLAIM_TYPES, "What kind of happening."),
        belongs("dispute", "A dispute.", "SELECT event_id FROM _dispute_events WHERE dispute_id = :dispute"),
        belongs("document", "A document that reports it.",
                "SELECT event_id FROM _event_sources WHERE document_id = :document"),
        Filter(name="from", kind="day", test="t.to_on >= :from", example="2026-01-01",
               description="Ended then or later."),
        Filter(name="to", kind="day", test="{dated} <= :to", example="2026-12-31", description="Began then or before."),
    ),
    as_of=AsOf(
        test=f"""EXISTS (SELECT 1 FROM _event_claims AS l JOIN _claims AS c ON c.id = l.claim_id
          WHERE l.event_id = t.id AND l.part = 'told' AND {_CLAIM_STANDS})""",
        left_out=("summary", "document_count", "independent_sources", "figure_count", "conflict_count", "flags",
                  "edits", "changed_at"),
        as_now=("type", "title", "from_on", "to_on", "date_precision", "date_basis", "actors"),
        told={
            "claim_count": f"""(SELECT count(*) FROM _event_claims AS l JOIN _claims AS c ON c.id = l.claim_id
              WHERE l.event_id = v.id AND l.part = 'told' AND {_CLAIM_STANDS})""",
        },
        note="Events are those of which a page told then, grouped and titled as they are today; `tracker export "
        "events --as-of` groups them anew.",
    ),
    parts=(
        Part(name="claims", description="What reports it, the nearest to the original speaker first.",
             stands=_CLAIM_STANDS, kinds=_CLAIM_KINDS, untold=("version_id", "start_offset", "end_offset"),
             sql=f"SELECT {_CLAIM} FROM event_claims AS l JOIN claims AS c ON c.id = l.claim_id "
             "WHERE l.event_id = :id AND l.part = 'told' AND {stands} ORDER BY l.position"),
        Part(name="figures", description="Every value that is reported, by groups that may stand for one number.",
             sql="""SELECT id, kind, low, high, qualifier, unit, text, speaker, speaker_name, accused, accused_as,
                 figure_group, group_low, group_high, is_nearest, is_doubtful, conflicts, claim_id, publisher,
                 published_on, version_id, start_offset, end_offset, link, is_current FROM figures WHERE event_id = :id
                 ORDER BY figure_group IS NULL, figure_group, position""",
             kinds={"accused": "json", "conflicts": "json", "is_nearest": "flag", "is_doubtful": "flag",
                    "is_current": "flag", "low": "number", "high": "number"}),
        Part(name="answers", description="What was answered to its charges.",
             sql="""SELECT id, party, party_name, is_accused, kind, from_on, to_on, date_basis, claim_id, quote, link
                 FROM answers WHERE event_id = :id ORDER BY from_on, id""", kinds={"is_accused": "flag"}),
        Part(name="sources", description="Its documents by independence: those of one source_number count as one.",
             sql="""SELECT source_number, document_id, publisher, origin, basis, why FROM event_sources
                 WHERE event_id = :id ORDER BY source_number, document_id""", kinds={"source_number": "count"}),
        Part(name="assertions", description="What several claims of it say alike.",
             sql="""SELECT id, type, speaker, accused, figures, document_count, independent_sources FROM assertions
                 WHERE event_id = :id ORDER BY id""",
             kinds={"accused": "json", "figures": "json", "document_count": "count", "independent_sources": "count"}),
        Part(name="disputes", description="The disputes that it is part of.",
             sql="""SELECT d.id, d.title, d.status FROM dispute_events AS l JOIN disputes AS d ON d.id = l.dispute_id
                 WHERE l.event_id = :id ORDER BY d.id"""),
    ),
)  # fmt: skip

_STEPS = """SELECT dispute_id, status, from_on FROM _dispute_steps
  WHERE dispute_id IN (SELECT value FROM json_each(:ids)) AND first_seen_at <= :as_of ORDER BY dispute_id, position"""

_STEP_CLAIMS = f"""CASE WHEN :as_of IS NULL THEN claims ELSE (
  SELECT json_group_array(l.value) FROM (SELECT value FROM json_each(claims) ORDER BY key) AS l
  JOIN _claims AS c ON c.id = l.value WHERE {_CLAIM_STANDS}) END"""


def _stood(database: Published, records: list[Record], as_of: str) -> None:
    """Fill in how disputes stood by the steps that were known: `status` and `since_on` as they read then."""
    ids = "[" + ",".join(f'"{record["id"]}"' for record in records) + "]"
    steps: dict[str, list[tuple[Any, ...]]] = {}
    for dispute_id, *step in database.ask(_STEPS, {"ids": ids, "as_of": as_of}, Limits(rows=100_000)).rows:
        steps.setdefault(dispute_id, []).append(tuple(step))
    for record in records:
        known = steps.get(record["id"], [])
        standing = last_standing([status for status, _ in known])
        told = dict(zip(("status", "since_on"), known[standing] if standing is not None else (None, None), strict=True))
        record.update({key: value for key, value in told.items() if key in record})


DISPUTES = Resource(
    name="disputes",
    singular="Dispute",
    description="Who accuses whom about what, and how the allegation stands.",
    table="_disputes",
    dated="changed_on",
    updated="updated_at",
    party_kind="dispute",
    has_redirects=True,
    example="anthropic-v-deepseek",
    filters=(
        ACTOR,
        Filter(name="side", kind="words", choices=("accuser", "accused"), example="accused",
               test="""EXISTS (
                 SELECT 1 FROM json_each(CASE :side WHEN 'accuser' THEN t.accusers ELSE t.accused END) AS s
                 JOIN _families AS f ON f.member_id = s.value WHERE f.entity_id = :actor)""",
               description="On which side the first `actor` is."),
        JURISDICTION,
        words("status", get_args(DisputeStatus), "How it stands."),
        belongs("event", "An event.", "SELECT dispute_id FROM _dispute_events WHERE event_id = :event"),
        *days("Last changed"),
    ),
    as_of=AsOf(
        test="EXISTS (SELECT 1 FROM _dispute_steps AS s WHERE s.dispute_id = t.id AND s.first_seen_at <= :as_of)",
        left_out=("changed_on", "updated_at", "event_count", "allegation_count"),
        as_now=("title", "accuser_side", "accused_side", "accusers", "accused", "accused_as", "target"),
        adjust=_stood,
        refused=("status", "from", "to"),
        note="status and since_on follow from the steps that were known then; the days of these are today's reading.",
    ),
    parts=(
        Part(name="steps", description="How it stood from when on, with the claims that show it.",
             stands="first_seen_at <= :as_of", kinds={"claims": "json"},
             sql=f"""SELECT status, from_on, to_on, date_basis, event_id, {_STEP_CLAIMS} AS claims, first_seen_at
                 FROM dispute_steps WHERE dispute_id = :id AND {{stands}} ORDER BY position"""),
        Part(name="events", description="Its events, by date.",
             sql="""SELECT e.id, e.type, e.title, e.from_on, e.to_on, e.page FROM dispute_events AS l
                 JOIN events AS e ON e.id = l.event_id WHERE l.dispute_id = :id ORDER BY l.position"""),
        Part(name="answers", description="What was answered.", kinds={"is_accused": "flag"}, most=50,
             sql="""SELECT a.id, a.party, a.party_name, a.is_accused, a.kind, a.from_on, a.to_on, a.date_basis,
                 a.event_id, a.claim_id, a.quote, a.link
                 FROM _dispute_answers AS l CROSS JOIN answers AS a ON a.id = l.answer_id
                 WHERE l.dispute_id = :id ORDER BY a.from_on, a.id"""),
    ),
)  # fmt: skip

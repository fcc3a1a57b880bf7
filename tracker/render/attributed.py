"""On whose word events stand, as records for exports and data files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tracker.render.asrecord import as_record
from tracker.types import Assertion, Event, SourceGroup, SpeakerChain, TextPart

Record = dict[str, Any]


def attribution_record(event: Event) -> Record:
    """An event's title and summary in parts, its documents by independence, its chains, and what claims say alike."""
    return {
        "title_parts": _parts(event.title_parts),
        "summary": "".join(part.text for part in event.summary),
        "summary_parts": _parts(event.summary),
        "document_count": len(event.document_ids),
        "independent_sources": len(event.sources),
        "sources": [_group(group) for group in event.sources],
        "chains": [{"claim": chain.claim_id, "steps": _steps(chain)} for chain in event.chains],
        "assertions": [_assertion(item) for item in event.assertions],
    }


def claim_attribution(claim_id: str, events: Iterable[Event]) -> Record:
    """A claim's chain of speakers, and who else says the same in each event that it reports.

    `chain` is empty for a claim that is part of no event.
    """
    own = [event for event in events if claim_id in event.claim_ids]
    chains = [chain for event in own for chain in event.chains if chain.claim_id == claim_id]
    return {
        "chain": _steps(chains[0]) if chains else [],
        "assertions": [
            {
                "event": event.id,
                "id": item.id,
                "figures": [event.figures[at].text for at in item.figures],
                "document_count": len(item.document_ids),
                "independent_sources": len(item.sources),
            }
            for event in own
            for item in event.assertions
            if claim_id in item.claim_ids
        ],
    }


def assertion_records(events: Iterable[Event]) -> list[Record]:
    """What claims of an event say alike, a record each."""
    return [{"event": event.id} | _assertion(item, event) for event in events for item in event.assertions]


def _parts(parts: Sequence[TextPart]) -> list[Record]:
    return [{"text": part.text, "claims": list(part.claim_ids)} for part in parts]


def _steps(chain: SpeakerChain) -> list[Record]:
    return [as_record(step) for step in chain.steps]


def _group(group: SourceGroup) -> Record:
    return as_record(group) | {"documents": list(group.documents)}


def _assertion(item: Assertion, event: Event | None = None) -> Record:
    figures = [event.figures[at].text for at in item.figures] if event else list(item.figures)
    return {
        "id": item.id,
        "type": item.type,
        "speaker": item.speaker,
        "accused": list(item.accused),
        "figures": figures,
        "claims": list(item.claim_ids),
        "documents": list(item.document_ids),
        "document_count": len(item.document_ids),
        "independent_sources": len(item.sources),
        "sources": [_group(group) for group in item.sources],
    }

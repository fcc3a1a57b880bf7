"""What must be true of the claims and events that a site shows: what they name is there, and their words are exact."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.ids import sha256_hex
from tracker.types import ClaimRecord, Event, Revision, StoredDocument, Version


@dataclass(frozen=True)
class Held:
    """What there is to refer to."""

    newest: Mapping[str, str]
    """The newest version of each document."""
    document_of: Mapping[str, str]
    """The document of each version."""
    claims: Container[str]


def check_documents(documents: Iterable[StoredDocument]) -> Iterator[str]:
    """Every text is the one whose digest stands beside it."""
    for document in documents:
        for version in document.versions:
            if sha256_hex(version.text) != version.text_sha256:
                yield f"version {version.id}: its text does not have the SHA-256 that is on record for it"


def check_claims(records: Iterable[ClaimRecord], held: Held, versions: Mapping[str, Version]) -> Iterator[str]:
    """A claim's version is there, and has its words at their place."""
    for record in records:
        claim, version = record.claim, versions.get(record.version_id)
        if held.document_of.get(record.version_id) != record.document_id or record.document_id not in held.newest:
            yield f"claim {record.id}: document {record.document_id} has no version {record.version_id}"
        elif record.in_current_version != (held.newest[record.document_id] == record.version_id):
            yield f"claim {record.id}: whether its words are in the newest version contradicts its version's place"
        if version and (not claim.text or version.text[claim.start : claim.end] != claim.text):
            yield f"claim {record.id}: its words are not those of {version.id} at {claim.start}..{claim.end}"


def check_event(event: Event, held: Held, versions: Mapping[str, Version]) -> Iterator[str]:
    """What an event names is there, and its parts fit together."""
    named = [*event.claim_ids, *event.recalled_in, *(figure.claim_id for figure in event.figures)]
    named += [answer.claim_id for answer in event.answers if answer.claim_id]
    named += [key for part in (*event.title_parts, *event.summary) for key in part.claim_ids]
    named += [chain.claim_id for chain in event.chains]
    named += [key for assertion in event.assertions for key in assertion.claim_ids]
    yield from (f"there is no claim {key}" for key in dict.fromkeys(named) if key not in held.claims)
    yield from (f"there is no document {key}" for key in event.document_ids if key not in held.newest)
    counted = sorted(key for group in event.sources for key in group.documents)
    if event.sources and counted != sorted(event.document_ids):
        yield "its sources do not hold each of its documents once"
    if event.title_parts and "".join(part.text for part in event.title_parts) != event.title:
        yield "the parts of its title do not make its title"
    if event.from_on > event.to_on:
        yield "its dates end before they begin"
    if lost := sorted(key for key in event.vanished if key not in held.claims):
        yield f"there are no claims {', '.join(lost)}, whose words have vanished"
    yield from _check_figures(event, versions)


def _check_figures(event: Event, versions: Mapping[str, Version]) -> Iterator[str]:
    """A figure has its words where it says (one without a version is older than that), and relations are of figures."""
    for figure in event.figures:
        version = versions.get(figure.version_id)
        if version and version.text[figure.start : figure.end] != figure.text:
            yield f"the figure {figure.text!r} is not in {version.id} at {figure.start}..{figure.end}"
        elif figure.version_id and version is None:
            yield f"the figure {figure.text!r} is of a version that is not there: {figure.version_id}"
    named = [index for group in event.figure_groups for index in group.figures]
    named += [index for conflict in event.figure_conflicts for index in (conflict.one, conflict.other)]
    named += [index for item in event.figure_sums for index in (item.total, *item.parts)]
    if any(not 0 <= index < len(event.figures) for index in named):
        yield "a group, conflict or sum of figures names one that is not there"


def check_revisions(revisions: Iterable[Revision], held: Held) -> Iterator[str]:
    """What a revision tells of is there."""
    for item in revisions:
        if {held.document_of.get(item.from_version), held.document_of.get(item.to_version)} != {item.document_id}:
            yield f"a revision of {item.document_id}: it has no versions {item.from_version} and {item.to_version}"
        for key in (item.before, item.after):
            if key is not None and key not in held.claims:
                yield f"a revision of {item.document_id}: there is no claim {key}"


def check_redirects(redirects: Iterable[tuple[str, str]], live: Container[str]) -> Iterator[str]:
    """A redirect leads to something that is there, or to a further redirect."""
    onward = dict(redirects)
    for old, new in onward.items():
        if old not in live and new not in live and new not in onward:
            yield f"redirect of event {old}: there is no event {new}"

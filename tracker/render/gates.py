"""The publish gates: what must be true of a built site before it may take the place of the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tracker.render.dataset_gates import (
    Held,
    check_claims,
    check_documents,
    check_event,
    check_redirects,
    check_revisions,
)
from tracker.render.dispute_gates import check_disputes
from tracker.render.page_gates import check_loads, check_page, check_quotes
from tracker.render.pagefacts import PageFacts, read_facts, style_loads
from tracker.render.paths import document_path, event_path, file_stem
from tracker.types import Dataset, Version


def check_site(pages: Mapping[str, bytes], dataset: Dataset, previous_event_count: int = 0) -> list[str]:
    """What is wrong with a built site, one line each; an empty list lets it be published.

    Checked: every link and anchor within the site leads somewhere and no id stands twice on a page; nothing is
    loaded from elsewhere; every text has the digest that is on record for it; every claim's words are its version's
    text[start:end] and stand so on the event and document pages; every event and document has its page; the counts
    of the sources page are those of the dataset; every dispute's steps and answers rest on claims and events that
    there are; there are events if there were some before (`previous_event_count`).
    """
    facts = {path: read_facts(body) for path, body in pages.items() if path.endswith(".html")}
    problems = [*_check_dataset(dataset), *check_disputes(pages, dataset)]
    if previous_event_count > 0 and not dataset.reconciled.events:
        problems.append(f"there are no events, where the site before had {previous_event_count}")
    anchors = {path: frozenset(page.ids) for path, page in facts.items()}
    for path, page in facts.items():
        problems += check_page(path, page, pages.keys(), anchors)
    for path in pages:
        if path.endswith(".css"):
            problems += check_loads(path, style_loads(pages[path]))
    problems += _check_quotes(facts, dataset)
    problems += check_counts(facts.get("sources.html"), dataset)
    return problems


def _versions(dataset: Dataset) -> dict[str, Version]:
    return {version.id: version for document in dataset.documents for version in document.versions}


def _check_dataset(dataset: Dataset) -> Iterator[str]:
    versions, reconciled = _versions(dataset), dataset.reconciled
    held = Held(
        newest={document.id: document.current.id for document in dataset.documents},
        document_of={version.id: document.id for document in dataset.documents for version in document.versions},
        claims={record.id for record in reconciled.claims},
    )
    yield from check_documents(dataset.documents)
    yield from check_claims(reconciled.claims, held, versions)
    for event in reconciled.events:
        yield from (f"event {event.id}: {why}" for why in check_event(event, held, versions))
    yield from check_revisions(reconciled.revisions, held)
    live = {event.id for event in reconciled.events} | {dispute.id for dispute in reconciled.disputes}
    yield from check_redirects(reconciled.redirects, live)


def _check_quotes(facts: Mapping[str, PageFacts], dataset: Dataset) -> Iterator[str]:
    versions = _versions(dataset)
    records = {file_stem(record.id): record for record in dataset.reconciled.claims if record.version_id in versions}
    cited = {
        anchor: versions[record.version_id].text[record.claim.start : record.claim.end]
        for anchor, record in records.items()
    }
    for path, page in facts.items():
        yield from check_quotes(path, page, cited)
    marked = {path: {anchor for anchor, _ in page.marks} for path, page in facts.items()}
    for anchor, record in records.items():
        path = document_path(record.document_id)
        if path not in facts:
            yield f"document {record.document_id} has no page"
        elif anchor not in marked[path]:
            yield f"{path}: the words of claim {record.id} are not marked"
    for event in dataset.reconciled.events:
        if event_path(event.id) not in facts:
            yield f"event {event.id} has no page"


def check_counts(sources: PageFacts | None, dataset: Dataset) -> Iterator[str]:
    """The sources page counts what there is, and so do the sources' own records."""
    if sources is None:
        yield "the site has no sources.html"
        return
    for name in ("documents", "relevant"):
        held = [d for d in dataset.documents if name == "documents" or d.extractions[-1].relevance == "relevant"]
        shown = sum(_number(words) for kind, _, words in sources.counts if kind == name)
        total = sum(_number(words) for kind, _, words in sources.counts if kind == f"{name}-total")
        if not shown == total == len(held):
            yield f"sources.html: {name} add up to {shown}, the total says {total}, the dataset has {len(held)}"
        for status in dataset.sources:
            stored = getattr(status, name)
            real = sum(document.source == status.name for document in held)
            if stored != real:
                yield f"source {status.name}: its record counts {stored} {name}, the dataset has {real}"


def _number(words: str) -> int:
    """The number that stands on a page, its thousands grouped or not; what is none counts as nothing."""
    digits = words.replace(",", "")
    return int(digits) if digits.isdecimal() else 0

"""The publish gates: what must be true of a built site before it may take the place of the old one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tracker.render.dataset_gates import (
    Held,
    check_claims,
    check_documents,
    check_event,
    check_redirects,
    check_revisions,
)
from tracker.render.dispute_gates import check_disputes
from tracker.render.page_gates import anchor_sums, check_loads, check_page, check_quotes, place_sum, place_sums
from tracker.render.pagefacts import PageFacts, read_facts, style_loads
from tracker.render.paths import document_path, event_path, file_stem
from tracker.types import Dataset, Version


@dataclass(frozen=True)
class Findings:
    """What is wrong with a site, one line each, and where each page leads that was looked at."""

    problems: list[str]
    links: dict[str, list[int]]
    """For each page the sums (`place_sum`) of the places of the site that it links to."""
    places: dict[str, list[int]]
    """For each page the sums of the places on it."""


@dataclass(frozen=True)
class Kept:
    """What a build leaves as it is: pages that were looked at when they were made."""

    paths: frozenset[str] = frozenset()
    read: Callable[[str], bytes | None] = lambda path: None
    """A file of the site as it stands, also one that is now made anew; None where there is none."""
    gone: frozenset[str] = frozenset()
    """Files of the site as it stands that the new one does not have."""
    places: Callable[[str], Iterable[int] | None] = lambda path: None
    """The sums of the places that a page had when it was made; None where that is not on record."""
    linking: Callable[[frozenset[int]], Iterable[str]] = lambda sums: ()
    """The kept pages that link to one of these places."""


def check_site(pages: Mapping[str, bytes], dataset: Dataset, previous_event_count: int = 0) -> list[str]:
    """What is wrong with a built site, one line each; an empty list lets it be published.

    Checked: every link and anchor within the site leads somewhere and no id stands twice on a page; nothing is
    loaded from elsewhere; every text has the digest that is on record for it; every claim's words are its version's
    text[start:end] and stand so on the event and document pages; every event and document has its page; the counts
    of the sources page are those of the dataset; every dispute's steps and answers rest on claims and events that
    there are; there are events if there were some before (`previous_event_count`).
    """
    return check_build(pages, Kept(), dataset, previous_event_count).problems


def check_build(pages: Mapping[str, bytes], kept: Kept, dataset: Dataset, previous_event_count: int = 0) -> Findings:
    """As `check_site`, of a build that made only `pages` and keeps others as they are.

    The dataset is looked through whole. A kept page shows nothing that changed, and was looked at when it was made;
    looked at again is what it links to: where a page that is made anew or gone has lost a place that others lead to,
    these are read again.
    """
    facts = {path: read_facts(body) for path, body in pages.items() if path.endswith(".html")}
    files = kept.paths | pages.keys()
    anchors = _Anchors(facts, kept)
    problems = [*_check_dataset(dataset), *check_disputes(files, dataset)]
    if previous_event_count > 0 and not dataset.reconciled.events:
        problems.append(f"there are no events, where the site before had {previous_event_count}")
    for path, page in facts.items():
        problems += check_page(path, page, files, anchors)
    for path in sorted(kept.linking(_lost_places(facts, kept))):
        problems += check_page(path, read_facts(kept.read(path) or b""), files, anchors)
    for path in pages:
        if path.endswith(".css"):
            problems += check_loads(path, style_loads(pages[path]))
    problems += _check_quotes(facts, dataset, kept.paths)
    sources = facts.get("sources.html") or (
        read_facts(kept.read("sources.html") or b"") if "sources.html" in kept.paths else None
    )
    problems += check_counts(sources, dataset)
    links = {path: place_sums(path, page) for path, page in facts.items()}
    return Findings(problems, links, {path: anchor_sums(path, page) for path, page in facts.items()})


class _Anchors(Mapping[str, Container[str]]):
    """The ids of each page; kept pages are read where somebody asks for theirs."""

    def __init__(self, facts: Mapping[str, PageFacts], kept: Kept) -> None:
        self._ids: dict[str, Container[str]] = {path: frozenset(page.ids) for path, page in facts.items()}
        self._kept = kept

    def __getitem__(self, path: str) -> Container[str]:
        if path not in self._ids:
            if path not in self._kept.paths or not path.endswith(".html"):
                raise KeyError(path)
            self._ids[path] = _KeptIds(self._kept.read(path) or b"")
        return self._ids[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class _KeptIds(Container[str]):
    """The ids of a page that was looked through when it was made: an attribute of our own templates is found as text,
    and only what is not found so is worth parsing the page."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __contains__(self, id: object) -> bool:
        return f' id="{id}"'.encode("utf-8", "surrogatepass") in self._body or id in read_facts(self._body).ids


def _lost_places(facts: Mapping[str, PageFacts], kept: Kept) -> frozenset[int]:
    """The places that pages had and have no more."""
    lost = {place_sum(path, "") for path in kept.gone}
    if kept.paths:
        for path, page in facts.items():
            lost |= {*_places_before(path, kept)}.difference(anchor_sums(path, page))
    return frozenset(lost)


def _places_before(path: str, kept: Kept) -> Iterable[int]:
    """The sums of the places that the page had which stands there now."""
    if (sums := kept.places(path)) is not None:
        return sums
    old = kept.read(path)
    return () if old is None else anchor_sums(path, read_facts(old))


def _versions(dataset: Dataset) -> dict[str, Version]:
    return {version.id: version for document in dataset.documents for version in document.versions}


def _check_dataset(dataset: Dataset) -> Iterator[str]:
    """What is wrong with the documents, claims and events, whether their pages are made or kept."""
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


def _check_quotes(facts: Mapping[str, PageFacts], dataset: Dataset, kept: Collection[str]) -> Iterator[str]:
    versions = _versions(dataset)
    records = {file_stem(record.id): record for record in dataset.reconciled.claims if record.version_id in versions}
    named = {anchor for page in facts.values() for anchor, _ in (*page.quotes, *page.marks)}
    cited = {
        anchor: versions[record.version_id].text[record.claim.start : record.claim.end]
        for anchor in named
        if (record := records.get(anchor))
    }
    for path, page in facts.items():
        yield from check_quotes(path, page, cited)
    marked = {path: {anchor for anchor, _ in page.marks} for path, page in facts.items()}
    for anchor, record in records.items():
        path = document_path(record.document_id)
        if path in kept:
            continue
        if path not in facts:
            yield f"document {record.document_id} has no page"
        elif anchor not in marked[path]:
            yield f"{path}: the words of claim {record.id} are not marked"
    for event in dataset.reconciled.events:
        if event_path(event.id) not in facts and event_path(event.id) not in kept:
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

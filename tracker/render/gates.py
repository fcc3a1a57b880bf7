"""The publish gates: what must be true of a built site before it may take the place of the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
from tracker.types import ClaimRecord, Dataset, Version


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
    styles = {path: style_loads(body) for path, body in pages.items() if path.endswith(".css")}
    ids = {path: page.ids for path, page in facts.items()}
    looked = look_at(facts, styles, Site(kept.paths | pages.keys(), ids, kept), dataset)
    whole = look_at_whole(Site(kept.paths | pages.keys(), ids, kept), dataset, previous_event_count)
    return join([looked, whole])


@dataclass(frozen=True)
class Site:
    """What there is on a site, for its pages to lead to."""

    files: Collection[str]
    ids: Mapping[str, tuple[str, ...]]
    """Of each page that is made anew."""
    kept: Kept


@dataclass(frozen=True)
class Looked:
    """What was found on some pages, or on the whole: problems under a key by which they are ordered."""

    problems: Mapping[tuple[int, str], list[str]]
    links: Mapping[str, list[int]] = field(default_factory=dict)
    places: Mapping[str, list[int]] = field(default_factory=dict)


_DATASET, _PAGE, _AGAIN, _STYLE, _QUOTES, _MARKS, _MISSING, _COUNTS = range(8)


def look_at(
    facts: Mapping[str, PageFacts], styles: Mapping[str, Collection[str]], site: Site, dataset: Dataset
) -> Looked:
    """Look through pages and style sheets that were made, some of the site or all."""
    anchors = _Anchors(site.ids, site.kept)
    problems = {(_PAGE, path): check_page(path, page, site.files, anchors) for path, page in facts.items()}
    problems |= {(_STYLE, path): list(check_loads(path, loads)) for path, loads in styles.items()}
    records = _records(dataset)
    cited, marked_on = _cited(facts, records), _marked_on(records)
    for path, page in facts.items():
        problems[_QUOTES, path] = check_quotes(path, page, cited)
        marked = {anchor for anchor, _ in page.marks}
        problems[_MARKS, path] = [
            f"{path}: the words of claim {record.id} are not marked"
            for anchor, record in marked_on.get(path, {}).items()
            if anchor not in marked
        ]
    if "sources.html" in facts:
        problems[_COUNTS, ""] = list(check_counts(facts["sources.html"], dataset))
    links = {path: place_sums(path, page) for path, page in facts.items()}
    return Looked(problems, links, {path: anchor_sums(path, page.ids) for path, page in facts.items()})


def look_at_whole(site: Site, dataset: Dataset, previous_event_count: int = 0) -> Looked:
    """Look through the dataset and what is kept, and whether everything has its page."""
    kept, anchors = site.kept, _Anchors(site.ids, site.kept)
    problems = {(_DATASET, ""): [*_check_dataset(dataset), *check_disputes(site.files, dataset)]}
    if previous_event_count > 0 and not dataset.reconciled.events:
        problems[_DATASET, ""].append(f"there are no events, where the site before had {previous_event_count}")
    for path in sorted(kept.linking(_lost_places(site.ids, kept))):
        problems[_AGAIN, path] = check_page(path, read_facts(kept.read(path) or b""), site.files, anchors)
    problems[_MISSING, ""] = [*_check_pages_are_there(site.files, dataset)]
    if "sources.html" not in site.ids:
        stands = "sources.html" in kept.paths
        counts = check_counts(read_facts(kept.read("sources.html") or b"") if stands else None, dataset)
        problems[_COUNTS, ""] = list(counts)
    return Looked(problems)


def join(looked: Sequence[Looked]) -> Findings:
    """All that was found, in one order whoever found it."""
    problems = {key: lines for one in looked for key, lines in one.problems.items()}
    links = {path: sums for one in looked for path, sums in one.links.items()}
    places = {path: sums for one in looked for path, sums in one.places.items()}
    return Findings([line for key in sorted(problems) for line in problems[key]], links, places)


class _Anchors(Mapping[str, Container[str]]):
    """The ids of each page; kept pages are read where somebody asks for theirs."""

    def __init__(self, made: Mapping[str, tuple[str, ...]], kept: Kept) -> None:
        self._made, self._kept = made, kept
        self._ids: dict[str, Container[str]] = {}

    def __getitem__(self, path: str) -> Container[str]:
        if path not in self._ids:
            if path in self._made:
                self._ids[path] = frozenset(self._made[path])
            elif path in self._kept.paths and path.endswith(".html"):
                self._ids[path] = _KeptIds(self._kept.read(path) or b"")
            else:
                raise KeyError(path)
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


def _lost_places(ids: Mapping[str, tuple[str, ...]], kept: Kept) -> frozenset[int]:
    """The places that pages had and have no more."""
    lost = {place_sum(path, "") for path in kept.gone}
    if kept.paths:
        for path, names in ids.items():
            lost |= {*_places_before(path, kept)}.difference(anchor_sums(path, names))
    return frozenset(lost)


def _places_before(path: str, kept: Kept) -> Iterable[int]:
    """The sums of the places that the page had which stands there now."""
    if (sums := kept.places(path)) is not None:
        return sums
    old = kept.read(path)
    return () if old is None else anchor_sums(path, read_facts(old).ids)


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


def _records(dataset: Dataset) -> dict[str, tuple[ClaimRecord, Version]]:
    """By its anchor each claim whose version is there."""
    versions = _versions(dataset)
    held = ((record, versions.get(record.version_id)) for record in dataset.reconciled.claims)
    return {file_stem(record.id): (record, version) for record, version in held if version}


def _cited(facts: Mapping[str, PageFacts], records: Mapping[str, tuple[ClaimRecord, Version]]) -> dict[str, str]:
    """By its anchor what the version says of each claim that the pages quote."""
    named = {anchor for page in facts.values() for anchor, _ in (*page.quotes, *page.marks)}
    held = ((anchor, records[anchor]) for anchor in named if anchor in records)
    return {anchor: version.text[record.claim.start : record.claim.end] for anchor, (record, version) in held}


def _marked_on(records: Mapping[str, tuple[ClaimRecord, Version]]) -> dict[str, dict[str, ClaimRecord]]:
    """By the path of each document's page the claims that are to be marked there."""
    found: dict[str, dict[str, ClaimRecord]] = defaultdict(dict)
    for anchor, (record, _) in records.items():
        found[document_path(record.document_id)][anchor] = record
    return found


def _check_pages_are_there(files: Collection[str], dataset: Dataset) -> Iterator[str]:
    for record, _ in _records(dataset).values():
        if document_path(record.document_id) not in files:
            yield f"document {record.document_id} has no page"
    for event in dataset.reconciled.events:
        if event_path(event.id) not in files:
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

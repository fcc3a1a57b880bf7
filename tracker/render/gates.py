"""The publish gates: what must be true of a built site before it may take the place of the old one."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from tracker.render.dispute_gates import check_disputes
from tracker.render.paths import document_path, event_path, file_stem
from tracker.render.wording import clean
from tracker.types import ClaimRecord, Dataset, Event, Version

_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def check_site(pages: Mapping[str, bytes], dataset: Dataset, previous_event_count: int = 0) -> list[str]:
    """What is wrong with a built site, one line each; an empty list lets it be published.

    Checked: every link and anchor within the site leads somewhere and no id stands twice on a page; nothing is
    loaded from elsewhere; every claim's words are its version's text[start:end] and stand so on the event and
    document pages; every event and document has its page; the counts of the sources page are those of the dataset;
    every dispute's steps and answers rest on claims and events that there are; there are events if there were some
    before (`previous_event_count`).
    """
    parsed = {path: _parse(body) for path, body in pages.items() if path.endswith(".html")}
    problems = [*_check_references(dataset), *check_disputes(pages, dataset), *_check_spans(dataset)]
    if previous_event_count > 0 and not dataset.reconciled.events:
        problems.append(f"there are no events, where the site before had {previous_event_count}")
    problems += _check_links(pages, parsed)
    problems += _check_quotes(parsed, dataset)
    problems += _check_counts(parsed.get("sources.html"), dataset)
    return problems


@dataclass
class _PageFacts(HTMLParser):
    """What the gates need of one page."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    quotes: list[tuple[str, str]] = field(default_factory=list)
    """(claim's anchor, words) of each quote."""
    marks: dict[str, str] = field(default_factory=dict)
    """Claim's anchor -> its highlighted words."""
    counts: dict[tuple[str, str], str] = field(default_factory=dict)
    loads: list[str] = field(default_factory=list)
    """Whatever would be loaded or run."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            (self.loads if tag == "link" and "canonical" not in values.get("rel", "") else self.links).append(
                values["href"]
            )
        is_data = tag == "script" and values.get("type") == "application/ld+json"
        if "src" in values or (tag in ("script", "iframe", "object", "embed") and not is_data):
            self.loads.append(values.get("src", f"<{tag}>"))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.links.append(values.get("content", "").partition("url=")[2])
        if tag not in _VOID:
            self._open.append((tag, values, []))

    def handle_data(self, data: str) -> None:
        for _, values, words in self._open:
            if values:
                words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, values, words = self._open.pop()
            self._close(values, "".join(words))
            if name == tag:
                break

    def _close(self, values: dict[str, str], words: str) -> None:
        if "data-claim" in values:
            self.quotes.append((values["data-claim"], words))
        for anchor in values.get("data-claims", "").split():
            self.marks[anchor] = self.marks.get(anchor, "") + words
        if "data-count" in values:
            self.counts[(values["data-count"], values.get("data-source", ""))] = words.strip()


def _parse(body: bytes) -> _PageFacts:
    facts = _PageFacts()
    facts.feed(body.decode("utf-8"))
    facts.close()
    return facts


def _check_links(pages: Mapping[str, bytes], parsed: Mapping[str, _PageFacts]) -> Iterator[str]:
    anchors = {path: set(facts.ids) for path, facts in parsed.items()}
    for path, facts in parsed.items():
        if len(facts.ids) != len(anchors[path]):
            twice = sorted({name for name in facts.ids if facts.ids.count(name) > 1})
            yield f"{path}: these ids stand more than once: {', '.join(twice)}"
        for load in facts.loads:
            if urlsplit(load).scheme or load.startswith(("//", "<")):
                yield f"{path}: loads {load} from outside the site"
        for link in [*facts.links, *(load for load in facts.loads if not load.startswith("<"))]:
            why = _why_dangling(path, link, pages, anchors)
            if why:
                yield f"{path}: the link {link!r} {why}"


def _why_dangling(path: str, link: str, pages: Mapping[str, bytes], anchors: Mapping[str, set[str]]) -> str | None:
    parts = urlsplit(link)
    if parts.scheme:
        return None if parts.scheme in ("http", "https") else "is neither http nor https"
    # Only the page for missing addresses starts at the server's top, under whatever folder the site is served.
    if parts.path.startswith("/"):
        found = any(parts.path.endswith("/" + page) for page in pages)
        return None if path == "404.html" and found else "does not start from its own page"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
    if target not in pages:
        return "leads to no file of the site"
    if parts.fragment and unquote(parts.fragment) not in anchors.get(target, ()):
        return "leads to no place on its page"
    return None


def _check_references(dataset: Dataset) -> Iterator[str]:
    documents = {document.id for document in dataset.documents}
    versions = {version.id: document.id for document in dataset.documents for version in document.versions}
    newest = {document.id: document.current.id for document in dataset.documents}
    claims = {record.id for record in dataset.reconciled.claims}
    events = {event.id for event in dataset.reconciled.events}
    for record in dataset.reconciled.claims:
        if versions.get(record.version_id) != record.document_id or record.document_id not in documents:
            yield f"claim {record.id}: document {record.document_id} has no version {record.version_id}"
        elif record.in_current_version != (newest[record.document_id] == record.version_id):
            yield f"claim {record.id}: whether its words are in the newest version contradicts its version's place"
    for event in dataset.reconciled.events:
        named = [*event.claim_ids, *event.recalled_in, *(figure.claim_id for figure in event.figures)]
        named += [answer.claim_id for answer in event.answers if answer.claim_id]
        named += [key for part in (*event.title_parts, *event.summary) for key in part.claim_ids]
        named += [chain.claim_id for chain in event.chains]
        named += [key for assertion in event.assertions for key in assertion.claim_ids]
        for claim_id in dict.fromkeys(named):
            if claim_id not in claims:
                yield f"event {event.id}: there is no claim {claim_id}"
        for document_id in event.document_ids:
            if document_id not in documents:
                yield f"event {event.id}: there is no document {document_id}"
        counted = sorted(key for group in event.sources for key in group.documents)
        if event.sources and counted != sorted(event.document_ids):
            yield f"event {event.id}: its sources do not hold each of its documents once"
        if event.title_parts and "".join(part.text for part in event.title_parts) != event.title:
            yield f"event {event.id}: the parts of its title do not make its title"
        if event.from_on > event.to_on:
            yield f"event {event.id}: its dates end before they begin"
        if lost := set(event.vanished) - claims:
            yield f"event {event.id}: there are no claims {', '.join(sorted(lost))}, whose words have vanished"
    for item in dataset.reconciled.revisions:
        if {versions.get(item.from_version), versions.get(item.to_version)} != {item.document_id}:
            yield f"a revision of {item.document_id}: it has no versions {item.from_version} and {item.to_version}"
        for key in (item.before, item.after):
            if key is not None and key not in claims:
                yield f"a revision of {item.document_id}: there is no claim {key}"
    live = events | {dispute.id for dispute in dataset.reconciled.disputes}
    for old, new in dataset.reconciled.redirects:
        if old not in live and new not in live and new not in dict(dataset.reconciled.redirects):
            yield f"redirect of event {old}: there is no event {new}"


def _versions(dataset: Dataset) -> dict[str, Version]:
    return {version.id: version for document in dataset.documents for version in document.versions}


def _check_spans(dataset: Dataset) -> Iterator[str]:
    versions = _versions(dataset)
    for record in dataset.reconciled.claims:
        version, claim = versions.get(record.version_id), record.claim
        if version and (not claim.text or version.text[claim.start : claim.end] != claim.text):
            yield f"claim {record.id}: its words are not those of {version.id} at {claim.start}..{claim.end}"
    for event in dataset.reconciled.events:
        yield from _check_figures(event, versions)


def _check_figures(event: Event, versions: Mapping[str, Version]) -> Iterator[str]:
    """A figure has its words where it says (one without a version is older than that), and relations are of figures."""
    for figure in event.figures:
        version = versions.get(figure.version_id)
        if version and version.text[figure.start : figure.end] != figure.text:
            yield f"event {event.id}: the figure {figure.text!r} is not in {version.id} at {figure.start}..{figure.end}"
        elif figure.version_id and version is None:
            yield f"event {event.id}: the figure {figure.text!r} is of a version that is not there: {figure.version_id}"
    named = [index for group in event.figure_groups for index in group.figures]
    named += [index for conflict in event.figure_conflicts for index in (conflict.one, conflict.other)]
    named += [index for item in event.figure_sums for index in (item.total, *item.parts)]
    if any(not 0 <= index < len(event.figures) for index in named):
        yield f"event {event.id}: a group, conflict or sum of figures names one that is not there"


def _check_quotes(parsed: Mapping[str, _PageFacts], dataset: Dataset) -> Iterator[str]:
    versions = _versions(dataset)
    records = {file_stem(record.id): record for record in dataset.reconciled.claims if record.version_id in versions}
    for path, facts in parsed.items():
        for anchor, words in [*facts.quotes, *facts.marks.items()]:
            record = records.get(anchor)
            if record is None or _words(words) != _words(_cited(record, versions)):
                yield f"{path}: the quote of claim {anchor} is not what its version says"
    for record in records.values():
        page = parsed.get(document_path(record.document_id))
        if page is None:
            yield f"document {record.document_id} has no page"
        elif file_stem(record.id) not in page.marks:
            yield f"{document_path(record.document_id)}: the words of claim {record.id} are not marked"
    for event in dataset.reconciled.events:
        if event_path(event.id) not in parsed:
            yield f"event {event.id} has no page"


def _cited(record: ClaimRecord, versions: Mapping[str, Version]) -> str:
    return versions[record.version_id].text[record.claim.start : record.claim.end]


def _words(text: str) -> str:
    return " ".join(clean(text).split())


def _check_counts(sources: _PageFacts | None, dataset: Dataset) -> Iterator[str]:
    if sources is None:
        yield "the site has no sources.html"
        return
    for name in ("documents", "relevant"):
        held = [d for d in dataset.documents if name == "documents" or d.extractions[-1].relevance == "relevant"]
        shown = sum(int(value) for (kind, _), value in sources.counts.items() if kind == name)
        total = int(sources.counts.get((f"{name}-total", ""), "0"))
        if not shown == total == len(held):
            yield f"sources.html: {name} add up to {shown}, the total says {total}, the dataset has {len(held)}"
        for status in dataset.sources:
            stored = getattr(status, name)
            real = sum(document.source == status.name for document in held)
            if stored != real:
                yield f"source {status.name}: its record counts {stored} {name}, the dataset has {real}"

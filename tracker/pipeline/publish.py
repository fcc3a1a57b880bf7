"""Publish: one dataset -> the site. A build that breaks a rule is refused, and the old site stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from tracker.config import Settings, Site, Source
from tracker.errors import BuildRefused
from tracker.forking import count_workers
from tracker.ids import int_digest
from tracker.pipeline.curating import edits_key, judge
from tracker.pipeline.garbage import rarely_collected
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.standing import load_health
from tracker.ports import Attempt, SiteWriter, Store
from tracker.reconcile import Curator, find_copies, hold_back, with_last_seen
from tracker.render import BuildRecord, InMemory, Sink, Standing, build_site, check_site, render_site
from tracker.render.longlived import long_lived
from tracker.render.program import program_key
from tracker.types import Curation, Dataset, Entity, Outcome, Reconciled, SourceStatus, StageReport, StoredDocument

STAGE = "publish"
_PUBLISHED_EVENTS = "published_events"
_OfSource = TypeVar("_OfSource", Attempt, StoredDocument)


def load_dataset(
    store: Store,
    sources: Sequence[Source],
    now: datetime,
    review_below: float = 0.0,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
    other_documents: bool = True,
) -> Dataset:
    """Everything that is published, as one value, and beside it the claims that are too unsure for that.

    `now` is for the health of the sources alone: how long one has been silent. `curation` are people's edits,
    `entities` the gazetteer: an event that people hid since the last reconciling is hidden at once. Without
    `other_documents` those that are not on the matter are left out, unless somebody has edited them.
    """
    stored = store.load_documents() if other_documents else _load_on_matter(store, Curator(entities, curation))
    curator = Curator(entities, curation, stored)
    documents, unsure = hold_back(map(curator.document, stored), review_below, curator.vouched)
    _, kept = store.load_reconciled()
    reconciled = curator.conceal(kept)
    published = {record.id for record in kept.claims}
    attempts = by_source(store.load_attempts())
    own = by_source(documents)
    unreadable = dict(store.load_unreadable())
    return Dataset(
        documents=documents,
        reconciled=shown(reconciled, documents),
        sources=tuple(
            replace(
                status_of(source, own.get(source.name, ()), attempts.get(source.name, ()), unreadable),
                health=load_health(store, source, now),
            )
            for source in sources
        ),
        awaiting_review=tuple(record for record in curator.records(unsure) if record.id not in published),
        edits=judge(store, curator, stored, kept),
        copies=find_copies(documents),
    )


def _load_on_matter(store: Store, curator: Curator) -> tuple[StoredDocument, ...]:
    found = {document.id: document for document in store.load_documents(on_matter=True)}
    edited = [key for key in sorted(curator.document_ids) if key not in found]
    found |= {document.id: document for document in (store.load_documents(ids=edited) if edited else ())}
    return tuple(found[key] for key in sorted(found))


def shown(reconciled: Reconciled, documents: Sequence[StoredDocument]) -> Reconciled:
    """A stored result with the instants of the last look, and without the revisions of claims that are not shown."""
    claims = {record.id for record in reconciled.claims} | {None}
    revisions = tuple(item for item in reconciled.revisions if {item.before, item.after} <= claims)
    return replace(reconciled, claims=with_last_seen(reconciled.claims, documents), revisions=revisions)


def by_source(items: Iterable[_OfSource]) -> dict[str, list[_OfSource]]:
    """Sources and pages are many: each source's own are found once, not by a look at all of them for each."""
    found: dict[str, list[_OfSource]] = defaultdict(list)
    for item in items:
        found[item.source].append(item)
    return found


def status_of(
    source: Source, own: Sequence[StoredDocument], mine: Sequence[Attempt], unreadable: Mapping[str, str]
) -> SourceStatus:
    """A source with what its documents and the last attempts at its pages tell of it; no health is judged."""
    answered = [item.at for item in mine if item.outcome not in (Outcome.REFUSED, Outcome.FAILED)]
    counts = Counter(document.extractions[-1].relevance for document in own)
    failed = [(item.url, item.why or "") for item in mine if item.outcome is Outcome.FAILED and not item.is_listing]
    failed += [(item.url, unreadable[item.url]) for item in mine if item.url in unreadable and not item.is_listing]
    return SourceStatus(
        name=source.name,
        kind=source.kind,
        url=source.url,
        publisher=source.publisher,
        publisher_type=source.publisher_type,
        language=source.language,
        enabled=source.enabled,
        documents=len(own),
        relevant=counts["relevant"],
        last_success_at=max(answered, default=None),
        last_attempt_at=max((item.at for item in mine), default=None),
        last_error=next((item.why for item in mine if item.is_listing and item.why), None),
        refused=tuple((item.url, item.why or "") for item in mine if item.outcome is Outcome.REFUSED),
        failed=tuple(sorted(set(failed))),
    )


def build(dataset: Dataset, site: Site, event_count_before: int = 0) -> dict[str, bytes]:
    """The site's files, checked.

    Raises:
        BuildRefused: it breaks a rule; names the first breaches.
    """
    pages = render_site(dataset, _offered(site, dataset))
    refuse(check_site(pages, dataset, event_count_before))
    return pages


def _offered(site: Site, dataset: Dataset) -> Site:
    """The settings, with a search only where there is something to find."""
    return site.model_copy(update={"search": site.search and bool(dataset.documents)})


@rarely_collected()
def publish(
    store: Store,
    writer: SiteWriter,
    settings: Settings,
    now: datetime,
    out: Path | None = None,
    progress: Progress = silent,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
) -> StageReport:
    """Make what of the site would come out otherwise, check it, and put it in its folder.

    Only files that changed are written. `curation` and `entities` as for `load_dataset`.

    Raises:
        BuildRefused: the built site breaks a rule; names each breach.
    """
    progress(STAGE, 0, None)
    out = out or settings.site.out
    with writer.begin(out) as files:
        made = make_site(store, writer, settings, now, out, files, curation=curation, entities=entities)
        refuse(made.breaches)
        files.add(made.put)
        written, unchanged, removed = writer.write(files, out, made.kept)
    writer.save_record(out, made.record(writer.look(out, files.keys())).to_bytes())
    if made.event_count != made.event_count_before:
        store.save_mark(_PUBLISHED_EVENTS, str(made.event_count))
    total = written + unchanged
    progress(STAGE, total, total)
    return StageReport(STAGE, given=total, done=written, skipped=unchanged, removed=removed)


@rarely_collected()
def check(
    store: Store,
    writer: SiteWriter,
    settings: Settings,
    now: datetime,
    out: Path | None = None,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
) -> StageReport:
    """Build the site and look through it as `publish` does, and write nothing; what would be written is reported.

    Raises:
        BuildRefused: the built site breaks a rule; names each breach.
    """
    out = out or settings.site.out
    sink = _Comparison(partial(writer.read, out))
    made = make_site(store, writer, settings, now, out, sink, curation=curation, entities=entities)
    refuse(made.breaches)
    # The search index is made where the site is written, and of nothing but what was looked at here.
    files = {path: differs for path, differs in made.put.items() if not path.startswith("pagefind/")}
    gone = [path for path in made.gone if not path.startswith("pagefind/")]
    anew, total = sum(files.values()), len(files) + len(made.kept)
    return StageReport("check", given=total, done=anew, skipped=total - anew, removed=len(gone))


@dataclass(frozen=True)
class _Comparison:
    """A sink that only looks whether a file differs from what stands."""

    read: Callable[[str], bytes | None]

    def put(self, path: str, body: bytes) -> bool:
        return self.read(path) != body


@dataclass(frozen=True)
class Made:
    """A site that is built and looked at, and not yet put anywhere."""

    put: Mapping[str, bool]
    """By the path of each file that was made anew whether it differs from what stands there."""
    kept: frozenset[str]
    """What stays as it stands."""
    gone: frozenset[str]
    breaches: list[str]
    event_count: int
    event_count_before: int
    record: Callable[[Mapping[str, tuple[int, int]]], BuildRecord]
    """The record of the build, given the files that were made anew as they were left."""


def make_site(
    store: Store,
    writer: SiteWriter,
    settings: Settings,
    now: datetime,
    out: Path,
    sink: Sink,
    *,
    curation: Curation | None = None,
    entities: Sequence[Entity] = (),
) -> Made:
    """Build the site over what stands in `out`, and look through it; what is made anew goes into `sink`."""
    below = settings.nlp.review_below
    others = settings.site.other_documents
    with long_lived():
        # Before the dataset: what changes in between is then made anew next time, and never taken for what it was.
        digests = store.load_digests()
        dataset = load_dataset(
            store, settings.sources, now, below, curation=curation, entities=entities, other_documents=others
        )
        last = BuildRecord.from_bytes(writer.load_record(out) or b"") or BuildRecord()
        found = writer.look(out)
    if not others:
        held = {document.id for document in dataset.documents}
        digests = replace(digests, documents={key: own for key, own in digests.documents.items() if key in held})
    if dataset.edits:  # hiding takes things out of disputes, so these are not what is stored
        written = {dispute.id: int_digest(repr(dispute)) for dispute in dataset.reconciled.disputes}
        digests = replace(digests, disputes=written)
    before = int(store.load_marks().get(_PUBLISHED_EVENTS, "0"))
    intact = {path for path, state in last.files.items() if found.get(path) == state}
    site = _offered(settings.site, dataset)
    shown = site.model_dump_json(exclude={"workers"})
    program = program_key(shown, str(below), edits_key(curation), repr(entities), repr(dataset.edits))
    standing = Standing(last, intact, partial(writer.read, out))
    workers = 1 if isinstance(sink, InMemory) else count_workers(site.workers)
    with build_site(dataset, digests, site, program, standing, sink, workers) as build:
        gone = frozenset(found.keys() - build.kept - build.put.keys())
        findings = build.look_through(gone, before)
    events = len(dataset.reconciled.events)
    standing_still = {path: found[path] for path in build.kept}

    def record(anew: Mapping[str, tuple[int, int]]) -> BuildRecord:
        return build.record(findings, {**standing_still, **anew})

    return Made(build.put, build.kept, gone, findings.problems, events, before, record)


def refuse(breaches: Sequence[str]) -> None:
    """Stop where a built site breaks a rule.

    Raises:
        BuildRefused: names the first breaches.
    """
    if breaches:
        named = [*breaches[:10], *([f"and {len(breaches) - 10} more"] if len(breaches) > 10 else [])]
        raise BuildRefused("\n".join(named))

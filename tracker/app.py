"""The real parts, built from settings: the one file that knows them all.

Each stage imports its parts when it runs: `tracker export` should not wait for spaCy, nor `tracker ingest` for httpx.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.config import Nlp, Settings, Source
from tracker.errors import ConfigError, InputError, OutputUnusable, TrackerError
from tracker.pipeline.progress import Progress, silent
from tracker.pipeline.standing import Standing, load_standing
from tracker.ports import Clock, HostTurns, SubscriptionStore
from tracker.sourcekinds import BACKFILLED, WarcSource
from tracker.store import RunLock, SendLock, SqlStore, has_store, open_store, open_turns
from tracker.types import (
    ArchiveRef,
    Curation,
    Dataset,
    Entity,
    EntityProposal,
    Outcome,
    Problem,
    SourceReport,
    StageReport,
)

if TYPE_CHECKING:
    from tracker.fetch.archive import WarcArchive
    from tracker.fetch.client import PoliteFetcher
    from tracker.fetch.inspection import ArchiveCheck, ArchivedRecord
    from tracker.metrics import Snapshot
    from tracker.nlp.extractor import RuleExtractor
    from tracker.nlp.remote import RemoteExtractor
    from tracker.pipeline.check import SourceCheck
    from tracker.pipeline.collecting import Collecting
    from tracker.ports.channels import Way
    from tracker.ports.queue import QueueFigures
    from tracker.ports.subscriptions import DeliveryFigures
    from tracker.types.digests import Digest, Message
    from tracker.types.watching import Channel, Subscriber


class SystemClock:
    """The machine's clock, or the instant in SOURCE_DATE_EPOCH (reproducible-builds.org) where that is set."""

    def now(self) -> datetime:
        """The present, to the second.

        Raises:
            ConfigError: SOURCE_DATE_EPOCH is not a number of seconds.
        """
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if not epoch:
            return datetime.now(UTC).replace(microsecond=0)
        try:
            return datetime.fromtimestamp(int(epoch), UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise ConfigError(f"SOURCE_DATE_EPOCH={epoch!r}: expected seconds since 1970") from error


def open_extractor(nlp: Nlp, *, gated: bool = False) -> RuleExtractor | RemoteExtractor:
    """The rules, or with `nlp.remote` the larger model on top of them. Nothing is asked of its server yet.

    Raises:
        ConfigError: the environment lacks the key that `nlp.remote` names, or holds something else.
    """
    from tracker.nlp.extractor import RuleExtractor

    rules = RuleExtractor(nlp.model, gated=gated)
    remote = nlp.remote
    if remote is None:
        return rules
    from tracker.fetch.completions import ChatCompletions
    from tracker.nlp.remote import RemoteExtractor

    key = os.environ.get(remote.api_key_env, "").strip() if remote.api_key_env else None
    if remote.api_key_env and not key:
        raise ConfigError(f"nlp.remote.api_key_env: the environment variable {remote.api_key_env} is not set")
    completions = ChatCompletions(
        remote.base_url, remote.model, api_key=key, timeout_s=remote.timeout_s, max_retries=remote.max_retries
    )
    limit = remote.max_document_chars
    return RemoteExtractor(rules, completions, max_document_chars=limit, confidence=remote.confidence)


@dataclass(frozen=True)
class RunReport:
    """What a run did, stage by stage."""

    sources: tuple[SourceReport, ...] = ()
    stages: tuple[StageReport, ...] = ()

    @property
    def failed_sources(self) -> tuple[SourceReport, ...]:
        """Sources that could not be read at all."""
        return tuple(item for item in self.sources if item.failure)


@dataclass
class App:
    """All stages over the real parts. `open_app` makes it and holds the data folder's lock meanwhile."""

    settings: Settings
    store: SqlStore
    progress: Progress = silent
    clock: Clock = field(default_factory=SystemClock)
    _archive_day: date | None = field(default=None, init=False)

    @cached_property
    def extractor(self) -> RuleExtractor | RemoteExtractor:
        """The extractor that the settings name."""
        return open_extractor(self.settings.nlp, gated=True)

    @cached_property
    def archive(self) -> WarcArchive:
        """The archive in the data folder; this run writes files of its own."""
        from tracker.fetch.archive import WarcArchive

        run_id = f"{self.clock.now():%H%M%S}-{os.getpid()}-{os.urandom(3).hex()}"
        return WarcArchive(self.settings.data_dir / "archive", run_id)

    def turn_archive(self) -> None:
        """For what runs on: a new day begins a new file of the archive."""
        today = self.clock.now().date()
        if self._archive_day not in (None, today):
            self.archive.close()
        self._archive_day = today

    def due(self, sources: Sequence[Source]) -> list[Source]:
        """Those of the sources whose cadence says that they are to be asked again."""
        return [item for item in sources if self.standing(item).is_due(self.clock.now())]

    def standing(self, source: Source) -> Standing:
        """How a source does now, and when it is to be asked next."""
        return load_standing(self.store, source, self.clock.now(), self.settings.schedule.slowest)

    def snapshot(self, stages: Sequence[tuple[str, float]] = ()) -> Snapshot:
        """What a monitor asks: the sources that are switched on, and sums over the store."""
        from tracker.backup.saving import BACKUP_MARK
        from tracker.metrics import Snapshot, SourceFigures

        saved_at = self.store.load_marks().get(BACKUP_MARK)

        def figures_of(source: Source) -> SourceFigures:
            standing = self.standing(source)
            return SourceFigures(source.name, standing.health, standing.next_at)

        return Snapshot(
            sources=tuple(figures_of(item) for item in self.settings.select_sources(None)),
            sums=self.store.load_attempt_sums(),
            totals=tuple(self.store.load_totals().items()),
            stages=tuple(stages),
            run_at=self.clock.now(),
            backup_at=datetime.fromisoformat(saved_at) if saved_at else None,
            deliveries=self._delivery_figures(),
            queue=self.queue_figures(),
        )

    def find_database_trouble(self) -> str | None:
        """Why the database does not answer, by one short look; None where it does."""
        from tracker.store.faults import as_ours

        try:
            self.store.load_marks()
        except Exception as error:
            return str(as_ours(error, self.settings.database_url) or error)
        return None

    def queue_figures(self) -> QueueFigures | None:
        """The jobs of workers in sums; None on SQLite, where there are none."""
        from tracker.store.addresses import is_on_server

        if not is_on_server(self.settings.database_url):
            return None
        return self.store.work.load_figures(self.settings.workers.stalled_after.total_seconds())

    def _delivery_figures(self) -> DeliveryFigures | None:
        from tracker.store.subscriptions import has_subscriptions, open_subscriptions

        if not has_subscriptions(self.settings.subscriptions_url):
            return None
        with open_subscriptions(self.settings.subscriptions_url) as subscriptions:
            return subscriptions.load_delivery_figures()

    def write_metrics(self, stages: Sequence[tuple[str, float]] = ()) -> None:
        """Put the metrics beside the database, for a textfile collector.

        Raises:
            OutputUnusable: the data folder cannot be written.
        """
        from tracker.metrics import Metrics

        Metrics(self.snapshot(stages)).write(self.settings.data_dir)

    def collect(self, sources: Sequence[Source]) -> tuple[SourceReport, ...]:
        """Fetch what the sources point at."""

        async def run() -> list[SourceReport]:
            async with self.collecting() as collecting:
                return await collecting.collect(sources)

        return tuple(asyncio.run(run()))

    @asynccontextmanager
    async def collecting(self) -> AsyncIterator[Collecting]:
        """Collect with one client, which keeps its pace towards each host over all calls, also those side by side."""
        from tracker.pipeline.collecting import Collecting

        # Pages make many short-lived values and no cycles: looked for as often as Python does by itself, cycles cost a
        # fifth of the time.
        gc.set_threshold(20_000, 20, 20)
        async with self._fetching() as fetcher:
            yield Collecting(fetcher, self.archive, self.store, self.clock, self.settings, self.progress)

    @asynccontextmanager
    async def _fetching(self) -> AsyncIterator[PoliteFetcher]:
        """A client that knows what earlier runs know of the hosts and, on a server, what others ask of them."""
        from tracker.fetch.client import PoliteFetcher
        from tracker.pipeline.hosts import load_host_records

        records = load_host_records(self.store, self.clock.now())
        with open_turns(self.settings.database_url) as shared:
            async with PoliteFetcher(self.settings.network, self.clock, records=records, shared=shared) as fetcher:
                yield fetcher

    def backfill(self, sources: Sequence[WarcSource]) -> tuple[SourceReport, ...]:
        """Screen archives of others, one after the other, and keep what may be on the matter. When it is interrupted
        it goes no further than the record at hand, and is gone on with when it is called again."""
        from tracker.pipeline.screening import screen_archives

        async def run() -> list[SourceReport]:
            async with self._fetching() as fetcher:
                folder = self.settings.data_dir
                return await screen_archives(
                    sources, fetcher, self.archive, self.store, self.clock, folder, self.progress
                )

        return tuple(asyncio.run(run()))

    def archived(self, ref: ArchiveRef) -> ArchivedRecord:
        """One record of the archive, whole."""
        from tracker.fetch.inspection import load_record

        return load_record(self.settings.data_dir / "archive", ref)

    def check_archive(self) -> ArchiveCheck:
        """Whether every record is sound, and every one that the database points at is there."""
        from tracker.fetch.inspection import Wanted, check_archive

        wanted = (Wanted(*item) for item in self.store.load_archived())
        return check_archive(self.settings.data_dir / "archive", wanted)

    def ingest(self, paths: Sequence[Path]) -> StageReport:
        """Take in files."""
        from tracker.pipeline.ingest import ingest

        return ingest(paths, self.store, self.clock, self.progress)

    @property
    def reader(self) -> str:
        """Which reader this is."""
        from tracker.pipeline.read import READER

        return READER

    def read(self, urls: Sequence[str] | None = None) -> StageReport:
        """Read what was fetched; with `urls`, of these pages."""
        from tracker.pipeline.read import read_pages

        pages = list(self.store.load_unread(self.reader, urls))
        return read_pages(self.archive, self.store, (BACKFILLED, *self.settings.sources), pages, self.progress)

    def extract(self, due: Mapping[str, int] | None = None) -> StageReport:
        """Extract from what was read or ingested; with `due` from these versions: how often each became due."""
        from tracker.pipeline.extract import extract_documents

        extractor = self.extractor
        documents = list(self.store.load_unextracted(extractor.name, None if due is None else list(due)))
        return extract_documents(self.store, extractor, documents, self.progress, due)

    def reconcile(self, *, most: int | None = None, may_rebuild: bool = True) -> StageReport:
        """Make events out of what was extracted; `most` and `may_rebuild` as in `tracker.pipeline.reconcile`."""
        from tracker.pipeline.reconcile import reconcile

        below = self.settings.nlp.review_below
        entities = self.extractor.entities
        return reconcile(
            self.store,
            self.extractor,
            entities,
            self.progress,
            review_below=below,
            curation=self.curation(),
            most=most,
            may_rebuild=may_rebuild,
        )

    def as_of(self, text: str) -> datetime:
        """A day (its end) or an instant of the past, as an aware UTC instant.

        Raises:
            InputError: it is neither, or still to come; says which form is expected.
        """
        from tracker.reconcile.asof import read_as_of

        return read_as_of(text, self.clock.now())

    def publish_as_of(self, at: datetime, out: Path) -> StageReport:
        """Build the site of what was known at an instant, in a folder of its own; the present site stays.

        Raises:
            InputError: nothing was known then, or the folder is that of the present site.
        """
        from tracker.deliver.searchindex import SearchableSiteWriter
        from tracker.deliver.site import FolderSiteWriter
        from tracker.pipeline.asof import publish_as_of

        writer, curation, entities = SearchableSiteWriter(FolderSiteWriter()), self.curation(), self.gazetteer
        settings = self._site_settings()
        return publish_as_of(self.store, writer, settings, at, out, self.progress, curation=curation, entities=entities)

    def dataset_as_of(self, at: datetime) -> Dataset:
        """Everything that would have been published at an instant, with the ids of today.

        Raises:
            InputError: nothing was known then; names the day of the first document.
        """
        from tracker.pipeline.asof import load_dataset_as_of

        below, curation, entities = self.settings.nlp.review_below, self.curation(), self.gazetteer
        return load_dataset_as_of(self.store, self.settings.sources, at, below, curation=curation, entities=entities)

    def publish(self, out: Path | None = None) -> StageReport:
        """Build the site."""
        from tracker.deliver.searchindex import SearchableSiteWriter
        from tracker.deliver.site import FolderSiteWriter
        from tracker.pipeline.publish import publish

        writer, now = SearchableSiteWriter(FolderSiteWriter()), self.clock.now()
        settings, curation, entities = self._site_settings(), self.curation(), self.gazetteer
        return publish(self.store, writer, settings, now, out, self.progress, curation=curation, entities=entities)

    def check_site(self, out: Path | None = None) -> StageReport:
        """Build the site and look through it, and write nothing.

        Raises:
            BuildRefused: it breaks a rule; names each breach.
        """
        from tracker.deliver.site import FolderSiteWriter
        from tracker.pipeline.publish import check

        writer, now = FolderSiteWriter(), self.clock.now()
        settings, curation, entities = self._site_settings(), self.curation(), self.gazetteer
        return check(self.store, writer, settings, now, out, curation=curation, entities=entities)

    def _site_settings(self) -> Settings:
        """The settings, with a search only where its index can be made here."""
        from tracker.deliver.searchindex import is_installed

        site = self.settings.site
        return self.settings.model_copy(
            update={"site": site.model_copy(update={"search": site.search and is_installed()})}
        )

    def dataset(self) -> Dataset:
        """Everything that is published."""
        from tracker.pipeline.publish import load_dataset

        return load_dataset(
            self.store,
            self.settings.sources,
            self.clock.now(),
            self.settings.nlp.review_below,
            curation=self.curation(),
            entities=self.gazetteer,
        )

    def curation(self) -> Curation:
        """What people decided, as their files are now."""
        from tracker.curation import load_curation

        return load_curation(self.settings.curation, self.clock.now())

    def proposals(self) -> tuple[EntityProposal, ...]:
        """Names that only documents gave, for people to decide on."""
        from tracker.reconcile import Curator
        from tracker.reconcile.proposals import find_proposals

        curator = Curator(self.gazetteer, self.curation())
        return find_proposals(map(curator.document, self.store.load_documents()), curator.entities)

    @cached_property
    def gazetteer(self) -> tuple[Entity, ...]:
        """The curated names; no language model is loaded for them."""
        from tracker.nlp.gazetteer import load_gazetteer

        return load_gazetteer().entities()

    def process(self) -> tuple[StageReport, ...]:
        """Every stage after collecting or ingesting."""
        return (self.read(), self.extract(), self.reconcile(), self.publish())

    def run(self, sources: Sequence[Source]) -> RunReport:
        """All stages."""
        return RunReport(self.collect(sources), self.process())


def check_sources(settings: Settings, sources: Sequence[Source], progress: Progress = silent) -> list[SourceCheck]:
    """A polite look at each source; see `tracker.pipeline.check`.

    Where there is a database, what it knows of the hosts holds here too (a spent budget, a Retry-After), and what this
    look asked of them is counted. Nothing else is stored.
    """
    from tracker.fetch.client import PoliteFetcher
    from tracker.pipeline.check import check_sources as check
    from tracker.pipeline.hosts import load_host_records, save_host_records

    clock = SystemClock()

    async def run(store: SqlStore | None, shared: HostTurns | None) -> list[SourceCheck]:
        records = load_host_records(store, clock.now()) if store else None
        async with PoliteFetcher(settings.network, clock, records=records, shared=shared) as fetcher:
            try:
                return await check(sources, fetcher, progress)
            finally:
                if store is not None:
                    save_host_records(store, fetcher.holds(), fetcher.take_requests())

    if not has_store(settings.database_url):
        return asyncio.run(run(None, None))
    with open_store(settings.database_url) as store, open_turns(settings.database_url) as shared:
        return asyncio.run(run(store, shared))


def cut_digests(
    settings: Settings, subscriptions: SubscriptionStore, clock: Clock | None = None, *, accepting: bool = False
) -> StageReport:
    """Keep what the published site changed, and make the digests of the subscribers who are due; none is sent.

    The working database is not asked: this can go on beside a run.

    Raises:
        UnreadableInput: the site has no database yet, or one of a newer tracker.
        InputError: the edition lacks too much of the one before, and is not accepted as it is.
        ConfigError, OutputUnusable: the key of links is of no use.
        StoreError: the database of subscribers cannot be used.
    """
    from tracker.digest.links import load_links
    from tracker.digest.telling import render_message
    from tracker.pipeline.cutting import cut
    from tracker.render.database import DATABASE_PATH

    links = load_links(settings)

    def render(subscriber: Subscriber, digest: Digest) -> Message:
        return render_message(subscriber, digest, settings, links)

    now = (clock or SystemClock()).now()
    return cut(subscriptions, settings.site.out / DATABASE_PATH, settings, now, render, accepting=accepting)


def send_digests(
    settings: Settings, subscriptions: SubscriptionStore, clock: Clock | None = None, progress: Progress = silent
) -> StageReport:
    """Send what waits in the outbox and is due; see `tracker.pipeline.sending`.

    Raises:
        StoreLocked: another process is sending; what waits is its affair.
        StoreError: the database of subscribers cannot be used.
    """
    from tracker.pipeline.sending import send_due

    asked = clock or SystemClock()
    with SendLock(settings.data_dir, settings.subscriptions_url).hold():
        ways, give_up_after = _find_ways(settings, asked), settings.digests.give_up_after
        return asyncio.run(send_due(subscriptions, ways, asked, give_up_after, progress=progress))


def _find_ways(settings: Settings, clock: Clock) -> dict[Channel, Way | TrackerError]:
    """How messages leave; an error where a channel is not set up. Nothing is connected yet."""
    from tracker.fetch.posting import AT_ONCE, WebhookDoor
    from tracker.ports.channels import Way

    webhook = Way(lambda: WebhookDoor(settings.network, clock), AT_ONCE)
    return {"mail": _find_mail_way(settings), "webhook": webhook}


def _find_mail_way(settings: Settings) -> Way | TrackerError:
    from tracker.ports.channels import Way

    mail = settings.digests.mail
    if mail is None:
        return ConfigError("digests.mail is not set: name the server and the sender there (docs/digests.md)")
    try:
        from tracker.deliver.mail import MailServer
    except ModuleNotFoundError as error:
        return ConfigError(f"{error.name} is not installed: pip install 'tracker[digest]'")
    try:
        return Way(MailServer(mail).open, mail.connections)
    except ConfigError as error:
        return error


def deliver_digests(
    settings: Settings,
    progress: Progress = silent,
    *,
    cutting: bool = True,
    sending: bool = True,
    accepting: bool = False,
) -> tuple[StageReport, ...]:
    """Cut and send; nothing at all where there is no database of subscribers.

    What keeps digests from being cut (nothing is published yet, or an edition that lacks much and is not accepted) is
    a problem in the report: confirmations are sent all the same.

    Raises:
        StoreLocked: another process is sending.
        StoreError: the database of subscribers cannot be used.
    """
    from tracker.store.subscriptions import has_subscriptions, open_subscriptions

    reports: list[StageReport] = []
    if not has_subscriptions(settings.subscriptions_url):
        return ()
    with open_subscriptions(settings.subscriptions_url) as subscriptions:
        if cutting:
            try:
                reports.append(cut_digests(settings, subscriptions, accepting=accepting))
            except (InputError, OutputUnusable) as error:
                reports.append(StageReport("cut", problems=(Problem("digests", Outcome.FAILED, str(error)),)))
            except Exception:  # what waits is sent all the same
                if sending:
                    send_digests(settings, subscriptions, progress=progress)
                raise
        if sending:
            reports.append(send_digests(settings, subscriptions, progress=progress))
    return tuple(reports)


def has_digests_to_deliver(settings: Settings, seen: object) -> tuple[bool, object]:
    """Whether `deliver_digests` has something to do, by a short look: (so, what is published now).

    Args:
        seen: what was published when it was last done, as this function returned it; None before the first time.

    Raises:
        StoreError: the database of subscribers cannot be used.
    """
    from tracker.digest.due import find_due
    from tracker.render.database import DATABASE_PATH
    from tracker.store.subscriptions import has_subscriptions, open_subscriptions

    if not has_subscriptions(settings.subscriptions_url):
        return False, seen
    path = settings.site.out / DATABASE_PATH
    stamp = (path.stat().st_mtime_ns, path.stat().st_size) if path.is_file() else (0, 0)
    if stamp != seen:
        return True, stamp
    now = SystemClock().now()

    def is_due(subscriber: Subscriber, up_to_seq: int) -> bool:
        if subscriber.state != "active" or subscriber.unreadable:
            return False
        with suppress(InputError):  # the cut tells of it
            return find_due(subscriber, now, up_to_seq) is not None
        return False

    with open_subscriptions(settings.subscriptions_url) as subscriptions:
        if subscriptions.load_due(now, 1):
            return True, stamp
        edition = subscriptions.load_edition()
        up_to_seq = edition.up_to_seq if edition else 0
        return any(is_due(item, up_to_seq) for item in subscriptions.load_subscribers()), stamp


@contextmanager
def open_app(settings: Settings, progress: Progress = silent, *, shared: bool = False) -> Iterator[App]:
    """The app over the settings' data folder and database, which no other run may use meanwhile.

    With `shared` they are not locked: for looking at the data while a run goes on.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer.
    """
    lock = nullcontext() if shared else RunLock(settings.data_dir, settings.database_url).hold()
    settle_s = settings.schedule.settle.total_seconds()
    with lock, open_store(settings.database_url, settle_s) as store:
        yield App(settings, store, progress)

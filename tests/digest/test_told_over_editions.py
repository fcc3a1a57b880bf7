"""From page to digest: real editions, compared and cut; what a subscriber reads is what the pages say by then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.digest.editions import Published, edition, longer, story
from tests.digest.telling_world import LINKS, SETTINGS, SUBSCRIBER
from tests.reconcile.builders import Page, Said, about, charge, document
from tracker.digest.telling import render_message
from tracker.pipeline.cutting import cut
from tracker.reconcile import make_records
from tracker.reconcile.anchors import anchor_of
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types import Hiding, StoredDocument
from tracker.types.digests import Digest, DigestItem
from tracker.types.watching import WatchRule

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SUNDAY = "2026-03-01"
B = story("b", charge("Garnet had copied Prism, Lumen wrote on Sunday.", on=SUNDAY))


def counted(*numbers: int) -> StoredDocument:
    """Page A, which gives another number in each of its versions."""
    said = [
        charge(
            f"Lumen accused Garnet of copying Prism with about {n:,} accounts.",
            figures=(about("accounts", n),),
            on=SUNDAY,
        )
        for n in numbers
    ]
    return longer(document("a", *(Page("2026-03-02", [one]) for one in said), publisher="Paper A"), "a")


@pytest.fixture(scope="module")
def editions() -> tuple[Published, ...]:
    """Page B alone; A beside it; A with another number; with a third."""
    known = [edition(B)]
    for numbers in ((24_000,), (24_000, 25_500), (24_000, 25_500, 26_100)):
        known.append(edition(counted(*numbers), B, after=known[-1]))
    return tuple(known)


class Reader:
    """One subscriber, and the editions as they come."""

    def __init__(self, folder: Path, store: SqlSubscriptions, **more: object) -> None:
        self.file, self.store, self.now = folder / "tracker.db", store, NOW
        made = replace(SUBSCRIBER, channel="feed", address="", cadence="at_once", timezone="UTC", created_at=NOW)
        self.subscriber = replace(made, **more)  # type: ignore[arg-type]

    def comes(self, *published: Published) -> list[Digest]:
        """What is told of these, published one after the other."""
        before = len(self.store.load_digests())
        for one in published:
            self.file.write_bytes(one.body)
            self.now += timedelta(hours=1)
            self.cut()
            if self.store.find_subscriber(self.subscriber.id) is None:
                self.store.save_subscriber(self.subscriber)
        return [kept.digest for kept in self.store.load_digests()[before:] if kept.digest]

    def cut(self) -> None:
        report = cut(
            self.store, self.file, SETTINGS, self.now, lambda who, digest: render_message(who, digest, SETTINGS, LINKS)
        )
        assert report.problems == ()


@contextmanager
def reading(folder: Path, **more: object) -> Iterator[Reader]:
    with open_subscriptions(f"sqlite:///{folder / 'subscribers.db'}") as store:
        yield Reader(folder, store, **more)


def items(digest: Digest) -> list[DigestItem]:
    return [item for group in digest.groups for item in group.items]


def test_the_first_edition_is_told_to_nobody_and_the_same_one_tells_nothing(
    tmp_path: Path, editions: tuple[Published, ...]
) -> None:
    with reading(tmp_path, rules=(WatchRule(),)) as reader:
        assert reader.comes(editions[1], editions[1]) == []
        assert reader.comes(editions[2]) != []
        assert reader.comes(editions[2]) == []


def test_who_was_told_a_figure_is_told_every_correction_of_it(tmp_path: Path, editions: tuple[Published, ...]) -> None:
    with reading(tmp_path, rules=(WatchRule(kinds=("figure",)),)) as reader:
        assert reader.comes(editions[0]) == []
        (first,) = reader.comes(editions[1])
        (figure,) = items(first)
        assert figure.change.after == "24000 accounts"
        for number, (before, after) in enumerate((("24000", "25500"), ("25500", "26100")), 2):
            (digest,) = reader.comes(editions[number])
            (item,) = digest.corrections
            assert item.told is not None
            assert item.told.words == f"{before} accounts"
            assert (item.change.before, item.change.after) == (f"{before} accounts", f"{after} accounts")
            assert digest.groups == ()


def test_a_month_of_corrections_is_one(tmp_path: Path, editions: tuple[Published, ...]) -> None:
    rules = (WatchRule(kinds=("figure",)),)
    with reading(tmp_path, rules=rules, cadence="monthly", slot_at=None) as reader:
        assert reader.comes(*editions) == []
        reader.now += timedelta(days=30)
        reader.cut()
        (kept,) = reader.store.load_digests()
        assert kept.digest is not None
        (item,) = items(kept.digest)
        assert (item.change.kind, item.change.before, item.change.after) == (
            "corrected",
            "24000 accounts",
            "26100 accounts",
        )
        assert (
            item.change.title
            == "Paper A changed a figure, on the word of Lumen Labs: “24000 accounts” is now “26100 accounts”"
        )
        assert [one.quote for one in item.change.evidence] == [
            "Lumen accused Garnet of copying Prism with about 26,100 accounts."
        ]


def test_an_event_that_was_corrected_before_it_was_told_has_its_present_words_only(tmp_path: Path) -> None:
    nothing = edition()
    first = edition(counted(24_000), after=nothing)
    then = edition(counted(24_000, 25_500), B, after=first)
    with reading(tmp_path, rules=(WatchRule(kinds=("event",)),), cadence="weekly") as reader:
        reader.comes(nothing, first, then)
        reader.now += timedelta(days=8)
        reader.cut()
        (kept,) = reader.store.load_digests()
        assert kept.digest is not None
        (item,) = items(kept.digest)
        assert item.change.kind == "event"
        assert "24" not in f"{item.change.title} {item.change.after} {[one.quote for one in item.change.evidence]}"
        assert kept.delivery is not None
        assert b"24,000" not in kept.delivery.message.body


def test_what_people_hid_is_told_only_to_who_knew_it_and_without_its_words(
    tmp_path: Path, editions: tuple[Published, ...]
) -> None:
    _, both, *_ = editions
    page = counted(24_000)
    anchor = anchor_of(make_records([page])[0], page.current.id)
    hidden = edition(page, B, acts=[Hiding("claim", (anchor,))], after=both)
    for cadence, told in (("at_once", True), ("weekly", False)):
        folder = tmp_path / cadence
        folder.mkdir()
        with reading(folder, rules=(WatchRule(kinds=("figure",)),), cadence=cadence) as reader:
            reader.comes(editions[0], both, hidden)
            reader.now += timedelta(days=8)
            reader.cut()
            digests = [kept for kept in reader.store.load_digests() if kept.digest]
            assert bool(digests) is told
            if told:
                last = digests[-1]
                assert last.digest is not None and last.delivery is not None
                (item,) = last.digest.corrections
                assert item.change.kind == "withdrawn"
                assert item.told is not None and item.told.words == "24000 accounts"
                body = last.delivery.message.body
                assert b"accused Garnet" not in body and b"24000" not in body and b"24,000" not in body


STATED = story(
    "d", Said("statement", "Lumen said on Sunday that Garnet copied Prism for a month.", "lumen", ("garnet",))
)
ONCE = WatchRule(kinds=("event",), min_sources=2)


@pytest.mark.parametrize("rule", [ONCE, WatchRule(min_sources=2), WatchRule(types=("allegation",), min_sources=2)])
@pytest.mark.parametrize("second", [B, STATED], ids=["same claim", "another claim"])
def test_an_event_that_another_paper_brings_to_enough_sources_is_told_then(
    tmp_path: Path, rule: WatchRule, second: StoredDocument
) -> None:
    nothing = edition()
    first = edition(counted(24_000), after=nothing)
    then = edition(counted(24_000), second, after=first)
    for cadence in ("at_once", "weekly"):
        folder = tmp_path / cadence
        folder.mkdir()
        with reading(folder, rules=(rule,), cadence=cadence) as reader:
            assert reader.comes(nothing, first) == []
            reader.comes(then)
            reader.now += timedelta(days=8)
            reader.cut()
            (kept,) = [kept for kept in reader.store.load_digests() if kept.digest]
            assert kept.digest is not None
            (item,) = items(kept.digest)
            assert item.change.independent_sources == 2
            assert item.change.kind == ("sources" if cadence == "at_once" else "event")


@pytest.mark.parametrize("second", [B, STATED], ids=["same claim", "another claim"])
def test_who_was_told_the_event_is_told_of_its_sources_only_on_request_and_once(
    tmp_path: Path, second: StoredDocument
) -> None:
    nothing = edition()
    first = edition(counted(24_000), after=nothing)
    then = edition(counted(24_000), second, after=first)
    for name, rules in (("told", (WatchRule(kinds=("event",)), ONCE)), ("asks", (WatchRule(kinds=("sources",)),))):
        folder = tmp_path / name
        folder.mkdir()
        with reading(folder, rules=rules) as reader:
            assert len(reader.comes(nothing, first)) == (name == "told")
            digests = reader.comes(then)
            assert [item.change.kind for digest in digests for item in items(digest)] == ["sources"] * (name == "asks")

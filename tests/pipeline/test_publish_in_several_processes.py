"""A site is the same whatever the number of processes that make it, and none that fails leaves half of one."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.reconcile_growth import Prepared
from benchmarks.reconcile_world import entities
from tests.pipeline.test_incremental_publish import AT, Newsroom, files_of
from tracker.config import Settings, Site
from tracker.deliver.site import FolderSiteWriter
from tracker.errors import BuildRefused, WorkerLost
from tracker.forking import twins
from tracker.pipeline.publish import check, publish
from tracker.pipeline.reconcile import reconcile
from tracker.render.page import DataFile, FileSet, Page
from tracker.render.site import Builder
from tracker.store import open_store
from tracker.types import StageReport

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


class Desk:
    """Publishes, in a copy of this process: the runner of the tests has threads, and a copy has none of them."""

    def __init__(self, folder: Path) -> None:
        self.database = f"sqlite:///{folder / 'room.db'}"

    def publish(self, out: Path, workers: int) -> StageReport:
        with open_store(self.database) as store:  # not that of the tests: no connection outlives a fork
            return publish(store, FolderSiteWriter(), settings_with(workers), AT, out, entities=entities())

    def check(self, out: Path, workers: int) -> StageReport:
        with open_store(self.database) as store:
            return check(store, FolderSiteWriter(), settings_with(workers), AT, out, entities=entities())


def settings_with(workers: int) -> Settings:
    site = Site(base_url="https://tracker.example/", workers=workers)  # type: ignore[arg-type]
    return Settings(site=site, sources=())


def ask(room: Newsroom, method: str, *arguments: object) -> StageReport:
    with twins(1, Desk(room.folder)) as [twin]:
        twin.ask(method, *arguments)
        report: StageReport = twin.answer()
        return report


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("room")
    with open_store(f"sqlite:///{folder / 'room.db'}") as store:
        made = Newsroom(folder, store)
        made.add(12)
        reconcile(store, Prepared(), entities())
        ask(made, "publish", folder / "one", 1)
        ask(made, "publish", folder / "two", 2)
        ask(made, "publish", folder / "three", 3)
        yield made


def seen_by(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], None]) -> None:
    """Call `act` with each path that a copy of the publishing process makes; that process waits for the first."""
    real, publisher, flag = Builder.make, os.getpid(), os.pipe()

    def make(self: Builder, item: Page | DataFile | FileSet) -> object:
        nonlocal publisher
        is_publisher = os.getppid() == publisher
        if is_publisher:
            os.set_blocking(flag[0], False)
            for _ in range(1000):
                try:
                    os.read(flag[0], 1)
                    os.write(flag[1], b"x")
                    break
                except BlockingIOError:
                    time.sleep(0.005)
        else:
            os.write(flag[1], b"x")
            act(item.name if isinstance(item, FileSet) else item.path)
        return real(self, item)

    monkeypatch.setattr(Builder, "make", make)


def test_the_site_is_the_same_whatever_the_number_of_processes(room: Newsroom) -> None:
    assert files_of(room.folder / "one") == files_of(room.folder / "two")
    assert files_of(room.folder / "one") == files_of(room.folder / "three")


def test_copies_do_make_pages(room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "made"
    seen_by(monkeypatch, lambda path: log.write_text(f"{path}\n"))
    ask(room, "publish", tmp_path / "site", 2)
    assert log.read_text().strip() and files_of(tmp_path / "site") == files_of(room.folder / "one")


def test_a_site_is_carried_on_by_several_as_by_one(room: Newsroom) -> None:
    one, two = room.folder / "one", room.folder / "two"
    room.step("add", 0)
    assert ask(room, "check", two, 2) == ask(room, "check", one, 1)
    reports = ask(room, "publish", one, 1), ask(room, "publish", two, 2)
    assert files_of(one) == files_of(two) and reports[0] == reports[1] and 0 < reports[0].done < reports[0].given / 2
    # each goes on from what the other left: the number of processes is nothing that a site rests on
    assert ask(room, "publish", one, 2).done == ask(room, "publish", two, 1).done == 0
    room.step("change", 3)
    ask(room, "publish", one, 2)
    ask(room, "publish", room.folder / "anew", 2)
    assert files_of(one) == files_of(room.folder / "anew")


def test_what_goes_wrong_in_a_copy_is_told_and_the_old_site_stays(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str) -> None:
        raise BuildRefused(f"{path} is wrong")

    site, before = room.folder / "three", files_of(room.folder / "three")
    (room.folder / "three.record").unlink(missing_ok=True)  # it is built from nothing
    seen_by(monkeypatch, refuse)
    with pytest.raises(BuildRefused, match="is wrong"):
        ask(room, "publish", site, 2)
    assert files_of(site) == before
    assert [path.name for path in room.folder.glob("three.*")] == ["three.twin"]


def test_a_copy_that_is_killed_fails_the_build_and_the_old_site_stays(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, before = room.folder / "three", files_of(room.folder / "three")
    (room.folder / "three.record").unlink(missing_ok=True)  # or there may be too little to make for a copy
    seen_by(monkeypatch, lambda path: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(WorkerLost, match="SIGKILL"):
        ask(room, "publish", site, 2)
    assert files_of(site) == before
    assert [path.name for path in room.folder.glob("three.*")] == ["three.twin"]


def test_the_gates_look_at_what_copies_made(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page of a copy leads astray, and each is named."""
    real, tester = Builder.make, os.getpid()

    def make(self: Builder, item: Page | DataFile | FileSet) -> object:
        files = real(self, item)
        return {path: body.replace(b"</main>", b'<a href="nowhere.html">x</a></main>') for path, body in files.items()}

    monkeypatch.setattr(Builder, "make", make)
    with pytest.raises(BuildRefused) as refused:
        ask(room, "publish", room.folder / "four", 2)
    assert str(refused.value).count("leads to no file of the site") == 10 and os.getpid() == tester
    assert not (room.folder / "four").exists()

"""Crash after crash through cutting and sending: a program of its own, since it forks.

    python -m tests.subscriptions.crashing FOLDER SEED CRASHES

A world of two editions, five subscribers and a mail server is run over and over. Each run is a process that ends at
once (os._exit) at a point that was drawn: before or after a commit, as a reply of the mail server arrives, or as
something has been written to it. It is restarted until it comes to an end by itself. What the mail server took, it has
written to its journal before it answered. What does not hold is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP
from aiosmtplib.protocol import SMTPProtocol
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.digest.editions import Published, edition, story
from tests.reconcile.builders import about, charge
from tests.subscriptions.made import subscriber
from tests.subscriptions.mailserver import MailSink
from tracker.app import deliver_digests
from tracker.config import Settings, Site
from tracker.digestsettings import Digests, Mail
from tracker.errors import StoreLocked
from tracker.ids import sha256_hex
from tracker.render.database import DATABASE_PATH
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types.watching import WatchRule

AT = 1_782_259_200
"""The clock of all runs (SOURCE_DATE_EPOCH): the same digests are the same bytes in every world."""
CRASHED, BUSY = 91, 92
_LONGEST_S = 60


class Journal:
    """What the mail server took, and which sessions it has had to the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_to = 0
        self._kinds: Counter[str] = Counter()
        self._taken: list[dict[str, str]] = []
        path.touch()

    def write(self, **item: str) -> None:
        with self._path.open("ab", buffering=0) as file:
            file.write(json.dumps(item).encode() + b"\n")

    def settled(self) -> list[dict[str, str]]:
        """Everything, once no session is open."""
        until = time.monotonic() + _LONGEST_S
        while True:
            with self._path.open("rb") as file:
                file.seek(self._read_to)
                lines = file.read()
            self._read_to += len(lines)
            items = [json.loads(line) for line in lines.splitlines()]
            self._kinds.update(item["kind"] for item in items)
            self._taken.extend(item for item in items if item["kind"] == "taken")
            if self._kinds["open"] == self._kinds["close"]:
                return self._taken
            assert time.monotonic() < until, "the mail server's sessions do not end"
            time.sleep(0.002)


@contextmanager
def mail_process(journal: Journal) -> Iterator[int]:
    """A mail server in a process of its own; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)
    child = os.fork()
    if child == 0:
        sink = MailSink()
        sink.on_data = lambda key, to, body: journal.write(kind="taken", id=key, to=to, sha256=sha256_hex(body))

        class Noted(SMTP):
            def connection_made(self, transport: Any) -> None:
                journal.write(kind="open")
                super().connection_made(transport)

            def connection_lost(self, error: Any) -> None:
                super().connection_lost(error)
                journal.write(kind="close")

        loop = asyncio.new_event_loop()
        loop.run_until_complete(
            loop.create_server(lambda: Noted(sink, loop=loop, hostname="mx.example"), sock=listener)
        )
        loop.run_forever()
    try:
        yield listener.getsockname()[1]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        listener.close()


class Points:
    """Counts the places at which a run may end, and ends it at the one that was drawn."""

    def __init__(self, end_at: int | None) -> None:
        self.passed = 0
        self._end_at = end_at
        event.listen(Session, "before_commit", lambda _: self.pass_one())
        event.listen(Session, "after_commit", lambda _: self.pass_one())
        self._around(SMTPProtocol, "data_received")
        self._around(SMTPProtocol, "write")

    def pass_one(self) -> None:
        self.passed += 1
        if self.passed == self._end_at:
            os._exit(CRASHED)

    def _around(self, owner: Any, name: str) -> None:
        """Before what arrives is heard, and after what was said has left."""
        inner = getattr(owner, name)

        def heard(protocol: Any, data: bytes) -> None:
            if name == "data_received":
                self.pass_one()
            inner(protocol, data)
            if name == "write":
                self.pass_one()

        setattr(owner, name, heard)


def run_once(settings: Settings, end_at: int | None) -> Callable[[], tuple[int, int]]:
    """Start a process that cuts and sends; wait for it by calling: (exit code, points passed)."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        signal.alarm(_LONGEST_S)
        code = 1
        try:
            points = Points(end_at)
            try:
                stages = deliver_digests(settings)
                problems = [problem for stage in stages for problem in stage.problems]
                code = 2 if problems else 0
                sys.stderr.write("".join(f"{problem}\n" for problem in problems))
            except StoreLocked:
                code = BUSY
            except BaseException:
                traceback.print_exc()
            os.write(writable, str(points.passed).encode())
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(writable)

    def wait() -> tuple[int, int]:
        _, status = os.waitpid(child, 0)
        with os.fdopen(readable) as file:
            passed = file.read()
        return os.waitstatus_to_exitcode(status), int(passed or 0)

    return wait


@dataclass(frozen=True)
class Expected:
    """What an undisturbed run leaves."""

    messages: dict[str, tuple[str, str]]
    """Recipient and hash of the body, by Message-ID."""
    changes: tuple[Any, ...]
    digests: Counter[str]
    told: int


class World:
    """A folder with a site that is published anew, subscribers, and a mail server."""

    def __init__(self, folder: Path, template: Path, editions: list[bytes], journal: Journal, port: int) -> None:
        shutil.copytree(template, folder)
        self._editions, self._journal = editions, journal
        self._before = len(journal.settled())
        self.settings = make_settings(folder, port)

    @property
    def store(self) -> Any:
        return open_subscriptions(self.settings.subscriptions_url)

    def publish(self, number: int) -> None:
        path = self.settings.site.out / DATABASE_PATH
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_bytes(self._editions[number])
        draft.replace(path)

    def taken(self) -> list[dict[str, str]]:
        return self._journal.settled()[self._before :]

    def expect(self) -> Expected:
        with self.store as store:
            return Expected(
                {item.message.message_id: (item.message.address, sha256_hex(item.message.body)) for item in store.load_deliveries()},
                tuple(replace(item, edition="") for item in store.load_changes(0)),
                Counter(kept.subscriber_name for kept in store.load_digests()),
                count_told(store),
            )  # fmt: skip


def count_told(store: SqlSubscriptions) -> int:
    ids = [item.id for item in store.load_subscribers()]
    return len(store.load_told(ids, [item.key for item in store.load_changes(0)]))


def make_settings(folder: Path, port: int) -> Settings:
    mail = Mail.model_validate({
        "host": "127.0.0.1", "port": port, "security": "none", "sender": "Tracker <news@tracker.example>",
        "connections": 1, "timeout_s": 20,
    })  # fmt: skip
    digests = Digests(mail=mail, public_url="https://serve.tracker.example/", secret_env="DIGEST_KEY")
    return Settings(
        data_dir=folder, site=Site(out=folder / "site", base_url="https://tracker.example/"), digests=digests
    )


def make_editions() -> list[bytes]:
    told = charge("Lumen accused Garnet of copying Prism with about 24,000 accounts.",
                  figures=(about("accounts", 24_000),), on="2026-03-01")  # fmt: skip
    more = charge(
        "Garnet copied Prism with 31,000 accounts, Lumen said.", figures=(about("accounts", 31_000),), on="2026-03-01"
    )
    later = charge("Lumen accused Garnet of copying Prism once more with 9,000 accounts.",
                   figures=(about("accounts", 9_000),), on="2026-05-20")  # fmt: skip
    stories = (story("a", told), story("b", more), story("c", later, on="2026-05-21"))
    made: list[Published] = []
    for count in (1, 2, 3):
        made.append(edition(*stories[:count], after=made[-1] if made else None))
    return [item.body for item in made]


def make_template(folder: Path, editions: list[bytes], journal: Journal, port: int) -> None:
    """Subscribers who know the first edition."""
    folder.mkdir()
    empty = folder.with_name("empty")
    empty.mkdir()
    world = World(folder / "made", empty, editions, journal, port)
    world.publish(0)
    with world.store as store:
        for number in range(5):
            rule = WatchRule(entities=("garnet",) if number % 2 else ("lumen",))
            store.save_subscriber(subscriber(number, rules=(rule,), cadence="at_once"))
    code, _ = run_once(world.settings, None)()
    assert code == 0
    (folder / "made").rename(folder / "world")


def warm_up(folder: Path, editions: list[bytes], template: Path, journal: Journal, port: int) -> None:
    """Do it once in this process: what is imported and compiled here, no child has to."""
    world = World(folder, template, editions, journal, port)
    for number in (1, 2):
        world.publish(number)
        deliver_digests(world.settings)


def crash_through(world: World, dice: random.Random, points: int, most: int) -> tuple[int, list[str]]:
    """Run and crash, again and again, until a run ends by itself: (crashes, what did not hold meanwhile)."""
    crashes, wrong, left = 0, [], points
    while True:
        before = world.taken()
        known = {item["id"] for item in before}
        # Drawn out of what is left, as far as that is known: a run has a few points more than the one that it goes on.
        end_at = dice.randint(1, left) if crashes < most else None
        left = max(12, left - (end_at or 0) + 6)
        code, _ = run_once(world.settings, end_at)()
        doubled = [item["id"] for item in world.taken()[len(before) :] if item["id"] in known]
        if len(doubled) > 1:
            wrong.append(f"one run sent again more than what was in flight: {doubled}")
        if code == 0:
            return crashes, wrong
        if code != CRASHED:
            return crashes, [*wrong, f"a run ended with {code}"]
        crashes += 1


def check(world: World, expected: Expected) -> list[str]:
    """What does not hold at the end."""
    wrong: list[str] = []

    def hold(what: str, found: object, wanted: object) -> None:
        if found != wanted:
            wrong.append(f"{what}: {found!r} and not {wanted!r}")

    taken = world.taken()
    hold("Message-IDs that were taken", {item["id"] for item in taken}, set(expected.messages))
    hold("all copies", {item["id"]: (item["to"], item["sha256"]) for item in taken}, expected.messages)
    hold("differing copies", len({(item["id"], item["sha256"]) for item in taken}), len(expected.messages))
    with world.store as store:
        deliveries = store.load_deliveries()
        hold("states", Counter(item.state for item in deliveries), Counter(sent=len(expected.messages)))
        records = [Counter(one.outcome for one in store.load_attempts(item.id))["sent"] for item in deliveries]
        hold("times recorded", set(records), {1})
        hold("the chain", store.verify_digests(), ())
        hold("digests", Counter(kept.subscriber_name for kept in store.load_digests()), expected.digests)
        found = store.load_edition()
        last = found.up_to_seq if found else 0
        hold("cursors", {item.cursor for item in store.load_subscribers()}, {last})
        hold("changes", tuple(replace(item, edition="") for item in store.load_changes(0)), expected.changes)
        hold("what was told", count_told(store), expected.told)
    return wrong


def two_at_once(world: World) -> list[str]:
    """Two processes cut and send at the same time, and then once more for what the slower one was kept from."""
    codes = [wait()[0] for wait in [run_once(world.settings, None) for _ in range(2)]]
    codes.append(run_once(world.settings, None)()[0])
    wrong = [f"a run ended with {code}" for code in codes if code not in (0, BUSY)]
    copies = Counter(item["id"] for item in world.taken())
    return [*wrong, *(f"{key} was sent {count} times" for key, count in copies.items() if count > 1)]


def drive(folder: Path, seed: int, wanted: int) -> dict[str, Any]:
    dice = random.Random(seed)
    journal = Journal(folder / "journal")
    with mail_process(journal) as port:
        editions = make_editions()
        make_template(folder / "template", editions, journal, port)
        warm_up(folder / "warm", editions, folder / "template" / "world", journal, port)
        worlds = 0

        def new_world() -> World:
            nonlocal worlds
            worlds += 1
            return World(folder / f"world{worlds}", folder / "template" / "world", editions, journal, port)

        clean, points, expected = new_world(), [], []
        for number in (1, 2):
            clean.publish(number)
            code, passed = run_once(clean.settings, None)()
            assert code == 0
            points.append(passed)
            expected.append(clean.expect())
        wrong = check(clean, expected[1])
        crashes = doubled = 0
        while crashes < wanted and not wrong:
            world = new_world()
            for number in (1, 2):
                world.publish(number)
                most = min(dice.randint(3, 12), wanted - crashes)
                more, wrong = crash_through(world, dice, points[number - 1], most)
                crashes += more
                wrong = [*wrong, *check(world, expected[number - 1])]
            doubled += len(world.taken()) - len(expected[1].messages)
        for _ in range(3):
            world = new_world()
            for number in (1, 2):
                world.publish(number)
                wrong += [*two_at_once(world), *check(world, expected[number - 1])]
    return {
        "crashes": crashes, "worlds": worlds, "points": points, "messages": len(expected[1].messages),
        "changes": len(expected[1].changes), "doubled": doubled, "wrong": wrong,
    }  # fmt: skip


if __name__ == "__main__":
    os.environ.update(SOURCE_DATE_EPOCH=str(AT), DIGEST_KEY="k" * 64)
    sys.stdout.write(json.dumps(drive(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))) + "\n")

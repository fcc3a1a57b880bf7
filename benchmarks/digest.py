"""Digests for 10,000 subscribers with 5 watch rules each, of an edition with 500 changes.

Who watches what is found by an index over the rules; in the same run it is found by looking at every rule for every
change (`naive`), which must find the same. Then a whole cut is made through the real database: match, compose, render
as mail, save. All of it again for a tenth of the subscribers: `growth_for_10x_subscribers` is a cut's processor time
for all, by ten times that for a tenth: 1 is linear. `naive_by_index` is how many times longer looking at everything
takes. Each size has a process of its own, whose peak of memory is told. Five hundred of the mails are then sent to a
server on this machine that throws them away (aiosmtpd, in its own process). `--quick` is a tenth of the size.

    python benchmarks/digest.py [--quick] [--json] [--subscribers NUMBER]
"""

from __future__ import annotations

import argparse
import resource
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from benchmarks.digest_world import BEGIN, RULES, DigestWorld
from benchmarks.figures import print_figures
from tracker.app import send_digests
from tracker.config import Settings
from tracker.digest.composing import Occasion, compose
from tracker.digest.links import Links
from tracker.digest.matching import Match, RuleIndex, fits
from tracker.digest.names import Names
from tracker.digest.querywords import words_of
from tracker.digest.telling import render_message
from tracker.digest.tokens import Tokens
from tracker.digest.window import Window
from tracker.digestsettings import Digests, Mail
from tracker.pipeline.cutting import cut
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types.changes import Change
from tracker.types.digests import DeliveryAttempt, Digest, Message
from tracker.types.watching import Subscriber

_CHANGES = 500
_MOST_SENT = 500
_MB = 1024


@dataclass
class Measured:
    """Of one size; processor time in seconds."""

    subscribers: int
    matches: int = 0
    items: int = 0
    looked_at: int = 0
    match_s: float = 0.0
    naive_s: float = 0.0
    compose_s: float = 0.0
    render_s: float = 0.0
    cut_s: float = 0.0
    peak_mb: float = 0.0
    sent: int = 0
    send_s: float = 0.0
    sent_in_s: float = 0.0
    """By the clock on the wall."""
    database_mb: float = 0.0

    @property
    def save_s(self) -> float:
        """The rest of a cut: reading subscribers and changes, keeping digests and messages."""
        return self.cut_s - self.match_s - self.compose_s - self.render_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 subscribers")
    parser.add_argument("--json", action="store_true", help="one object, {figures, ratios}")
    parser.add_argument("--subscribers", type=int, default=10_000, help="of the larger of both sizes")
    arguments = parser.parse_args()
    size = 1_000 if arguments.quick else max(10, arguments.subscribers)
    tenth, whole = (measure_apart(number) for number in (size // 10, size))
    print_figures(*tell(tenth, whole), as_json=arguments.json)


def measure_apart(subscribers: int) -> Measured:
    """Measure in a process of its own, so that memory is that of this size alone."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, subscribers).result()


def measure(subscribers: int) -> Measured:
    """One size: the parts by themselves, then a whole cut."""
    world, measured = DigestWorld(subscribers, _CHANGES), Measured(subscribers)
    with tempfile.TemporaryDirectory() as folder:
        file, address = Path(folder) / "tracker.db", f"sqlite:///{folder}/subscribers.db"
        edition = world.write(file)
        with open_subscriptions(address) as store:
            world.fill(store, edition)
            before_mb = _peak_mb()
            _measure_cut(store, file, measured)
            measured.peak_mb = _peak_mb() - before_mb
            _measure_sending(store, Path(folder), measured)
            measured.database_mb = sum(path.stat().st_size for path in Path(folder).glob("subscribers.db*")) / 1e6
            _measure_parts(store.load_subscribers(), store.load_changes(0), measured)
    return measured


def _measure_cut(store: SqlSubscriptions, file: Path, measured: Measured) -> None:
    # Templates and libraries are loaded once for all digests, however few there are.
    links = Links("https://serve.tracker.example/", Tokens(["a key of the benchmark alone, 32 letters"]))
    mail = Mail(host="localhost", sender="Digests <digests@tracker.example>", security="none")
    settings = Settings(digests=Digests(mail=mail, public_url=links.public_url))

    def render(subscriber: Subscriber, digest: Digest) -> Message:
        began = time.process_time()
        message = render_message(subscriber, digest, settings, links)
        measured.render_s += time.process_time() - began
        return message

    nobody = Digest("d", "s", "all_clear", 1, 0, 0, None, BEGIN, "e", (), ())
    render(next(iter(DigestWorld(1).people())), nobody)
    measured.render_s = 0.0
    began = time.process_time()
    report = cut(store, file, settings, BEGIN, render)
    measured.cut_s = time.process_time() - began
    if report.problems or report.given != measured.subscribers:
        sys.exit(f"the cut failed: {report}")


@dataclass(frozen=True)
class _Then:
    """The clock at the moment of the cut."""

    def now(self) -> datetime:
        return BEGIN


def _measure_sending(store: SqlSubscriptions, folder: Path, measured: Measured) -> None:
    """The first mails, over the connections that are the default."""
    for delivery in store.load_deliveries(state="pending", limit=measured.subscribers)[_MOST_SENT:]:
        tried = DeliveryAttempt(delivery.id, BEGIN, "temporary", 451, "not in this benchmark", 0)
        store.save_attempt(tried, "pending", BEGIN + timedelta(days=1))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sink = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]
    with subprocess.Popen(sink, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port)
            mail = Mail(host="127.0.0.1", port=port, sender="digests@tracker.example", security="none")
            settings = Settings(data_dir=folder, digests=Digests(mail=mail))
            began, began_at = time.process_time(), time.perf_counter()
            report = send_digests(settings, store, _Then())
            measured.send_s, measured.sent_in_s = time.process_time() - began, time.perf_counter() - began_at
            measured.sent = report.done
        finally:
            server.terminate()
    if report.problems or not measured.sent:
        sys.exit(f"sending failed: {report}")


def _await(port: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            if connection.recv(3) == b"220":
                return
        time.sleep(0.1)
    sys.exit("the mail server did not start: pip install aiosmtpd")


def _measure_parts(people: tuple[Subscriber, ...], changes: tuple[Change, ...], measured: Measured) -> None:
    people = tuple(replace(person, cursor=0) for person in people)
    began = time.process_time()
    index = RuleIndex(people, changes)
    found = index.find_matches()
    measured.match_s = time.process_time() - began
    measured.looked_at = index.looked_at
    measured.matches = sum(map(len, found.values()))
    measured.naive_s = _measure_naive(people, changes, found)
    window, occasion = Window(changes), Occasion(BEGIN, "e" * 64, len(changes))
    began = time.process_time()
    for person in people:
        composed = compose(person, found.get(person.id, ()), window, {}, Names(), occasion)
        if composed is not None:
            measured.items += sum(len(group.items) for group in composed.digest.groups)
    measured.compose_s = time.process_time() - began


def _measure_naive(people: tuple[Subscriber, ...], changes: tuple[Change, ...], found: dict[str, list[Match]]) -> float:
    """Every rule for every change; of a thousand subscribers at the most, and reckoned up to all."""
    some = people[:1_000]
    began = time.process_time()
    naive: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for change in changes:
        words = words_of(change, {})
        for person in some:
            fitting = tuple(number for number, rule in enumerate(person.rules) if fits(rule, change, words))
            if fitting:
                naive.setdefault(person.id, []).append((change.seq, fitting))
    took = time.process_time() - began
    ids = {person.id for person in some}
    if naive != {key: [(item.change.seq, item.rules) for item in of] for key, of in found.items() if key in ids}:
        sys.exit("the index found something else than looking at everything")
    return took * len(people) / len(some)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


def tell(tenth: Measured, whole: Measured) -> tuple[dict[str, float], dict[str, float]]:
    """(figures, ratios)."""
    figures: dict[str, float] = {
        "subscribers": whole.subscribers,
        "rules": whole.subscribers * RULES,
        "changes": _CHANGES,
        "matches": whole.matches,
        "items_in_digests": whole.items,
        "pairs_of_rule_and_change": whole.subscribers * RULES * _CHANGES,
        "pairs_looked_at": whole.looked_at,
        **{
            f"{name}_s": round(getattr(whole, f"{name}_s"), 2)
            for name in ("match", "naive", "compose", "render", "save", "cut")
        },
        "cut_of_a_tenth_s": round(tenth.cut_s, 2),
        "digests_a_second": round(whole.subscribers / whole.cut_s, 1),
        "memory_of_the_cut_mb": round(whole.peak_mb, 1),
        "memory_of_a_tenth_mb": round(tenth.peak_mb, 1),
        "mails_sent": whole.sent,
        "send_processor_s": round(whole.send_s, 2),
        "mails_a_second": round(whole.sent / whole.sent_in_s, 1),
        "database_mb": round(whole.database_mb, 1),
    }
    ratios = {
        "growth_for_10x_subscribers": round(whole.cut_s / (10 * tenth.cut_s), 3),
        "naive_by_index": round(whole.naive_s / whole.match_s, 1),
    }
    return figures, ratios


if __name__ == "__main__":
    main()

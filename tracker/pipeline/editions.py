"""Published editions, each compared with the one before it: what changed is kept once, whoever compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path

from tracker.digest.changes import find_changes
from tracker.digest.facts import facts_before, load_facts
from tracker.digest.lacking import describe_lack
from tracker.errors import InputError, UnreadableInput
from tracker.ports import Edition, SubscriptionStore
from tracker.query import Published, open_published
from tracker.types.changes import Change

_MOST_TRIES = 5


@contextmanager
def open_edition(path: Path) -> Iterator[tuple[Published, str]]:
    """The published database with its SHA-256: both of one file, though another may take its place meanwhile.

    Raises:
        UnreadableInput: there is none, or it is one of a newer tracker.
    """
    for _ in range(_MOST_TRIES):
        stamp = _stamp(path)
        sha256 = _sha256(path, stamp)
        with open_published(path) as published:
            if _stamp(path) == stamp:
                yield published, sha256
                return
    raise UnreadableInput(f"{path} is another file at every look; is it being published over and over?")


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise UnreadableInput(
            f"{path}: there is no published database to tell subscribers of; `tracker publish` makes it"
        ) from error
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _sha256(path: Path, stamp: tuple[int, int, int]) -> str:
    """Taken once for each state of a file: a scheduler looks every minute."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error


def compare_edition(
    store: SubscriptionStore, published: Published, sha256: str, now: datetime, *, accepting: bool = False
) -> Edition:
    """The last edition, after this one was compared with the one before it.

    The first edition ever is what later ones are compared with: nobody is told all that was known before. Where
    somebody else has compared meanwhile, nothing is kept of ours.

    Raises:
        InputError: it lacks so many events that everybody would be told false corrections; nothing is kept. Not where
            it is accepted as it is.
    """
    last = store.load_edition()
    if last is not None and last.sha256 == sha256:
        return last
    facts = load_facts(published)
    known: Mapping[str, int] = store.load_fact_digests() if last else {}
    lack = "" if accepting or last is None else describe_lack(known, facts)
    if lack:
        raise InputError(
            f"what is published (SHA-256 {sha256[:12]}) is not compared, and nobody is told of it: {lack}. Publish "
            "what is missing again; if it is right as it is: tracker digest run --accept-edition"
        )
    changes: tuple[Change, ...] = ()
    if last is not None:
        changes = find_changes(facts_before(known, facts, store.load_facts), facts, published)
    store.save_edition(
        sha256,
        now,
        [fact for key, fact in facts.items() if known.get(key) != fact.digest],
        [key for key in known if key not in facts],
        changes,
        compared_with=last.sha256 if last else None,
    )
    kept = store.load_edition()
    assert kept is not None  # ours, or that of whoever was quicker
    return kept

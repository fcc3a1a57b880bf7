"""Saving what cannot be made again into a folder, beside a run.

Subscribers first, then the database, then the archive: what a database names is then always in the copy of the archive,
which only grows, and nobody is told that something is gone which a restored database does not have yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker import __version__
from tracker.backup.archivefiles import archive_files, copy_archive
from tracker.backup.manifest import Manifest, sha256_of
from tracker.config import Settings
from tracker.deliver.staging import sync
from tracker.digest.keys import KEY_FILE
from tracker.errors import InputError, OutputUnusable, StoreLocked
from tracker.store import FolderLock, has_store, open_store, place_of
from tracker.store.schema import HEAD
from tracker.store.snapshots import is_file_database, snapshot_file, snapshot_store

DATABASE, SUBSCRIBERS, CONFIG, CURATION, ARCHIVE = "tracker.db", "subscribers.db", "config.yaml", "curation", "archive"
BACKUP_MARK = "backup_at"
"""The mark of the database that says when it was last saved (ISO 8601)."""
_MOST_EDITS = 100_000
Note = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Saved:
    """What was saved."""

    folder: Path
    files: tuple[str, ...]
    """Without the archive's."""
    archive_files: int
    copied_bytes: int
    """Of the archive, this time."""
    left_out: tuple[str, ...] = ()
    """What another program has to save, in words."""


def save(
    settings: Settings,
    folder: Path,
    *,
    config: Path | None = None,
    databases: bool = True,
    note: Note = lambda stage, done, total: None,
) -> Saved:
    """Save databases, archive, edits, keys and configuration; saved again, a folder only takes in what is new.

    With `databases` false those of a server are left to the server's own programs, which have to have run before.

    Raises:
        InputError: the folder is that of the data, or lies in it.
        OutputUnusable: it cannot be written, or the disk is full.
        StoreError: a database cannot be used.
    """
    _check_apart(folder, settings)
    with written_to(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FolderLock(folder, "backup").hold(), written_to(folder):
        begun_at = datetime.now(UTC)
        left_out = list(_save_databases(settings, folder, note)) if databases else ["the databases"]
        copied = copy_archive(
            settings.data_dir / ARCHIVE, folder / ARCHIVE, lambda done, total: note("archive", done, total)
        )
        _save_files(settings, folder, config)
        files = tuple(sorted(_saved_files(folder)))
        held = {path.name: path.stat().st_size for path in archive_files(folder / ARCHIVE)}
        digests = {name: sha256_of(folder / name) for name in files}
        Manifest(begun_at.isoformat(timespec="seconds"), __version__, HEAD, digests, held).write(folder)
    if databases:
        left_out += _mark(settings, begun_at)
    return Saved(folder, files, len(held), copied, tuple(left_out))


def _mark(settings: Settings, begun_at: datetime) -> list[str]:
    """Leave word in the database, for the metrics; a backup is none the worse where that could not be."""
    try:
        with open_store(settings.database_url) as store:
            store.save_mark(BACKUP_MARK, begun_at.isoformat(timespec="seconds"))
    except StoreLocked as error:
        return [f"when this was, for the metrics ({error})"]
    return []


def _check_apart(folder: Path, settings: Settings) -> None:
    for ours in (settings.data_dir, settings.site.out, settings.curation):
        if folder.resolve().is_relative_to(ours.resolve()) or ours.resolve().is_relative_to(folder.resolve()):
            raise InputError(
                f"{folder} and {ours} lie in one another; name a folder elsewhere, on another disk at best"
            )


def _save_databases(settings: Settings, folder: Path, note: Note) -> Iterator[str]:
    """Each as a new file that takes the old one's place; yields what is left to others."""
    subscribers = settings.subscriptions_url
    if not is_file_database(subscribers):
        yield f"the subscribers in {place_of(subscribers)}: pg_dump saves them"
    elif has_store(subscribers):
        with _draft_of(folder / SUBSCRIBERS) as draft:
            snapshot_file(subscribers, draft)
    with _draft_of(folder / DATABASE) as draft:
        snapshot_store(settings.database_url, draft, lambda done, total: note("database", done, total))


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """A name beside a file, for what is to take the file's place once it is whole."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        for name in (draft.name, f"{draft.name}-wal", f"{draft.name}-shm"):  # what a killed one has left
            path.with_name(name).unlink(missing_ok=True)
        yield draft
        for log in ("-wal", "-shm"):  # of somebody who looked into the old one and was killed: not the new one's
            path.with_name(f"{path.name}{log}").unlink(missing_ok=True)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _save_files(settings: Settings, folder: Path, config: Path | None) -> None:
    key = settings.data_dir / KEY_FILE
    if key.is_file():
        _copy_file(key, folder / KEY_FILE)
    if config is not None:
        _copy_file(config, folder / CONFIG)
    shutil.rmtree(folder / CURATION, ignore_errors=True)
    for path in edits_of(settings.curation):
        _copy_file(path, folder / CURATION / path.relative_to(settings.curation))


def edits_of(folder: Path) -> list[Path]:
    """The files of people's edits.

    Raises:
        InputError: they are so many that this is another folder.
    """
    found: list[Path] = []
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file():
            found.append(path)
        if len(found) > _MOST_EDITS:
            raise InputError(f"{folder} (curation) holds more than {_MOST_EDITS:,} files; is it the right folder?")
    return sorted(found)


def _copy_file(path: Path, target: Path) -> None:
    """Copy with the mode, whole, to the disk."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _draft_of(target) as draft:
        shutil.copy2(path, draft)
        sync(draft)


def _saved_files(folder: Path) -> Iterator[str]:
    for name in (DATABASE, SUBSCRIBERS, KEY_FILE, CONFIG):
        if (folder / name).is_file():
            yield name
    for path in edits_of(folder / CURATION):
        yield str(path.relative_to(folder))


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """What the disk says while files are written to a folder, as an error of ours. Raises: OutputUnusable."""
    try:
        yield
    except OSError as error:
        raise OutputUnusable(f"{error.filename or folder}: {error.strerror or error}") from error

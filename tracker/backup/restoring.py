"""Putting a backup back where there is nothing: files first, then the databases that name them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tracker.backup.archivefiles import archive_files, copy_archive
from tracker.backup.manifest import Manifest, find_changes, load_manifest
from tracker.backup.saving import ARCHIVE, CURATION, DATABASE, SUBSCRIBERS, edits_of, written_to
from tracker.config import Settings
from tracker.deliver.staging import sync
from tracker.digest.keys import KEY_FILE
from tracker.errors import InputError, UnreadableInput
from tracker.store import RunLock, copy_store, place_of
from tracker.store.snapshots import file_of, is_file_database

_MOST_TOLD = 20
Note = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Restored:
    """What was put back."""

    made_at: str
    """When the backup was begun; what came later is fetched anew, where it can still be had."""
    database: str
    archive_files: int
    left_out: tuple[str, ...] = ()
    """What was not put back and why, in words."""


def restore(settings: Settings, folder: Path, note: Note = lambda stage, done, total: None) -> Restored:
    """Put what a backup holds where the configuration says; nothing that is there is replaced.

    Raises:
        UnreadableInput: it is no whole backup, or is no longer as it was saved.
        InputError: there is a database or an archive already.
        OutputUnusable, StoreError: the place cannot be written, or a run holds it.
    """
    manifest = load_manifest(folder)
    if changes := find_changes(folder, manifest):
        told = "; ".join(changes[:_MOST_TOLD])
        raise UnreadableInput(f"{folder} is not the backup of {manifest.made_at} any more: {told}")
    left_out: list[str] = []
    with RunLock(settings.data_dir, settings.database_url).hold():
        _check_free(settings, manifest)
        with written_to(settings.data_dir):
            copy_archive(
                folder / ARCHIVE, settings.data_dir / ARCHIVE, lambda done, total: note("archive", done, total)
            )
            left_out += _restore_files(settings, folder, manifest)
            left_out += _restore_subscribers(settings, folder, manifest)
            if DATABASE in manifest.files:
                _restore_database(settings, folder, note)
            else:
                left_out.append("the database, which is not in this backup: pg_restore")
    return Restored(manifest.made_at, place_of(settings.database_url), len(manifest.archive), tuple(left_out))


def _check_free(settings: Settings, manifest: Manifest) -> None:
    """Nothing may be replaced. What an interrupted restore has brought of the archive may be there."""
    if is_file_database(settings.database_url) and file_of(settings.database_url).exists():
        raise InputError(f"there is a database {place_of(settings.database_url)} already; move it away first")
    others = {path.name for path in archive_files(settings.data_dir / ARCHIVE)} - manifest.archive.keys()
    if others:
        raise InputError(f"{settings.data_dir / ARCHIVE} holds an archive already ({min(others)}); move it away first")


def _restore_files(settings: Settings, folder: Path, manifest: Manifest) -> list[str]:
    left_out = []
    if KEY_FILE in manifest.files:
        left_out += _put(folder / KEY_FILE, settings.data_dir / KEY_FILE)
    edits = [name for name in manifest.files if name.startswith(f"{CURATION}/")]
    if edits and edits_of(settings.curation):
        return [*left_out, f"people's edits: there are some in {settings.curation} already"]
    for name in edits:
        left_out += _put(folder / name, settings.curation / Path(name).relative_to(CURATION))
    return left_out


def _restore_subscribers(settings: Settings, folder: Path, manifest: Manifest) -> list[str]:
    if SUBSCRIBERS not in manifest.files:
        return []
    if not is_file_database(settings.subscriptions_url):
        return [
            f"the subscribers: digests.database is {place_of(settings.subscriptions_url)}, pg_restore puts them there"
        ]
    return _put(folder / SUBSCRIBERS, file_of(settings.subscriptions_url))


def _restore_database(settings: Settings, folder: Path, note: Note) -> None:
    if is_file_database(settings.database_url):
        _put(folder / DATABASE, file_of(settings.database_url))
        return
    # a copy: taking the backup's file forward to a newer schema would change the backup
    with TemporaryDirectory(dir=settings.data_dir) as here:
        copy = Path(shutil.copyfile(folder / DATABASE, Path(here) / DATABASE))
        copy_store(f"sqlite:///{copy}", settings.database_url, lambda done, total: note("database", done, total))


def _put(path: Path, target: Path) -> list[str]:
    """Copy a file to a place where none is, whole; what is there stays, and is told."""
    if target.exists():
        return [f"{target}: it is there already"]
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    shutil.copy2(path, draft)
    sync(draft)
    draft.replace(target)
    return []

"""What a saved folder says of itself: which files it has, as they were when it was whole."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tracker.errors import UnreadableInput

NAME = "backup.json"
FORMAT = 1
_BLOCK = 1 << 20
_MOST_BYTES = 200_000_000


@dataclass(frozen=True)
class Manifest:
    """A backup; it is written last, so that a folder without it, or with another's, was never whole."""

    made_at: str
    """ISO 8601, UTC."""
    version: str
    """Of the tracker."""
    schema: str
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 by path within the folder; without the archive's."""
    archive: dict[str, int] = field(default_factory=dict)
    """Bytes by name: the records carry digests of their own."""
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Put it into the folder, whole."""
        draft = folder / f".{NAME}"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / NAME)


def load_manifest(folder: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        UnreadableInput: it is no whole backup, or was made by a newer version of the tracker.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.get("format") != FORMAT:
            raise UnreadableInput(f"{path}: format {told.get('format')!r}; install the version that wrote it")
        return Manifest(**told)
    except OSError as error:
        why = "it holds no backup, or one that was broken off" if folder.is_dir() else "there is no such folder"
        raise UnreadableInput(f"{folder}: {why} ({path.name}: {error.strerror})") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}") from error


def find_changes(folder: Path, manifest: Manifest) -> list[str]:
    """What is no longer as it was when the backup was whole, in words."""
    found = []
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            found.append(f"{name} is gone")
        elif sha256_of(path) != digest:
            found.append(f"{name} is not as it was saved")
    for name, size in manifest.archive.items():
        path = folder / "archive" / name
        has = path.stat().st_size if path.is_file() else 0
        if has < size:
            found.append(f"archive/{name} has {has:,} of {size:,} bytes")
    return found


def sha256_of(path: Path) -> str:
    """The digest of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()

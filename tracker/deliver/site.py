"""The site's folder: the old site stays until the new one is whole, and a crash at any point leaves one of the two.

What changed is put into `<out>.next`. The old site has a twin, `<out>.twin`: a tree of hard links to its files, so that
only what changed has to be linked to make of it the new site. That takes the old one's place by two renames (`out` ->
`<out>.previous`, `<out>.twin` -> `out`), and the old tree, brought to the same files, is the twin from then on. Without
one, `<out>.next` is filled with a link for each file. Folders that this module made carry a marker that lists the files
written there; no other folder is ever replaced or removed, and no folder that holds a file of others.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

from tracker.deliver import twintree
from tracker.deliver.staging import (
    BUILDING,
    COMPLETE,
    MARKER,
    Staging,
    check_relative,
    mark_as_building,
    sync,
    translate,
)
from tracker.errors import OutputUnusable
from tracker.ports import SiteFiles


class FolderSiteWriter:
    """Writes the site to a local folder (`ports.SiteWriter`)."""

    def __init__(self) -> None:
        self._begun: set[Path] = set()
        """The sites of which a new one is being made, so that its folder is not what a crash left behind."""

    def look(self, out: Path, paths: Collection[str] | None = None) -> dict[str, tuple[int, int]]:
        """(size, modification time in ns) of each file of the site, after mending what a crash left behind.

        With `paths` only of these, all of which are there, and nothing is mended.

        Raises:
            OutputUnusable: as `write`.
        """
        out = out.resolve()
        try:
            if paths is None and out not in self._begun:
                _recover(out)
            top, listed = os.fspath(out), _list_files(out) if paths is None else paths
            return {path: found for path in listed if (found := _state(f"{top}/{path}"))}
        except OSError as exc:
            raise translate(exc, out) from exc

    def read(self, out: Path, path: str) -> bytes | None:
        """A file of the site as it stands; None where there is none."""
        file = out / path  # not resolved: the gates read pages by the hundred
        return file.read_bytes() if file.is_file() else None

    def load_record(self, out: Path) -> bytes | None:
        """What `save_record` kept of this site, None where it kept nothing.

        Raises:
            OutputUnusable: `out` is the top of the file system.
        """
        path = _record(out.resolve())
        return path.read_bytes() if path.is_file() else None

    def save_record(self, out: Path, record: bytes) -> None:
        """Keep something beside the site, in place of what was kept before; it is no part of what is published.

        Raises:
            OutputUnusable: the disk is full, or the folder cannot be written.
        """
        path = _record(out.resolve())
        made = path.with_name(f"{path.name}.new")
        try:
            made.write_bytes(record)
            made.replace(path)
        except OSError as exc:
            raise translate(exc, out) from exc

    @contextmanager
    def begin(self, out: Path) -> Iterator[SiteFiles]:
        """A place for the files of a new site, which `write` puts in the place of the old one; without that they go.

        What a crash of an earlier run left behind is mended first.

        Raises:
            OutputUnusable: as `write`.
        """
        out = out.resolve()
        folder = _next(out)
        try:
            _recover(out)
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
            (folder / MARKER).write_bytes(BUILDING)
        except OSError as exc:
            if folder.is_dir() and _is_ours(folder):
                _remove(folder)
            raise translate(exc, out) from exc
        self._begun.add(out)
        try:
            yield Staging(out, folder)
        finally:
            self._begun.discard(out)
            if folder.exists():
                _remove(folder)

    def write(self, pages: Mapping[str, bytes], out: Path, kept: frozenset[str] = frozenset()) -> tuple[int, int, int]:
        """Make `out` hold exactly `pages`, and of what it holds `kept`, all or nothing: (written, unchanged, removed).

        Where nothing changed nothing is touched, and unchanged files keep their modification times. Paths use "/" and
        stay within the folder. `pages` may be what `begin` gave.

        Raises:
            OutputUnusable: `out` is a folder that this writer did not make, and it is not empty, or it holds files
                that this writer did not write; the disk is full, or the folder cannot be written. The old site is as
                it was.
        """
        if isinstance(pages, Staging):
            return _finish(pages, kept)
        for path in pages:
            check_relative(path)
        with self.begin(out) as files:
            files.add({path: files.put(path, body) for path, body in pages.items()})
            return self.write(files, out, kept)

    def check(self, out: Path) -> None:
        """See early what `write` would refuse, whatever the pages.

        Raises:
            OutputUnusable: `out` is a folder that this writer did not make, and it is not empty.
        """
        out = out.resolve()
        try:
            _check_ours(out)
        except OSError as exc:
            raise translate(exc, out) from exc


def _next(out: Path) -> Path:
    return _beside(out, ".next")


def _previous(out: Path) -> Path:
    return _beside(out, ".previous")


def _twin(out: Path) -> Path:
    return _beside(out, ".twin")


def _record(out: Path) -> Path:
    return _beside(out, ".record")


def _beside(out: Path, ending: str) -> Path:
    if not out.name:
        raise OutputUnusable(f"{out} cannot hold the site; name a folder of its own")
    return out.with_name(out.name + ending)


def _state(file: str) -> tuple[int, int] | None:
    found = os.lstat(file)
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _is_ours(folder: Path) -> bool:
    """Whether we may replace or remove this: a folder with our marker, or an empty one. A link never is ours."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return (folder / MARKER).is_file() or not any(folder.iterdir())


def _is_complete(folder: Path) -> bool:
    marker = folder / MARKER
    return _is_ours(folder) and marker.is_file() and marker.read_bytes().startswith(COMPLETE)


def _listed(folder: Path) -> set[str] | None:
    """The files that the marker says we wrote; None without a marker, or with one from before it held a list."""
    marker = folder / MARKER
    lines = marker.read_text(encoding="utf-8").splitlines() if marker.is_file() else []
    return set(lines[1:]) if len(lines) > 1 else None


def _check_no_file_of_others(out: Path, present: set[str], unchanged: set[str], wanted: AbstractSet[str]) -> None:
    """Refuse to lose a file that we did not write. Without a list only what the new site holds too counts as ours."""
    listed = _listed(out)
    ours = present & wanted if listed is None else listed
    if foreign := sorted(present - ours - unchanged):
        shown = ", ".join(foreign[:5]) + (f" and {len(foreign) - 5} more" if len(foreign) > 5 else "")
        raise OutputUnusable(
            f"{out} holds files that the tracker did not write there, and would be replaced with them: {shown}; "
            "move them away and publish again"
        )


def _check_ours(out: Path) -> None:
    for folder in (out, _next(out), _previous(out), _twin(out)):
        if (folder.exists() or folder.is_symlink()) and not _is_ours(folder):
            raise OutputUnusable(
                f"{folder} is not a site that the tracker made, so it is not replaced; move it away or set site.out"
            )


def _recover(out: Path) -> None:
    """Bring the folders back to one and its twin: the newest whole site at `out`, or nothing."""
    _check_ours(out)
    following, previous = _next(out), _previous(out)
    if not out.exists():
        if _is_complete(following):
            following.rename(out)
        elif _is_complete(previous):
            previous.rename(out)
    if previous.exists() and not _twin(out).exists():
        previous.rename(_twin(out))
    for leftover in (following, previous):
        if leftover.exists():
            _remove(leftover)


def _list_files(out: Path) -> set[str]:
    """Relative paths of everything in the site that is not a folder, but for the marker; empty where there is none."""
    top = os.fspath(out)
    found: set[str] = set()
    for folder, _, names in os.walk(top):
        within = folder[len(top) :].replace(os.sep, "/").strip("/")
        found.update(f"{within}/{name}" if within else name for name in names)
    return found - {MARKER}


def _swap(out: Path, made: Path) -> None:
    previous = _previous(out)
    if out.exists():
        out.rename(previous)
    try:
        made.rename(out)
    except OSError:
        if previous.exists():
            previous.rename(out)
        raise
    sync(out.parent)


def _make_twin(out: Path, written: Collection[str], removed: AbstractSet[str]) -> None:
    """Have the tree of the site before hold the same files as the one of now: nothing that was withdrawn stays there,
    and no file twice."""
    previous, twin = _previous(out), _twin(out)
    if twin.exists():  # it stood aside, since it could not be used
        _remove(twin)
    if not previous.exists():
        previous.mkdir()
        written = _list_files(out)
    try:
        mark_as_building(previous)
        twintree.remove_files(previous, removed)
        twintree.link_files(out, previous, written)
        previous.rename(twin)
    except OSError:  # the new site stands whatever becomes of its twin
        _remove(previous)


def _remove(folder: Path) -> None:
    """Remove one of our folders; the marker goes last, so that a half-removed one is still known as ours."""
    for item in list(folder.iterdir()):
        if item.name == MARKER:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    (folder / MARKER).unlink(missing_ok=True)
    folder.rmdir()


def _finish(files: Staging, kept: frozenset[str]) -> tuple[int, int, int]:
    """See `FolderSiteWriter.write`."""
    out = files.out
    try:
        _check_ours(out)
        present = _list_files(out)
        wanted = kept | files.keys()
        unchanged = files.unchanged() | kept
        _check_no_file_of_others(out, present, unchanged, wanted)
        removed = present - wanted
        if len(unchanged) == len(wanted) and not removed and _listed(out) == set(wanted):
            return 0, len(unchanged), 0
        _swap(out, files.complete(unchanged, _twin(out)))
        _make_twin(out, files.written, removed)
    except OSError as exc:
        raise translate(exc, out) from exc
    return len(wanted) - len(unchanged), len(unchanged), len(removed)

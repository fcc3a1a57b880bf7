"""A second tree of the site beside it, of hard links to the same files: it is brought to what is wanted by what changed
alone, where a tree made anew takes a link for every file, and takes the site's place.

Nothing is believed of it: what of it holds the site's own files is seen by their inodes, whatever a crash or a person
left there. Files are never changed in place, since both trees have them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path


def bring_to(twin: Path, site: Path, kept: AbstractSet[str], besides: AbstractSet[str]) -> set[str]:
    """Make the twin hold the site's own files `kept`, and beside them at most `besides`; gives the folders that
    changed.

    Raises:
        OSError: the folder cannot be written, or the file system has no hard links.
    """
    held, standing = inodes(twin), inodes(site)
    wrong = [path for path in kept if path not in held or held[path] != standing.get(path)]
    return remove_files(twin, held.keys() - kept - besides) | link_files(site, twin, wrong)


def link_files(site: Path, twin: Path, paths: Iterable[str]) -> set[str]:
    """Have the site's files at these paths in the twin too, in place of what it has there; gives their folders.

    Raises:
        OSError: as `bring_to`.
    """
    folders = set[str]()
    for path in paths:
        make_way(twin, path, folders)
        os.link(f"{site}/{path}", f"{twin}/{path}", follow_symlinks=False)
    return folders


def move_files(staged: Path, twin: Path, paths: Iterable[str]) -> set[str]:
    """Move files into the twin, in place of what it has there; gives their folders.

    Raises:
        OSError: the folder cannot be written.
    """
    folders = set[str]()
    for path in paths:
        make_way(twin, path, folders)
        (staged / path).replace(twin / path)
    return folders


def remove_files(twin: Path, paths: Iterable[str]) -> set[str]:
    """Remove files, and the folders that are empty then; gives the folders that changed and are still there.

    Raises:
        OSError: the folder cannot be written.
    """
    folders = set[str]()
    for path in paths:
        (twin / path).unlink(missing_ok=True)
        folder = path.rpartition("/")[0]
        while folder and _is_removed(twin / folder):
            folders.discard(folder)
            folder = folder.rpartition("/")[0]
        folders.add(folder)
    return folders


def make_way(twin: Path, path: str, folders: set[str]) -> None:
    """A place for a file, at which there is none; its folder is put to `folders`."""
    folder = path.rpartition("/")[0]
    if folder not in folders:
        (twin / folder).mkdir(parents=True, exist_ok=True)
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    place = f"{twin}/{path}"
    try:
        os.unlink(place)  # noqa: PTH108 (tens of thousands: paths would take as long as the links)
    except FileNotFoundError:
        pass
    except OSError:
        if not os.path.isdir(place) or os.path.islink(place):  # noqa: PTH112, PTH114
            raise
        shutil.rmtree(place)  # an empty one: its files went before


def inodes(top: Path) -> dict[str, int]:
    """The inode of each file below a folder, links among them, by its path from there."""
    found: dict[str, int] = {}
    folders = [""]
    while folders:
        within = folders.pop()
        with os.scandir(f"{top}/{within}") as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{within}{entry.name}/")
                else:
                    found[f"{within}{entry.name}"] = entry.inode()
    return found


def _is_removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except OSError:
        return False
    return True

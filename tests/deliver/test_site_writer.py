from __future__ import annotations

import errno
import os
import resource
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.deliver import FolderSiteWriter
from tracker.errors import OutputUnusable

OLD = {"index.html": b"old index", "events/a.html": b"a", "events/b.html": b"b", "assets/site.css": b"css"}
NEW = {"index.html": b"new index", "events/a.html": b"a", "events/deep/c.html": b"c", "assets/site.css": b"css"}
MARKER = ".tracker-site"


def read_site(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != MARKER
    }


def leftovers(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path not in (out, twin_of(out)))


def twin_of(out: Path) -> Path:
    return out.with_name(f"{out.name}.twin")


def inodes(out: Path) -> dict[str, int]:
    files = (path for path in out.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(out).as_posix(): path.stat().st_ino for path in files}


def test_writes_everything_then_only_what_changed(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "site"
    assert FolderSiteWriter().write(OLD, out) == (4, 0, 0)
    assert read_site(out) == OLD
    assert FolderSiteWriter().write(NEW, out) == (2, 2, 1)
    assert read_site(out) == NEW
    assert not (out / "events/b.html").exists()
    assert leftovers(out) == []


def test_unchanged_site_is_not_touched_and_unchanged_files_keep_their_times(tmp_path: Path) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    for path in [*out.rglob("*"), out]:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    inode = out.stat().st_ino
    assert FolderSiteWriter().write(OLD, out) == (0, 4, 0)
    assert {path.stat().st_mtime for path in [*out.rglob("*"), out]} == {1_000_000_000}
    assert out.stat().st_ino == inode
    FolderSiteWriter().write(NEW, out)
    assert (out / "events/a.html").stat().st_mtime == 1_000_000_000
    assert (out / "index.html").stat().st_mtime > 1_000_000_000


def test_a_file_of_ours_that_somebody_changed_is_put_right(tmp_path: Path) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    (out / "index.html").write_bytes(b"OLD INDEX")
    assert FolderSiteWriter().write(OLD, out) == (1, 3, 0)
    assert read_site(out) == OLD


@pytest.mark.parametrize("name", ["notes.txt", "events/deep/c.html"])
def test_a_file_of_others_is_named_and_nothing_is_replaced(tmp_path: Path, name: str) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_bytes(b"mine")
    for pages in (OLD, NEW):
        with pytest.raises(OutputUnusable, match=name):
            FolderSiteWriter().write(pages, out)
    assert read_site(out) == OLD | {name: b"mine"}
    (out / name).unlink()
    assert FolderSiteWriter().write(NEW, out) == (2, 2, 1)


def test_a_marker_without_a_list_vouches_only_for_what_the_new_site_holds(tmp_path: Path) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    (out / MARKER).write_bytes(b"complete\n")
    with pytest.raises(OutputUnusable, match=r"events/b\.html"):
        FolderSiteWriter().write(NEW, out)
    assert FolderSiteWriter().write(OLD, out) == (0, 4, 0)
    assert FolderSiteWriter().write(NEW, out) == (2, 2, 1)


def test_the_root_cannot_hold_a_site() -> None:
    with pytest.raises(OutputUnusable, match="a folder of its own"):
        FolderSiteWriter().write(OLD, Path("/"))


@pytest.mark.parametrize("which", ["site", "site.next", "site.previous", "site.twin"])
def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, which: str) -> None:
    foreign = tmp_path / which
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("ten years of work")
    with pytest.raises(OutputUnusable, match="not a site that the tracker made"):
        FolderSiteWriter().write(OLD, tmp_path / "site")
    assert (foreign / "thesis.txt").read_text() == "ten years of work"
    assert leftovers(foreign) == []


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(OutputUnusable):
        FolderSiteWriter().write(OLD, tmp_path / "site")
    assert (tmp_path / "site").read_text() == "mine"


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert FolderSiteWriter().write(OLD, tmp_path / "site") == (4, 0, 0)


def test_a_link_to_the_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "real")
    FolderSiteWriter().write(OLD, tmp_path / "site")
    assert (tmp_path / "site").is_symlink()
    assert read_site(tmp_path / "real") == OLD


@pytest.mark.parametrize("path", ["../evil.html", "/etc/evil", "a/../../b", "", "a//b", MARKER, "a\\b", "a\nb"])
def test_paths_that_leave_the_folder_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no path of a file within the site"):
        FolderSiteWriter().write({path: b"x"}, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def write_and_die(out: Path, pages: dict[str, bytes], step: int) -> bool:
    """Write in a child process that is cut off before its `step`-th change to the disk; True if it got to the end."""
    child = os.fork()
    if child == 0:
        seen = 0

        def cut(event: str, args: tuple[object, ...]) -> None:
            nonlocal seen
            writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in {"os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir"}:
                seen += 1
                if seen > step:
                    os._exit(7)

        sys.addaudithook(cut)
        try:
            FolderSiteWriter().write(pages, out)
        except BaseException:
            os._exit(8)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 7)
    return code == 0


@pytest.mark.parametrize("before", [{}, OLD], ids=["first site", "next site"])
def test_a_crash_before_any_change_to_the_disk_is_recovered(tmp_path: Path, before: dict[str, bytes]) -> None:
    for step in range(200):
        out = tmp_path / str(step) / "site"
        out.parent.mkdir()
        if before:
            FolderSiteWriter().write(before, out)
        finished = write_and_die(out, NEW, step)
        if out.exists():
            assert read_site(out) in (before, NEW), f"half a site after step {step}"
        FolderSiteWriter().write(NEW, out)
        assert read_site(out) == NEW
        assert leftovers(out) == []
        if finished:
            assert step > 10
            return
    pytest.fail("the writer never finished")


@pytest.mark.parametrize("step", [0, 8, 16, 20, 24])
def test_a_crash_of_a_crashed_site_is_recovered(tmp_path: Path, step: int) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    for _ in range(3):
        write_and_die(out, NEW, step)
        write_and_die(out, OLD, step + 1)
    FolderSiteWriter().write(NEW, out)
    assert read_site(out) == NEW
    assert leftovers(out) == []


@pytest.mark.parametrize("call", ["fsync", "link", "mkdir"])
def test_a_full_disk_is_one_clear_line_and_the_old_site_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    shutil.rmtree(twin_of(out))  # or there is nothing to link

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OutputUnusable, match="the disk is full") as caught:
        FolderSiteWriter().write(NEW, out)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    assert read_site(out) == OLD
    assert leftovers(out) == []


def test_a_file_system_that_refuses_a_large_file_leaves_the_old_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OutputUnusable, match="could not be written"):
            FolderSiteWriter().write(NEW | {"large.bin": b"x" * 5000}, out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read_site(out) == OLD
    assert leftovers(out) == []


def test_without_hard_links_files_are_copied_with_their_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    os.utime(out / "events/a.html", (1_000_000_000, 1_000_000_000))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert FolderSiteWriter().write(NEW, out) == (2, 2, 1)
    assert read_site(out) == NEW
    assert (out / "events/a.html").stat().st_mtime == 1_000_000_000


def test_the_twin_has_the_files_of_the_site_and_takes_its_place(tmp_path: Path) -> None:
    out, twin = tmp_path / "site", tmp_path / "site.twin"
    FolderSiteWriter().write(OLD, out)
    assert inodes(twin) == inodes(out)
    folders = out.stat().st_ino, twin.stat().st_ino
    FolderSiteWriter().write(NEW, out)
    assert inodes(twin) == inodes(out)
    assert (twin.stat().st_ino, out.stat().st_ino) == folders
    assert not (twin / "events/b.html").exists()  # what was withdrawn stays nowhere
    FolderSiteWriter().write({"index.html": b"alone"}, out)
    for tree in (out, twin):
        assert sorted(path.name for path in tree.rglob("*")) == [MARKER, "index.html"]  # and no empty folder


NAMES = st.sampled_from([*OLD, *NEW, "events", "events/b.html/x", "z", "assets"])


@given(st.sets(NAMES), st.dictionaries(NAMES, st.sampled_from([b"a", b"z", None])), st.booleans())
def test_whatever_stands_in_the_twin_the_site_comes_out_right(
    tmp_path_factory: pytest.TempPathFactory, lost: set[str], others: dict[str, bytes | None], is_marked: bool
) -> None:
    out = tmp_path_factory.mktemp("harmed") / "site"
    FolderSiteWriter().write(OLD, out)
    for path in [twin_of(out) / name for name in lost]:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()
    for path, body in ((twin_of(out) / name, body) for name, body in others.items()):
        with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)  # never through a link
            path.mkdir() if body is None else path.write_bytes(body)
    if not is_marked:
        shutil.rmtree(twin_of(out))
    FolderSiteWriter().write(NEW, out)
    assert read_site(out) == NEW
    assert inodes(twin_of(out)) == inodes(out)


def test_an_update_links_what_changed_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    many = {f"events/{number}.html": b"%d" % number for number in range(300)}
    FolderSiteWriter().write(many, out)
    linked: list[str] = []
    link = os.link

    def noting(old: str, new: str, **options: bool) -> None:
        linked.append(new)
        link(old, new, **options)

    monkeypatch.setattr(os, "link", noting)
    assert FolderSiteWriter().write(many | {"events/7.html": b"other"}, out) == (1, 299, 0)
    assert [path.rpartition("/")[2] for path in linked] == ["7.html"]


def test_a_site_that_somebody_took_away_is_not_brought_back_from_its_twin(tmp_path: Path) -> None:
    out = tmp_path / "site"
    FolderSiteWriter().write(OLD, out)
    shutil.rmtree(out)
    assert FolderSiteWriter().look(out) == {}
    assert FolderSiteWriter().write(NEW, out) == (4, 0, 0)
    assert inodes(twin_of(out)) == inodes(out)

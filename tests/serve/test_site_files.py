"""The site over HTTP: its files, nothing else, and nothing fails while it is published anew."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.serve.asking import ask_raw, get
from tests.serve.conftest import running
from tracker.deliver import FolderSiteWriter
from tracker.serve.ranges import UNSATISFIABLE, parse_range
from tracker.serve.serving import Serving
from tracker.serve.sitefiles import MEDIA_TYPES


def test_each_file_has_its_type_and_its_bytes(server: str, site: Path) -> None:
    suffixes = set()
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != ".tracker-site" and path.suffix not in suffixes:
            suffixes.add(path.suffix)
            answer = get(f"{server}/{path.relative_to(site)}")
            assert (answer.status_code, answer.content) == (200, path.read_bytes()), path
            assert answer.headers["content-type"] == MEDIA_TYPES[path.suffix or path.name], path
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert {".html", ".css", ".js", ".json", ".db", ".csv"} <= suffixes


def test_a_folder_is_its_index_and_leads_there_without_the_last_slash(server: str, site: Path) -> None:
    assert get(f"{server}/").content == (site / "index.html").read_bytes()
    assert get(f"{server}/disputes/").content == (site / "disputes/index.html").read_bytes()
    moved = get(f"{server}/disputes")
    assert (moved.status_code, moved.headers["location"]) == (308, "/disputes/")


def test_what_an_asker_holds_is_not_sent_again(server: str) -> None:
    first = get(f"{server}/index.html")
    for held in ({"If-None-Match": f'"other", W/{first.headers["etag"]}'}, {"If-None-Match": "*"},
                 {"If-Modified-Since": first.headers["last-modified"]}):  # fmt: skip
        again = get(f"{server}/index.html", headers=held)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    for other in ({"If-None-Match": '"other"'}, {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
                  {"If-Modified-Since": "some day"}):  # fmt: skip
        assert get(f"{server}/index.html", headers=other).content == first.content


def test_head_has_the_headers_of_get_and_no_body(server: str) -> None:
    whole, head = get(f"{server}/about.html"), httpx.head(f"{server}/about.html")
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


def test_parts_of_a_file_are_what_was_asked_for(server: str, site: Path) -> None:
    whole = (site / "data/tracker.db").read_bytes()
    address = f"{server}/data/tracker.db"
    for asked, wanted in (("bytes=0-15", whole[:16]), ("bytes=100-", whole[100:]), ("bytes=-7", whole[-7:])):
        part = get(address, headers={"Range": asked})
        assert (part.status_code, part.content) == (206, wanted)
        assert part.headers["content-range"].endswith(f"/{len(whole)}")
    beyond = get(address, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    changed = get(address, headers={"Range": "bytes=0-15", "If-Range": '"before"'})
    assert (changed.status_code, changed.content) == (200, whole)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), st.integers(0, 10**6))
def test_no_range_reaches_beyond_the_file(asked: str, size: int) -> None:
    part = parse_range(asked, size)
    assert part in (None, UNSATISFIABLE) or 0 <= part[0] < part[1] <= size


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/data/../../secret.txt", "/%2e%2e/secret.txt", "/%2e%2e%2fsecret.txt", "/..%2fsecret.txt",
        "/%252e%252e/secret.txt", "/..\\secret.txt", "/%5c..%5csecret.txt", "//secret.txt", "/./secret.txt",
        "/secret.txt%00.html", "/link.txt", "/linked/secret.txt", "/.tracker-site", "/data/.hidden", "/a%0d%0ab",
        "/" + "a" * 5000, "/index.html/", "/" + "a/" * 3000,
    ],
)  # fmt: skip
def test_nothing_but_the_site_is_given_away(path: str, outside: str) -> None:
    answer = ask_raw(outside, path)
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"the secret" not in answer and b"/tmp" not in answer


@pytest.fixture(scope="module")
def outside(site: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    """A server over a copy of the site, beside which lies a file that is nobody's business, with links that lead there."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.txt").write_text("the secret")
    copied = folder / "site"
    shutil.copytree(site, copied)
    (copied / "data/.hidden").write_text("the secret")
    (copied / "link.txt").symlink_to(folder / "secret.txt")
    (copied / "linked").symlink_to(folder)
    with running(Serving(copied)) as address:
        yield address


def test_what_is_not_there_is_the_sites_own_page_with_links_that_work_anywhere(server: str) -> None:
    missing = get(f"{server}/events/of/no/such.html")
    assert missing.status_code == 404
    assert "There is no such page" in missing.text
    assert 'href="/assets/site.css"' in missing.text
    assert get(f"{server}/assets/site.css").status_code == 200


def test_only_reading_is_allowed(server: str) -> None:
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        answer = httpx.request(method, f"{server}/index.html")
        assert answer.status_code == 405 and answer.headers["content-type"] == "application/problem+json"


def test_no_request_fails_while_the_site_is_published_again_and_again(site: Path, tmp_path: Path) -> None:
    copied = tmp_path / "site"
    shutil.copytree(site, copied)
    pages = {
        "index.html": b"one",
        "big.txt": b"x" * 3_000_000,
        "data/tracker.db": (site / "data/tracker.db").read_bytes(),
    }
    writer = FolderSiteWriter()
    writer.write(pages, copied)
    seen, failed, stop = set(), [], threading.Event()

    def keep_asking(address: str) -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not stop.is_set():
                page, big = client.get("/index.html"), client.get("/big.txt")
                seen.add(page.content)
                wrong = [item.status_code for item in (page, big, client.get("/readyz")) if item.status_code != 200]
                failed.extend(wrong if len(set(big.content)) == 1 else [*wrong, 0])

    with running(Serving(copied, look_every_s=0.02)) as address:
        askers = [threading.Thread(target=keep_asking, args=(address,)) for _ in range(3)]
        for asker in askers:
            asker.start()
        for number in range(25):
            fresh = f"{number}".encode()
            size = 2_000_000 + number * 1000
            writer.write({**pages, "index.html": fresh, "big.txt": fresh[-1:] * size}, copied)
        stop.set()
        for asker in askers:
            asker.join()
        assert get(f"{address}/index.html").content == b"24"
    assert not failed
    assert len(seen) > 1

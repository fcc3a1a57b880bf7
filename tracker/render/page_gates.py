"""What must be true of the pages of a site: links lead somewhere, nothing comes from elsewhere, quotes are exact."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit
from zlib import crc32

from tracker.render.pagefacts import PageFacts
from tracker.render.wording import clean

_SHOWN = 200
_OPEN = ("http", "https")


def check_page(path: str, facts: PageFacts, files: Collection[str], anchors: Mapping[str, Container[str]]) -> list[str]:
    """What is wrong with one page's addresses, one line each.

    `files` are the paths of the site, `anchors` the ids of each page that a link with a fragment may lead to.
    """
    problems: list[str] = []
    folder = posixpath.dirname(path)
    if len(facts.ids) != len(set(facts.ids)):
        twice = sorted({name for name in facts.ids if facts.ids.count(name) > 1})
        problems.append(f"{path}: these ids stand more than once: {', '.join(twice)}")
    problems += [f"{path}: loads {_shown(load)} from outside the site" for load in facts.loads if is_outside(load)]
    inside = (load for load in facts.loads if not is_outside(load) and not load.startswith("data:image/"))
    for link in dict.fromkeys([*facts.links, *inside]):
        if _leads_somewhere(folder, link, files) or _is_found(path, folder, link, files, anchors):
            continue
        if why := _why_dangling(path, link, files, anchors):
            problems.append(f"{path}: the link {_shown(link)!r} {why}")
    return problems


def _leads_somewhere(folder: str, link: str, files: Collection[str]) -> bool:
    """The plain case, looked at first because nearly every link is it: a file below the page's folder or one above."""
    if folder and link.startswith("../"):
        return link[3:] in files and "/" not in folder
    return (f"{folder}/{link}" if folder else link) in files


def _is_found(path: str, folder: str, link: str, files: Collection[str], anchors: Mapping[str, Container[str]]) -> bool:
    """Whether a link leads outside or to a place that there is; of one that may not, `_why_dangling` has the last
    word."""
    if link.startswith("#"):
        return link[1:] in anchors.get(path, ())
    if link.startswith(("http://", "https://")):
        end = link.find("/", len("https://"))
        return _is_open(link if end < 0 else link[:end])
    aim = _aim_of(folder, link)
    return aim is not None and aim[0] in files and (not aim[1] or aim[1] in anchors.get(aim[0], ()))


@lru_cache(maxsize=1 << 12)  # originals are of few houses
def _is_open(origin: str) -> bool:
    """Whether an address that begins so is one: what comes behind the host makes no address wrong."""
    return (parts := _split(origin)) is not None and parts.scheme in _OPEN


@lru_cache(maxsize=1 << 16)  # the pages of a folder link to much the same
def _aim_of(folder: str, link: str) -> tuple[str, str] | None:
    """(a page, a place on it) that a link to another page means; None for what is not so plain."""
    parts = _split(link)
    if parts is None or parts.scheme or not parts.path or parts.path.startswith("/"):
        return None
    return _target_in(folder, parts.path), unquote(parts.fragment)


def is_outside(load: str) -> bool:
    """Whether what a page loads is not a file of the site; an image may be in the page itself."""
    if load.startswith("data:image/"):
        return False
    return bool(_scheme(load)) or load.startswith(("//", "<"))


@lru_cache(maxsize=1 << 12)  # every page loads the same
def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return "?"


@lru_cache(maxsize=1 << 16)  # an original is linked from each page that quotes it
def _split(link: str) -> SplitResult | None:
    try:
        return urlsplit(link)
    except ValueError:
        return None


def _why_dangling(path: str, link: str, files: Collection[str], anchors: Mapping[str, Container[str]]) -> str | None:
    parts = _split(link)
    if parts is None:
        return "is no address"
    if parts.scheme:
        return None if parts.scheme in _OPEN else "is neither http nor https"
    # Only the page for missing addresses starts at the server's top, under whatever folder the site is served.
    if parts.path.startswith("/"):
        found = any(parts.path.endswith("/" + page) for page in files)
        return None if path == "404.html" and found else "does not start from its own page"
    target = target_of(path, parts.path)
    if target not in files:
        return "leads to no file of the site"
    if parts.fragment and unquote(parts.fragment) not in anchors.get(target, ()):
        return "leads to no place on its page"
    return None


def target_of(path: str, address: str) -> str:
    """The file that an address on a page leads to, as a path from the site's top."""
    if not address:
        return path
    return _target_in(posixpath.dirname(path), address)


@lru_cache(maxsize=1 << 16)  # the pages of a folder link to much the same
def _target_in(folder: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(address)))


def place_sum(path: str, anchor: str) -> int:
    """A checksum of a page, or of a place on one: enough to find the pages that may lead there."""
    return crc32(f"{path}#{anchor}".encode("utf-8", "surrogatepass"))


def place_sums(path: str, facts: PageFacts) -> list[int]:
    """Of every place of the site that a page links to, the pages that these are on among them."""
    folder = posixpath.dirname(path)
    found: list[int] = []
    for link in facts.links:
        if link.startswith("#"):
            found += [place_sum(path, unquote(link[1:]))] if len(link) > 1 else []
        elif not link.startswith(("http:", "https:")):
            found += _sums_of(path if link.startswith("?") else "", folder, link)
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1 << 16)  # the pages of a folder link to much the same
def _sums_of(path: str, folder: str, link: str) -> tuple[int, ...]:
    """Those of one link; `path` is of the page itself where the link names no other."""
    address, _, fragment = link.partition("#")
    address_of_page = address.partition("?")[0]
    target = _target_in(folder, address_of_page) if address_of_page else path
    found = [place_sum(target, unquote(fragment))] if fragment else []
    return (*found, place_sum(target, "")) if address else tuple(found)


def anchor_sums(path: str, ids: Iterable[str]) -> list[int]:
    """Of every place on a page."""
    return [place_sum(path, name) for name in dict.fromkeys(ids)]


def check_quotes(path: str, facts: PageFacts, cited: Mapping[str, str]) -> list[str]:
    """The quotes of a page that are not what their versions say; `cited` has the words of each claim by its anchor."""
    return [
        f"{path}: the quote of claim {anchor} is not what its version says"
        for anchor, words in [*facts.quotes, *facts.marks]
        if anchor not in cited or (words != cited[anchor] and _words(words) != _words(cited[anchor]))
    ]


def check_loads(path: str, loads: Collection[str]) -> Iterator[str]:
    """What a style sheet would load from outside."""
    yield from (f"{path}: loads {_shown(load)} from outside the site" for load in loads if is_outside(load))


def _words(text: str) -> str:
    return " ".join(clean(text).split())


def _shown(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"

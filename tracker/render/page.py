"""What a site is made of before it is rendered: pages by their template, and files by their bytes.

Each kind of page has a module with `list_pages(views)`, which says what pages there are and how the values of each are
made; `tracker.render.site.KINDS` names the modules. Values are made only when their page is rendered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of HTML (or a feed of XML): `path` from the site's top, with "/" between folders."""

    path: str
    template: str
    values: Callable[[], Values]
    is_listed: bool = True
    """Whether the sitemap names it; a page that only says where something went is not named."""
    shows_all: bool = False
    """Whether it shows the whole dataset: it is made anew whenever anything changed. What a page reads is noted while
    it is made, so only what is made together with others, or by a thing with a state, need say so."""
    is_last: bool = False
    """Whether it tells of other files, and is made once these are."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that is no page."""

    path: str
    body: Callable[[], bytes]
    shows_all: bool = False
    """As of a page."""
    is_last: bool = False
    """As of a page."""


@dataclass(frozen=True, slots=True)
class FileSet:
    """Files that are made together, and show the whole dataset."""

    name: str
    """Once in a site."""
    paths: tuple[str, ...]
    make: Callable[[], tuple[Mapping[str, bytes], Any]]
    """(the files, what is to be told of them)."""
    tell: Callable[[Any], None]
    """Called with what is told, before that is made which comes last."""

    @property
    def shows_all(self) -> bool:
        """As of a page."""
        return True


@dataclass(frozen=True, slots=True)
class PageGroup:
    """What there is of one thing, as long as that can be said without looking at others of its kind.

    Which pages these are is noted as what the group reads; while nothing of that changes, and no page of it, none of
    its pages is so much as listed.
    """

    name: str
    """Once in a site: "documents doc-1a2b"."""
    about: tuple[object, ...]
    """Things of the dataset that its list is given, for their names."""
    list_pages: Callable[[], Iterable[Page | DataFile]]


Item = Page | DataFile | FileSet | PageGroup


def list_all(items: Iterable[Item]) -> Iterator[Page | DataFile | FileSet]:
    """All pages and files, those of groups among them."""
    for item in items:
        yield from item.list_pages() if isinstance(item, PageGroup) else (item,)


def is_listed(item: Page | DataFile | FileSet) -> bool:
    """Whether the sitemap names it."""
    return isinstance(item, Page) and item.is_listed


def comes_last(item: Item) -> bool:
    """Whether it is made when all others are."""
    return isinstance(item, Page | DataFile) and item.is_last


def paths_of(item: Page | DataFile | FileSet) -> tuple[str, ...]:
    """Where its files lie."""
    return item.paths if isinstance(item, FileSet) else (item.path,)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Thing = TypeVar("Thing", bound=_Named)


def group_each(
    kind: str, things: Iterable[Thing], list_pages: Callable[[Thing], Iterable[Page | DataFile]]
) -> Iterator[PageGroup]:
    """A group for each thing; `list_pages` says what there is of one of them."""
    for thing in things:
        yield PageGroup(f"{kind} {thing.id}", (thing,), partial(list_pages, thing))

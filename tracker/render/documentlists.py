"""The list of documents: on one page as long as that is short, else a page for each publisher, or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from tracker.ids import digest_of, slugify
from tracker.render.page import Page, Values
from tracker.render.views import DocumentView, Views, newest_document

INDEX = "documents/index.html"
MOST_ON_INDEX = 400
"""Documents on one page: under 300 KB."""

Group = tuple[str, list[DocumentView]]


@dataclass(frozen=True, slots=True)
class PublisherRow:
    """A publisher whose documents have pages of their own."""

    name: str
    path: str
    count: int
    newest: date | None


def list_pages(views: Views) -> Iterator[Page]:
    """The list, and the pages of each publisher where there are more than MOST_ON_INDEX documents."""
    groups = _by_publisher(views)
    if sum(len(rows) for _, rows in groups) <= MOST_ON_INDEX:
        yield Page(INDEX, "documents.html", partial(_index_values, views, groups, ()))
        return
    publishers = tuple(PublisherRow(name, _path(name), len(rows), rows[0].published) for name, rows in groups)
    yield Page(INDEX, "documents.html", partial(_index_values, views, (), publishers))
    for name, rows in groups:
        yield from _list_parts(name, rows)


def _by_publisher(views: Views) -> list[Group]:
    groups: dict[str, list[DocumentView]] = {}
    for document in views.catalogue.documents.values():
        view = views.document(document)
        groups.setdefault(view.publisher, []).append(view)
    ordered = sorted(groups.items(), key=lambda item: (item[0].casefold(), item[0]))
    return [(name, sorted(rows, key=newest_document)) for name, rows in ordered]


def _index_values(views: Views, groups: Sequence[Group], publishers: Sequence[PublisherRow]) -> Values:
    documents = views.catalogue.documents
    return {
        "groups": groups,
        "publishers": publishers,
        "document_count": len(documents),
        "relevant_count": sum(map(views.catalogue.is_relevant, documents.values())),
    }


def _path(name: str, part: int = 1) -> str:
    stem = f"{slugify(name, 40)}-{digest_of(name)}"
    return f"documents/publishers/{stem}{f'-{part}' if part > 1 else ''}.html"


def _list_parts(name: str, rows: Sequence[DocumentView]) -> Iterator[Page]:
    """Parts counted from the oldest on, so that a full one stays as it is; the newest is not at the plain address."""
    oldest = rows[::-1]
    parts = [oldest[at : at + MOST_ON_INDEX][::-1] for at in range(0, len(oldest), MOST_ON_INDEX)]
    for number, part in enumerate(parts, 1):
        older = _path(name, number - 1) if number > 1 else ""
        newer = _path(name, number + 1) if number < len(parts) else ""
        values: partial[Values] = partial(
            dict, publisher=name, count=len(rows), rows=part, part=number, parts=len(parts), older=older, newer=newer
        )
        yield Page(_path(name, number), "documents_of.html", values)

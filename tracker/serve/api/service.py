"""What each route answers, over the newest edition of the database. Runs in worker threads: nothing here is async."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import Response

from tracker.errors import QueryRefused, QueryTooSlow, UnreadableInput
from tracker.serve.api.asked import Asked, filters_of, read_detail, read_list
from tracker.serve.api.bodies import MEDIA_TYPES, Format, choose_format, detail_body, list_body
from tracker.serve.api.calls import Call
from tracker.serve.api.names import NamesOfEditions
from tracker.serve.api.pages import Moved, Page, as_of_record, read_one, read_page
from tracker.serve.api.parameters import read_pairs
from tracker.serve.api.problems import Problem
from tracker.serve.api.references import follow_ids
from tracker.serve.api.resource import Record, Resource
from tracker.serve.api.searching import FIELDS, read_search, search
from tracker.serve.api.validators import Validators, validators_of
from tracker.serve.edition import Edition, EditionBusy, Editions

_AGAIN = {"Retry-After": "5"}


@contextmanager
def told_as_problems() -> Iterator[None]:
    """Turn what the database cannot do into problems."""
    try:
        yield
    except QueryTooSlow:
        told = "the question took longer than it may; ask for less: more filters, fewer days, a smaller limit"
        raise Problem("too-slow", told, headers=_AGAIN) from None
    except QueryRefused as error:
        if not isinstance(error.__cause__, ValueError):  # SQL that is wrong is a mistake of ours
            raise
        raise Problem("bad-request", "it has a value that no row can have; look for stray characters in it") from None
    except EditionBusy:
        raise Problem("unavailable", "every connection to the database is busy; try again", headers=_AGAIN) from None
    except UnreadableInput:
        raise Problem("unavailable", "no database is published now; try again later", headers=_AGAIN) from None


@dataclass(frozen=True, slots=True)
class Service:
    """The answers of the API. `seconds` is how long one question to the database may take."""

    editions: Editions
    names: NamesOfEditions
    seconds: float

    def list_things(self, resource: Resource, call: Call) -> Response:
        """A page of a resource."""
        with told_as_problems(), self.editions.use() as edition:
            asked = self._follow(edition, resource, read_list(resource, call.pairs, self.names.of(edition)))

            def read() -> Page:
                with edition.lend() as database:
                    return read_page(database, resource, asked, call.root, self.seconds)

            names = [*(item.name for item in asked.fields), "self"]
            told = {"limit": asked.limit}
            as_of = as_of_record(resource, asked)
            return self._page(edition, call, read, names, told | ({"as_of": as_of} if as_of else {}))

    def show_thing(self, resource: Resource, id: str, call: Call) -> Response:
        """One thing, or where it has gone."""
        if not id:
            raise Problem("not-found", f"a slash stands after /{resource.name}; the list is at /{resource.name}")
        with told_as_problems(), self.editions.use() as edition:
            asked = read_detail(resource, call.pairs)
            format_, validators = self._begin(edition, call)
            try:
                with edition.lend() as database:
                    record = read_one(database, resource, asked, id, call.root, self.seconds)
            except Moved as moved:
                there = f"{call.root}/{resource.name}/{quote(moved.id, safe='')}"
                query = f"?{call.query.decode('ascii')}" if call.query else ""
                return Response(status_code=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": there + query})
            if validators.is_known(call.none_match, call.modified_since):  # what is not there is a 404 to everybody
                return _not_modified(validators)
            as_of = as_of_record(resource, asked, is_detail=True)
            around = {"meta": _meta(edition) | ({"as_of": as_of} if as_of else {}), "links": {"self": call.address()}}
            names = [*(item.name for item in asked.fields), *(part.name for part in asked.parts), "self"]
            return _answer(format_, detail_body(format_, record, names, around), validators, resource.singular.lower())

    def search(self, call: Call) -> Response:
        """A page of what is found."""
        with told_as_problems(), self.editions.use() as edition:
            sought = read_search(call.pairs)

            def read() -> Page:
                with edition.lend() as database:
                    return search(database, sought, call.root, self.seconds)

            names = [*(item.name for item in FIELDS), "self"]
            return self._page(edition, call, read, names, {"limit": sought.limit})

    def _follow(self, edition: Edition, resource: Resource, asked: Asked) -> Asked:
        """The question with ids that were merged followed; one that is nobody's is a problem."""
        if not any(item.of for item in filters_of(resource, asked)):
            return asked
        with edition.lend() as database:
            followed = follow_ids(database, resource, asked.values, self.seconds)
        return replace(asked, values=asked.values | followed)

    def _begin(self, edition: Edition, call: Call) -> tuple[Format, Validators]:
        wanted = next((value for name, value in call.pairs if name == "format"), None)
        format_ = choose_format(call.accept, (wanted,) if wanted else None)
        return format_, validators_of(edition, call.root, call.path, call.query.decode("ascii"), format_)

    def _page(self, edition: Edition, call: Call, read: Callable[[], Page], names: list[str], told: Record) -> Response:
        format_, validators = self._begin(edition, call)
        if validators.is_known(call.none_match, call.modified_since):
            return _not_modified(validators)
        page = read()
        links = {"self": call.address()} | ({"next": call.address(page.after)} if page.after else {})
        around = {"meta": {**_meta(edition), **told, "count": len(page.records)}, "links": links}
        body = list_body(format_, page.records, names, around)
        answer = _answer(format_, body, validators, call.path.strip("/"))
        if page.after:
            answer.headers["Link"] = f'<{links["next"]}>; rel="next"'
        return answer


def _meta(edition: Edition) -> Record:
    """Which data the answer is of."""
    facts = edition.about.facts
    return {"built_on": facts.get("built_on") or None, "database": facts.get("content_sha256")}


def _answer(format_: Format, body: bytes, validators: Validators, name: str) -> Response:
    headers = validators.headers()
    if format_ == "csv":
        headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return Response(body, headers=headers | {"Content-Type": MEDIA_TYPES[format_]})


def _not_modified(validators: Validators) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=validators.headers())


def no_parameters(call: Call) -> None:
    """Refuse parameters where there are none.

    Raises:
        Problem: there are some.
    """
    if read_pairs(call.query):
        raise Problem("bad-parameters", f"{call.path or '/'} takes no parameters")

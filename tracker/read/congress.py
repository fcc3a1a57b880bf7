"""Answers of the congress.gov API v3 about bills (github.com/LibraryOfCongress/api.congress.gov, BillEndpoint.md):
a list of bills, a bill, its actions, its summaries and its texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import html as lxml_html

from tracker.errors import NotParsable
from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.dates import parse_published
from tracker.read.govinfo import text_url
from tracker.read.texts import clean_text, on_one_line
from tracker.read.urls import find_url
from tracker.types import Candidate, PageContent

_API = "the congress.gov API"
_TYPES = {
    "hr": ("H.R.", "house-bill"), "s": ("S.", "senate-bill"),
    "hres": ("H.Res.", "house-resolution"), "sres": ("S.Res.", "senate-resolution"),
    "hjres": ("H.J.Res.", "house-joint-resolution"), "sjres": ("S.J.Res.", "senate-joint-resolution"),
    "hconres": ("H.Con.Res.", "house-concurrent-resolution"),
    "sconres": ("S.Con.Res.", "senate-concurrent-resolution"),
}  # fmt: skip
_PATH = re.compile(r"/v3/bill/(?P<congress>\d+)/(?P<type>[a-z]+)/(?P<number>\d+)(?:/(?P<part>\w+))?/?$", re.I)
_PACKAGE = re.compile(r"BILLS-\d+[a-z]+\d+[a-z]+\d*")
_READABLE = ("Formatted Text", "PDF", "Formatted XML")
"""Forms of a text, the best to read first."""


@dataclass(frozen=True, slots=True)
class BillId:
    """A bill by its place: 119, "hr", 8283."""

    congress: int
    type: str
    number: int

    @property
    def name(self) -> str:
        """As it is cited: "H.R. 8283"."""
        return f"{_TYPES.get(self.type, (self.type.upper(), ''))[0]} {self.number}"

    @property
    def page(self) -> str:
        """Its page for people on congress.gov."""
        slug = _TYPES.get(self.type, ("", self.type))[1]
        return f"https://www.congress.gov/bill/{_ordinal(self.congress)}-congress/{slug}/{self.number}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def parse_bill_path(url: str) -> tuple[BillId, str] | None:
    """(the bill that an address of the API names, "" or the part of it such as "actions"); None for another address."""
    match = _PATH.search(url.partition("?")[0])
    if match is None:
        return None
    bill = BillId(int(match["congress"]), match["type"].lower(), int(match["number"]))
    return bill, (match["part"] or "").lower()


class _Count(ApiModel):
    count: int = 0


class _Action(ApiModel):
    actionDate: str | None = None  # noqa: N815 (the API's own names)
    text: str | None = None


class _Person(ApiModel):
    fullName: str | None = None  # noqa: N815


class _Bill(ApiModel):
    congress: int
    type: str
    number: str
    title: str | None = None
    originChamber: str | None = None  # noqa: N815
    introducedDate: str | None = None  # noqa: N815
    updateDate: str | None = None  # noqa: N815
    latestAction: _Action | None = None  # noqa: N815
    sponsors: list[_Person] = []  # noqa: RUF012
    laws: list[dict[str, Any]] = []  # noqa: RUF012
    actions: _Count = _Count()
    summaries: _Count = _Count()
    textVersions: _Count = _Count()  # noqa: N815


class _OneBill(ApiModel):
    bill: _Bill


class _Pagination(ApiModel):
    count: int | None = None
    next: str | None = None


class _Bills(ApiModel):
    bills: list[dict[str, Any]]
    pagination: _Pagination = _Pagination()


class _Actions(ApiModel):
    actions: list[dict[str, Any]]


class _Summaries(ApiModel):
    summaries: list[dict[str, Any]]


class _Summary(ApiModel):
    actionDate: str | None = None  # noqa: N815
    actionDesc: str | None = None  # noqa: N815
    text: str | None = None


class _Format(ApiModel):
    type: str
    url: str


class _Text(ApiModel):
    date: str | None = None
    type: str | None = None
    formats: list[_Format] = []  # noqa: RUF012


class _Texts(ApiModel):
    textVersions: list[dict[str, Any]]  # noqa: N815


@dataclass(frozen=True, slots=True)
class BillParts:
    """What there is of a bill."""

    title: str | None
    introduced: str | None
    latest_action: str | None
    actions: int
    summaries: int
    texts: int


def parse_bill(body: bytes) -> BillParts:
    """What a bill's own answer says that there is of it.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    bill = load_answer(body, _OneBill, _API).bill
    latest = bill.latestAction.actionDate if bill.latestAction else None
    return BillParts(
        one_line(bill.title), bill.introducedDate, latest,
        bill.actions.count, bill.summaries.count, bill.textVersions.count,
    )  # fmt: skip


def parse_bills(body: bytes, api: str, include: re.Pattern[str] | None = None) -> ApiList:
    """The bills of a list whose title matches, by their answers under `api` (".../v3/bill").

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    answer = load_answer(body, _Bills, _API)
    candidates, last_at = [], None
    for bill in load_entries(answer.bills, _Bill, _API):
        last_at = parse_instant(bill.updateDate) or last_at
        if include is None or include.search(bill.title or ""):
            url = f"{api}/{bill.congress}/{bill.type.lower()}/{bill.number}"
            candidates.append(Candidate(url, one_line(bill.title), bill.introducedDate))
    pages = answer.pagination
    return ApiList(tuple(candidates), pages.count, pages.next, last_at, len(answer.bills))


def parse_texts(body: bytes, bill: BillId) -> tuple[Candidate, ...]:
    """The texts of a bill, one each version: as govinfo.gov holds it for everybody, else in the API's best form.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    found = []
    for text in load_entries(load_answer(body, _Texts, _API).textVersions, _Text, _API):
        forms = {item.type: item.url for item in text.formats}
        url = next((forms[form] for form in _READABLE if form in forms), None)
        package = _PACKAGE.search(url or "")
        address = text_url(package[0]) if package else find_url(url, "")
        if address:
            stage = f" ({text.type})" if text.type else ""
            found.append(Candidate(address, f"{bill.name}{stage}", text.date))
    return tuple(found)


def read_bill_page(body: bytes, url: str) -> PageContent:
    """A bill, its actions or its summaries as a text in the API's own words, each stage in a sentence with its date.

    Raises:
        NotParsable: another address, an error, or another shape than the API documents.
    """
    found = parse_bill_path(url)
    if found is None:
        raise NotParsable(f"{url} is JSON, but no bill of the congress.gov API")
    bill, part = found
    if part == "":
        return _read_bill(body, bill)
    if part == "actions":
        return _read_actions(body, bill)
    if part == "summaries":
        return _read_summaries(body, bill)
    raise NotParsable(f"{url}: of a bill, its actions and its summaries are read, not its {part}")


def _read_bill(body: bytes, bill: BillId) -> PageContent:
    about = load_answer(body, _OneBill, _API).bill
    title = one_line(about.title) or bill.name
    introduced = parse_published(about.introducedDate or "")
    lines = [f"{bill.name}, {_ordinal(bill.congress)} Congress: {title}."]
    if introduced:
        lines.append(f"It was introduced in the {about.originChamber or 'Congress'} on {_day(introduced)}.")
    lines += [f"Sponsor: {person.fullName}." for person in about.sponsors if person.fullName]
    lines += [f"It became {law.get('type', 'law')} {law['number']}." for law in about.laws if law.get("number")]
    if about.latestAction:
        lines += _stages([about.latestAction], "Latest action on")
    return PageContent(
        clean_text("\n\n".join(lines)), f"{bill.name} - {title}", introduced, "en", bill.page, kind="bill"
    )


def _read_actions(body: bytes, bill: BillId) -> PageContent:
    actions = list(load_entries(load_answer(body, _Actions, _API).actions, _Action, _API))
    # The API's newest comes first; a history is read from its beginning. House and Library tell some stages twice.
    oldest_first = list(reversed(actions))
    stages = _stages(sorted(oldest_first, key=lambda item: item.actionDate or ""), "On")
    if not stages:
        raise NotParsable(f"{bill.page}: the API has no action of the bill")
    days = [found for item in actions if (found := parse_published(item.actionDate or ""))]
    heading = f"Actions on {bill.name}, {_ordinal(bill.congress)} Congress"
    text = clean_text("\n\n".join([f"{heading}.", *dict.fromkeys(stages)]))
    return PageContent(text, heading, max(days, default=None), "en", f"{bill.page}/all-actions", kind="bill")


def _stages(actions: list[_Action], opening: str) -> list[str]:
    found = []
    for action in actions:
        day, words = parse_published(action.actionDate or ""), on_one_line(action.text or "")
        if day and words:
            found.append(f"{opening} {_day(day)}: {words if words.endswith(('.', ')')) else words + '.'}")
    return found


def _read_summaries(body: bytes, bill: BillId) -> PageContent:
    summaries = list(load_entries(load_answer(body, _Summaries, _API).summaries, _Summary, _API))
    parts, days = [], []
    for summary in sorted(summaries, key=lambda item: item.actionDate or ""):
        words = _plain(summary.text or "")
        if not words:
            continue
        day = parse_published(summary.actionDate or "")
        days += [day] if day else []
        stage = summary.actionDesc or "Summary"
        parts += [f"{stage}, {_day(day)}:" if day else f"{stage}:", words]
    if not parts:
        raise NotParsable(f"{bill.page}: the API has no summary of the bill")
    heading = f"Summary of {bill.name}, {_ordinal(bill.congress)} Congress"
    text = clean_text("\n\n".join(parts))
    return PageContent(text, heading, max(days, default=None), "en", f"{bill.page}/summary", kind="bill")


def _plain(markup: str) -> str:
    """The words of a summary's HTML, a paragraph each."""
    if not markup.strip():
        return ""
    tree = lxml_html.fragment_fromstring(markup, create_parent="div")
    blocks = [on_one_line(block.text_content()) for block in tree.iter("p", "li") if block.find(".//p") is None]
    return "\n\n".join(filter(None, blocks or [on_one_line(tree.text_content())]))


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"

"""How the adapters of APIs ask, page and split by dates; answers of the documented shapes, from an API played here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.sources.web import NOW, URL, Query, Web, make_source, web_of
from tracker.errors import FetchError, FetchFailed, KeyMissing, NotParsable
from tracker.sources import PartlyListed, auth_headers

KEY = {"DATA_GOV_API_KEY": "k3y", "COURTLISTENER_TOKEN": "t0ken"}


def register(days: dict[str, int]) -> Web:
    """A Federal Register with so many documents a day, that gives at most 2,000 of a query."""
    documents = [
        {"title": f"Rule {day} {n}", "html_url": f"{URL}/d/{day}/{n}", "publication_date": day, "document_number": "1"}
        for day in sorted(days, reverse=True)
        for n in range(days[day])
    ]

    def answer(path: str, query: Query) -> object:
        low = query.get("conditions[publication_date][gte]", ["0"])[0]
        high = query.get("conditions[publication_date][lte]", ["9"])[0]
        found = [item for item in documents if low <= item["publication_date"] <= high]
        size, page = int(query["per_page"][0]), int(query.get("page", ["1"])[0])
        reached = found[:2_000]
        more = f"{URL}{path}?{_with_page(web.asked[-1], page + 1)}" if size * page < len(reached) else None
        results = reached[size * (page - 1) : size * page]
        return {"count": len(found), "results": results, "next_page_url": more} if found else {"count": 0}

    web = Web(answer)
    return web


def _with_page(url: str, page: int) -> str:
    return "&".join(
        [*(part for part in url.partition("?")[2].split("&") if not part.startswith("page=")), f"page={page}"]
    )


def test_the_register_is_collected_whole_where_a_query_gives_only_a_part() -> None:
    web = register({f"2026-06-{day:02}": 700 for day in range(17, 31)})
    source = make_source("federal_register", "/api", max_documents=50_000)
    found = web.list(source, NOW - timedelta(days=14))
    assert len(found) == 14 * 700
    assert len({item.url for item in found}) == len(found)


def test_the_register_is_asked_for_the_outage_and_a_week_before() -> None:
    web = register({"2026-06-30": 1, "2026-06-09": 1, "2026-06-08": 1})
    source = make_source("federal_register", "/api", term="model extraction", agencies=["a-b", "c"], types=["RULE"])
    assert len(web.list(source, NOW - timedelta(days=14))) == 2
    for part in ("conditions[term]=model+extraction", "[agencies][]=a-b&conditions[agencies][]=c", "[type][]=RULE",
                 "order=newest", "fields[]=html_url", "[publication_date][gte]=2026-06-09"):  # fmt: skip
        assert part in web.asked[0]
    started = make_source("federal_register", "/api", start="2026-06-20")
    assert len(register({"2026-06-30": 1, "2026-06-09": 1}).list(started)) == 1


def test_the_register_gives_the_text_that_it_has_for_programs() -> None:
    raw = "https://www.federalregister.gov/documents/full_text/text/2026/07/10/2026-13899.txt"
    web = web_of(
        {"/s?q=1": {"count": 1, "results": [{"html_url": f"{URL}/d/1", "raw_text_url": raw, "title": "A rule"}]}}
    )
    assert [(item.url, item.title) for item in web.list(make_source("federal_register", "/s?q=1"))] == [(raw, "A rule")]


def test_a_day_with_more_than_a_query_gives_is_logged_and_passed(caplog: pytest.LogCaptureFixture) -> None:
    web = register({"2026-06-30": 2_500, "2026-06-29": 3})
    found = web.list(make_source("federal_register", "/api", max_documents=50_000))
    assert sum("2026-06-29" in item.url for item in found) == 3
    assert "left out" in caplog.text


def test_the_first_run_ends_at_the_limit_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    web = register({f"2026-06-{day:02}": 100 for day in range(1, 31)})
    assert len(web.list(make_source("federal_register", "/api", max_documents=300))) == 300
    assert "max_documents" in caplog.text


def test_a_next_page_on_another_host_is_not_asked() -> None:
    document = {"html_url": f"{URL}/d/1", "publication_date": "2026-06-10"}
    web = web_of({"/s?q=1": {"count": 1, "results": [document], "next_page_url": "https://elsewhere.example/s"}})
    assert len(web.list(make_source("federal_register", "/s?q=1"))) == 1
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("govinfo", {"collection": "BILLS", "start": "2026-01-01"}),
        ("congress", {"url": f"{URL}/v3/bill/119/hr/8283"}),
        ("regulations_gov", {}),
        ("courtlistener", {"query": "distillation"}),
    ],
)
def test_a_source_without_its_key_says_which_variable_and_asks_nothing(kind: str, more: dict[str, Any]) -> None:
    web = web_of({})
    variable = "COURTLISTENER_TOKEN" if kind == "courtlistener" else "DATA_GOV_API_KEY"
    for environ in ({}, {variable: " "}, {variable: "two words"}):
        with pytest.raises(KeyMissing, match=variable) as error:
            web.list(make_source(kind, **more), environ=environ)
        assert error.value.reason == "no_key" and "two words" not in str(error.value)
    assert not web.asked


def test_keys_go_out_in_headers_and_a_refused_one_is_told_by_its_variable() -> None:
    refused = FetchFailed("https://a.example answered 403 Forbidden", reason="key_refused", status=403)
    web = Web(lambda path, query: refused)
    with pytest.raises(FetchFailed, match="check the key in the environment variable MY_KEY") as error:
        web.list(make_source("regulations_gov", key_env="MY_KEY"), environ={"MY_KEY": "k3y"})
    assert (error.value.reason, error.value.status) == ("key_refused", 403)
    assert web.headers == [{"X-Api-Key": "k3y"}]
    assert "k3y" not in web.asked[0] + str(error.value)
    assert auth_headers(make_source("courtlistener", query="x"), KEY) == {"Authorization": "Token t0ken"}
    assert auth_headers(make_source("feed"), {}) == {}


@pytest.mark.parametrize(
    ("following", "asked"),
    [
        ("https://a.example/s?cursor=2", "https://a.example/s?cursor=2"),
        ("http://a.example/s?cursor=2", "https://a.example/s?cursor=2"),
        ("https://a.example:8443/s?cursor=2", None),
        ("http://a.example:8080/s?cursor=2", None),
        ("https://b.example/s?cursor=2", None),
        ("ftp://a.example/s?cursor=2", None),
        ("https://[/", None),
    ],
)
def test_a_key_never_leaves_its_origin_and_is_never_sent_in_clear(following: str, asked: str | None) -> None:
    opinion = {"caseName": "E v. F", "dateFiled": "2026-06-18", "absolute_url": "/opinion/1/e-v-f/"}
    web = Web(lambda path, query: {"count": 2, "next": None if "cursor" in query else following, "results": [opinion]})
    web.list(make_source("courtlistener", query="distillation"), NOW, KEY)
    assert web.asked[1:] == ([asked] if asked else [])
    assert web.headers == [{"Authorization": "Token t0ken"}] * len(web.asked)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("Your key %s may not ask this.", id="in-words"),
        pytest.param({"error": {"code": "API_KEY_INVALID", "message": "The key %s is not known."}}, id="in-json"),
        pytest.param({"message": "x" * 150 + "%s"}, id="where-the-message-is-cut"),
        pytest.param(FetchFailed("the server said: 400 %s", reason="status", status=400), id="in-an-error"),
    ],
)
def test_a_key_that_an_api_repeats_stands_in_no_message(answer: object) -> None:
    key = 'S3cr3t/"0123456789'
    said = FetchFailed(answer.detail % key) if isinstance(answer, FetchFailed) else _filled(answer, key)
    web = Web(lambda path, query: said)
    with pytest.raises(FetchError) as error:
        web.list(make_source("regulations_gov", key_env="MY_KEY"), environ={"MY_KEY": key})
    assert "S3cr3t" not in str(error.value) and ("***" in str(error.value) or "xxx" in str(error.value))


def _filled(answer: Any, key: str) -> Any:
    if isinstance(answer, dict):
        return {name: _filled(value, key) for name, value in answer.items()}
    return answer.replace("%s", key)


def test_govinfo_is_followed_by_its_marks() -> None:
    def package(n: int, title: str) -> dict[str, str]:
        return {
            "packageId": f"BILLS-119hr{n}ih",
            "title": title,
            "dateIssued": "2026-06-10",
            "lastModified": "2026-06-11T03:00:00Z",
        }

    first = "/collections/BILLS/2026-06-14T12:00:00Z?offsetMark=*&pageSize=1000"
    second = "/collections/BILLS/2026-06-14T12:00:00Z?offsetMark=abc&pageSize=1000"
    web = web_of({
        first: {"count": 3, "nextPage": URL + second, "packages": [package(1, "A bill on AI models"), package(2, "Bees")]},
        second: {"count": 3, "nextPage": None, "packages": [package(3, "Deterring AI Model Attacks")]},
    })  # fmt: skip
    source = make_source("govinfo", "", collection="BILLS", start="2026-01-01", include=r"\bAI\b")
    found = web.list(source, NOW - timedelta(days=14), KEY)
    assert [item.url for item in found] == [
        f"https://www.govinfo.gov/content/pkg/BILLS-119hr{n}ih/html/BILLS-119hr{n}ih.htm" for n in (1, 3)
    ]
    assert found[0].published == "2026-06-10"
    first_run = Web(lambda path, query: {"count": 0, "packages": []})
    assert first_run.list(source, environ=KEY) == ()
    assert "/collections/BILLS/2026-01-01T00:00:00Z?" in first_run.asked[0]


BILL = {
    "bill": {
        "congress": 119, "type": "HR", "number": "8283", "title": "Deterring AI Model Attacks Act", "originChamber": "House",
        "introducedDate": "2026-04-16", "latestAction": {"actionDate": "2026-06-10", "text": "Placed on the calendar."},
        "sponsors": [{"fullName": "Rep. Doe, Jane [R-XX-1]"}], "actions": {"count": 4, "url": "x"},
        "summaries": {"count": 1, "url": "x"}, "textVersions": {"count": 1, "url": "x"},
    },
    "request": {"format": "json"},
}  # fmt: skip
TEXTS = {
    "textVersions": [
        {"type": "Introduced in House", "date": "2026-04-16T04:00:00Z", "formats": [
            {"type": "PDF", "url": "https://www.congress.gov/119/bills/hr8283/BILLS-119hr8283ih.pdf"},
            {"type": "Formatted Text", "url": "https://www.congress.gov/119/bills/hr8283/BILLS-119hr8283ih.htm"}]},
    ]
}  # fmt: skip


def test_a_bill_gives_its_stages_summaries_and_texts() -> None:
    bill = "/v3/bill/119/hr/8283"
    web = web_of({f"{bill}?format=json": BILL, f"{bill}/text?format=json&limit=250": TEXTS})
    found = web.list(make_source("congress", bill), environ=KEY)
    assert [item.url.removeprefix(URL) for item in found] == [
        f"{bill}?format=json", f"{bill}/actions?format=json&limit=250", f"{bill}/summaries?format=json&limit=250",
        "https://www.govinfo.gov/content/pkg/BILLS-119hr8283ih/html/BILLS-119hr8283ih.htm",
    ]  # fmt: skip
    assert found[3].title == "H.R. 8283 (Introduced in House) - Deterring AI Model Attacks Act"
    assert found[1].published == "2026-06-10"


def test_the_bills_of_a_congress_that_changed_are_taken_by_title() -> None:
    def item(number: int, title: str) -> dict[str, object]:
        return {"congress": 119, "type": "HR", "number": str(number), "title": title, "updateDate": "2026-06-20"}

    def answer(path: str, query: Query) -> object:
        if path == "/v3/bill/119":
            assert query["fromDateTime"] == ["2026-06-14T12:00:00Z"] and query["sort"] == ["updateDate desc"]
            return {
                "bills": [item(1, "Bees"), item(8283, "Deterring AI Model Attacks Act")],
                "pagination": {"count": 2},
            }
        return BILL if path.endswith("/8283") else TEXTS

    web = Web(answer)
    found = web.list(make_source("congress", "/v3/bill/119", include="AI Model"), NOW - timedelta(days=14), KEY)
    assert len(found) == 4 and all("8283" in item.url for item in found)


def test_regulations_are_split_by_change_below_5000() -> None:
    """Changes every minute over eight days: 11,520 documents, of which one query gives 5,000 in 20 pages."""
    at = [NOW - timedelta(minutes=n) for n in range(8 * 1440)]

    def answer(path: str, query: Query) -> object:
        low, high = (query.get(f"filter[lastModifiedDate][{side}]", [None])[0] for side in ("ge", "le"))
        eastern = timedelta(hours=4)  # in June
        found = [
            n for n, when in enumerate(at)
            if (low is None or f"{when - eastern:%Y-%m-%d %H:%M:%S}" >= low)
            and (high is None or f"{when - eastern:%Y-%m-%d %H:%M:%S}" <= high)
        ]  # fmt: skip
        page = int(query["page[number]"][0])
        assert page <= 20, "the API refuses page 21"
        shown = found[(page - 1) * 250 : page * 250]
        data = [{"id": f"BIS-{n}", "attributes": {"title": f"N {n}", "postedDate": "2026-06-01T04:00:00Z",
                 "lastModifiedDate": f"{at[n]:%Y-%m-%dT%H:%M:%SZ}"}} for n in shown]  # fmt: skip
        return {"data": data, "meta": {"totalElements": len(found)}}

    web = Web(answer)
    source = make_source("regulations_gov", "/v4/documents", agencies=["BIS"], max_documents=100_000)
    found = web.list(source, NOW - timedelta(days=6), KEY)
    wanted = {f"{URL}/v4/documents/BIS-{n}" for n in range(8 * 1440 - 1)}
    assert wanted <= {item.url for item in found}
    assert "filter[agencyId]=BIS" in web.asked[0]


def test_courtlistener_gives_filings_that_the_archive_holds() -> None:
    filing = {"absolute_url": "/docket/1/2/a-v-b/", "short_description": "Complaint", "entry_date_filed": "2026-06-20",
              "is_available": True, "filepath_local": "recap/gov.1/x.pdf", "caseName": "A v. B"}  # fmt: skip
    sealed = {**filing, "is_available": False, "filepath_local": None}
    docket = {"caseName": "C v. D", "dateFiled": "2026-06-19", "docket_absolute_url": "/docket/1/c-v-d/",
              "recap_documents": [sealed]}  # fmt: skip
    opinion = {"caseName": "E v. F", "dateFiled": "2026-06-18", "absolute_url": "/opinion/1/e-v-f/",
               "opinions": [{"id": 1, "local_path": "pdf/2026/06/18/e_v_f.pdf", "snippet": "x"}]}  # fmt: skip
    pages = [
        {
            "count": 4,
            "next": f"{URL}/s?cursor=c2",
            "results": [{**docket, "recap_documents": [filing, sealed]}, docket],
        },
        {"count": 4, "next": None, "results": [filing, sealed, opinion]},
    ]
    web = Web(lambda path, query: pages[1 if "cursor" in query else 0])
    source = make_source("courtlistener", query='"model distillation"', result_type="rd", courts=["cand", "dcd"])
    found = web.list(source, NOW - timedelta(days=14), KEY)
    assert [(item.url, item.title) for item in found] == [
        ("https://storage.courtlistener.com/recap/gov.1/x.pdf", "C v. D: Complaint"),
        ("https://www.courtlistener.com/docket/1/c-v-d/", "C v. D"),
        ("https://storage.courtlistener.com/pdf/2026/06/18/e_v_f.pdf", "E v. F"),
    ]
    assert "entry_date_filed%3A%5B2026-06-09+TO+%2A%5D" in web.asked[0] and "court=cand+dcd" in web.asked[0]
    assert web.headers[1] == {"Authorization": "Token t0ken"}


def gdelt(step: timedelta, days: int) -> Web:
    seen = [NOW - step * n for n in range(int(timedelta(days=days) / step))]

    def answer(path: str, query: Query) -> object:
        def bound(name: str, default: datetime) -> datetime:
            text = query.get(name)
            return datetime.strptime(text[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if text else default

        start = (
            NOW - timedelta(hours=int(query["timespan"][0][:-1]))
            if "timespan" in query
            else bound("startdatetime", NOW)
        )
        end = bound("enddatetime", NOW)
        found = [n for n, at in enumerate(seen) if start <= at <= end][:250]
        return {
            "articles": [
                {"url": f"https://n{n}.example/story", "title": f"Story {n}", "seendate": f"{seen[n]:%Y%m%dT%H%M%SZ}",
                 "domain": f"n{n}.example", "language": "Chinese", "sourcecountry": "China"} for n in found
            ]
        }  # fmt: skip

    return Web(answer)


def test_gdelt_gives_everything_of_an_outage_in_windows_of_250() -> None:
    web = gdelt(timedelta(minutes=15), 20)
    found = web.list(make_source("gdelt", query='"model distillation"'), NOW - timedelta(days=14))
    assert len(found) == 14 * 96 + 24 + 1
    assert (found[0].publisher, found[0].language, found[0].published) == ("n0.example", "Chinese", None)
    assert len(gdelt(timedelta(minutes=15), 20).list(make_source("gdelt", query="distillation"))) == 7 * 96 + 1


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Please limit requests to one every 5 seconds or contact us for larger queries.", "one request in 5 seconds"),
        ("Your query was too short or too long.", "fewer than three letters"),
        ("Timespan is too short.", "too short"),
        ("", "answered with text instead of JSON"),
    ],
)
def test_gdelt_tells_its_errors_in_plain_text_under_200(text: str, advice: str) -> None:
    with pytest.raises(NotParsable, match=advice) as error:
        web_of({}).__class__(lambda path, query: text).list(make_source("gdelt", query="distillation"))
    assert error.value.reason == "api_error"


def test_govuk_is_paged_by_its_start() -> None:
    def answer(path: str, query: Query) -> object:
        start, count = int(query["start"][0]), int(query["count"][0])
        assert query["filter_public_timestamp"] == ["from:2026-06-14"] and query["filter_organisations"] == ["dsit"]
        results = [
            {"title": f"T {n}", "link": f"/government/{n}", "public_timestamp": "2026-06-20T09:00:00Z"}
            for n in range(230)
        ]
        return {"results": results[start : start + count], "total": 230, "start": start}

    web = Web(answer)
    found = web.list(make_source("govuk", "/api/search.json", organisations=["dsit"]), NOW - timedelta(days=14))
    assert (len(found), len(web.asked)) == (230, 3)
    assert (found[0].url, found[0].published) == (f"{URL}/government/0", "2026-06-20T09:00:00Z")


def _papers(total: int, *days: int, start: int = 0) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2606.{start + n:05}v2</id><title>Paper\n  {n}</title><published>2026-06-{day:02}T10:00:00Z"
        "</published><updated>2026-06-30T00:00:00Z</updated></entry>" for n, day in enumerate(days)
    )  # fmt: skip
    counts = f'<opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">{total}</opensearch:totalResults>'
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>q</title>{counts}{entries}</feed>'


def test_arxiv_is_followed_back_to_the_last_time_and_an_empty_page_asked_again() -> None:
    pages = iter([
        _papers(250), _papers(250, *[30] * 100), _papers(250, *[20] * 99, 5, start=100), _papers(250, *[1] * 50, start=200),
    ])  # fmt: skip
    web = Web(lambda path, query: next(pages))
    found = web.list(make_source("arxiv", query="abs:distillation"), NOW - timedelta(days=14))
    assert (len(found), len(web.asked)) == (200, 3)
    assert (found[0].url, found[0].title, found[0].published) == (
        "https://arxiv.org/abs/2606.00000",
        "Paper 0",
        "2026-06-30T10:00:00Z",
    )
    assert "start=100" in web.asked[2]
    with pytest.raises(NotParsable, match="counts 9 papers"):
        Web(lambda path, query: _papers(9)).list(make_source("arxiv", query="abs:x"))
    assert Web(lambda path, query: _papers(0)).list(make_source("arxiv", query="abs:x")) == ()


def test_arxiv_tells_its_errors_as_an_entry() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>'
        "<summary>incorrect id format for 1234</summary></entry></feed>"
    )
    with pytest.raises(NotParsable, match="incorrect id format"):
        Web(lambda path, query: feed).list(make_source("arxiv", query="abs:x"))
    with pytest.raises(NotParsable, match="Rate exceeded"):
        Web(lambda path, query: "Rate exceeded.").list(make_source("arxiv", query="abs:x"))


@pytest.mark.parametrize("kind", ["federal_register", "regulations_gov", "govuk", "gdelt"])
@pytest.mark.parametrize(
    "answer",
    [
        {"error": {"code": "OVER_RATE_LIMIT", "message": "wait"}},
        {"errors": "no such agency"},
        [],
        "<html>no</html>",
        "{",
    ],
)
def test_an_error_under_200_is_no_empty_list(kind: str, answer: object) -> None:
    more = {"query": "distillation"} if kind == "gdelt" else {}
    with pytest.raises(NotParsable):
        Web(lambda path, query: answer).list(make_source(kind, **more), environ=KEY)


def test_a_cut_list_is_no_success_unless_it_is_the_first_run(caplog: pytest.LogCaptureFixture) -> None:
    opinion = {"caseName": "E v. F", "dateFiled": "2026-06-18", "absolute_url": "/opinion/1/e-v-f/"}
    web = Web(lambda path, query: {"count": 9, "next": f"{URL}/s?cursor={len(web.asked)}", "results": [opinion] * 3})
    source = make_source("courtlistener", query="distillation", max_documents=6)
    assert len(web.list(source, None, KEY)) == 1
    assert "max_documents" in caplog.text
    with pytest.raises(PartlyListed, match="max_documents") as error:
        web.list(source, NOW - timedelta(days=1), KEY)
    assert (error.value.reason, len(error.value.candidates)) == ("cut", 1)
    whole = make_source("courtlistener", query="distillation", max_documents=9)
    assert web.list(whole, NOW - timedelta(days=1), KEY), "all that there is, to the last"


def test_arxiv_that_reaches_back_is_not_cut() -> None:
    pages = [_papers(250, *[30] * 99, 5), _papers(250, *[30] * 100)]
    source = make_source("arxiv", query="abs:distillation", max_documents=100)
    web = Web(lambda path, query: pages[0])
    assert len(web.list(source, NOW - timedelta(days=14))) == 100
    with pytest.raises(PartlyListed):
        Web(lambda path, query: pages[1]).list(source, NOW - timedelta(days=14))

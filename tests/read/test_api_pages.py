"""Answers of APIs that are documents of their own, as texts in the API's own words; answers of the documented shapes."""

from __future__ import annotations

import json
from datetime import date

import pytest

from tracker.errors import NotParsable
from tracker.read.kinds import classify_kind
from tracker.read.pages import read_page
from tracker.types import PageContent

BILL = "https://api.congress.gov/v3/bill/119/hr/8283"


def read(url: str, answer: object) -> PageContent:
    return read_page(json.dumps(answer).encode(), "application/json; charset=utf-8", url)


def test_a_bill_is_told_in_sentences() -> None:
    answer = {
        "bill": {
            "congress": 119, "type": "HR", "number": "8283", "title": "Deterring AI Model Attacks Act",
            "originChamber": "House", "introducedDate": "2026-04-16", "updateDate": "2026-06-11T09:00:00Z",
            "sponsors": [{"fullName": "Rep. Doe, Jane [R-XX-1]", "bioguideId": "D000000"}],
            "latestAction": {"actionDate": "2026-06-10", "text": "Ordered to be Reported by the Yeas and Nays: 40 - 9"},
            "laws": [{"type": "Public Law", "number": "119-99"}], "cosponsors": {"count": 12},
        },
        "request": {"contentType": "application/json"},
    }  # fmt: skip
    page = read(f"{BILL}?format=json", answer)
    assert page.text.split("\n\n") == [
        "H.R. 8283, 119th Congress: Deterring AI Model Attacks Act.",
        "It was introduced in the House on April 16, 2026.",
        "Sponsor: Rep. Doe, Jane [R-XX-1].",
        "It became Public Law 119-99.",
        "Latest action on June 10, 2026: Ordered to be Reported by the Yeas and Nays: 40 - 9.",
    ]
    assert (page.title, page.published) == ("H.R. 8283 - Deterring AI Model Attacks Act", date(2026, 4, 16))
    assert page.canonical_url == "https://www.congress.gov/bill/119th-congress/house-bill/8283"
    assert classify_kind(page.title, page.canonical_url, "government") == "bill"
    answer["bill"]["updateDate"], answer["bill"]["cosponsors"] = "2026-07-01T00:00:00Z", {"count": 13}  # type: ignore[index]
    assert read(f"{BILL}?format=json", answer).text == page.text, "what only counts up is no new version"


def test_the_actions_of_a_bill_are_read_from_the_beginning_and_once() -> None:
    def action(day: str, text: str, code: int) -> dict[str, object]:
        return {"actionDate": day, "text": text, "type": "Floor", "sourceSystem": {"code": code}, "committees": None}

    long = "Motion to reconsider laid on the table " + "agreed to " * 100
    answer = {
        "actions": [
            action("2026-06-10", "Received in the Senate (text: CR S1-2)", 0),
            action("2026-06-09", long, 2),
            action("2026-04-16", "Referred to the House Committee on Foreign Affairs.", 2),
            action("2026-04-16", "Introduced in House", 9),
            action("2026-04-16", "Introduced in House", 2),
            {"text": "an action without a date"},
        ],
        "pagination": {"count": 5},
    }
    page = read(f"{BILL}/actions?format=json&limit=250", answer)
    lines = page.text.split("\n\n")
    assert lines[:3] == [
        "Actions on H.R. 8283, 119th Congress.",
        "On April 16, 2026: Introduced in House.",
        "On April 16, 2026: Referred to the House Committee on Foreign Affairs.",
    ]
    assert lines[3] == f"On June 9, 2026: {long.strip()}." and lines[4].endswith(
        "Received in the Senate (text: CR S1-2)"
    )
    assert len(lines) == 5 and page.published == date(2026, 6, 10)
    assert page.canonical_url == "https://www.congress.gov/bill/119th-congress/house-bill/8283/all-actions"
    with pytest.raises(NotParsable, match="no action"):
        read(f"{BILL}/actions", {"actions": []})


def test_the_summaries_of_a_bill_keep_their_paragraphs() -> None:
    summaries = [
        {
            "actionDate": "2026-06-10",
            "actionDesc": "Passed House",
            "text": "<p>This bill <b>bans</b> X.</p><ul><li>First</li></ul>",
        },
        {"actionDate": "2026-04-16", "actionDesc": "Introduced in House", "text": " <p>This bill bans X &amp; Y.</p>"},
    ]
    page = read(f"{BILL}/summaries?limit=250", {"summaries": summaries})
    assert page.text == (
        "Introduced in House, April 16, 2026:\n\nThis bill bans X & Y.\n\n"
        "Passed House, June 10, 2026:\n\nThis bill bans X.\n\nFirst"
    )


def test_a_document_of_regulations_gov_is_told_in_its_words() -> None:
    about = {
        "title": "Controls on Model Weights", "postedDate": "2026-06-10T04:00:00Z", "agencyId": "BIS",
        "docketId": "BIS-2026-0001", "documentType": "Proposed Rule", "docAbstract": "BIS proposes to control X.",
        "commentEndDate": "2026-08-11T03:59:59Z", "frDocNum": "2026-12345", "withdrawn": False, "objectId": "0900",
    }  # fmt: skip
    answer = {"data": {"id": "BIS-2026-0001-0001", "type": "documents", "attributes": about}}
    page = read("https://api.regulations.gov/v4/documents/BIS-2026-0001-0001", answer)
    assert page.text.split("\n\n") == [
        "Controls on Model Weights",
        "Proposed Rule of BIS in docket BIS-2026-0001, posted on June 10, 2026.",
        "BIS proposes to control X.",
        "Comments are taken until August 10, 2026.",
        "Federal Register document 2026-12345.",
    ]
    assert page.canonical_url == "https://www.regulations.gov/document/BIS-2026-0001-0001"


@pytest.mark.parametrize(
    ("url", "answer", "why"),
    [
        ("https://a.example/x.json", {"a": 1}, "is not a text: application/json"),
        (f"{BILL}/cosponsors", {"cosponsors": []}, "not its cosponsors"),
        (
            BILL,
            {"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}},
            "invalid api_key",
        ),
        (BILL, {"bill": {"congress": "x"}}, "another shape"),
        ("https://api.regulations.gov/v4/documents/X", {"errors": [{"status": "404"}]}, "with an error"),
    ],
)
def test_what_is_no_such_document_is_named(url: str, answer: object, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        read(url, answer)


def test_the_raw_text_of_the_federal_register_is_cited_by_its_lasting_address() -> None:
    lines = "\n".join([
        "[Federal Register Volume 91, Number 131 (Friday, July 10, 2026)]", "[Notices]", "", "-" * 70, "",
        "DEPARTMENT OF COMMERCE", "", "Controls on the Weights of Models", "",
        "SUMMARY: The Bureau of Industry and Security (BIS) asks for comments on a rule",
        "that would control the export of the weights of advanced models, and says that",
        "copies were made through fake accounts.",
    ])  # fmt: skip
    body = (
        f"<html><head><title>Federal Register, Volume 91 Issue 131</title></head><body><pre>{lines}</pre></body></html>"
    )
    url = "https://www.federalregister.gov/documents/full_text/text/2026/07/10/2026-13899.txt"
    for kind in ("text/html", "text/plain; charset=utf-8"):
        page = read_page(body.encode(), kind, url)
        assert page.canonical_url == "https://www.federalregister.gov/d/2026-13899"
        assert page.title is None, "the source tells it"
        assert (
            "asks for comments on a rule that would control the export of the weights of advanced models" in page.text
        )
        assert "<pre>" not in page.text

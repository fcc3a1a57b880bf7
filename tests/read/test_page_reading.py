"""Pages: what their bytes are, in which charset, and what they state of themselves."""

from __future__ import annotations

import codecs
import io
from datetime import date

import pypdfium2
import pytest

from tracker.errors import NotParsable
from tracker.read.charsets import decode_text
from tracker.read.dates import find_path_date, parse_published
from tracker.read.kinds import classify_kind
from tracker.read.pages import read_page
from tracker.read.pdf import _join_line
from tracker.read.urls import canonical_url, find_url, registrable_domain
from tracker.resources import bundled_path
from tracker.types import DocumentKind, PublisherType

URL = "https://www.a.example/story"
BODY = (
    "<p>The harbour office said on Tuesday that the ferries will leave every twenty minutes from next week.</p>"
    "<p>“We listened,” said its director – and the café stays open until the last boat has gone.</p>"
)
TEXT = (
    "The harbour office said on Tuesday that the ferries will leave every twenty minutes from next week.\n\n"
    "“We listened,” said its director – and the café stays open until the last boat has gone."
)


def _page(head: str = "", body: str = "", root: str = "") -> bytes:
    return f"<!doctype html><html {root}><head>{head}</head><body><main><article>{body}{BODY}</article></main></body></html>".encode()


def test_main_text_is_paragraphs_parted_by_a_blank_line() -> None:
    content = read_page(_page("<title>Ferries</title>"), "text/html", URL)
    assert content.text == TEXT
    assert (content.published, content.language, content.canonical_url, content.byline) == (None,) * 4


def test_furniture_is_left_out_and_words_in_tags_stay() -> None:
    page = (
        "<html><body><nav><a href='/'>Home</a></nav><div class='cookie-banner'><p>We and our 99 partners store cookies "
        "on your device.</p></div><article><h1>Ferries</h1><p>The <b>harbour</b> office <a href='/x'>said</a> on Tuesday "
        "that ferries will leave every <i>20</i>&nbsp;minutes.</p><ul><li>One boat goes north along the coast.</li>"
        "<li>One boat goes south along the coast.</li></ul><p>That is all there is to say about the ferries.</p></article>"
        "<aside><ul><li><a href='/1'>Another story altogether</a></li></ul></aside><footer><p>© A</p></footer></body></html>"
    )
    content = read_page(page.encode(), "text/html", URL)
    assert content.text.split("\n\n") == [
        "The harbour office said on Tuesday that ferries will leave every 20\u00a0minutes.",
        "One boat goes north along the coast.",
        "One boat goes south along the coast.",
        "That is all there is to say about the ferries.",
    ]
    assert content.title == "Ferries"


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        ("utf-8", "text/html; charset=iso-8859-1", ""),
        ("utf-8", "text/html; charset=iso-8859-1", '<meta charset="windows-1252">'),
        ("utf-8", "text/html; charset=nonsense", ""),
        ("cp1252", "text/html; charset=utf-8", '<meta charset="iso-8859-1">'),
        ("cp1252", "text/html; charset=ISO-8859-1", ""),
        ("utf-16", "text/html; charset=iso-8859-1", ""),
        ("utf-8-sig", None, '<meta charset="gbk">'),
    ],
)
def test_the_right_charset_wins(encoding: str, content_type: str | None, head: str) -> None:
    body = _page(head).decode().encode(encoding)
    assert read_page(body, content_type, URL).text == TEXT


@pytest.mark.parametrize("codec", ["gb18030", "gbk", "big5", "shift_jis", "euc-kr", "iso2022_jp"])
def test_declared_asian_charsets(codec: str) -> None:
    words = {"euc-kr": "한국어 기사 본문", "shift_jis": "日本語の記事", "iso2022_jp": "日本語の記事"}.get(
        codec, "中文報道內容" if codec == "big5" else "中文报道内容"
    )
    label = {"iso2022_jp": "iso-2022-jp", "gbk": "gb2312"}.get(codec, codec)
    assert decode_text(words.encode(codec), f"text/html; charset={label}") == words


def test_nuls_and_bytes_of_no_charset_do_no_harm() -> None:
    assert decode_text(b"a\x00b") == "ab"
    assert decode_text(b"caf\xe9 \x81\x8d", "text/plain; charset=utf-8").startswith("caf")
    assert decode_text(codecs.BOM_UTF8 + b"x") == "x"
    assert decode_text(b"x", "text/html; charset=base64") == "x"
    assert decode_text("é".encode(), "text/html; charset=utf-16") == "é"


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "text/html", "not a text: image/png"),
        (bytes(range(256)) * 9, "text/html", "not a text"),
        (b"PK\x03\x04word/document.xml", "application/octet-stream", "application/zip"),
        (b"just words", "application/json", "not a text: application/json"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "text/xml", "but a rss file"),
        (b"", "text/html", "is empty"),
        (b"<html><body></body></html>", "text/html", "no main text|nothing to read"),
        (b"<html><body>" + b"<div>" * 5000 + b"x" * 300, "text/html", "beyond reason|no main text"),
        (b"<p>" + b"x" * 11_000_000, "text/html", "more than is read"),
        (b"%PDF-1.7 broken", "application/pdf", "PDF cannot be opened"),
    ],
)
def test_what_is_no_readable_page_says_so(body: bytes, content_type: str, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        read_page(body, content_type, URL)


def test_plain_text_keeps_its_lines() -> None:
    content = read_page(b"One  line \r\nand\tanother\r\n\r\n\r\n\r\nA < paragraph\x00", "text/plain", URL)
    assert content.text == "One  line\nand\tanother\n\nA < paragraph"


LD = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        ('<meta property="article:published_time" content="2026-06-10T23:30:00-04:00">', "", URL, date(2026, 6, 10)),
        ('<meta name="date" content="June 10, 2026">', "", URL, date(2026, 6, 10)),
        (LD.format('{"@type":"NewsArticle","datePublished":"2026-06-10T08:00:00Z","dateModified":"2026-06-12"}'), "", URL, date(2026, 6, 10)),
        (LD.format('{"@graph":[{"@type":"WebSite"},{"@type":["Report"],"datePublished":"2026-06-10"}]}'), "", URL, date(2026, 6, 10)),
        (LD.format("{broken"), '<time datetime="2026-06-10T08:00">June 10</time>', URL, date(2026, 6, 10)),
        ("", '<time itemprop="datePublished" datetime="2026-06-10">x</time><time datetime="2026-01-01">y</time>', URL, date(2026, 6, 10)),
        ("", '<header><time datetime="2026-06-10">x</time></header><p><time datetime="2026-01-01">y</time></p>', URL, date(2026, 6, 10)),
        ("", '<h1>T</h1><div class="pub-date">10 June 2026</div>', URL, date(2026, 6, 10)),
        ("", "<h1>T</h1><dl><dt>Published:</dt><dd>10 June 2026</dd></dl>", URL, date(2026, 6, 10)),
        ("", "", "https://a.example/2026/06/10/story", date(2026, 6, 10)),
        # Silence, doubt and other dates stay None.
        ("", "", URL, None),
        ("", "", "https://a.example/2026/06/story-20260610", None),
        ('<meta property="article:modified_time" content="2026-06-10">', "", URL, None),
        ('<meta name="date" content="06/10/2026">', "", URL, None),
        ("", '<time datetime="2026-06-10">x</time><time datetime="2026-01-01">y</time>', URL, None),
        ("", '<div class="date">October 3, 2026</div><h1>T</h1>', URL, None),
        ("", '<h1>T</h1><div class="date updated">10 June 2026</div>', URL, None),
        ("", "<p>In the week of June 10, 2026 the sea was calm.</p>", URL, None),
        (LD.format('{"@type":"ItemList","itemListElement":[{"@type":"NewsArticle","datePublished":"2026-06-10"}]}'), "", URL, None),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_stated_or_none(head: str, body: str, url: str, expected: date | None) -> None:
    assert read_page(_page(head, body), "text/html", url).published == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("/other?utm_source=x", "https://www.a.example/other"),
        ("https://m.a.example/story", "https://m.a.example/story"),
        ("https://b.example/story", None),
        ("javascript:void(0)", None),
        ("https://user:word@a.example/", None),
    ],
)
def test_canonical_counts_on_the_same_domain_only(href: str, expected: str | None) -> None:
    assert read_page(_page(f'<link rel="canonical" href="{href}">'), "text/html", URL).canonical_url == expected


def test_title_byline_and_language_as_stated() -> None:
    head = (
        '<title>Ferries | The A</title><meta property="og:title" content="Ferries &amp; boats | The A">'
        '<meta property="og:site_name" content="The A"><meta name="author" content="By Ann Bee">'
    )
    content = read_page(_page(head, root='lang="en_GB"'), "text/html", URL)
    assert (content.title, content.byline, content.language) == ("Ferries & boats", "Ann Bee", "en-GB")
    titled = read_page(_page("<title>A - B - The A</title>", "<h1>A - B</h1>"), "text/html", URL)
    assert titled.title == "A - B"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 10 Jun 2026 23:59:00 -0700", date(2026, 6, 10)),
        ("10 Jun 26 12:00 GMT", date(2026, 6, 10)),
        ("2026-06-10", date(2026, 6, 10)),
        ("2026-06-10T08:00:00.000Z", date(2026, 6, 10)),
        ("20260610", date(2026, 6, 10)),
        ("June 10, 2026", date(2026, 6, 10)),
        ("Wednesday, June 10th, 2026 at 5:00 p.m. ET", date(2026, 6, 10)),
        ("Published: 10 June 2026", date(2026, 6, 10)),
        ("le 1er juin 2026", date(2026, 6, 1)),
        ("10. Juni 2026", date(2026, 6, 10)),
        ("2026年6月10日", date(2026, 6, 10)),
        ("发布时间：2026年06月10日 09:30", date(2026, 6, 10)),
        ("13/06/2026", date(2026, 6, 13)),
        ("06/13/2026", date(2026, 6, 13)),
        ("10.06.2026", date(2026, 6, 10)),
        ("06/10/2026", None),
        ("Updated June 10, 2026", None),
        ("June 2026", None),
        ("June 10", None),
        ("2026-06", None),
        ("2026", None),
        ("31 June 2026", None),
        ("10 Foo 2026", None),
        ("yesterday", None),
        ("3 days ago", None),
        ("June 10, 2026 and June 11, 2026", None),
        ("", None),
        ("1" * 5000, None),
    ],
)
def test_dates_are_read_strictly(text: str, expected: date | None) -> None:
    assert parse_published(text) == expected


def test_a_day_in_the_path_must_be_whole_and_alone() -> None:
    assert find_path_date("/2026/06/10/x") == date(2026, 6, 10)
    assert find_path_date("/2026/02/30/x") is None
    assert find_path_date("/2026/06/x") is None
    assert find_path_date("/2026/06/10/x/2025/01/01/") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://WWW.A.Example:443/x y?utm_source=a&b=1&fbclid=2&c#f", "https://www.a.example/x%20y?b=1&c"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example:8080/?gclid=1", "http://a.example:8080/"),
        ("https://a.example/%E4%B8%AD?cid=3&source=x&a[]=1", "https://a.example/%E4%B8%AD?cid=3&source=x&a[]=1"),
        ("https://a.example/é?q=ü", "https://a.example/%C3%A9?q=%C3%BC"),
        ("https://a.example/a//b/?utm_campaign=z", "https://a.example/a//b/"),
    ],
)
def test_one_written_form_for_one_page(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "href", [None, "", "#x", "mailto:a@b.example", "http://", "http://u@a.example/", "http://[", "x" * 3000]
)
def test_links_that_lead_nowhere(href: str | None) -> None:
    assert find_url(href, "https://a.example/") is None


def test_registrable_domains() -> None:
    assert registrable_domain("https://www.b.co.uk/") == "b.co.uk"
    assert registrable_domain("https://news.a.example/") == "a.example"
    assert registrable_domain("http://127.0.0.1:1/") == "127.0.0.1"
    assert registrable_domain("nonsense") is None


@pytest.mark.parametrize(
    ("title", "path", "publisher", "expected"),
    [
        ("A letter to senators", "/", "news", "article"),
        ("Memorandum for the heads of executive departments", "/", "government", "memo"),
        ("Letter to Chairman Scott and Ranking Member Warren", "/", "company", "letter"),
        ("H.R. 8283", "/", "government", "bill"),
        ("Doe v. Roe: complaint", "/", "court", "filing"),
        ("Order", "/", "court", "filing"),
        ("Statement by the spokesperson", "/", "government", "statement"),
        ("外交部发言人举行例行记者会", "/", "government", "statement"),
        ("Chairman Doe calls for an inquiry", "/press-releases/1", "government", "press_release"),
        ("Something new", "/press-releases/1", "government", "press_release"),
        ("Findings on misuse", "/", "company", "report"),
        ("What it means", "/", "think_tank", "report"),
        (None, "/about", "company", "article"),
    ],
)
def test_kinds(title: str | None, path: str, publisher: PublisherType, expected: DocumentKind) -> None:
    assert classify_kind(title, f"https://a.example{path}", publisher) == expected


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("a large cam\u0002", "paign began", "a large campaign began"),
        ("the state-", "owned bank", "the state-owned bank"),
        ("an industrial-", "scale effort", "an industrialscale effort"),
        ("the AI-", "Act of 2026", "the AI-Act of 2026"),
        ("one", "two", "one two"),
        ("中文", "报道", "中文报道"),
    ],
)
def test_lines_of_a_pdf_are_joined(text: str, line: str, expected: str) -> None:
    assert _join_line(text, line, {"state-owned"}) == expected


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_without_text_is_said_to_have_none() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    with pytest.raises(NotParsable, match="no text layer"):
        read_page(_saved(document), "application/pdf", URL)


def test_a_bill_of_six_hundred_pages_is_read_to_its_last() -> None:
    memo = next(bundled_path("data/sample").rglob("*.pdf"))
    document = pypdfium2.PdfDocument.new()
    for _ in range(600):
        document.import_pages(pypdfium2.PdfDocument(memo), [0])
    found = read_page(_saved(document), "application/pdf", URL)
    assert len(found.page_starts) == 600 and found.page_starts[-1] < len(found.text)


def test_a_pdf_of_too_many_pages_is_refused_and_not_cut() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(5_001):
        document.new_page(10, 10)
    with pytest.raises(NotParsable, match="5001 pages; no more than 5000"):
        read_page(_saved(document), "application/pdf", URL)

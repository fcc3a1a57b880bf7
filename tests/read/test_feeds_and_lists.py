"""Feeds, sitemaps, listings and API answers, good and bad."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress

import pytest

from tracker.errors import NotParsable
from tracker.read.federal_register import parse_documents
from tracker.read.feeds import parse_feed
from tracker.read.listings import find_next_page, parse_listing
from tracker.read.sitemaps import parse_sitemap
from tracker.types import Candidate

URL = "https://a.example/feeds/x"
RSS = '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{}</channel></rss>'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


def _feed(text: str, content_type: str | None = None) -> tuple[Candidate, ...]:
    return parse_feed(text.encode(), content_type, URL)


def test_rss_links_titles_and_dates_as_written() -> None:
    items = (
        "<item><title>One &amp;amp; &lt;b&gt;two&lt;/b&gt;</title><link>/1?utm_source=rss</link>"
        "<pubDate>Wed, 10 Jun 2026 08:00:00 GMT</pubDate></item>"
        "<item><title>No link</title></item>"
        '<item><guid isPermaLink="true">https://a.example/2</guid><dc:date>2026-06-09</dc:date></item>'
        '<item><guid isPermaLink="false">tag:3</guid><link>javascript:alert(1)</link></item>'
    )
    assert _feed(RSS.format(items)) == (
        Candidate("https://a.example/1", "One & two", "Wed, 10 Jun 2026 08:00:00 GMT"),
        Candidate("https://a.example/2", None, "2026-06-09"),
    )


def test_atom_published_counts_and_updated_does_not() -> None:
    entries = (
        '<entry><title>A</title><link rel="alternate" href="../a"/><published>2026-06-10T08:00:00Z</published>'
        "<updated>2026-06-11T08:00:00Z</updated></entry>"
        '<entry><title>B</title><link href="/b"/><updated>2026-06-11T08:00:00Z</updated></entry>'
    )
    assert _feed(ATOM.format(entries), "application/atom+xml") == (
        Candidate("https://a.example/a", "A", "2026-06-10T08:00:00Z"),
        Candidate("https://a.example/b", "B", None),
    )


def test_json_feed_items_odd_ones_skipped() -> None:
    items = [
        {"id": "1", "url": "/1", "title": "One", "date_published": "2026-06-10T08:00:00+02:00"},
        {"id": "https://a.example/2"},
        {"id": "3", "title": "no link"},
        {"id": "4", "url": ["not", "text"]},
        {"id": 5, "external_url": "https://b.example/5"},
    ]
    found = _feed(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert [item.url for item in found] == ["https://a.example/1", "https://a.example/2", "https://b.example/5"]
    assert found[0].published == "2026-06-10T08:00:00+02:00"


@pytest.mark.parametrize(
    "text", [RSS.format(""), ATOM.format(""), '{"version":"https://jsonfeed.org/version/1.1","items":[]}']
)
def test_an_empty_feed_is_a_feed(text: str) -> None:
    assert _feed(text) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<!DOCTYPE html><html><head><title>Oops</title></head></html>", "HTML page"),
        ("\n<html lang='en'><body>x</body></html>", "HTML page"),
        ("Service unavailable, come back later", "begins with 'Service unavailable"),
        ('{"error": "no"}', "no JSON Feed"),
        ('{"version": "9", "items": []}', "version '9'"),
        ("<urlset><url/></urlset>", "no RSS or Atom feed"),
        ("", "not a feed"),
        ("<?xml version='1.0'?><rss version='2.0'><channel><title>Cut", "cut short"),
    ],
)
def test_what_is_no_feed_says_so(text: str, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        _feed(text)


def test_a_broken_feed_keeps_the_entries_that_can_be_read() -> None:
    text = RSS.format("<item><title>A & B</title><link>/1</link></item><item><link>/2</link></item>")
    assert [item.url for item in _feed(text)] == ["https://a.example/1", "https://a.example/2"]


def _billion_laughs(root: str) -> str:
    entities = "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{("&l" + str(n - 1) + ";") * 9 if n else ""}">'
        for n in range(12)
    )
    return f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>{root}"


def test_entities_do_not_expand_and_files_are_not_read() -> None:
    began = time.monotonic()
    feed = _billion_laughs(RSS.format("<item><title>&l11;</title><link>/1</link></item>"))
    found = _feed(feed)
    assert all(len(item.title or "") < 1000 for item in found)
    secret = RSS.format("<item><title>&x;</title><link>/1</link></item>")
    outside = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{secret}'
    assert "root:" not in str(_feed(outside))
    sitemap = "<urlset><url><loc>https://a.example/&l11;</loc></url></urlset>"
    with suppress(NotParsable):  # to refuse it is as good
        assert all(len(page.url) < 1000 for page in parse_sitemap(_billion_laughs(sitemap).encode(), URL).pages)
    assert time.monotonic() - began < 2


NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.example/1</loc><lastmod>2026-06-12</lastmod><news:news><news:publication_date>2026-06-10
</news:publication_date><news:title> A  story </news:title></news:news></url>
<url><loc> /2#x </loc><lastmod>2026-06-12</lastmod></url><url><loc>mailto:a@a.example</loc></url><url/></urlset>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_news_sitemap_and_lastmod_is_no_publication(pack: object) -> None:
    assert callable(pack)
    pages = parse_sitemap(pack(NEWS.encode()), URL).pages
    assert pages == (Candidate("https://a.example/1", "A story", "2026-06-10"), Candidate("https://a.example/2"))


def test_an_index_gives_the_newest_first() -> None:
    entries = "".join(f"<sitemap><loc>/{n}</loc><lastmod>2026-0{n}-01</lastmod></sitemap>" for n in (1, 3, 2))
    found = parse_sitemap(f"<sitemapindex>{entries}<sitemap><loc>/0</loc></sitemap></sitemapindex>".encode(), URL)
    assert found.sitemaps == tuple(f"https://a.example/{n}" for n in (3, 2, 1, 0))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!doctype html><html><p>No<br></html>", "HTML page"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML page"),
        (b"<rss/>", "root element is <rss>"),
        (b"<urlset><url>", "not well-formed"),
        (b"", "not well-formed"),
        (gzip.compress(NEWS.encode())[:-20], "cut short"),
        (b"\x1f\x8bnonsense", "damaged"),
        (gzip.compress(b" " * 60_000_000), "larger than"),
    ],
)
def test_what_is_no_sitemap_says_so(body: bytes, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        parse_sitemap(body, URL)


LISTING = """<base href="https://b.example/"><ul>
<li class="e"><span class="d">10 June 2026</span><a class="t" href="one">First <b>story</b></a></li>
<li class="e"><time class="d" datetime="2026-06-09">yesterday</time><a class="t" href="/two" title="Second"><img></a></li>
<li class="e"><span>no link</span></li></ul><a rel="nofollow next" href="?p=2">Older</a>"""


def test_a_listing_by_its_selectors() -> None:
    found = parse_listing(LISTING.encode(), "text/html", URL, "li.e", "a.t", ".d")
    assert found == (
        Candidate("https://b.example/one", "First story", "10 June 2026"),
        Candidate("https://b.example/two", "Second", "2026-06-09"),
    )
    assert find_next_page(LISTING.encode(), None, URL) == "https://b.example/?p=2"
    assert parse_listing(LISTING.encode(), None, URL, "a.t", "a[href]", None)[0].url == "https://b.example/one"


@pytest.mark.parametrize(
    ("items", "link", "date", "why"),
    [
        ("li.gone", "a", None, "items: 'li.gone' matches nothing"),
        ("li.e", "h2 a", None, "link: 'h2 a' finds no link"),
        ("li.e", "a", ".when", "date: '.when' finds nothing"),
        ("li[", "a", None, r"items: 'li\[' is not CSS"),
        ("li.e", "a:nope(", None, r"link: 'a:nope\(' is not CSS"),
    ],
)
def test_a_selector_that_fails_is_named(items: str, link: str, date: str | None, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        parse_listing(LISTING.encode(), None, URL, items, link, date)


def test_federal_register_documents() -> None:
    results = [
        {
            "html_url": "https://a.example/d/1",
            "title": "Notice  of X",
            "publication_date": "2026-06-10",
            "type": "Rule",
        },
        {"title": "without an address", "document_number": "2026-1"},
        {"html_url": "https://a.example/d/2", "title": None, "publication_date": None},
    ]
    answer = {"count": 9, "total_pages": 3, "next_page_url": "https://a.example/?page=2", "results": results}
    found = parse_documents(json.dumps(answer).encode())
    documents, following = found.candidates, found.following
    assert documents == (
        Candidate("https://a.example/d/1", "Notice of X", "2026-06-10"),
        Candidate("https://a.example/d/2", None, None),
    )
    assert following == "https://a.example/?page=2"
    assert parse_documents(b'{"count": 0, "description": "no match"}').candidates == ()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"Request rate too high. Please slow down.", "text instead of JSON: 'Request rate too high"),
        (b"<html>Unblock</html>", "text instead of JSON: '<html>Unblock"),
        (b'{"errors": {"agencies": "xyz is not a valid agency"}, "count": 0}', "not a valid agency"),
        (b'{"message": "Not Found"}', "with an error: Not Found"),
        (b'{"count": 4}', "counts 4 documents but sends none"),
        (b"{broken", "another shape"),
    ],
)
def test_an_api_error_under_200_says_what_it_says(body: bytes, why: str) -> None:
    with pytest.raises(NotParsable, match=why):
        parse_documents(body)

"""Challenge pages are told from pages, also from pages about challenge pages."""

from __future__ import annotations

import time

import pytest

from tracker.fetch.challenges import find_challenge

HTML = (("Content-Type", "text/html; charset=utf-8"),)
WORDS = " ".join(f"The agency wrote on page {n} of its report that the checks had kept people out." for n in range(40))


def _page(title: str, body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("headers", "vendor"),
    [
        ((("Cf-Mitigated", "challenge"),), "Cloudflare"),
        ((("x-amzn-waf-action", "captcha"),), "AWS WAF"),
        ((("X-Vercel-Mitigated", "challenge"),), "Vercel"),
    ],
)
def test_a_header_is_enough(headers: tuple[tuple[str, str], ...], vendor: str) -> None:
    assert find_challenge((*HTML, *headers), b"") == vendor


@pytest.mark.parametrize(
    ("body", "vendor"),
    [
        (_page("Just a moment...", "<h2>Checking</h2>", "<script>window._cf_chl_opt={}</script>"), "Cloudflare"),
        (_page("Just a moment...", "Enable JavaScript and cookies to continue"), "a browser check"),
        (
            _page("", "<p>Please wait</p>", '<meta http-equiv="refresh" content="5; URL=\'/a?bm-verify=AAQ\'"/>'),
            "Akamai",
        ),
        (_page("paper.example", "<script src='https://ct.captcha-delivery.com/c.js'></script>"), "DataDome"),
        (_page("", "<iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful.</iframe>"), "Imperva"),
        (_page("Access to this page has been denied", "<div id='px-captcha'></div>"), "HUMAN"),
        (_page("Making sure you're not a bot!", "Loading"), "a browser check"),
        (_page("", "", '<meta http-equiv="refresh" content="0;url=/captcha?back=%2Fa">'), "a browser check"),
        (_page("安全验证", "<p>请完成验证</p>"), "a browser check"),
        (b"<script>var arg1='0A';document.cookie='acw_sc__v2='</script>", "Alibaba Cloud"),
    ],
)
def test_marks_and_titles_count_where_there_is_nothing_to_read(body: bytes, vendor: str) -> None:
    assert find_challenge(HTML, body) == vendor


@pytest.mark.parametrize(
    "body",
    [
        _page("Captcha", f"<article><p>{WORDS}</p></article>"),
        _page("How captchas fail", "<p>Short, and about captchas: px is not px.</p>"),
        _page("News", f"<p>{WORDS}</p><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"),
        _page("Just a moment: how bot checks spread", "<p>In brief.</p>"),
        _page("Moved", "", '<meta http-equiv="refresh" content="0;url=/news/today">'),
        b"",
    ],
)
def test_pages_are_no_challenges(body: bytes) -> None:
    assert find_challenge(HTML, body) is None


def test_only_html_is_judged_by_its_body() -> None:
    body = b'{"title": "Just a moment...", "note": "captcha-delivery.com"}'
    assert find_challenge((("content-type", "application/json"),), body) is None


@pytest.mark.parametrize("part", [b"<script>", b"<", b"<meta ", b"<meta url=", b"<title", b"<!--", b"<svg><script"])
def test_judging_takes_little_time_whatever_is_sent(part: bytes) -> None:
    body = (b"<html>px-captcha" + part * (250_000 // len(part)))[:249_000]
    started = time.perf_counter()
    find_challenge(HTML, body)
    assert time.perf_counter() - started < 1

"""Pages that ask for a browser or a human instead of giving what was asked for.

They come under 200 as well as under 403, 429 and 503, and must never be taken for a document. A header that says so
is enough. Words and marks in the body count only where there is nothing else to read: articles are written about
captchas too, and sites under protection carry its scripts on every page.

Sources: the `cf-mitigated` header (developers.cloudflare.com, "Detect a Challenge Page response"), the
`x-amzn-waf-action` header (AWS WAF developer guide, "CAPTCHA and Challenge action behavior"), `x-vercel-mitigated`
(vercel.com/docs, request headers of the firewall); the marks of the other vendors are those of their own scripts.
"""

from __future__ import annotations

import re

_HEADERS = (
    ("cf-mitigated", re.compile(r"challenge"), "Cloudflare"),
    ("x-amzn-waf-action", re.compile(r"challenge|captcha"), "AWS WAF"),
    ("x-vercel-mitigated", re.compile(r"challenge"), "Vercel"),
)
_MARKS = (
    (b"/cdn-cgi/challenge-platform/", "Cloudflare"),
    (b"_cf_chl_opt", "Cloudflare"),
    (b"cf-browser-verification", "Cloudflare"),
    (b"bm-verify=", "Akamai"),
    (b"sec-if-cpt-container", "Akamai"),
    (b"/_sec/cp_challenge/", "Akamai"),
    (b"captcha-delivery.com", "DataDome"),
    (b"_Incapsula_Resource", "Imperva"),
    (b"Incapsula incident ID", "Imperva"),
    (b"px-captcha", "HUMAN"),
    (b"_pxAppId", "HUMAN"),
    (b"awsWafCookieDomainList", "AWS WAF"),
    (b"sucuri_cloudproxy_js", "Sucuri"),
    (b"/.within.website/x/cmd/anubis", "Anubis"),
    (b"ddos-guard/js-challenge", "DDoS-Guard"),
    (b"acw_sc__v2", "Alibaba Cloud"),
    (b"aliyun_waf_", "Alibaba Cloud"),
    (b"__jsl_clearance", "Jiasule"),
    (b"$_ts.nsd", "River Security"),
    (b"_guard/auto.js", "a browser check"),
)
_TITLES = re.compile(
    r"just a moment(\.\.\.|…)|attention required! \| cloudflare|checking your browser.*|ddos-guard|one more step"
    r"|access to this page has been denied\.?|vercel security checkpoint|making sure you.re not a bot!?"
    r"|pardon our interruption(\.\.\.|…)?|request unsuccessful.*|(are you|verify(ing)? (that )?you are|you are) "
    r"(a |not a )?(robot|bot|human)\??|(human|bot|robot|browser|security) (verification|check|checkpoint)"
    r"|captcha( challenge)?|(安全|人机|访问)验证|验证码|滑动验证页面|请稍候.*"
)
_META_REFRESH = re.compile(
    rb"<meta[^<>]{1,200}?url\s*=[^<>]{0,300}?(captcha|challenge|bm-verify|verify-?(human|browser)|are-?you-?a-?robot)",
    re.I,
)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.I)
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})?[^<>]*>")
_UNSEEN = frozenset({b"script", b"style", b"noscript", b"svg", b"title"})
_MAX_BODY_BYTES = 250_000
_MAX_PARAGRAPHS = 20
_MAX_SEEN_CHARS = 1_200
"""More words than this, and it is a page with something to read."""


def find_challenge(headers: tuple[tuple[str, str], ...], body: bytes) -> str | None:
    """Who stands in the way, if the answer is a challenge page: "Cloudflare", ..., or "a browser check"; else None."""
    for name, value in headers:
        for known, says, vendor in _HEADERS:
            if name.lower() == known and says.search(value.lower()):
                return vendor
    if not body or len(body) > _MAX_BODY_BYTES or body.count(b"</p>") > _MAX_PARAGRAPHS or not _is_html(headers, body):
        return None
    suspect = next((vendor for mark, vendor in _MARKS if mark in body), None)
    if suspect is None and (_has_telling_title(body) or _META_REFRESH.search(body[:20_000])):
        suspect = "a browser check"
    return suspect if suspect is not None and _count_seen(body) <= _MAX_SEEN_CHARS else None


def _is_html(headers: tuple[tuple[str, str], ...], body: bytes) -> bool:
    kind = next((value.lower() for name, value in headers if name.lower() == "content-type"), "")
    return "html" in kind or (not kind and body.lstrip()[:1] == b"<")


def _has_telling_title(body: bytes) -> bool:
    found = _TITLE.search(body[:20_000])
    return found is not None and bool(_TITLES.fullmatch(found[1].decode("utf-8", "replace").strip().lower()))


def _count_seen(body: bytes) -> int:
    """Characters that a reader would see, roughly: no tags, scripts or white space. One pass, whatever is sent."""
    seen = bytearray()
    at, within = 0, b""
    for tag in _TAG.finditer(body):
        if not within:
            seen += body[at : tag.start()]
        at = tag.end()
        closing, name = tag[1], (tag[2] or b"").lower()
        if not within and not closing and name in _UNSEEN:
            within = name
        elif closing and name == within:
            within = b""
    if not within:
        seen += body[at:]
    return len(b"".join(seen.split()).decode("utf-8", "replace"))

"""Which address a page is known by, where it has several: AMP, mobile and print forms, and what it states itself.

A page's own statement (rel=canonical, RFC 6596) comes first, but a wrong one would merge two documents into one, so it
is taken only where it can be true. Without one, the forms that are known to be the same page by their shape are undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from lxml.html import HtmlElement

from tracker.read.urls import find_url, registrable_domain

_ALTERNATE_LABELS = frozenset({"www", "m", "mobile", "amp", "wap", "touch", "print"})
"""First labels of a host that shows the same pages in another form."""
_MOBILE_LABELS = _ALTERNATE_LABELS - {"www"}
_SHARED = frozenset(
    {"house.gov", "senate.gov", "gov.uk", "europa.eu", "substack.com", "medium.com", "wordpress.com", "ghost.io",
     "beehiiv.com", "tumblr.com", "wixsite.com", "squarespace.com", "typepad.com", "notion.site", "google.com",
     "weebly.com", "blogspot.com", "github.io", "gitlab.io", "sohu.com", "163.com"}
)  # fmt: skip
"""Domains under which each host is somebody else's."""
_FORM_PATHS = (
    re.compile(r"(?i)^(?P<page>.*/[^/]*[-.\d][^/]*)/(?:amp|print)/?$"),
    re.compile(r"(?i)^/(?:amp|print)(?P<page>/.*[-.\d].*)$"),
    re.compile(r"(?i)^(?P<page>.+)\.amp(?P<suffix>\.html?)?$"),
)
"""`/a-story/amp`, but not `/glossary/amp`: what stands before it must look like a page's own name."""
_FORM_PARAMETER = re.compile(
    r"(?i)(?:amp(?:=1|=true)?|outputtype=amp|output=(?:amp|print)|view=(?:amp|print)|format=(?:amp|print)"
    r"|print(?:=1|=true|=yes|able=1|able=true)?|printable=(?:1|true|yes)|mode=print|m=1|mobile=(?:1|true)"
    r"|isappinstalled=\d|spm=[\w.-]+)"
)
_NAMES_A_PAGE = re.compile(r"(?i)(?:[a-z_]*id|p|page_?id|art|article|story|doc|document|news|no|num|number|key|q)")
"""Parameters that often name the document itself."""


@dataclass(frozen=True, slots=True)
class Address:
    """What a page's statements say of where it belongs."""

    canonical: str | None
    """The address that this document is known by; None where the page does not say, or not believably."""
    elsewhere: str | None
    """An address on somebody else's host that the page names as the original of its text."""


def plain_form(url: str) -> str:
    """An address without the marks of an AMP, mobile or print form of the page; else as it is.

    `m.a.example` becomes `www.a.example`, `amp.a.example/x` as well, `en.m.a.example` becomes `en.a.example`.
    """
    parts = urlsplit(url)
    path, query = parts.path, parts.query
    for form in _FORM_PATHS:
        if match := form.match(path):
            path = match["page"] + (match.groupdict().get("suffix") or "")
    if query:
        query = "&".join(item for item in query.split("&") if not _FORM_PARAMETER.fullmatch(item))
    return urlunsplit((parts.scheme, _plain_host(parts.netloc), path, query, ""))


def _plain_host(netloc: str) -> str:
    host, colon, port = netloc.partition(":")
    labels = host.split(".")
    if netloc.startswith("[") or len(labels) < 3:
        return netloc
    if labels[0] in _MOBILE_LABELS:
        labels = ["www", *labels[1:]] if _is_bare_domain(labels[1:]) else labels[1:]
    elif len(labels) > 3 and labels[1] in _MOBILE_LABELS and not _is_bare_domain(labels[1:]):
        del labels[1]
    return ".".join(labels) + colon + port


def _is_bare_domain(labels: list[str]) -> bool:
    host = ".".join(labels)
    return registrable_domain(f"https://{host}/") == host


def bare_host(url: str) -> str:
    """The host without a leading www, m, amp or the like: one name for a publisher's forms of one site."""
    labels = (urlsplit(url).hostname or "").split(".")
    while len(labels) > 2 and labels[0] in _ALTERNATE_LABELS:
        del labels[0]
    return ".".join(labels)


def is_same_house(one: str, other: str) -> bool:
    """Whether two addresses are on hosts of one publisher; a host on a shared domain speaks only for itself."""
    domain = registrable_domain(one)
    if domain is None or domain != registrable_domain(other):
        return False
    return domain not in _SHARED or bare_host(one) == bare_host(other)


def find_address(tree: HtmlElement, json_ld: list[dict[str, object]], url: str) -> Address:
    """Where a page says that it belongs: rel=canonical, else og:url, else the `url` of its JSON-LD.

    Not believed: two that contradict each other, a front page, an address that lacks what tells this page from others
    (`?id=`), one on somebody else's host. That last is told as `elsewhere`: the text was taken from there.
    """
    stated = _canonical_links(tree, url)
    others = [found for found in _metas(tree, ("syndication-source", "original-source"), url) if found not in stated]
    elsewhere = next((found for found in (*stated, *others) if not is_same_house(found, url)), None)
    if len(stated) > 1:
        return Address(None, None)
    for found in (*stated, *_metas(tree, ("og:url",), url), *_node_urls(json_ld, url)):
        if is_same_house(found, url) and _can_be(found, url):
            return Address(_no_downgrade(found, url), elsewhere)
    return Address(None, elsewhere)


def _canonical_links(tree: HtmlElement, url: str) -> list[str]:
    """Distinct canonical addresses of the head, and of the top of the body: a stray element ends a head early."""
    found = []
    for link in tree.iter("link"):
        parent = link.getparent()
        is_stated = "canonical" in (link.get("rel") or "").lower().split() and parent is not None
        if is_stated and parent.tag in ("head", "body", "html") and (target := find_url(link.get("href"), url)):
            found.append(target)
    return list(dict.fromkeys(found))


def _metas(tree: HtmlElement, names: tuple[str, ...], url: str) -> list[str]:
    found = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in names and (target := find_url(meta.get("content"), url)):
            found.append(target)
    return found


def _node_urls(json_ld: list[dict[str, object]], url: str) -> list[str]:
    stated = []
    for node in json_ld[:1]:
        page = node.get("mainEntityOfPage")
        values: Iterable[object] = (page.get("@id") if isinstance(page, dict) else page, node.get("url"))
        stated += [find_url(value, url) for value in values if isinstance(value, str) and ":" in value]
    return [item for item in stated if item]


def _can_be(found: str, url: str) -> bool:
    """Whether an address can be that of this page, and not of the site, a section or another document."""
    theirs, ours = urlsplit(found), urlsplit(plain_form(url))
    if theirs.path in ("", "/") and not theirs.query:
        return ours.path in ("", "/") and not ours.query
    if theirs.path.rstrip("/") == ours.path.rstrip("/"):
        kept = set(theirs.query.split("&"))
        lost = [item for item in ours.query.split("&") if item and item not in kept]
        return not any(_NAMES_A_PAGE.fullmatch(item.partition("=")[0]) for item in lost)
    if ours.path.startswith(theirs.path.rstrip("/") + "/"):
        return _is_tail(ours.path[len(theirs.path.rstrip("/")) + 1 :])
    return True


def _is_tail(rest: str) -> bool:
    """Whether what follows a canonical path is a page number or the like, so that the path is not just a section."""
    return bool(re.fullmatch(r"(?:\d{1,3}|page/\d{1,3}|index\.\w{3,5}|amp|print|story|full)/?", rest))


def _no_downgrade(found: str, url: str) -> str:
    """A site that answers over TLS and still names itself with http:// is taken at its better word."""
    return "https" + found[4:] if found.startswith("http:") and url.startswith("https:") else found

"""Addresses: one written form for one page, and which hosts belong together.

courlan's own cleaning is not used for the form: it sorts and re-encodes queries and drops parameters such as
`cid`, `source` or `session` that name a document on some hosts, so that two documents would become one.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from courlan import extract_domain

from tracker.configfields import MAX_URL_LENGTH
from tracker.records import MAX_URL_BYTES

_TRACKING = re.compile(
    r"(?i)(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|srsltid"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hs\w+|hsctatracking|vero_id|oly_anon_id|oly_enc_id|s_cid|ref_src"
    r"|ref_url|_ga|_gl|ga_\w+|pk_campaign|pk_kwd|mtm_\w+|matomo_\w+|piwik_\w+|at_medium|at_campaign"
    r"|at_custom\d|at_bbc_team|at_link_\w+|at_format|at_ptr_name|ocid|cmpid|icid|wt\.mc_id|xtor|smid|smtyp|guccounter"
    r"|guce_referrer(?:_sig)?|__twitter_impression|usqp|amp_js_v|amp_gsa|amp_r|cx_\w+|taid|wprov)"
)
_AMP_CACHE = re.compile(r"(?i)(?:^|\.)(?:cdn\.ampproject\.org|bing-amp\.com|amp\.cloudflare\.com)$")
_GOOGLE = re.compile(r"(?i)(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}")
_AMP_CACHE_PATH = re.compile(r"/[cv](?:/(s))?/([^/?#]+\.[^/?#]+)(/.*)?")
_AMP_VIEWER_PATH = re.compile(r"/amp(?:/(s))?/([^/?#]+\.[^/?#]+)(/.*)?")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_QUERY = _SAFE_PATH + "?[]"


def host_of(url: str) -> str:
    """The host name of an address in lower case, without port: what one pace governs; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def canonical_url(url: str) -> str:
    """The one written form of an http(s) address (RFC 3986, section 6.2): scheme and host in lower case, no default
    port, no fragment, no tracking parameters, other characters percent-encoded. The rest stays as it is, in its
    order: what else a host means by its query is the host's own affair.

    Raises:
        ValueError: not an absolute http(s) address, longer than `MAX_URL_LENGTH` (in its written form than
            `MAX_URL_BYTES`), or with a login in it.
    """
    parts = urlsplit(re.sub(r"[\x00-\x20\x7f]+", lambda found: "%20" if found[0] == " " else "", url.strip()))
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http(s) address: {url[:80]!r}")
    if "@" in parts.netloc or len(url) > MAX_URL_LENGTH:
        raise ValueError(f"not an address for the public: {parts.hostname[:80]}")
    host = parts.hostname.rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS[scheme]) else f":{parts.port}"
    kept = [item for item in parts.query.split("&") if item and not _TRACKING.fullmatch(item.partition("=")[0])]
    path = quote(parts.path, safe=_SAFE_PATH) or "/"
    written = urlunsplit((scheme, host + port, path, quote("&".join(kept), safe=_SAFE_QUERY), ""))
    if len(written) > MAX_URL_BYTES:
        raise ValueError(f"not an address for the public: {host[:80]}")
    return written


def find_url(href: str | None, base: str) -> str | None:
    """The canonical address that a link means, seen from `base`; None if it leads nowhere on the web.

    A link into an AMP cache means the page that the cache was given.
    """
    if not href or not href.strip() or href.strip().startswith("#"):
        return None
    try:
        return _out_of_cache(canonical_url(urljoin(base, href.strip())))
    except ValueError:
        return None


def _out_of_cache(url: str) -> str:
    """The publisher's address in that of an AMP cache or of Google's viewer, which name it in their path:
    `a-example.cdn.ampproject.org/c/s/a.example/x` (amp.dev, "AMP Cache URLs"); others as they are."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    form = _AMP_CACHE_PATH if _AMP_CACHE.search(host) else _AMP_VIEWER_PATH if _GOOGLE.fullmatch(host) else None
    match = form.fullmatch(parts.path) if form else None
    if match is None:
        return url
    scheme = "https" if match[1] else "http"
    return canonical_url(urlunsplit((scheme, match[2], match[3] or "/", parts.query, "")))


def origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port (RFC 6454, section 4), or None if it is no http(s) address."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        return parts.scheme, parts.hostname.rstrip("."), parts.port or _DEFAULT_PORTS[parts.scheme]
    except ValueError:
        return None


def keeps_to_origin(url: str, origin: str) -> bool:
    """Whether an address is on the origin of another, or on the same host by https where that one was by http: what is
    for the one alone may be sent to the other."""
    ours, theirs = origin_of(origin), origin_of(url)
    if ours is None or theirs is None:
        return False
    return theirs == ours or (ours == ("http", ours[1], 80) and theirs == ("https", ours[1], 443))


def registrable_domain(url: str) -> str | None:
    """The part of the host that somebody registered (Public Suffix List): "www.a.co.uk" -> "a.co.uk".

    For a suffix that is not on the list (`.example`) the last two labels; for a bare IP address, the address.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return None
    if not host:
        return None
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        domain = extract_domain(f"https://{host}/")
        return domain or ".".join(host.split(".")[-2:])

"""Addresses: one written form for one page, and which hosts belong together.

courlan's own cleaning is not used for the form: it sorts and re-encodes queries and drops parameters such as
`cid`, `source` or `session` that name a document on some hosts, so that two documents would become one.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from courlan import extract_domain

_TRACKING = re.compile(
    r"(?i)(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|vero_id|oly_anon_id|oly_enc_id|s_cid|ref_src)"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_QUERY = _SAFE_PATH + "?[]"
MAX_URL_LENGTH = 2_000


def canonical_url(url: str) -> str:
    """The one written form of an http(s) address (RFC 3986, section 6.2): scheme and host in lower case, no default
    port, no fragment, no tracking parameters, other characters percent-encoded. The rest stays as it is, in its
    order: what else a host means by its query is the host's own affair.

    Raises:
        ValueError: not an absolute http(s) address, longer than `MAX_URL_LENGTH`, or with a login in it.
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
    return urlunsplit((scheme, host + port, path, quote("&".join(kept), safe=_SAFE_QUERY), ""))


def find_url(href: str | None, base: str) -> str | None:
    """The canonical address that a link means, seen from `base`; None if it leads nowhere on the web."""
    if not href or not href.strip() or href.strip().startswith("#"):
        return None
    try:
        return canonical_url(urljoin(base, href.strip()))
    except ValueError:
        return None


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

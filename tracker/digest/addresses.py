"""Where a subscriber is told: mail addresses and webhooks, checked before anything is kept. The one door for idna.

A mail address is what RFC 5321 and the WHATWG's `input type=email` agree on: one address, no quotes, no comments, a
domain with a dot. What looks like another name than it is (UTS 39) is refused, since a confirmation would go elsewhere
than its reader thinks.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import idna

from tracker.configfields import check_http_url
from tracker.errors import InputError
from tracker.fetch.addresses import find_configured, is_permitted, parse_networks

LONGEST_ADDRESS, LONGEST_LOCAL = 254, 64
"""Bytes (RFC 5321, section 4.5.3.1, and erratum 1690 of RFC 3696)."""
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
"""Scripts that one label may mix (UTS 39, section 5.2, "highly restrictive")."""
_LIKE_LATIN = {
    "CYRILLIC": set("асԁеһіјӏорԛѕԝхуъьҽпгѵѡ"),
    "GREEK": set("αικνρυωηοτ"),
}
"""Letters that pass for Latin ones; a label of nothing else passes for another name (as Chromium has it)."""
_NOWHERE = ("localhost", "invalid")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")


def check_mail_address(text: str) -> str:
    """The address as mail is sent to it: its domain in ASCII and small letters.

    Raises:
        InputError: it is none, or not one alone; says what is wrong with it.
    """
    told = _told(text)
    address = text.strip(" ")
    if not address:
        raise InputError("the mail address is empty; expected one such as kate@mail.example")
    if len(address) > LONGEST_ADDRESS:
        raise InputError(f"the mail address {told} has more than {LONGEST_ADDRESS} characters")
    if re.search(r"[,;]", address) or address.count("@") > 1:
        raise InputError(f"{told}: expected one mail address; add a subscriber for each")
    if re.search(r'[<>()"\\\[\]:]', address):
        raise InputError(f"{told}: expected the mail address alone, without name, quotes, comments or brackets")
    if hidden := find_hidden(address):
        raise InputError(f"the mail address {told} holds {hidden}; type it anew")
    local, at, domain = address.partition("@")
    if not at or not domain or not local:
        raise InputError(f"{told} is no mail address; expected one such as kate@mail.example")
    if not local.isascii() or not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise InputError(
            f"{told}: before the @ stand at most {LONGEST_LOCAL} letters of ASCII, digits, single dots between them, "
            "and marks such as - _ +"
        )
    checked = f"{local}@{_check_domain(domain, told)}"
    if len(checked) > LONGEST_ADDRESS:
        raise InputError(f"the mail address {told} has more than {LONGEST_ADDRESS} characters")
    return checked


def check_webhook_url(text: str, resolve: Mapping[str, str] | None = None, allowed: Sequence[str] = ()) -> str:
    """The address of a webhook: https, without a login, at a host that is not inside.

    Args:
        text: as it was typed.
        resolve, allowed: `network.resolve` and `network.allow_networks`; what these allow may be inside, and http.

    Raises:
        InputError: it may not be called; says why. (Every address is checked again when it is connected to.)
    """
    told = _told(text)
    url = text.strip(" ")
    if not url.isascii() or re.search(r"[\s\\\"<>^`{|}\x00-\x1f\x7f]", url):
        raise InputError(f"webhook {told}: expected an address of visible ASCII; write other letters as %XX or xn--")
    try:
        check_http_url(url)
    except ValueError as error:
        raise InputError(f"webhook {told}: {error}") from error
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if "#" in url:
        raise InputError(f"webhook {told}: expected an address without #")
    if _is_configured_inside(host, resolve or {}, allowed):
        return url
    if parts.scheme != "https":
        raise InputError(f"webhook {told}: expected https://, since a digest says what somebody watches")
    _check_public(host, told)
    return url


def find_hidden(text: str) -> str | None:
    """What a text holds that nobody sees, or that turns what is seen, in words: controls, zero widths, bidi marks."""
    for mark in text:
        kind = unicodedata.category(mark)
        if mark in "\r\n":
            return "a line break"
        if kind == "Cc" or kind in ("Cs", "Co", "Cn"):
            return f"a control character (U+{ord(mark):04X})"
        if kind == "Cf" or mark in "\u115f\u1160\u3164\uffa0\u034f" or "VARIATION SELECTOR" in _name(mark):
            return f"a character that nobody sees (U+{ord(mark):04X})"
        if kind.startswith("Z"):
            return "a space"
    return None


def _check_domain(domain: str, told: str) -> str:
    """The domain in ASCII. Raises: InputError."""
    try:
        encoded = idna.encode(domain.rstrip("."), uts46=True, std3_rules=True).decode("ascii").lower()
        labels = [idna.decode(label) if label.startswith("xn--") else label for label in encoded.split(".")]
    except (idna.IDNAError, UnicodeError) as error:
        raise InputError(f"{told}: {domain[:80]!r} is no domain name") from error
    if len(labels) < 2 or labels[-1].isdigit() or labels[-1] in _NOWHERE:
        raise InputError(f"{told}: expected a whole domain name after the @, such as mail.example")
    for label in labels:
        if _looks_like_another(label, labels[-1]):
            raise InputError(
                f"{told}: {label!r} mixes letters of several scripts, or is of letters that pass for Latin ones; "
                "if that is its name, write it as xn--... and let an administrator add it"
            )
    return encoded


def _looks_like_another(label: str, top: str) -> bool:
    scripts = {_name(mark).split(" ", 1)[0].split("-")[0] for mark in label if mark.isalpha()}
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        return True
    script = next(iter(scripts), "LATIN")
    top_is_same = all(_name(mark).startswith(script) for mark in top if mark.isalpha())
    letters = {mark for mark in label if mark.isalpha()}
    return bool(letters) and not top_is_same and letters <= _LIKE_LATIN.get(script, set())


def _is_configured_inside(host: str, resolve: Mapping[str, str], allowed: Sequence[str]) -> bool:
    """Whether the configuration itself leads this host to a network that it allows."""
    configured = find_configured(host, resolve)
    try:
        address = configured[0] if configured else ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    networks = parse_networks(allowed)
    return any(address in network for network in networks)


def _check_public(host: str, told: str) -> None:
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        if not is_permitted(address, ()):
            raise InputError(f"webhook {told}: {address} is no public address; network.allow_networks can allow it")
        return
    labels = host.split(".")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):  # what resolvers take for an address: 2130706433, 127.1, 0x7f.1
        raise InputError(f"webhook {told}: {host[:80]!r} is neither a name nor a plain address")
    if len(labels) < 2 or any(host == name or host.endswith(f".{name}") for name in _INSIDE):
        raise InputError(f"webhook {told}: {host[:80]!r} is a name of this machine or network; a public one is needed")
    _check_domain(host, f"webhook {told}")


def _name(mark: str) -> str:
    return unicodedata.name(mark, "")


def _told(text: str) -> str:
    """As it can stand in a message: one line, quoted, what is not plain ASCII also by its code."""
    short = text if len(text) <= 80 else f"{text[:80]}…"
    return ascii(short)

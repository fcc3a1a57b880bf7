"""Ids, languages and addresses as FollowTheMoney takes them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tracker.ids import digest_of, slugify
from tracker.render.paths import file_stem, safe_url
from tracker.render.views import Views
from tracker.render.wording import clean, shorten

_PLAIN = re.compile(r"[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?")
_UNSEEN = re.compile("[\u200b-\u200d]")
_QUOTED = re.compile(r"""["'](.*)["']""")
_MOST_TEXT_CHARS = 60_000
_MOST_URL_CHARS = 2_000
_MOST_NAME_CHARS = 300
_LANGUAGES = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa",
    "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind",
    "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit", "lv": "lav", "ms": "msa", "nl": "nld", "no": "nor", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe", "tr": "tur",
    "uk": "ukr", "zh": "zho",
}  # fmt: skip
"""ISO 639-1 -> ISO 639-3, of the languages that the model has."""
LANGUAGES = tuple(_LANGUAGES.items())


@lru_cache(maxsize=1 << 15)  # whatever tells of a thing names it
def ftm_id(kind: str, *ids: str) -> str:
    """An id of letters, digits, points and hyphens, that no other dataset is likely to have."""
    if len(ids) > 1:
        return f"ddt-{kind}-{digest_of(*ids, length=20)}"
    stem = file_stem(ids[0])
    return f"ddt-{kind}-{stem}" if _PLAIN.fullmatch(stem) else f"ddt-{kind}-{slugify(stem, 40)}-{digest_of(ids[0])}"


def language_code(tag: str) -> str | None:
    """The language of a BCP 47 tag as ISO 639-3, None for one that we do not know."""
    first = tag.partition("-")[0].lower()
    return _LANGUAGES.get(first)


def text_of(text: str) -> str:
    """A text as the library keeps it: composed, without signs that nobody sees, and without space around it."""
    return unicodedata.normalize("NFC", _UNSEEN.sub("", clean(text))).strip()[:_MOST_TEXT_CHARS]


def line_of(text: str, limit: int = _MOST_NAME_CHARS) -> str:
    """A name or title in one line, without quotes around it."""
    line = shorten(text_of(text), limit)
    while match := _QUOTED.fullmatch(line):
        line = match[1].strip()
    return line


def url_of(address: str | None) -> str:
    """The address if it can be opened and kept, else ""."""
    link = safe_url(address) or ""
    return link if len(link) <= _MOST_URL_CHARS else ""


def page_url(views: Views, path: str) -> str:
    """A page of the site; "" where nobody knows where that stands."""
    return url_of(views.base + path) if views.base else ""

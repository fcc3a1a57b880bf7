"""What kind of document a page is, by its title, its address and who publishes it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from tracker.types import DocumentKind, PublisherType

# The first rule that matches decides. A title about a letter ("Senators answer Anthropic's letter") is news when a
# news house runs it: the rules on titles are for publishers that issue such papers themselves.
_ISSUED: tuple[tuple[DocumentKind, str], ...] = (
    ("memo", r"\bmemo(?:randum|randa)?\b"),
    ("letter", r"\bletters?\b(?=.*\bto\b)|^(?:open )?letter\b|\bopen letter\b"),
    ("bill", r"^(?:h\.?\s?r|s|(?:h|s)\.?\s?j?\.?\s?res)\.?\s?\d+\b|\b(?:act|bill) of \d{4}$"),
    ("filing", r"\b(?:complaint|docket|amicus|motion to|petition for|opinion and order|form 8-k|form 10-[kq])\b"),
    ("filing", r"\w\.? v\.? \w"),
    ("statement", r"\b(?:statement|remarks|transcript|testimony|press conference|responds? to|spokesperson)\b"),
    ("statement", r"发言人|记者会|答记者问|声明"),
    ("press_release", r"\bpress release\b|\bfor immediate release\b"),
    ("press_release", r"^(?:chair(?:man|woman)?|ranking member|senators?|sens?\.|reps?\.|representatives?)\s"),
    ("report", r"\b(?:report|findings|assessment|white paper|study|analysis|threat intelligence|system card)\b"),
)  # fmt: skip
_PATHS: tuple[tuple[DocumentKind, str], ...] = (
    ("press_release", r"/(?:press-releases?|newsreleases?|news-releases?|pressreleases?)(?:/|$)"),
    ("statement", r"/(?:statements?|briefings-statements|fyrbt)(?:/|$)"),
    ("memo", r"/(?:memos?|memoranda)(?:/|$)"),
    ("letter", r"/letters?(?:/|$)"),
    ("bill", r"/bills?(?:/|$)"),
    ("filing", r"/(?:filings?|dockets?|opinions?)(?:/|$)"),
    ("report", r"/(?:reports?|research|publications?)(?:/|$)"),
)
_OPENINGS: tuple[tuple[DocumentKind, str], ...] = (
    ("press_release", r"for immediate release|press release\b|news release\b|media release\b"),
    ("memo", r"memorandum (?:for|to)\b|m e m o r a n d u m|to:\s.{2,80}\n+from:\s"),
    ("bill", r"(?:a bill|an act|a resolution|joint resolution)\s*\n|be it enacted\b|\d{2,3}(?:st|nd|rd|th) congress\b"),
    ("filing", r"(?:in the )?united states (?:district|bankruptcy) court|united states court of appeals|form 8-k\b"),
    ("letter", r"dear (?:mr|mrs|ms|mx|dr|sir|madam|chair|secretary|senator|representative|president|director|colleague"
               r"|members?|ambassador|commissioner|minister|governor)\b|via (?:electronic|certified) mail\b"),
)  # fmt: skip
_OPENING_CHARS = 700
_ISSUED_RULES = tuple(
    (kind, re.compile(rule, 0 if " v" in rule or "v\\.?" in rule else re.I)) for kind, rule in _ISSUED
)
_OPENING_RULES = tuple((kind, re.compile(rf"^\W*(?:{rule})", re.I | re.M)) for kind, rule in _OPENINGS)
_PATH_RULES = tuple((kind, re.compile(rule, re.I)) for kind, rule in _PATHS)
_BY_TYPE: dict[PublisherType, DocumentKind] = {"court": "filing", "think_tank": "report"}


def classify_kind(title: str | None, url: str, publisher_type: PublisherType, text: str = "") -> DocumentKind:
    """The kind, by simple rules: a news house's and a blog's page is an article; for who issues papers of his own
    (government, company, court, think tank) the title decides, then the path, then how the text opens ("Dear
    Secretary", "FOR IMMEDIATE RELEASE"), then the type of publisher."""
    if publisher_type in ("news", "blog"):
        return "article"
    heading = " ".join((title or "").split())
    for kind, rule in _ISSUED_RULES:
        if rule.search(heading):
            return kind
    path = unquote(urlsplit(url).path)
    for kind, rule in _PATH_RULES:
        if rule.search(path):
            return kind
    opening = text[:_OPENING_CHARS]
    for kind, rule in _OPENING_RULES:
        if rule.search(opening):
            return kind
    return _BY_TYPE.get(publisher_type, "article")

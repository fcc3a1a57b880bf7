"""How values read on the page: dates with their precision, numbers with their qualifier, texts without tricks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from tracker.days import day_words
from tracker.nearness import means_nearly
from tracker.types import (
    Answer,
    AnswerKind,
    ClaimStatus,
    ClaimType,
    DateBasis,
    DisputeStatus,
    EntityType,
    HealthState,
    LedgerKind,
    Qualifier,
    QuantityKind,
    Relevance,
)

CLAIM_TYPE_WORDS: dict[ClaimType, str] = {
    "allegation": "Allegation",
    "admission": "Admission",
    "denial": "Denial",
    "no_response": "No response",
    "legislation": "Legislation",
    "government_action": "Government action",
    "legal_action": "Legal action",
    "company_action": "Company action",
    "statement": "Statement",
}
ENTITY_TYPE_WORDS: dict[EntityType, tuple[str, str]] = {
    "company": ("Company or lab", "Companies and labs"),
    "model": ("Model or product", "Models and products"),
    "person": ("Person", "People"),
    "government": ("Public body", "Public bodies"),
    "law": ("Law, bill or order", "Laws, bills and orders"),
    "organisation": ("Organisation", "Organisations"),
    "publisher": ("Publisher", "Publishers"),
    "place": ("Place", "Places"),
}
QUANTITY_KIND_WORDS: dict[QuantityKind, str] = {
    "accounts": "accounts",
    "exchanges": "exchanges",
    "money": "money",
    "percent": "percent",
    "duration": "duration",
    "users": "users",
    "companies": "companies",
    "people": "people",
    "tokens": "tokens",
    "other": "other",
}
HEALTH_WORDS: dict[HealthState, str] = {
    "fine": "fine",
    "empty": "empty",
    "silent": "silent",
    "refused": "refused",
    "unreachable": "unreachable",
    "layout_changed": "layout changed",
    "skipped": "skipped",
    "new": "not asked yet",
}
STATUS_WORDS: dict[ClaimStatus, str] = {
    "alleged": "reported as somebody’s word",
    "asserted": "reported by the document itself",
    "denied": "denied",
}
BASIS_WORDS: dict[DateBasis, str] = {
    "stated": "the date that the sources state",
    "relative": "worked out from a date without a year, or words such as “on Monday”, and the day of publication",
    "publication": "the day of publication; the sources give no date of the event itself",
}
OWN_WORD = "the issuer’s own word"
"""The status of what a body's own statement says, whether it charges or reports."""
RELEVANCE_WORDS: dict[Relevance, str] = {
    "relevant": "relevant",
    "background": "background only",
    "irrelevant": "not on this matter",
}
ANSWER_WORDS: dict[AnswerKind, str] = {
    "denial": "denied",
    "admission": "admitted",
    "no_response": "source reports no answer",
    "declined": "declined to comment",
    "counter_claim": "made a counter-charge",
    "none_found": "no answer found in the sources",
}
STEP_WORDS: dict[DisputeStatus, str] = {
    "alleged": "alleged",
    "repeated_by_government": "alleged by a public body too",
    "under_investigation": "under investigation by a public body",
    "in_bill": "in a bill",
    "sanctioned": "sanctioned or listed",
    "in_court": "in court",
    "withdrawn": "withdrawn by the accuser",
    "settled": "settled",
    "admitted": "admitted by the accused",
    "closed": "inquiry, suit or listing ended",
}
LEDGER_WORDS: dict[LedgerKind, str] = {
    "denied": "denied",
    "declined": "declined to comment",
    "no_reply": "source reports no answer",
    "counter_claim": "made a counter-charge",
    "admitted": "admitted",
    "none_found": "no answer found in the sources",
}

# Bidirectional embeddings, overrides and isolates (Unicode TR 9) can make a text read as what it does not say;
# C0, C1, surrogates and noncharacters are not allowed in HTML at all.
_TRICKS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_NOT_TEXT = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def clean(text: str) -> str:
    """A text with line ends as newlines and without control characters, direction overrides and broken code points."""
    if text.isprintable():  # then there is none of these in it, nor a line end; most texts are, and that is told faster
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TEXT.sub("\ufffd", _TRICKS.sub("", text))


def shorten(text: str, limit: int = 200) -> str:
    """One line of at most `limit` characters, cut at a word with an ellipsis."""
    line = " ".join(clean(text).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 0.6 else cut).rstrip(" ,;:–-") + "…"


def bare_name(name: str) -> str:
    """A name for comparison: without case and without a remark in brackets behind it."""
    return " ".join(re.sub(r"\s*\([^()]*\)\s*$", "", name).casefold().split())


def language_tag(tag: str) -> str:
    """A BCP 47 tag if it looks like one, else "" (HTML's "unknown")."""
    return tag if _LANGUAGE.fullmatch(tag) else ""


def as_of_words(at: datetime) -> str:
    """An instant up to which something was known: the day alone where it is the day's end."""
    return day_words(at.date()) if at.time() == time.max else f"{day_words(at.date())}, {at:%H:%M} UTC"


def instant_day(instant: datetime) -> str:
    """The UTC day of an instant: a page must not change because it was looked at again within the day."""
    return day_words(instant.date())


def instant_words(instant: datetime) -> str:
    """An instant to the minute: "1 March 2026, 09:30 UTC"."""
    at = instant.astimezone(UTC)
    return f"{day_words(at.date())}, {at:%H:%M} UTC"


def machine_instant(instant: datetime) -> str:
    """An instant as HTML's `datetime` and XML Schema's dateTime have it, to the second."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def number_words(value: float) -> str:
    """24,000 or 3.5: thousands grouped, no digits that were not there."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.6f}".rstrip("0").rstrip(".")


def value_words(low: float | None, high: float | None, qualifier: Qualifier, text: str = "") -> str:
    """A figure's value or interval with its qualifier: "over 24,000", "up to 25,000", "at least 20,000".

    `text` is the figure in the source's words: who writes "nearly 25,000" does not say "up to 25,000".
    """
    if qualifier == "range" and low is not None and high is not None:
        return f"{number_words(low)} to {number_words(high)}"
    if low is not None:
        prefix = {"over": "over ", "about": "about ", "vague": "at least "}.get(qualifier, "")
        return f"{prefix}{number_words(low)}"
    if high is None:
        return "no number"
    return f"{'nearly' if qualifier == 'under' and means_nearly(text) else 'up to'} {number_words(high)}"


def measure_words(
    low: float | None, high: float | None, qualifier: Qualifier, kind: QuantityKind, unit: str | None, text: str = ""
) -> str:
    """`value_words` with the unit where the kind has one: USD, %, days."""
    value = value_words(low, high, qualifier, text)
    if kind == "money":
        return f"{value} {unit}" if unit else value
    if kind == "percent":
        return f"{value}%"
    return f"{value} {'day' if value == '1' else 'days'}" if kind == "duration" else value


def span_words(low: float | None, high: float | None, kind: QuantityKind, unit: str | None) -> str:
    """What several values allow together, with the unit: "24,000 to 24,500", "2 USD"; "" where nothing is left."""
    if low is None:
        return ""
    qualifier: Qualifier = "over" if high is None else "exact" if low == high else "range"
    return measure_words(low, high, qualifier, kind, unit)


def figure_words(text: str, low: float | None, qualifier: Qualifier) -> str:
    """A figure in the source's words; a vague one with what it means at the least."""
    words = shorten(text, 120)
    return f"{words} (at least {number_words(low)})" if qualifier == "vague" and low is not None else words


def answer_words(answer: Answer) -> str:
    """How an accused party's answer reads in one phrase."""
    return ANSWER_WORDS[answer.kind]


def count_words(count: int, singular: str, plural: str | None = None) -> str:
    """ "1 document", "1,204 documents"."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def size_words(size: int) -> str:
    """A file's size in bytes: "812 bytes", "3.4 KB", "12 MB" (1 KB is 1,000 bytes)."""
    if size < 1_000:
        return f"{size} bytes"
    for unit, of in (("KB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if size < of * 999.5 or unit == "GB":
            break
    return f"{size / of:.1f} {unit}" if size < of * 9.95 else f"{size / of:,.0f} {unit}"

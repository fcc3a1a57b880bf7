"""What a figure counts beside its noun: the whole, a part of something counted before, or so many a day."""

from __future__ import annotations

import re
from typing import Literal

from tracker.types import ClaimRecord, Figure

Aspect = Literal["", "part", "rate"]

_OF_WHAT = (
    r"(?:of (?:the|them|these|those|its|their|whom|which|all)\b|(?:davon|von (?:den|diesen|ihnen))\b"
    r"|(?:des|de ces|d[’']entre)\s|(?:de (?:las|los|ellas|ellos|estas|estos)|das|dos|destas|destes)\b)"
)
_PART = re.compile(rf"\s*,?\s*{_OF_WHAT}", re.IGNORECASE)
_PART_WITHIN = re.compile(rf"\s{_OF_WHAT}", re.IGNORECASE)
_PART_BEFORE = re.compile(r"其中[^，。；]{0,12}$")
_RATE = re.compile(
    r"\s*(?:(?:a|an|per|each|every)\s(?:second|minute|hour|day|week|month)\b|/(?:s|min|h|day)\b|daily\b|hourly\b"
    r"|par (?:seconde|minute|heure|jour|semaine|mois)\b"
    r"|(?:pro|je) (?:Sekunde|Minute|Stunde|Tag|Woche|Monat)\b|täglich\b"
    r"|(?:al|por) (?:segundo|minuto|hora|día|dia|semana|mes|mês)\b)",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"每(?:秒|分钟|小时|天|日|周|月)[^，。；]{0,6}$")


def aspect_of(figure: Figure, record: ClaimRecord) -> Aspect:
    """Whether the words around a figure make it a part ("60 of the accounts") or a rate ("500 requests a day").

    A part of something and a rate are no values of the whole. "" for everything else, and for percentages, which
    are always of something.
    """
    text, claim = record.claim.text, record.claim
    start, end = figure.start - claim.start, figure.end - claim.start
    if not 0 <= start < end <= len(text) or figure.kind == "percent":
        return ""
    before, after = text[:start], text[end:]
    if _RATE.match(after) or _RATE.search(figure.text) or _RATE_BEFORE.search(before):
        return "rate"
    return "part" if _PART_WITHIN.search(figure.text) or _PART.match(after) or _PART_BEFORE.search(before) else ""

"""An audit as a page to print and sign (HTML with @page: a browser makes the PDF)."""

from __future__ import annotations

from functools import partial

from tracker.config import Settings
from tracker.days import interval_words
from tracker.digest.audit.table import HIDDEN, place_words
from tracker.digest.audit.trail import Audit, AuditRow, Period
from tracker.digest.telling.shown import ShownQuote, facts_of, show_quotes
from tracker.digest.telling.wording import label_of
from tracker.render.engine import load_engine, render
from tracker.render.wording import count_words, instant_words

_MAX_MEMBERS = 40
_WHOLE = "whole: none was taken out or altered; times of delivery are not covered by it"


def audit_page(audit: Audit, settings: Settings) -> bytes:
    """The page, whole: it fetches nothing."""
    base = settings.site.base_url or ""
    return render(
        load_engine(),
        "digest/audit.html",
        {
            "audit": audit,
            "site": settings.site.title,
            "site_url": base,
            "licence": settings.site.licence,
            "period": period_words(audit.period),
            "summary": summary_of(audit),
            "label_of": label_of,
            "known": _known,
            "title": _title,
            "facts": lambda row: facts_of(row.change),
            "quotes": partial(_quotes, base),
            "place": place_words,
        },
    )


def period_words(period: Period) -> str:
    """The period in words: "June 2026"."""
    return interval_words(period.from_on, period.to_on)


def summary_of(audit: Audit) -> list[tuple[str, str]]:
    """What an auditor looks at first, as rows of name and value."""
    digests = {telling.digest_id for row in audit.rows for telling in row.tellings}
    people = {telling.subscriber_name for row in audit.rows for telling in row.tellings}
    told = [row for row in audit.rows if row.tellings]
    undelivered = sum(1 for row in told if not row.is_delivered)
    members = ", ".join(audit.members[:_MAX_MEMBERS])
    more = len(audit.members) - _MAX_MEMBERS
    rows = [
        ("Party", f"{audit.party_name} ({audit.party})"),
        ("With what belongs to it", f"{members}{f' and {more} more' if more > 0 else ''}" or "nothing"),
        ("Changes known or told", count_words(len(audit.rows), "change")),
        ("Told", f"{count_words(len(told), 'change')} in {count_words(len(digests), 'digest')} "
                 f"to {count_words(len(people), 'subscriber')}"),
        ("Told, and accepted by no server yet", count_words(undelivered, "change")),
        ("Told to nobody", count_words(len(audit.untold), "change")),
        ("Corrected or withdrawn since", count_words(sum(1 for row in audit.rows if row.corrected_by), "change")),
        ("Chain of digests", _WHOLE if not audit.breaks else "BROKEN, see below"),
    ]  # fmt: skip
    if audit.erased:
        lost = f"{count_words(audit.erased, 'digest')} of subscribers whose data were erased: what these told is gone"
        rows.append(("Erased", f"{lost}, and is not in this report"))
    return rows


def _known(row: AuditRow) -> str:
    return instant_words(row.change.seen_at) if row.change.seen_at else "at an unknown time"


def _title(row: AuditRow) -> str:
    return HIDDEN if row.is_hidden else row.change.title


def _quotes(base: str, row: AuditRow) -> tuple[ShownQuote, ...]:
    return show_quotes(row.change, base)[0]

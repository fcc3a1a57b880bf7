"""What the pages of disputes show: the list, and each with its parties, steps, answers and events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from tracker.render import machine
from tracker.render.catalogue import Catalogue, newest_events
from tracker.render.figurelist import reported_figures
from tracker.render.linked import dispute_linked_data
from tracker.render.page import DataFile, Item, Page, group_each
from tracker.render.paths import dispute_path, feed_path, file_stem
from tracker.render.stepplot import DatedAnswer, step_plot
from tracker.render.views import ClaimView, EventView, Party, Views
from tracker.render.wording import STEP_WORDS, shorten
from tracker.types import Dispute, Event, LedgerEntry, StatusStep

MOST_QUOTES = 3
"""Quotes of one step or answer; the others are linked."""
MOST_LINKS = 30
PAGE_ROWS = 150
"""Disputes on one page of their list."""
MOST_EVENTS = 200
"""Events on a dispute's page; all of them are in its JSON."""


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute as lists name it."""

    dispute: Dispute
    path: str
    title: str
    status: str
    """How it stands, in words."""
    since: StatusStep | None
    accusers: tuple[Party, ...]
    accused: tuple[Party, ...]
    events: int
    changed_on: date


@dataclass(frozen=True, slots=True)
class StepView:
    """A status step with the words that show it; `anchor` is its place on the dispute's page."""

    step: StatusStep
    anchor: str
    words: str
    event: EventView | None
    quotes: tuple[ClaimView, ...]
    more: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a party answered on a day, with every document that reports it; `anchor` is its place on the page."""

    entry: LedgerEntry
    anchor: str
    event: EventView | None
    quotes: tuple[ClaimView, ...]
    more: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """The answers of one party, by day."""

    party: Party
    is_accused: bool
    rows: tuple[AnswerRow, ...]


def list_pages(views: Views) -> Iterator[Item]:
    """The list of disputes, and the page of each with its JSON."""
    paths = _list_paths(len(views.catalogue.disputes))
    for number, path in enumerate(paths):
        yield Page(path, "disputes.html", partial(_list_values, views, paths, number))
    yield from group_each("disputes", views.catalogue.disputes, partial(_list_of, views))


def _list_of(views: Views, dispute: Dispute) -> Iterator[Page | DataFile]:
    yield Page(dispute_path(dispute.id), "dispute.html", partial(dispute_values, views, dispute))
    data = partial(machine.dispute_json, views.catalogue, dispute)
    yield DataFile(f"disputes/{file_stem(dispute.id)}.json", data)


def dispute_row(views: Views, dispute: Dispute) -> DisputeRow:
    """A dispute as a row of a list."""
    standing = dispute.standing
    return DisputeRow(
        dispute=dispute,
        path=dispute_path(dispute.id),
        title=shorten(dispute.title) or "Untitled dispute",
        status=STEP_WORDS[standing.status] if standing else "no step on record",
        since=standing,
        accusers=views.parties(dispute.accusers),
        accused=views.parties(dispute.accused),
        events=len(dispute.event_ids),
        changed_on=dispute.changed_on,
    )


def rows_of(views: Views, disputes: Iterable[Dispute]) -> list[DisputeRow]:
    """Rows by last change, newest first."""
    return [dispute_row(views, dispute) for dispute in sorted(disputes, key=_last_change)]


def _list_paths(count: int) -> list[str]:
    parts = range(2, -(-count // PAGE_ROWS) + 1)
    return ["disputes/index.html", *(f"disputes/list/{part}.html" for part in parts)]


def _list_values(views: Views, paths: Sequence[str], number: int) -> dict[str, Any]:
    """A part of the list of disputes, the last to change first; charges that only single persons make stand last."""
    catalogue = views.catalogue
    ranked = sorted(catalogue.disputes, key=lambda dispute: (_is_personal(catalogue, dispute), *_last_change(dispute)))
    part = ranked[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
    return {
        "rows": [dispute_row(views, dispute) for dispute in part if not _is_personal(catalogue, dispute)],
        "personal": [dispute_row(views, dispute) for dispute in part if _is_personal(catalogue, dispute)],
        "dispute_count": len(ranked),
        "paths": paths,
        "number": number + 1,
    }


def _last_change(dispute: Dispute) -> tuple[int, str]:
    """Sort key: the last to change first."""
    return -dispute.changed_on.toordinal(), dispute.id


def _is_personal(catalogue: Catalogue, dispute: Dispute) -> bool:
    accusers = [catalogue.entities.get(key) for key in dispute.accusers]
    return all(entity is not None and entity.type == "person" for entity in accusers)


def dispute_values(views: Views, dispute: Dispute) -> dict[str, Any]:
    """A dispute's page."""
    events = _events(views.catalogue, dispute)
    steps = [_step(views, number, step) for number, step in enumerate(dispute.steps, start=1)]
    parties = groupby(dispute.ledger, key=lambda entry: (entry.is_accused, entry.party))
    ledger = [_part(views, number, key, list(entries)) for number, (key, entries) in enumerate(parties, start=1)]
    figures, more_figures = reported_figures(views, events)
    return {
        "dispute": dispute,
        "linked": dispute_linked_data(views.catalogue, dispute, views.base),
        "row": dispute_row(views, dispute),
        "target": views.parties(dispute.target),
        "steps": steps,
        "plot": step_plot(dispute, [item.anchor for item in steps], _dated_answers(ledger)),
        "ledger": ledger,
        "events": [views.event(event) for event in events[:MOST_EVENTS]],
        "more_events": max(len(events) - MOST_EVENTS, 0),
        "figures": figures,
        "more_figures": more_figures,
        "data": f"{file_stem(dispute.id)}.json",
        "feed": feed_path(dispute_path(dispute.id)) if events else "",
    }


def _events(catalogue: Catalogue, dispute: Dispute) -> list[Event]:
    """Its events, newest first."""
    return newest_events(catalogue.events_by_id[key] for key in dispute.event_ids if key in catalogue.events_by_id)


def _dated_answers(ledger: Iterable[LedgerPart]) -> list[DatedAnswer]:
    """The answers of the accused that have a day, by day."""
    rows = [(part.party.name, row) for part in ledger if part.is_accused for row in part.rows]
    dated = [
        DatedAnswer(name, row.entry.kind, row.entry.from_on, row.entry.to_on, row.anchor)
        for name, row in rows
        if row.entry.from_on and row.entry.to_on
    ]
    return sorted(dated, key=lambda answer: (answer.from_on, answer.to_on, answer.anchor))


def _event(views: Views, id: str | None) -> EventView | None:
    event = views.catalogue.events_by_id.get(id or "")
    return views.event(event) if event else None


def _step(views: Views, number: int, step: StatusStep) -> StepView:
    claims = _each_quote_once(views.claims(step.claim_ids))
    return StepView(
        step,
        f"step-{number}",
        STEP_WORDS[step.status],
        _event(views, step.event_id),
        *_quoted_and_linked(claims, MOST_QUOTES),
    )


def _quoted_and_linked(claims: Sequence[ClaimView], quotes: int) -> tuple[tuple[ClaimView, ...], tuple[ClaimView, ...]]:
    """(claims to quote, one claim of each further document to link)."""
    quoted = tuple(claims[:quotes])
    seen = {view.document.document.id for view in quoted}
    others = {view.document.document.id: view for view in reversed(claims[quotes:])}
    linked = [view for key, view in reversed(others.items()) if key not in seen]
    return quoted, tuple(linked[:MOST_LINKS])


def _each_quote_once(claims: Sequence[ClaimView]) -> list[ClaimView]:
    """The claims with those left out that stand on the same words of a page."""
    kept: dict[tuple[str, int, int], ClaimView] = {}
    for view in claims:
        kept.setdefault((view.version.id, view.claim.start, view.claim.end), view)
    return list(kept.values())


def _part(views: Views, number: int, key: tuple[bool, str], entries: Sequence[LedgerEntry]) -> LedgerPart:
    same = groupby(entries, key=lambda entry: (entry.kind, entry.from_on, entry.to_on, entry.date_basis))
    rows = (_answer(views, f"answer-{number}-{row}", list(group)) for row, (_, group) in enumerate(same, start=1))
    return LedgerPart(views.party(key[1]), key[0], tuple(rows))


def _answer(views: Views, anchor: str, entries: Sequence[LedgerEntry]) -> AnswerRow:
    claims = _each_quote_once(views.claims(tuple(entry.claim_id for entry in entries if entry.claim_id)))
    return AnswerRow(entries[0], anchor, _event(views, entries[0].event_id), *_quoted_and_linked(claims, 1))

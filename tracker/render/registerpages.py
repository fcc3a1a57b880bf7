"""The pages of the vendor registers, and their rows as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tracker.render.page import DataFile, Page, PageGroup, Values, group_each
from tracker.render.paths import dispute_path, event_path, file_stem, register_data_path, register_path
from tracker.render.registerrows import register_csv
from tracker.render.registers import Allegation, PublicStep, Register, Reply, list_registers, register_of
from tracker.render.views import ClaimView, EventView, Party, Views
from tracker.render.wording import LEDGER_WORDS, STEP_WORDS, shorten
from tracker.types import ClaimRecord, Dispute, Entity

MOST_ALLEGATIONS, MOST_STEPS, MOST_REPLIES = 40, 40, 8
"""On a page; the CSV has all."""
_QUOTED = 2


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """An answer of the family, with where its words stand."""

    reply: Reply
    party: Party
    words: str
    claim: ClaimView | None


@dataclass(frozen=True, slots=True)
class AllegationRow:
    """An allegation with how it stands, its words, and the answers."""

    allegation: Allegation
    title: str
    path: str
    is_dispute: bool
    status: str
    accused: tuple[Party, ...]
    others: int
    """Accused parties besides, to whom the standing may belong rather than to these."""
    accusers: tuple[Party, ...]
    quotes: tuple[ClaimView, ...]
    more: int
    """Further claims that show it."""
    replies: tuple[ReplyRow, ...]
    more_replies: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """An act of a public body with its words."""

    step: PublicStep
    event: EventView
    status: str
    named: tuple[Party, ...]
    quotes: tuple[ClaimView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A register in the list of all."""

    party: Party
    path: str
    register: Register


def list_pages(views: Views) -> Iterator[Page | PageGroup]:
    """The list of registers, and of each its page and its CSV."""
    yield Page("registers/index.html", "registers.html", partial(_index_values, views))
    companies = [entity for entity in views.catalogue.entities.values() if entity.type == "company"]
    yield from group_each("registers", companies, partial(_list_of, views))


def _list_of(views: Views, company: Entity) -> Iterator[Page | DataFile]:
    if register_of(views, company).has_entries:
        yield Page(register_path(company.id), "register.html", partial(register_values, views, company))
        yield DataFile(register_data_path(company.id), partial(_register_file, views, company))


def _register_file(views: Views, company: Entity) -> bytes:
    return register_csv(views.catalogue, register_of(views, company), views.base)


def _index_values(views: Views) -> Values:
    held = list_registers(views)
    rows = [RegisterRow(views.party(item.company.id), register_path(item.company.id), item) for item in held]
    return {"rows": rows}


def register_values(views: Views, company: Entity) -> Values:
    """A register's page."""
    register = register_of(views, company)
    party = views.party(register.company.id)
    allegation_row = partial(_allegation, views)
    return {
        "party": party,
        "register": register,
        "data": f"{file_stem(register.company.id)}.csv",
        "family": views.parties(register.family[1:]),
        "open": [allegation_row(item) for item in register.open[:MOST_ALLEGATIONS]],
        "ended": [allegation_row(item) for item in register.ended[:MOST_ALLEGATIONS]],
        "steps": [_step(views, item) for item in register.steps[:MOST_STEPS]],
        "passing": _quotes(views, register.passing, MOST_STEPS),
        "learned_at": _learned_at(register),
    }


def _learned_at(register: Register) -> datetime | None:
    """When the tracker first had the newest of the words: a day that moves only with news of the company."""
    records = [record for item in register.allegations for record in item.evidence]
    records += register.passing
    records += [record for step in register.steps for record in step.evidence]
    records += [reply.claim for item in register.allegations for reply in item.replies if reply.claim]
    return max((record.first_seen_at for record in records if record.first_seen_at), default=None)


def _quotes(views: Views, records: Sequence[ClaimRecord], most: int) -> tuple[ClaimView, ...]:
    """The first words, each stretch of a page once."""
    groups = views.by_words(views.claim(record) for record in records[: most * 4])
    return tuple(group[0] for group in groups[:most])


def _allegation(views: Views, item: Allegation) -> AllegationRow:
    about, is_dispute = item.about, isinstance(item.about, Dispute)
    page: Callable[[str], str] = dispute_path if is_dispute else event_path
    quotes = _quotes(views, item.evidence, _QUOTED)
    return AllegationRow(
        allegation=item,
        title=shorten(about.title) or "Untitled",
        path=page(about.id),
        is_dispute=is_dispute,
        status=STEP_WORDS[item.status] if item.status else "no step on record",
        accused=views.parties(item.accused),
        others=len({*about.accused} - {*item.accused}) if isinstance(about, Dispute) else 0,
        accusers=views.parties(item.accusers),
        quotes=quotes,
        more=len(item.evidence) - len(quotes),
        replies=tuple(_reply(views, reply) for reply in item.replies[-MOST_REPLIES:]),
        more_replies=max(len(item.replies) - MOST_REPLIES, 0),
    )


def _reply(views: Views, reply: Reply) -> ReplyRow:
    claim = views.claim(reply.claim) if reply.claim else None
    return ReplyRow(reply, views.party(reply.party), LEDGER_WORDS[reply.kind], claim)


def _step(views: Views, item: PublicStep) -> StepRow:
    quotes = _quotes(views, item.evidence, 1)
    status = STEP_WORDS[item.status] if item.status else ""
    more = len(item.evidence) - len(quotes)
    return StepRow(item, views.event(item.event), status, views.parties(item.named), quotes, more)

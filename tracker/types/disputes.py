"""Disputes: who accuses whom about what, how the allegation stands, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tracker.types.words import DateBasis

DisputeStatus = Literal[
    "alleged", "repeated_by_government", "under_investigation", "in_bill", "sanctioned",
    "in_court", "withdrawn", "settled", "admitted", "closed",
]  # fmt: skip
"""`closed`: a public body or a court has ended what it did: an inquiry, a suit, a listing."""
LedgerKind = Literal["denied", "declined", "no_reply", "counter_claim", "admitted", "none_found"]
AnswerKind = Literal["denial", "admission", "no_response", "declined", "counter_claim", "none_found"]
"""`no_response` is silence that a source reports, `declined` silence that was chosen in so many words."""


@dataclass(frozen=True, slots=True)
class StatusStep:
    """A step in how an allegation stands, with the claims that show it."""

    status: DisputeStatus
    from_on: date
    to_on: date
    """The days within which it was taken."""
    date_basis: DateBasis
    event_id: str
    claim_ids: tuple[str, ...]
    first_seen_at: datetime | None = None
    """When the tracker first had a page that shows it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an accused party said to an allegation of an event; `claim_id` is None where no source has an answer."""

    party: str
    kind: AnswerKind
    claim_id: str | None
    from_on: date | None = None
    to_on: date | None = None
    """The days within which it was given, None where nothing tells; of silence, the day by which there was none."""
    date_basis: DateBasis | None = None
    """`publication` where the source gives no day of the answer itself."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What a party answered in a dispute. `claim_id` is None for `none_found`: no answer in any of the sources."""

    party: str
    kind: LedgerKind
    from_on: date | None
    to_on: date | None
    """As in `Answer`: for `no_reply` the day by which there was none."""
    date_basis: DateBasis | None
    claim_id: str | None
    event_id: str | None
    is_accused: bool = True
    """False for others who answered (an owner, an embassy): what they say is nobody else's answer."""
    first_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """Who accuses whom about what. Its id outlives re-runs like an event's."""

    id: str
    title: str
    sides: tuple[str, str]
    """What its claims are gathered by, accuser's side first: the top of a corporate family ("alibaba"), a state
    ("state:united-states"), or the firms of a country that a state accuses ("in:china")."""
    accusers: tuple[str, ...]
    """Who accuses, as the claims name them: the side of Alibaba may hold Alibaba, Qwen or both."""
    accused: tuple[str, ...]
    accused_as: tuple[str, ...]
    """The documents' own words for the accused where these say less than the names ("operators affiliated with")."""
    target: tuple[str, ...]
    event_ids: tuple[str, ...]
    """By date."""
    allegation_ids: tuple[str, ...]
    """The claims that allege it."""
    steps: tuple[StatusStep, ...]
    """By date; each with the claims whose words show it."""
    ledger: tuple[LedgerEntry, ...]
    """The accused by id, then the others; each by day."""
    changed_on: date
    """The last day of an event, a step or an answer of it; that a party is silent still is no change."""

    @property
    def standing(self) -> StatusStep | None:
        """The step that says how it stands: the last that did not fall behind an earlier one.

        A further allegation does not end an investigation; a withdrawal, a settlement or a closure ends what was
        before it.
        """
        last = last_standing([step.status for step in self.steps])
        return self.steps[last] if last is not None else None


def last_standing(statuses: Sequence[DisputeStatus]) -> int | None:
    """Which of the steps, by date, says how a dispute stands (`Dispute.standing`); None where there is none."""
    now: int | None = None
    for number, status in enumerate(statuses):
        if now is not None and status == statuses[now]:
            continue  # it has stood so since the first
        if now is None or _WEIGHTS[status] >= _WEIGHTS[statuses[now]] or _ENDS & {status, statuses[now]}:
            now = number
    return now


_ENDS: frozenset[DisputeStatus] = frozenset({"withdrawn", "settled", "closed"})
_WEIGHTS: dict[DisputeStatus, int] = {
    "alleged": 0, "repeated_by_government": 1, "under_investigation": 2, "in_bill": 3, "admitted": 3,
    "in_court": 4, "sanctioned": 5, "withdrawn": 6, "settled": 6, "closed": 6,
}  # fmt: skip


def is_dispute_id(id: str) -> bool:
    """Whether an id is a dispute's: those of events begin with a day, and both share one table of redirects."""
    return "-v-" in id and not id[:4].isdigit()

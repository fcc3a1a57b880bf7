"""Reports: what one document tells of one happening. A document that tells of several gives several."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from tracker.reconcile.dates import Interval, Timing, usable
from tracker.reconcile.tellings import NOTHING, Telling
from tracker.types import ClaimRecord, ClaimType, Quantity

Standing = Literal["firm", "soft", "loose", "background"]
"""How a document treats a happening.

firm: it leads with it, names its actors in the title, or gives it a day close to publication; soft: an act that it
tells further down without a day; loose: words or measures of others, told in passing; background: recalled from an
earlier time.
"""

OTHER_BILL = re.compile(
    r"\b(another|separate|rival|second|companion|different) (bill|measure|proposal|version|text)\b"
    r"|\b(a|their|its|his|her) (bill|version|measure|proposal) of (their|its|his|her) own\b"
    r"|\b(their|its|his|her) own (bill|version|measure|proposal)\b",
    re.IGNORECASE,
)
"""Words that tell one bill from another."""
_TEXT_LENGTH = 800
"""Characters of a report's words that are compared: enough for a dozen sentences."""


def families_of(types: Iterable[ClaimType]) -> frozenset[str]:
    """Bills, denials and the rest: claims of different families are not of one happening. A statement fits any."""
    names = {"legislation": "bill", "denial": "denial", "statement": ""}
    return frozenset(names.get(type_, "deed") for type_ in types) - {""}


@dataclass(frozen=True)
class Sourced:
    """A claim with what its document shows about it. `position` is its place in the text, from 0 to 1."""

    record: ClaimRecord
    published: date | None
    position: float
    lead: bool
    """Whether it stands in the first passage of the document that holds a claim."""
    laws: frozenset[str]
    """The bills, orders and memos that its words name."""
    models: frozenset[str]
    """The models that its words name."""
    dates: tuple[Interval, ...]
    timing: Timing

    @property
    def parties(self) -> frozenset[str]:
        """Who speaks, and for whom."""
        claim = self.record.claim
        return frozenset(entity_id for entity_id in (claim.speaker, claim.on_behalf_of) if entity_id)


@dataclass(frozen=True)
class Report:
    """Claims of one document about one happening, in the order of the text."""

    members: tuple[Sourced, ...]
    standing: Standing
    lead: bool
    parties: frozenset[str]
    """Who speaks or acts, and for whom; without a body one of whose parts speaks too (it is the part's act)."""
    telling: Telling = NOTHING
    """The document as a whole, in the version of its first member, but for what it only recalls."""
    main: bool = False
    """Whether its document leads with it, and with no other of its family: what the document as a whole tells of."""

    @property
    def document_id(self) -> str:
        return self.members[0].record.document_id

    @cached_property
    def published(self) -> date | None:
        return min((m.published for m in self.members if m.published), default=None)

    @cached_property
    def types(self) -> frozenset[ClaimType]:
        return frozenset(m.record.claim.type for m in self.members)

    @cached_property
    def families(self) -> frozenset[str]:
        return families_of(self.types)

    @cached_property
    def accused(self) -> frozenset[str]:
        return frozenset(entity_id for m in self.members for entity_id in m.record.claim.accused)

    @cached_property
    def target(self) -> frozenset[str]:
        return frozenset(entity_id for m in self.members for entity_id in m.record.claim.target)

    @cached_property
    def laws(self) -> frozenset[str]:
        return frozenset[str]().union(*(m.laws for m in self.members))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return tuple(q for m in self.members for q in m.record.quantities)

    @cached_property
    def dates(self) -> tuple[Interval, ...]:
        """Those of the deed, precise enough to date it by, the narrowest first."""
        return usable(date for m in self.members for date in m.dates)

    @cached_property
    def text(self) -> str:
        """Its words, each passage once."""
        return " ".join(dict.fromkeys(m.record.claim.text for m in self.members))[:_TEXT_LENGTH]

"""What is drawn for the benchmark of queries: parties, days and words. Whom a row is about follows Zipf's law.

The first vendor is in a tenth of all claims, most parties are in a handful.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

VENDOR, ACCUSER, BODY = "alibaba", "anthropic", "white-house"
_FIRST_DAY = date(2024, 1, 1)
_DAYS = 900
LAST_DAY = (_FIRST_DAY + timedelta(days=_DAYS)).isoformat()
TYPES = ("allegation",) * 8 + ("denial",) * 3 + ("no_response",) * 2 + (
    "legislation", "government_action", "legal_action", "company_action", "statement", "statement", "admission",
)  # fmt: skip
_WORDS = (
    "accounts", "operators", "model", "outputs", "exchanges", "training", "company", "officials", "letter", "committee",
    "said", "that", "used", "fraudulent", "distillation", "extract", "capabilities", "systems", "researchers", "memo",
    "evidence", "queries", "proxy", "network", "bill", "amendment", "sanction", "denied", "comment", "spokesman",
    "statement", "report", "quarter", "licence", "export", "chips", "servers", "analysts", "senators", "hearing",
)  # fmt: skip
_CHINESE = "北风实验室表示与红隼公司有关联的人员使用了两万四千个虚假账户予以否认蒸馏模型"


@dataclass
class Draws:
    """Draws for so many documents; asked in the same order they are the same each time."""

    documents: int
    random: Random = field(default_factory=lambda: Random(7))

    @cached_property
    def entities(self) -> list[str]:
        """Ids, the most frequent first."""
        firms = [f"firm-{number}" for number in range(max(60, self.documents // 50))]
        return [VENDOR, ACCUSER, BODY, *firms]

    @cached_property
    def parents(self) -> dict[str, str]:
        """Who belongs to whom: each of the first twenty has ten of the rest."""
        ids = self.entities
        return {child: ids[number % 20] for number, child in enumerate(ids[20:220])}

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 3) for rank in range(len(self.entities))))

    def party(self) -> str:
        """Somebody, skewed."""
        return self.entities[bisect(self._weights, self.random.random() * self._weights[-1])]

    def owners(self, party: str) -> list[str]:
        """The party and whom it belongs to."""
        found = [party]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return found

    @property
    def events(self) -> int:
        """How many."""
        return max(20, self.documents // 5)

    @property
    def disputes(self) -> int:
        """How many."""
        return max(10, self.documents // 100)

    def day(self, number: int) -> str:
        """The day of a document or event; later documents are later news."""
        return (_FIRST_DAY + timedelta(days=number * _DAYS // self.documents)).isoformat()

    def event_of(self, number: int) -> int:
        """The event of a claim: news of one day, and one event that is told again and again."""
        return (
            0
            if number % 199 == 0
            else min(number * self.events // (2 * self.documents) // 7 * 7 + (number % 3), self.events - 1)
        )

    def event_day(self, claim: int) -> str:
        """The day of a claim's event."""
        return self.day(self.event_of(claim) * self.documents // self.events)

    def sentence(self, words: int, *, chinese: bool = False) -> str:
        """So many words after somebody's name, or twice as many characters of Chinese."""
        if chinese:
            return "".join(self.random.choices(_CHINESE, k=words * 2))
        return f"{self.party()} {' '.join(self.random.choices(_WORDS, k=words))}."


def document_id(number: int) -> str:
    """The id of a document."""
    return f"doc-{number:012x}"


def claim_id(number: int) -> str:
    """The id of a claim."""
    return f"c-{number * 2654435761 % 2**48:012x}"


def event_id(number: int) -> str:
    """The id of an event."""
    return f"2024-event-{number}"

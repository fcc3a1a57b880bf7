"""What has come of one source in a run so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tracker.config import Source
from tracker.errors import FetchError, KeyMissing
from tracker.types import Outcome, Problem, SourceReport


@dataclass
class Tally:
    """Counts of one source, filled while it is collected."""

    source: Source
    answered: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    failure: str | None = None
    skipped: str | None = None
    failed_asks: list[tuple[str, FetchError]] = field(default_factory=list)
    """Requests of the listing that failed; an adapter may go on without them."""
    asked: set[str] = field(default_factory=set)
    """Addresses that the listing had; a page that is its own list is among them, and is not visited beside."""
    listing_outcome: Outcome = Outcome.UNCHANGED
    """Of the listing as a whole: NEW or CHANGED as soon as one of its answers is."""

    def note_listed(self, url: str, outcome: Outcome) -> None:
        """A request of the listing was answered."""
        self.asked.add(url)
        if outcome is not Outcome.UNCHANGED and self.listing_outcome is not Outcome.CHANGED:
            self.listing_outcome = outcome
        if self.source.kind == "page":
            self.outcomes[outcome] += 1  # the page is its own list

    def note_failure(self, error: FetchError) -> None:
        """The source itself could not be asked."""
        if isinstance(error, KeyMissing):
            self.skipped = error.detail
            return
        outcome = Outcome(error.outcome)
        self.failure = error.detail
        self.outcomes[outcome] += 1
        self.problems.append(Problem(self.source.url, outcome, error.detail))

    def report(self) -> SourceReport:
        """The counts as a value."""
        return SourceReport(
            source=self.source.name,
            fetched=self.answered,
            new=self.outcomes[Outcome.NEW],
            changed=self.outcomes[Outcome.CHANGED],
            unchanged=self.outcomes[Outcome.UNCHANGED],
            refused=self.outcomes[Outcome.REFUSED],
            failed=self.outcomes[Outcome.FAILED],
            problems=tuple(self.problems),
            failure=self.failure,
            skipped=self.skipped,
        )

"""A change before it is put into words: what is otherwise, and which claims show it."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.types import ChangeKind


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as it is decided, from facts alone; the words are read from the edition afterwards."""

    kind: ChangeKind
    key: str
    event: str | None
    """In the new edition; None for what is of no event, or of one that is gone."""
    also: tuple[str, ...] = ()
    """Further events that it is about."""
    claims: tuple[str, ...] = ()
    """Ids of what shows it, the nearest to the original speaker first; of `sources` that one, then the new ones."""
    claims_before: tuple[str, ...] = ()
    about: str = ""
    """Of `claim`, `figure` and `sources` the type of claim; of `answer` its kind; of `status` and `stage` what it is
    now; of `conflict` why; of `corrected` whether the page or the reading is another; of `vanished` what is gone."""
    was: str = ""
    """Of `answer`, `status` and `stage` what it was before; of what is gone the title that it had."""
    who: str | None = None
    """Whose word it is, or who answers."""
    accused: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    """Of figures, as `held.value_of` writes them."""
    texts: tuple[str, ...] = ()
    """Of `conflict`: both values in their sources' words."""
    parties: tuple[str, ...] = ()
    """Ids of who is concerned besides the parties of its claims."""
    disputes: tuple[str, ...] = ()
    """Besides those of its event."""
    law: str = ""
    happened_on: str = ""
    """YYYY-MM-DD, of an event that is gone."""
    sources: int = -1
    """How many say it; of what vanished, how many say it still; -1 stands for how many report the event."""
    sources_before: int = 0
    is_accused: bool = True
    """Of `answer`: whether who answers is accused."""
    corrects: tuple[str, ...] = ()

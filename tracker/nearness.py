"""Words for less that put a number near ("nearly 25,000"), and those that only give its upper end ("up to 25,000")."""

from __future__ import annotations

import re

_NEAR = re.compile(
    r"\b(nearly|almost|just (?:under|below|short|shy)|approaching|nearing"
    r"|a (?:little|shade|touch|whisker) (?:under|short)"
    r"|shy of|short of|not quite|verging on|slightly (?:under|below|less|fewer)"
    r"|presque|près d|quasiment|pratiquement|à peine moins|un peu moins"
    r"|fast|beinahe|nahezu|knapp|annähernd|nicht ganz|etwas weniger"
    r"|casi|rozando|poco menos|prácticamente|quase|perto d|pouco menos)|(?<!附)近|将近|接近",
    re.IGNORECASE,
)
"""Words that say "a little less than"; the other words for less only give an upper end."""


def means_nearly(words: str) -> bool:
    """Whether the words of a figure for less than a number say "a little less than", and not only "at most"."""
    return _NEAR.search(words) is not None

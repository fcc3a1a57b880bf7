"""Who visits which page: sources that are collected side by side share pages, and each is fetched once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count


class Claims:
    """Pages that are being visited, or were visited since a source last looked at what is due.

    A source looks at what is due, then visits page by page, for minutes. What another source visits meanwhile is not
    due any more, although it was when this one looked. One object serves all sources of one event loop.
    """

    def __init__(self) -> None:
        self._clock = count(1)
        self._looks: set[int] = set()
        self._held: dict[str, int] = {}
        """The look that visits the page."""
        self._kept: dict[str, int] = {}
        """When the visit was on record."""

    @contextmanager
    def look(self) -> Iterator[int]:
        """Enter before looking at what is due, leave when the visits are on record."""
        look = next(self._clock)
        self._looks.add(look)
        try:
            yield look
        finally:
            self._looks.discard(look)
            now = next(self._clock)
            mine = [url for url, holder in self._held.items() if holder == look]
            self._kept.update(dict.fromkeys(mine, now))
            for url in mine:
                del self._held[url]
            # What was on record before the oldest look, that look has seen.
            oldest = min(self._looks, default=now)
            self._kept = {url: at for url, at in self._kept.items() if at > oldest}

    def take(self, url: str, look: int) -> bool:
        """Whether the page is this look's to visit; if so, it is nobody else's."""
        if url in self._held or self._kept.get(url, 0) > look:
            return False
        self._held[url] = look
        return True

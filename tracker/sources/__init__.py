"""Sources: how each kind of source is asked for the pages that it points at."""

from tracker.sources.adapters import list_candidates

__all__ = ["list_candidates"]

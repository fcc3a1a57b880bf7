"""Sources: how each kind of source is asked for the pages that it points at."""

from tracker.sources.adapters import list_candidates
from tracker.sources.keys import auth_headers
from tracker.sources.paging import PartlyListed

__all__ = ["PartlyListed", "auth_headers", "list_candidates"]

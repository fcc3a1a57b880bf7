"""The working database: SQLModel rows stay inside this room; values go in and out."""

from tracker.store.engine import has_store, open_store
from tracker.store.lock import FolderLock
from tracker.store.sqlstore import SqlStore

__all__ = ["FolderLock", "SqlStore", "has_store", "open_store"]

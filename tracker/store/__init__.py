"""The working database: SQLModel rows stay inside this room; values go in and out."""

from tracker.store.addresses import has_store
from tracker.store.engine import open_store
from tracker.store.lock import FolderLock, RunLock
from tracker.store.sqlstore import SqlStore

__all__ = ["FolderLock", "RunLock", "SqlStore", "has_store", "open_store"]

"""The working database: SQLModel rows stay inside this room; values go in and out."""

from tracker.store.addresses import has_store, place_of
from tracker.store.checking import Checked, check_store
from tracker.store.copying import Copied, copy_store
from tracker.store.engine import open_store, upgrade_store
from tracker.store.lock import FolderLock, RunLock, SendLock, hold_database
from tracker.store.sqlstore import SqlStore

__all__ = [
    "Checked",
    "Copied",
    "FolderLock",
    "RunLock",
    "SendLock",
    "SqlStore",
    "check_store",
    "copy_store",
    "has_store",
    "hold_database",
    "open_store",
    "place_of",
    "upgrade_store",
]

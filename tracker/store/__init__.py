"""The working database: SQLModel rows stay inside this room; values go in and out."""

from tracker.store.addresses import has_store, place_of
from tracker.store.checking import Checked, check_store
from tracker.store.copying import Copied, copy_store
from tracker.store.engine import open_store, upgrade_store
from tracker.store.indexing import drop_store_index, index_store
from tracker.store.lock import FolderLock, PublishLock, RunLock, SendLock, hold_database
from tracker.store.sqlstore import SqlStore
from tracker.store.turns import SqlHostTurns, open_turns

__all__ = [
    "Checked",
    "Copied",
    "FolderLock",
    "PublishLock",
    "RunLock",
    "SendLock",
    "SqlHostTurns",
    "SqlStore",
    "check_store",
    "copy_store",
    "drop_store_index",
    "has_store",
    "hold_database",
    "index_store",
    "open_store",
    "open_turns",
    "place_of",
    "upgrade_store",
]

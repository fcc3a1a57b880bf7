"""The advisory locks of a database on a server: what each number stands for, and who holds one."""

from __future__ import annotations

import os
import socket

from sqlalchemy import Connection, text

RUNNING = 0x747261636B657202
"""Who holds this advisory lock of the database runs; the number is `tracker` and 2."""
SENDING = 0x747261636B657203
"""The same of who sends."""
TURNS = 0x747261636B657205
"""The same of the scheduler that looks for what is due."""
PUBLISHING = 0x747261636B657204
"""The same of who makes the site."""
WORKER = "tracker worker "
"""So begins the name of a connection by which a worker shares a lock."""
_HOLDER = (
    "SELECT a.application_name, a.client_addr FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (l.classid::bigint << 32 | l.objid::bigint) = :key"
)


def this_process() -> str:
    """The name by which this process is known: its number and its machine."""
    return f"{os.getpid()} on {socket.gethostname()}"


def find_holder(connection: Connection, key: int) -> str:
    """Which process on which machine has a lock."""
    row = connection.execute(text(_HOLDER), {"key": key}).first()
    if row is None:
        return "by a run that has just ended"
    return f"{row[0]}, {row[1]}" if row[1] else str(row[0])

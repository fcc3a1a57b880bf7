"""What SQLAlchemy, the drivers and the disk raise, as errors of ours: once, at the edge, and never with a password."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from tracker.errors import StoreError, StoreLocked, StoreUnusable, TrackerError
from tracker.store.addresses import place_of, without_secrets

_UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
_LOCKED = "another program holds a lock on it: wait for it to end, or close it"
_FULL = "the disk is full; free some space and run again: nothing was half-written"
_ROLE = "see `database` in config.yaml"

_BY_STATE = {
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "53100": _FULL,
    "53300": "it takes no more connections; close some, or raise max_connections of the server",
    "25006": "it is read-only (a standby?); name the one that is written to",
    "42501": "the user may not do that there; make it the owner of the database: ALTER DATABASE name OWNER TO user",
    "54000": "a name or an address is longer than the server's indexes take (about 2,700 bytes)",
    "57P01": "the server was stopped; run again when it is back: nothing was half-written",
    "57P02": "the server was stopped; run again when it is back: nothing was half-written",
    "57P03": "the server is starting or stopping; try again in a moment",
}
"""What to do, by the SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html)."""

_BY_WORDS = (
    ("locked", _LOCKED),
    ("disk is full", _FULL),
    ("database or disk is full", _FULL),
    ("password authentication failed", f"the password or the user is wrong; {_ROLE}, PGPASSWORD or ~/.pgpass"),
    ("no password supplied", "a password is wanted; give it as PGPASSWORD or in ~/.pgpass (mode 0600)"),
    ("does not exist", "make it first: createdb --owner=USER --encoding=UTF8 --template=template0 NAME"),
    ("connection refused", f"no server answers there; is it running? {_ROLE}"),
    ("no such file or directory", f"no server listens at that socket; is it running? {_ROLE}"),
    ("resolve host", f"there is no such host; {_ROLE}"),
    ("translate host name", f"there is no such host; {_ROLE}"),
    ("timeout expired", "the server does not answer; is the way to it open?"),
    ("too many clients", _BY_STATE["53300"]),
    ("server closed the connection", _BY_STATE["57P01"]),
    ("terminating connection", _BY_STATE["57P01"]),
)
"""The same by words of the message: of SQLite, and of PostgreSQL where no connection came about."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what SQLAlchemy, the driver and the disk raise into one of ours. `where` is shown (`place_of`)."""
    try:
        yield
    except DBAPIError as exc:
        raise explain(where, exc) from exc
    except OSError as exc:
        if exc.errno in _UNWRITABLE:
            raise StoreUnusable(f"{where}: {exc.strerror}") from exc
        raise


def explain(where: str, error: DBAPIError) -> StoreError:
    """What a driver's error means, and what to do."""
    message = without_secrets(" ".join(str(error.orig).split()))
    if "not a database" in message:
        return StoreUnusable(f"{where} is not a database of the tracker; move it away or name another in config.yaml")
    state = getattr(error.orig, "sqlstate", None)
    lower = message.lower()
    advice = _BY_STATE.get(state or "") or next((told for words, told in _BY_WORDS if words in lower), None)
    if state is not None and state not in _BY_STATE:
        advice = None  # the words are about something in our own SQL
    if advice == _LOCKED:
        return StoreLocked(f"{where}; {_LOCKED}")
    if advice == _FULL:
        return StoreUnusable(f"{where}: {_FULL}")
    return StoreUnusable(f"{where}: {message}; {advice}" if advice else f"{where}: {message}")


def as_ours(error: BaseException, address: str) -> TrackerError | None:
    """The error of ours that one is, or stands for, or holds (tasks that fail together raise a group); else None."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, (as_ours(item, address) for item in error.exceptions)), None)
    try:
        with translated(place_of(address)):
            raise error
    except TrackerError as ours:
        return ours
    except BaseException:
        return None

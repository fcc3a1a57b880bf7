"""Addresses of databases: which of the two kinds they name, and how they are shown without what is secret in them."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from tracker.errors import StoreUnusable

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""What people write, and what libpq and hosting services do, for the one driver that we have."""
_KINDS = ("sqlite", "postgresql+psycopg")
_PASSWORD = re.compile(r"((?:://|^)[^/@:\s]*):.*@", re.DOTALL)
_PARAMETER = re.compile(r"((?:pass|password|sslpassword)=)[^&\s]*", re.IGNORECASE)
_SHOWN_PARAMETERS = ("host", "port")


def parse_address(address: str) -> URL:
    """The address in its parts.

    Raises:
        StoreUnusable: it is none, or names a kind of database that is not ours.
    """
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError) as error:
        raise StoreUnusable(
            f"{without_secrets(address)!r} is no database address; write sqlite:////path/to/tracker.db or "
            "postgresql+psycopg://user@host/database"
        ) from error
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.drivername not in _KINDS:
        raise StoreUnusable(f"{url.drivername}: the tracker's database is one of {' or '.join(_KINDS)}")
    if "@" in (url.host or ""):
        raise StoreUnusable(
            "the address of the database has two @: write one of the password as %40, or leave the password out and "
            "give it as PGPASSWORD or in ~/.pgpass"
        )
    return url


def place_of(address: str | URL) -> str:
    """Where a database is, for people: a path, or an address without password and settings."""
    try:
        url = address if isinstance(address, URL) else parse_address(address)
    except StoreUnusable:
        return without_secrets(str(address))
    if url.get_backend_name() == "sqlite":
        return url.database or "a database in memory"
    kept = {key: value for key, value in url.query.items() if key in _SHOWN_PARAMETERS}
    shown = URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database, kept)
    return shown.render_as_string(hide_password=True)


def written_address(address: str) -> str:
    """A good address as it may stand in config.yaml: without its password."""
    url = parse_address(address)
    kept = URL.create(
        url.drivername, url.username, None, url.host, url.port, url.database,
        {key: value for key, value in url.query.items() if not _PARAMETER.fullmatch(f"{key}=")},
    )  # fmt: skip
    return kept.render_as_string(hide_password=True)


def without_secrets(text: str) -> str:
    """The text with `***` for what may be a password in an address."""
    return _PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))


def is_on_server(address: str) -> bool:
    """Whether an address names a database on a server, and no file.

    Raises:
        StoreUnusable: it is none.
    """
    return parse_address(address).get_backend_name() != "sqlite"


def has_store(address: str) -> bool:
    """Whether there may be a database at that address: False where it would be a file that is not there."""
    try:
        url = parse_address(address)
    except StoreUnusable:
        return True  # to open it tells what is wrong
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).is_file())

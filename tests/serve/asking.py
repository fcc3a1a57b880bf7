"""Requests as no well-behaved client sends them."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx

get = httpx.Client(timeout=60).get
"""Over connections that are kept: making a client takes longer than most answers."""


def connect(server: str) -> socket.socket:
    """A connection to the server."""
    where = urlsplit(server)
    return socket.create_connection((where.hostname or "", where.port or 0), timeout=30)


def read_answer(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    received = b""
    try:
        while piece := connection.recv(1 << 16):
            received += piece
    except ConnectionResetError:
        pass
    return received


def ask_raw(server: str, target: str, *headers: str, host: str | None = "localhost", method: str = "GET") -> bytes:
    """The whole answer to one request whose target and headers are sent as they are."""
    lines = [f"{method} {target} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), *headers]
    with connect(server) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        return read_answer(connection)

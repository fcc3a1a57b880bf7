"""Serving until somebody says stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Container
from dataclasses import dataclass

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from tracker.errors import OutputUnusable
from tracker.serve.app import create_app
from tracker.serve.protocol import PatientProtocol
from tracker.serve.serving import Serving

_BACKLOG = 1024
_GRACE_S = 10
_KEEP_ALIVE_S = 15


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens."""

    host: str = "127.0.0.1"
    port: int = 8001
    most_connections: int = 512
    """At one time; more are told to come back (503)."""
    most_per_address: int = 64
    """Of these, by one client address; more are told to come back (503). 0 for any number; a trusted proxy may all."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For and -Proto say who asks."""


def listen(where: Listening) -> socket.socket:
    """A socket at that address; port 0 is any that is free.

    Raises:
        OutputUnusable: the address is not of this machine, or the port is taken or not allowed.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise OutputUnusable(f"{where.host}:{where.port}: {error.strerror or error}; name another --host") from error
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
        opened.listen(_BACKLOG)
    except OSError as error:
        opened.close()
        told = f"{where.host}:{where.port}: {error.strerror or error}"
        raise OutputUnusable(f"{told}; name another with --port or --host") from error
    return opened


def make_server(serving: Serving, where: Listening) -> uvicorn.Server:
    """The server over a site; `run` it with a socket that listens.

    Raises:
        UnreadableInput: the site holds no database that can be read.
    """

    class Protocol(PatientProtocol):
        most_per_address = where.most_per_address
        proxies = _trusted(where.trusted_proxies)

    config = uvicorn.Config(
        create_app(serving),
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(where.trusted_proxies),
        forwarded_allow_ips=list(where.trusted_proxies),
        limit_concurrency=where.most_connections,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        h11_max_incomplete_event_size=1 << 16,
    )
    return uvicorn.Server(config)


def _trusted(proxies: tuple[str, ...]) -> Container[str]:
    """The addresses as uvicorn understands them, networks and "*" among them."""
    return ProxyHeadersMiddleware(lambda *_: None, list(proxies)).trusted_hosts if proxies else ()  # type: ignore[arg-type, return-value]


def serve_until_stopped(serving: Serving, where: Listening, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C: what is being answered is finished, for ten seconds at the most.

    `tell` is given the address once it is listened at.

    Raises:
        UnreadableInput: see `make_server`.
        OutputUnusable: see `listen`.
    """
    server = make_server(serving, where)
    opened = listen(where)
    host, port = opened.getsockname()[:2]
    for sign in (signal.SIGTERM, signal.SIGINT):
        # until uvicorn listens for them itself; it sends itself each again once it has stopped as it was told
        signal.signal(sign, lambda *_: setattr(server, "should_exit", True))
    tell(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    server.run(sockets=[opened])

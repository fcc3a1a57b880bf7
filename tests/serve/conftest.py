"""A published site of a small invented world, built once, and real servers over it on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.render.conftest import build_world
from tests.serve.apiclient import ApiClient, client_of, timed_world
from tracker.config import Site
from tracker.deliver import FolderSiteWriter
from tracker.render import render_site
from tracker.render.database import make_database
from tracker.serve.running import Listening, make_server
from tracker.serve.serving import Serving


@contextmanager
def running(serving: Serving, where: Listening | None = None, **options: object) -> Iterator[str]:
    """A server in a thread of its own, on a free port: the address where it answers."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = make_server(serving, where or Listening())
    for name, value in options.items():
        setattr(server.config, name, value)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive(), "the server ended at its start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that publishing writes, with its database."""
    folder = tmp_path_factory.mktemp("published") / "site"
    FolderSiteWriter().write(render_site(build_world(), Site()), folder)
    return folder


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of a server over the site, with the usual limits."""
    with running(Serving(site)) as address:
        yield address


@pytest.fixture(scope="session")
def api_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published database of the invented world in which every claim says when it was first seen."""
    path = tmp_path_factory.mktemp("api") / "tracker.db"
    path.write_bytes(make_database(timed_world(), Site()))
    return path


@pytest.fixture(scope="session")
def api(api_database: Path) -> Iterator[ApiClient]:
    """A client of the API over it."""
    with client_of(api_database) as client:
        yield client

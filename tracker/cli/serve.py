"""The command that serves a published site with its database and API."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from tracker.cli.console import ConfigOption, LogOption, begin_logs, err, out, settings_from
from tracker.cli.data import DataOption
from tracker.cli.digestaudit import digest_libraries, digest_settings
from tracker.config import Settings
from tracker.errors import ConfigError, InputError, UnreadableInput
from tracker.logs import bound
from tracker.query import open_published
from tracker.render.database import DATABASE_PATH

_NEEDED = ("datasette", "fastapi", "starlette", "uvicorn", "h11")
"""What the extra brings."""


def serve(
    site: Annotated[Path | None, typer.Option("--site", help="A published site; otherwise site.out's.")] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen at; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="0 is any that is free.")] = 8001,
    allowed: Annotated[
        list[str] | None,
        typer.Option("--allowed-host", metavar="NAME", help="A name that it may be asked for by; again for more."),
    ] = None,
    proxies: Annotated[
        list[str] | None,
        typer.Option("--trusted-proxy", metavar="IP", help="A proxy whose X-Forwarded-For says who asks."),
    ] = None,
    seconds: Annotated[float, typer.Option("--timeout", min=0.05, max=60, help="Seconds of one SQL query.")] = 2.0,
    most: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows of one answer to SQL.")] = 1000,
    rate: Annotated[
        int, typer.Option("--rate-limit", min=0, help="Requests to the API a minute, by one address; 0: any number.")
    ] = 300,
    sql_rate: Annotated[
        int, typer.Option("--sql-rate-limit", min=0, help="Requests to /data a minute, by one address; 0: any number.")
    ] = 300,
    sql_per_address: Annotated[
        int, typer.Option("--sql-per-address", min=0, help="Of these answered at one time; 0: any number.")
    ] = 4,
    connections: Annotated[int, typer.Option("--max-connections", min=8, max=65535, help="At one time.")] = 512,
    per_address: Annotated[
        int, typer.Option("--max-per-address", min=0, help="Connections of one address; 0: any number.")
    ] = 64,
    subscriptions: Annotated[
        bool | None,
        typer.Option(
            "--subscriptions/--no-subscriptions",
            help="Whether readers subscribe here; otherwise where the configuration has digests.public_url.",
        ),
    ] = None,
    log_format: LogOption = "text",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve the published site, SQL over its database under /data, and the API under /api/v1, until Ctrl-C.

    Example: `tracker serve --dir tracker-demo`, or `tracker serve --host 0.0.0.0 --allowed-host tracker.example`
    """
    try:
        from tracker.serve.running import Listening, serve_until_stopped
        from tracker.serve.serving import LOCAL_NAMES, Serving
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _NEEDED:
            raise
        raise InputError(f"{error.name} is not installed: pip install 'tracker[serve]'") from error

    begin_logs(log_format)
    if site is not None and folder is not None:
        raise InputError("--site and --dir each name a site: leave one out")
    top = site or (folder / "site" if folder else settings_from(config).site.out)
    check_site(top)
    enrolling = _settings_of_subscriptions(subscriptions, config, folder, named=site is not None)
    names = tuple(checked_name(name) for name in allowed or ()) + tuple(LOCAL_NAMES)
    if enrolling is not None:  # the links of mails are asked for by this name
        names += (urlsplit(enrolling.digests.public_url or "").hostname or "",)
    names = names if "*" not in names else ("*",)
    serving = Serving(
        top, names, query_seconds=seconds, query_rows=most, queries_per_address=sql_per_address,
        queries_per_minute=sql_rate, requests_per_minute=rate,
        subscriptions=enrolling,
    )  # fmt: skip
    where = Listening(host, port, connections, per_address, tuple(proxies or ()))

    def tell(address: str) -> None:
        out.print(
            f"{escape(str(top))} at {address}  (SQL: {address}data/tracker  API: {address}api/v1)", soft_wrap=True
        )
        if not allowed and host not in LOCAL_NAMES:
            err.print(
                "[yellow]warning:[/] only requests for localhost are answered: --allowed-host names others",
                soft_wrap=True,
            )

    with bound(run=secrets.token_hex(4)):
        serve_until_stopped(serving, where, tell)
    err.print("stopped", soft_wrap=True)


def _settings_of_subscriptions(
    wanted: bool | None, config: Path | None, folder: Path | None, *, named: bool
) -> Settings | None:
    """Whose digests are subscribed to; None: nobody's.

    A site that is named is not the configuration's, so ./config.yaml alone offers no subscriptions to its readers.

    Raises:
        ConfigError: they are asked for, and digests.public_url is not set.
        InputError: what they need is not installed.
    """
    if wanted is False or (wanted is None and named and config is None):
        return None
    settings = digest_settings(config, folder)
    if not settings.digests.public_url:
        if wanted:
            raise ConfigError("digests.public_url is not set: it is where the links of mails lead (docs/digests.md)")
        return None
    with digest_libraries():
        import tracker.serve.subscriptions.routes  # noqa: F401
    return settings


def check_site(site: Path) -> None:
    """See that there is something to serve.

    Raises:
        UnreadableInput: there is no such folder, it is no site, or it has no database that can be read.
    """
    if not (site / "index.html").is_file():
        what = "holds no published site" if site.is_dir() else "there is no such folder"
        raise UnreadableInput(f"{site}: {what}; `tracker publish` makes one, `--dir tracker-demo` serves the demo's")
    if not (site / DATABASE_PATH).is_file():
        raise UnreadableInput(f"{site} holds no {DATABASE_PATH}; `tracker publish` makes it with the site")
    from tracker.serve.edition import check_shape

    with open_published(site / DATABASE_PATH) as database:
        check_shape(database, site / DATABASE_PATH)


def checked_name(name: str) -> str:
    """A host's name as the Host header has it: no scheme, no port, no path.

    Raises:
        InputError: it is something else.
    """
    from tracker.serve.gate import is_allowed_host

    plain = name.strip().lower().rstrip(".")
    if plain != "*" and not is_allowed_host(plain, (plain,)):
        raise InputError(f"--allowed-host {name!r}: expected a name such as tracker.example, without scheme and port")
    return plain


COMMANDS = (serve,)

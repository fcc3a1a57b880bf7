"""`tracker digest preview`: what somebody's next digest would say now."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from tracker.app import SystemClock
from tracker.cli.console import ConfigOption, check_out, checked_choice, err, out, write_result
from tracker.cli.data import DataOption, OutOption
from tracker.cli.digestaudit import digest_libraries, digest_settings, open_people, parse_day
from tracker.config import Settings
from tracker.digestsettings import Mail
from tracker.errors import InputError
from tracker.ports.subscriptions import SubscriptionStore
from tracker.render.database import DATABASE_PATH
from tracker.render.wording import instant_words
from tracker.types.digests import Digest
from tracker.types.watching import Subscriber

if TYPE_CHECKING:
    from tracker.digest.links import Links

SHAPES = ("text", "html", "eml", "json")


def preview(
    to: Annotated[
        str, typer.Option("--to", metavar="NAME", help="A subscriber, as `tracker subscribers list` has it.")
    ],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="All changes known since that day, also those told already."),
    ] = None,
    shape: Annotated[str, typer.Option("--as", help=" | ".join(SHAPES))] = "text",
    open_: Annotated[bool, typer.Option("--open", help="Show the HTML in a browser.")] = False,
    path: OutOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """What a subscriber's next digest would say now; nothing is kept or sent. Links with a token in them do not work.

    Example: `tracker digest preview --to compliance-desk --open`
    """
    with digest_libraries():
        import tracker.digest.telling  # noqa: F401 - whatever it lacks is said before any work
        from tracker.pipeline.editions import open_edition
        from tracker.pipeline.previewing import preview as make

    checked_choice(shape, SHAPES, "--as")
    settings = digest_settings(config, folder)
    check_out(path, [config or Path("config.yaml"), settings.data_dir / "subscribers.db"])
    begun = datetime.combine(parse_day(since, "--since"), time.min, UTC) if since is not None else None
    with open_people(settings) as store:
        subscriber = find_subscriber(store, to)
        with open_edition(settings.site.out / DATABASE_PATH) as published:
            found = make(store, published, subscriber, settings, SystemClock().now(), begun)
        if found is None:
            out.print(_nothing(store, subscriber, begun), soft_wrap=True)
            return
    if open_:
        _open(_rendered(subscriber, found, settings, "html"), path)
    else:
        write_result(_rendered(subscriber, found, settings, shape), path)


def find_subscriber(store: SubscriptionStore, name: str) -> Subscriber:
    """A subscriber by name or id.

    Raises:
        InputError: there is none; says which names are near.
    """
    found = store.find_subscriber(name.strip())
    if found is not None:
        return found
    names = [subscriber.name for subscriber in store.load_subscribers()]
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`tracker subscribers list` has them"
    raise InputError(f"there is no subscriber {name!r}; {hint}")


def _nothing(store: SubscriptionStore, subscriber: Subscriber, since: datetime | None) -> str:
    _, last = store.load_last_digests([subscriber.id]).get(subscriber.id, (0, subscriber.created_at))
    when = since or last
    return f"nothing changed for {escape(subscriber.name)}{f' since {instant_words(when)}' if when else ''}"


def _rendered(subscriber: Subscriber, digest: Digest, settings: Settings, shape: str) -> str | bytes:
    from tracker.digest.telling.htmlbody import html_of
    from tracker.digest.telling.messages import render_message
    from tracker.digest.telling.shown import show_digest
    from tracker.digest.telling.textbody import text_of
    from tracker.digest.telling.wording import subject_of

    links = _links(settings)
    if shape == "eml":
        if subscriber.channel != "mail":
            raise InputError(f"{subscriber.name} is told by {subscriber.channel}, not by mail; take --as json")
        return render_message(subscriber, digest, _unsigned(settings), links).body
    if shape == "json":
        told = subscriber if subscriber.channel == "webhook" else replace(subscriber, channel="feed")
        return render_message(told, digest, settings, links).body + b"\n"
    shown, subject = show_digest(subscriber, digest, settings, links), subject_of(digest, settings.site.title)
    return html_of(shown, subject) if shape == "html" else f"Subject: {subject}\n\n{text_of(shown)}"


def _links(settings: Settings) -> Links | None:
    """Links as they will look, signed with a key that opens nothing: a preview may be passed on."""
    from tracker.digest.links import Links
    from tracker.digest.tokens import Tokens

    url = settings.digests.public_url
    return Links(url, Tokens(["a preview's links open nothing at all"])) if url else None


def _unsigned(settings: Settings) -> Settings:
    """As sent, but for the signature; where no mail is set up yet, from nobody."""
    mail = settings.digests.mail or Mail(host="localhost", sender=f"{settings.site.title} <digests@localhost>")
    digests = settings.digests.model_copy(update={"mail": mail.model_copy(update={"dkim": None})})
    return settings.model_copy(update={"digests": digests})


def _open(html: str | bytes, path: Path | None) -> None:
    if path is None:
        path = Path(tempfile.mkdtemp(prefix="tracker-digest-")) / "digest.html"
    write_result(html, path)
    if not webbrowser.open(path.resolve().as_uri()):
        err.print("no browser could be opened; the page is there all the same", soft_wrap=True)
    out.print(escape(str(path)), soft_wrap=True)


COMMANDS: dict[str, Callable[..., None]] = {"preview": preview}

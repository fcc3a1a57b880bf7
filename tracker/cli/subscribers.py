"""`tracker subscribers ...`: who is told, of what, how and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.app import SystemClock
from tracker.cli.console import ConfigOption, checked_choice, err, out, write_result
from tracker.cli.data import DataOption, OutOption
from tracker.cli.digestaudit import digest_settings, open_people, open_site
from tracker.cli.digestpreview import find_subscriber
from tracker.cli.enrolling import Wish, WishedRule, enrol, feed_address, rewritten
from tracker.errors import InputError
from tracker.render.wording import count_words, instant_words
from tracker.types.watching import CADENCES, PAYLOAD_SHAPES, Subscriber

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A subscriber, by name or id.")]
WatchOption = Annotated[
    list[str] | None,
    typer.Option("--watch", metavar="NAME", help="A party, with all that belongs to it; again for more."),
]
DisputeOption = Annotated[list[str] | None, typer.Option("--dispute", help="Its id or title; again for more.")]
TypeOption = Annotated[list[str] | None, typer.Option("--type", help="Events of this type alone; again for more.")]
CountryOption = Annotated[list[str] | None, typer.Option("--jurisdiction", metavar="CC", help="Such as CN; again.")]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="Changes of this kind alone; again for more.")]
QueryOption = Annotated[str, typer.Option("--query", help="Words that the change has, each of them.")]
SourcesOption = Annotated[int, typer.Option("--min-sources", min=1, max=50, help="Independent sources at least.")]
RuleOption = Annotated[
    list[str] | None,
    typer.Option("--rule", help='A further rule: "entity:qwen type:denial sources:2"; again for more.'),
]
AllOption = Annotated[bool, typer.Option("--all", help="Everything: no other rule is needed.")]
CadenceOption = Annotated[str | None, typer.Option("--cadence", help=" | ".join(CADENCES))]
HourOption = Annotated[int | None, typer.Option("--hour", min=0, max=23, help="Of day, in the time zone.")]
WeekdayOption = Annotated[str | None, typer.Option("--weekday", help="Of a weekly digest: monday and so on.")]
ZoneOption = Annotated[str | None, typer.Option("--zone", help="A time zone such as Europe/Berlin.")]
ClearOption = Annotated[
    bool | None, typer.Option("--all-clear/--no-all-clear", help="Whether one line comes when nothing changed.")
]
ConsentOption = Annotated[
    tuple[str, str] | None,
    typer.Option("--confirmed-by", metavar="WHO WHY", help='Instead of a confirmation mail: kate "consent on file".'),
]


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the subscriber is called here.")],
    mail: Annotated[str | None, typer.Option("--mail", metavar="ADDRESS", help="Told by mail.")] = None,
    webhook: Annotated[str | None, typer.Option("--webhook", metavar="URL", help="Told by a POST of JSON.")] = None,
    feed: Annotated[bool, typer.Option("--feed", help="Told by a feed of its own.")] = False,
    shape: Annotated[str, typer.Option("--shape", help=f"Of a webhook: {' | '.join(PAYLOAD_SHAPES)}")] = "json",
    watch: WatchOption = None,
    dispute: DisputeOption = None,
    type: TypeOption = None,
    jurisdiction: CountryOption = None,
    kind: KindOption = None,
    query: QueryOption = "",
    min_sources: SourcesOption = 1,
    rule: RuleOption = None,
    everything: AllOption = False,
    cadence: CadenceOption = None,
    hour: HourOption = None,
    weekday: WeekdayOption = None,
    zone: ZoneOption = None,
    all_clear: ClearOption = None,
    consent: ConsentOption = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Add a subscriber. One by mail gets a confirmation first, and is told nothing until its link is opened.

    --watch, --type and the like are one rule: a change fits that has one value of each. --rule adds others.

    Example: `tracker subscribers add compliance --mail desk@firm.example --watch alibaba --cadence weekly`
    """
    wish = Wish(
        name, mail, webhook, feed, shape, WishedRule(watch, dispute, type, jurisdiction, kind, query, min_sources),
        tuple(rule or ()), everything, cadence, hour, weekday, zone, all_clear, consent,
    )  # fmt: skip
    settings = digest_settings(config, folder)
    with open_site(settings) as published:
        (made,) = enrol([("", wish)], settings, published, SystemClock().now())
    _print_made(made, feed_address(made, settings, SystemClock().now()))


def list_(
    format: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List the subscribers.

    Example: `tracker subscribers list`
    """
    checked_choice(format, ("table", "json"), "--format")
    with open_people(digest_settings(config, folder)) as store:
        found = store.load_subscribers()
    if format == "json":
        write_result(json.dumps([_record(one) for one in found], ensure_ascii=False, indent=1) + "\n", None)
        return
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for title in ("name", "state", "told by", "address", "when", "rules"):
        table.add_column(title, overflow="fold")
    for one in found:
        when = one.cadence.replace("_", " ")
        rules = "cannot be read" if one.unreadable else str(len(one.rules))
        table.add_row(*map(escape, (one.name, one.state, one.channel, one.address, when, rules)))
    out.print(table if found else "there are no subscribers")


def show(name: NameArgument, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Show one subscriber, with its rules in words.

    Example: `tracker subscribers show compliance`
    """
    from tracker.digest.asking import WEEKDAYS, Desk
    from tracker.digest.rulewords import rule_words

    settings = digest_settings(config, folder)
    with open_people(settings) as store:
        one = find_subscriber(store, name)
    with open_site(settings) as published:
        names = Desk(published).names_of(one.rules)
    day = f" on {WEEKDAYS[one.weekday].capitalize()}" if one.cadence == "weekly" else ""
    at = "" if one.cadence == "at_once" else f"{day} at {one.at_hour}:00 {one.timezone}"
    rows = [
        ("id", one.id), ("told by", f"{one.channel} {one.address}".strip()),
        ("state", f"{one.state}{f': {one.state_why}' if one.state_why else ''}"),
        ("when", f"{one.cadence.replace('_', ' ')}{at}{', also when nothing changed' if one.wants_all_clear else ''}"),
        ("since", instant_words(one.created_at) if one.created_at else ""),
        ("consent", one.consent), *(("watches", rule_words(rule, names)) for rule in one.rules),
    ]  # fmt: skip
    if one.unreadable:
        rows.append(
            ("watches", f"rules that cannot be read ({one.unreadable}); `tracker subscribers set` gives others")
        )
    out.print(f"[bold]{escape(one.name)}[/]")
    for title, value in rows:
        out.print(f"  {title:<8} {escape(value)}", soft_wrap=True)


def set_(
    name: NameArgument,
    watch: WatchOption = None,
    dispute: DisputeOption = None,
    type: TypeOption = None,
    jurisdiction: CountryOption = None,
    kind: KindOption = None,
    query: QueryOption = "",
    min_sources: SourcesOption = 1,
    rule: RuleOption = None,
    everything: AllOption = False,
    cadence: CadenceOption = None,
    hour: HourOption = None,
    weekday: WeekdayOption = None,
    zone: ZoneOption = None,
    all_clear: ClearOption = None,
    rename: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Change a subscriber: what is given; rules that are given take the place of all that were.

    Example: `tracker subscribers set compliance --watch alibaba --watch qwen --hour 7`
    """
    asked = WishedRule(watch, dispute, type, jurisdiction, kind, query, min_sources)
    wish = Wish(rename or name, None, None, False, "json", asked, tuple(rule or ()), everything, cadence, hour,
                weekday, zone, all_clear, None)  # fmt: skip
    settings = digest_settings(config, folder)
    with open_people(settings) as store, open_site(settings) as published:
        one = find_subscriber(store, name)
        changed = rewritten(one, replace(wish, name=rename or one.name), published)
        if changed == one:
            raise InputError("nothing to change is given: --watch, --cadence, --hour, --zone ...")
        store.save_subscriber(changed)
    out.print(f"{escape(changed.name)} is changed", soft_wrap=True)


def pause(name: NameArgument, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Tell a subscriber nothing until `resume`; what changes meanwhile is told then.

    Example: `tracker subscribers pause compliance`
    """
    with open_people(digest_settings(config, folder)) as store:
        one = find_subscriber(store, name)
        if one.state != "active":
            raise InputError(f"{one.name} is {one.state} and cannot be paused")
        store.save_subscriber(replace(one, state="paused", state_why="paused on the command line"))
    out.print(f"{escape(one.name)} is paused", soft_wrap=True)


def resume(
    name: NameArgument, consent: ConsentOption = None, folder: DataOption = None, config: ConfigOption = None
) -> None:
    """Go on telling a subscriber who is paused, or disabled after failures.

    Who was never confirmed, or has left, comes back only with --confirmed-by.

    Example: `tracker subscribers resume compliance`
    """
    from tracker.digest.enrolling import LEFT, confirmed

    now = SystemClock().now()
    with open_people(digest_settings(config, folder)) as store:
        one = find_subscriber(store, name)
        if one.state == "active":
            raise InputError(f"{one.name} is active already")
        if consent is None and (one.state == "pending" or one.state_why == LEFT):
            why = "is not confirmed yet" if one.state == "pending" else "has left"
            raise InputError(f"{one.name} {why}; --confirmed-by WHO WHY writes down on whose word digests are sent")
        on = confirmed(one, now, ": ".join(consent)) if consent else replace(one, state="active", state_why="")
        store.save_subscriber(on)
    out.print(f"{escape(one.name)} is active", soft_wrap=True)


def remove(name: NameArgument, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Stop telling a subscriber; the rules and the name are kept, and digests that were sent stay in the audit.

    Example: `tracker subscribers remove compliance`
    """
    with open_people(digest_settings(config, folder)) as store:
        one = find_subscriber(store, name)
        store.save_subscriber(replace(one, state="disabled", state_why="removed on the command line"))
    out.print(
        f"{escape(one.name)} is told nothing more; `tracker subscribers erase` takes the data out", soft_wrap=True
    )


def erase(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone.")] = False,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Erase a subscriber: name, address, rules and messages; of digests only their place in the chain stays.

    Example: `tracker subscribers erase compliance --yes`
    """
    with open_people(digest_settings(config, folder)) as store:
        one = find_subscriber(store, name)
        if not yes:
            raise InputError(f"{one.name}, told by {one.channel} {one.address}: --yes erases it for good")
        store.erase_subscriber(one.id, SystemClock().now())
    out.print(f"{escape(one.name)} is erased", soft_wrap=True)


def export(name: NameArgument, path: OutOption = None, folder: DataOption = None, config: ConfigOption = None) -> None:
    """Write all that is kept of a subscriber as JSON, for whoever asks for their data.

    Example: `tracker subscribers export compliance --out compliance.json`
    """
    from tracker.digest.enrolling import export_subscriber

    with open_people(digest_settings(config, folder)) as store:
        whole = export_subscriber(store, find_subscriber(store, name))
    write_result(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", path)


def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or YAML, a subscriber a row.")],
    consent: ConsentOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and write nothing.")] = False,
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Add all subscribers of a file, or none: it is checked whole first, and what is wrong is told by line.

    Columns: name; mail, webhook or feed; watch, dispute, type, jurisdiction, kind (several parted by ";"), query,
    min_sources, rule, all, cadence, hour, weekday, zone, all_clear, shape. YAML: a list with the same keys.

    Example: `tracker subscribers import desks.csv --confirmed-by kate "consent on file" --dry-run`
    """
    from tracker.cli.subscriberfiles import read_wishes

    settings, now = digest_settings(config, folder), SystemClock().now()
    wishes = [(where, replace(wish, consent=consent)) for where, wish in read_wishes(path)]
    with open_site(settings) as published:
        made = enrol(wishes, settings, published, now, dry_run=dry_run)
    words = count_words(len(made), "subscriber")
    out.print(f"{words} {'can be added; nothing is written' if dry_run else 'added'}", soft_wrap=True)
    for one in made if not dry_run else ():
        if one.secret:
            out.print(f"{escape(one.name)}  {one.secret}", soft_wrap=True)


def _print_made(one: Subscriber, feed: str) -> None:
    if one.state == "pending":
        out.print(
            f"{escape(one.name)} is pending: a confirmation to {escape(one.address)} waits in the outbox "
            "(`tracker digest run` sends it)",
            soft_wrap=True,
        )
    else:
        out.print(f"{escape(one.name)} is active, told by {one.channel}", soft_wrap=True)
    if one.secret:
        out.print(f"its payloads are signed with {one.secret}", soft_wrap=True)
        err.print("write that down: it is not shown again", soft_wrap=True)
    if one.channel == "feed":
        out.print(feed or "set digests.public_url, and the feed has an address", soft_wrap=True)


def _record(one: Subscriber) -> dict[str, object]:
    return {
        "id": one.id, "name": one.name, "channel": one.channel, "address": one.address, "state": one.state,
        "state_why": one.state_why, "cadence": one.cadence, "at_hour": one.at_hour, "weekday": one.weekday,
        "timezone": one.timezone, "rules": len(one.rules), "consent": one.consent,
        "unreadable": one.unreadable,
    }  # fmt: skip


COMMANDS: dict[str, Callable[..., None]] = {
    "add": add, "list": list_, "show": show, "set": set_, "pause": pause, "resume": resume, "remove": remove,
    "erase": erase, "export": export, "import": import_,
}  # fmt: skip

"""From what was typed to subscribers that are kept: all of a file, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from tracker.cli.console import checked_choice
from tracker.cli.digestaudit import digest_libraries
from tracker.config import Settings
from tracker.errors import InputError
from tracker.query import Published
from tracker.types.watching import CADENCES, PAYLOAD_SHAPES, Cadence, Channel, PayloadShape, Subscriber

if TYPE_CHECKING:
    from tracker.digest.asking import AskedRule, Desk


@dataclass(frozen=True, slots=True)
class WishedRule:
    """The rule that options or cells name together."""

    watch: Sequence[str] | None
    dispute: Sequence[str] | None
    type: Sequence[str] | None
    jurisdiction: Sequence[str] | None
    kind: Sequence[str] | None
    query: str
    min_sources: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscriber as it was typed; None is what was not said."""

    name: str
    mail: str | None
    webhook: str | None
    feed: bool
    shape: str
    rule: WishedRule
    rules: tuple[str, ...]
    """Further ones, each a line (`parse_rule`)."""
    everything: bool
    cadence: str | None
    hour: int | None
    weekday: str | None
    zone: str | None
    all_clear: bool | None
    consent: tuple[str, str] | None


def enrol(
    wishes: Sequence[tuple[str, Wish]],
    settings: Settings,
    published: Published,
    now: datetime,
    *,
    dry_run: bool = False,
) -> list[Subscriber]:
    """Add subscribers, each with where it was typed ("" on the command line): all, or none if anything is wrong.

    Raises:
        InputError: what is wrong with any of them, a line each.
    """
    with digest_libraries():
        from tracker.digest.asking import Desk
        from tracker.digest.links import load_links
        from tracker.digest.telling.notices import render_confirmation
        from tracker.store.subscriptions import has_subscriptions, open_subscriptions
    desk, made, wrong = Desk(published), [], []
    for where, wish in wishes:
        try:
            made.append(_subscriber(wish, settings, desk, now))
        except InputError as error:
            wrong.append(f"{where}: {error.detail}" if where else error.detail)
    if not wrong:
        wrong = _find_doubles([where for where, _ in wishes], made)
    if wrong:
        raise InputError("\n".join(wrong[:50]) + (f"\nand {len(wrong) - 50} more" if len(wrong) > 50 else ""))
    if dry_run and not has_subscriptions(settings.subscriptions_url):
        return made
    links = load_links(settings) if not dry_run and any(one.state == "pending" for one in made) else None
    with open_subscriptions(settings.subscriptions_url) as store:
        for (where, _), one in zip(wishes, made, strict=True):
            others = store.find_subscribers_at(one.channel, one.address) if one.address else ()
            taken = store.find_subscriber(one.name)
            if taken is not None or any(other.state in ("active", "pending") for other in others):
                held = taken or others[0]
                told = f"{held.name!r} is there already, told by {held.channel} {held.address}".rstrip()
                wrong.append(f"{where}: {told}" if where else told)
        if wrong:
            raise InputError("\n".join(wrong[:50]))
        for one in made if not dry_run else ():
            store.save_subscriber(one)
            if one.state == "pending" and links is not None:
                store.save_message(
                    one.id, render_confirmation(one, settings, links, now, desk.words_without_query(one.rules)), now
                )
    return made


def rewritten(subscriber: Subscriber, wish: Wish, published: Published) -> Subscriber:
    """A subscriber with what a wish gives in the place of what it was.

    Raises:
        InputError: something of it cannot be.
    """
    with digest_libraries():
        from tracker.digest.asking import Desk, check_name
    asked = _asked(wish)
    rules = subscriber.rules
    if asked or wish.everything:
        rules = Desk(published).check_rules(asked, everything=wish.everything)
    name = subscriber.name if wish.name == subscriber.name else check_name(wish.name)
    return _timed(replace(subscriber, name=name, rules=rules), wish)


def feed_address(subscriber: Subscriber, settings: Settings, now: datetime) -> str:
    """Where a subscriber's feed is; "" where nothing is served, or it has none."""
    with digest_libraries():
        from tracker.digest.enrolling import feed_url_of
        from tracker.digest.links import load_links
    return feed_url_of(subscriber, load_links(settings), now) if subscriber.channel == "feed" else ""


def _subscriber(wish: Wish, settings: Settings, desk: Desk, now: datetime) -> Subscriber:
    from tracker.digest.addresses import check_mail_address, check_webhook_url
    from tracker.digest.asking import check_name
    from tracker.digest.enrolling import confirmed, new_subscriber

    ways = [
        channel for channel, given in (("mail", wish.mail), ("webhook", wish.webhook), ("feed", wish.feed)) if given
    ]
    if len(ways) != 1:
        raise InputError("expected one way to be told: --mail ADDRESS, --webhook URL or --feed")
    channel, address = cast(Channel, ways[0]), ""
    if wish.mail:
        address = check_mail_address(wish.mail)
    elif wish.webhook:
        address = check_webhook_url(wish.webhook, settings.network.resolve, settings.network.allow_networks)
    shape = cast(PayloadShape, checked_choice(wish.shape, PAYLOAD_SHAPES, "--shape"))
    rules = desk.check_rules(_asked(wish), everything=wish.everything)
    made = _timed(replace(new_subscriber(check_name(wish.name), channel, address, rules, now), shape=shape), wish)
    if wish.consent is not None:
        return confirmed(made, now, ": ".join(wish.consent))
    if channel == "mail":
        _check_mail_is_set(settings)
        return made
    return confirmed(made, now, "added on the command line")


def _check_mail_is_set(settings: Settings) -> None:
    for name, value in (("public_url", settings.digests.public_url), ("mail", settings.digests.mail)):
        if not value:
            raise InputError(
                f"digests.{name} is not set, so no confirmation can be sent; set it (docs/digests.md), or say on whose "
                'word digests are sent: --confirmed-by kate "consent on file"'
            )


def _asked(wish: Wish) -> list[AskedRule]:
    from tracker.digest.asking import AskedRule, parse_rule

    rule = wish.rule
    lists = (tuple(values or ()) for values in (rule.watch, rule.dispute, rule.type, rule.jurisdiction, rule.kind))
    entities, disputes, types, jurisdictions, kinds = lists
    one = AskedRule(entities, True, disputes, types, jurisdictions, kinds, rule.query, rule.min_sources)
    asked = [parse_rule(text) for text in wish.rules]
    if one.is_empty and one.min_sources > 1 and (asked or not wish.everything):
        raise InputError("--min-sources goes with a rule: name what it is about, or --all; in --rule it is sources:2")
    return asked if one == AskedRule() else [one, *asked]


def _timed(subscriber: Subscriber, wish: Wish) -> Subscriber:
    from tracker.digest.asking import check_weekday, check_zone

    if wish.cadence is not None:
        cadence = cast(Cadence, checked_choice(wish.cadence.replace("-", "_"), CADENCES, "--cadence"))
        subscriber = replace(subscriber, cadence=cadence)
    if wish.hour is not None:
        subscriber = replace(subscriber, at_hour=wish.hour)
    if wish.weekday is not None:
        subscriber = replace(subscriber, weekday=check_weekday(wish.weekday))
    if wish.zone is not None:
        subscriber = replace(subscriber, timezone=check_zone(wish.zone))
    if wish.all_clear is not None:
        subscriber = replace(subscriber, wants_all_clear=wish.all_clear)
    return subscriber


def _find_doubles(places: Sequence[str], made: Sequence[Subscriber]) -> list[str]:
    seen: dict[tuple[str, str], str] = {}
    wrong = []
    for where, one in zip(places, made, strict=True):
        keys = [("name", one.name)] + ([(one.channel, one.address.casefold())] if one.address else [])
        for key in keys:
            if key in seen:
                wrong.append(f"{where}: {key[1]!r} stands there already, at {seen[key]}")
            seen.setdefault(key, where)
    return wrong

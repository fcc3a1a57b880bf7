"""What the form does: a wish becomes a pending subscriber and a mail, and the answer never says who is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tracker.config import Settings
from tracker.digest.addresses import check_mail_address
from tracker.digest.asking import WEEKDAYS, AskedRule, Desk, check_weekday, check_zone, rule_words
from tracker.digest.enrolling import new_subscriber
from tracker.digest.links import Links
from tracker.digest.telling import render_confirmation, render_notice
from tracker.errors import InputError
from tracker.render.wording import CLAIM_TYPE_WORDS, clean
from tracker.serve.edition import Editions
from tracker.store.subscriptions import open_subscriptions
from tracker.types.digests import Message
from tracker.types.watching import CADENCES, Subscriber, WatchRule

MAILS_A_DAY = 3
"""Confirmations and links to one mailbox, whoever asks for them."""
_OFFERED = 200
Form = Mapping[str, list[str]]


class SignUp:
    """Takes forms."""

    def __init__(self, settings: Settings, links: Links, editions: Editions) -> None:
        self._settings = settings
        self._links = links
        self._editions = editions

    def offered(self) -> dict[str, Any]:
        """What the form offers to choose from."""
        with self._editions.lend() as published:
            sql = "SELECT name FROM entities WHERE is_known ORDER BY claim_count DESC, id LIMIT :most"
            parties = [clean(str(row[0])) for row in published.ask(sql, {"most": _OFFERED}).rows]
        return {"parties": parties, "types": CLAIM_TYPE_WORDS, "cadences": CADENCES, "weekdays": WEEKDAYS}

    def words(self, subscriber: Subscriber) -> list[str]:
        """Its rules in words."""
        with self._editions.lend() as published:
            names = Desk(published).names_of(subscriber.rules)
        return [rule_words(rule, names) for rule in subscriber.rules]

    def take(self, form: Form, now: datetime) -> str | None:
        """Keep what somebody asks for until it is confirmed; what is wrong with the form, or None."""
        if "".join(form.get("website", [])).strip():  # nobody sees that field; programs fill it in
            return None
        try:
            address = check_mail_address(_one(form, "mail"))
            asked = self.rewritten(new_subscriber(address, "mail", address, (), now), form)
        except InputError as error:
            return error.detail
        with open_subscriptions(self._settings.subscriptions_url) as store:
            found = next(iter(store.find_subscribers_at("mail", address)), None)
            if found is None or found.state not in ("active", "paused"):
                if found is not None:
                    asked = replace(asked, id=found.id, name=found.name, token_version=found.token_version)
                if found is not None and not self._may_write(found, now):
                    return None
                if found is None and store.find_subscriber(asked.name) is not None:
                    asked = replace(asked, name=f"{address} {asked.id[:6]}")
                store.save_subscriber(asked)
                with self._editions.lend() as published:
                    watched = Desk(published).words_without_query(asked.rules)
                mail = render_confirmation(asked, self._settings, self._links, now, watched)
                self._write(asked, mail, now)
            else:
                self._mail_link(found, now)
        return None

    def send_link(self, text: str, now: datetime) -> None:
        """Mail a link to manage, if the address has a subscription that was confirmed once."""
        try:
            address = check_mail_address(text)
        except InputError:
            return
        with open_subscriptions(self._settings.subscriptions_url) as store:
            found = next(iter(store.find_subscribers_at("mail", address)), None)
        if found is not None and found.confirmed_at is not None:
            self._mail_link(found, now)

    def rewritten(self, subscriber: Subscriber, form: Form) -> Subscriber:
        """The subscriber with what the form says.

        Raises:
            InputError: something of it cannot be.
        """
        asked = AskedRule(
            entities=tuple(line.strip() for line in _one(form, "watch").splitlines() if line.strip()),
            types=tuple(form.get("type", [])),
            query=_one(form, "query"),
            min_sources=int(_one(form, "sources")) if _one(form, "sources") in map(str, range(1, 51)) else 1,
        )
        everything = _one(form, "all") == "yes"
        with self._editions.lend() as published:
            given: list[AskedRule] = [] if asked.is_empty else [asked]
            rules: tuple[WatchRule, ...] = subscriber.rules
            if given or everything or not rules:
                rules = Desk(published).check_rules(given, everything=everything)
        cadence, hour = _one(form, "cadence") or subscriber.cadence, _one(form, "hour") or str(subscriber.at_hour)
        if cadence not in CADENCES or not (hour.isascii() and hour.isdigit() and len(hour) < 3 and int(hour) < 24):
            raise InputError("expected one of the cadences, and an hour from 0 to 23")
        return replace(
            subscriber, rules=rules, cadence=cadence, at_hour=int(hour),
            weekday=check_weekday(_one(form, "weekday") or WEEKDAYS[subscriber.weekday]),
            timezone=check_zone(_one(form, "zone") or subscriber.timezone),
            wants_all_clear=_one(form, "all_clear") == "yes",
        )  # fmt: skip

    def _mail_link(self, subscriber: Subscriber, now: datetime) -> None:
        if self._may_write(subscriber, now):
            self._write(subscriber, render_notice(subscriber, "manage", self._settings, self._links, now), now)

    def _may_write(self, subscriber: Subscriber, now: datetime) -> bool:
        with open_subscriptions(self._settings.subscriptions_url) as store:
            sent = store.load_deliveries(subscriber_id=subscriber.id, since=now - timedelta(days=1), limit=100)
        return sum(item.message.kind in ("confirmation", "notice") for item in sent) < MAILS_A_DAY

    def _write(self, subscriber: Subscriber, message: Message, now: datetime) -> None:
        with open_subscriptions(self._settings.subscriptions_url) as store:
            store.save_message(subscriber.id, message, now)


def _one(form: Form, key: str) -> str:
    return form.get(key, [""])[0]

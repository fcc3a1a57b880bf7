"""The form: a wish becomes a pending subscriber and a mail. The answer never tells whether an address is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from tracker.digest.addresses import check_mail_address
from tracker.digest.asking import WEEKDAYS
from tracker.digest.enrolling import LEFT, new_subscriber, was_never_confirmed
from tracker.digest.telling.notices import render_confirmation, render_notice
from tracker.errors import InputError
from tracker.query import Limits
from tracker.render.wording import clean
from tracker.serve.subscriptions.answers import page, told
from tracker.serve.subscriptions.asked import Asked
from tracker.serve.subscriptions.office import Office
from tracker.serve.subscriptions.showing import CADENCE_WORDS
from tracker.serve.subscriptions.wishes import wished_rules, wished_times
from tracker.types.digests import Message
from tracker.types.watching import Subscriber

MAILS_A_DAY = 3
"""Confirmations and links to one mailbox, whoever asks for them."""
_OFFERED = 400


def subscribe(office: Office, asked: Asked) -> Response:
    """The form, and what it sends: a confirmation to who is new, a link to who is told already."""
    if office.settings.digests.mail is None:
        return told(office.settings, "No digests by mail", "This server sends no mail.", status=404)
    if not asked.is_post:
        return _form(office, asked)
    if asked.values("website"):  # nobody sees that field; programs fill it in
        return _sent(office)
    now = office.now()
    with office.desk() as desk:
        try:
            address = check_mail_address(asked.value("mail"))
            rules = wished_rules(asked, desk)
            one = wished_times(new_subscriber(address, "mail", address, rules, now), asked)
        except InputError as error:
            wrong = error.detail
        else:
            wrong, watched = "", desk.words_without_query(rules)
    if wrong:
        return _form(office, asked, wrong)
    _ask_mailbox(office, one, watched, now)
    return _sent(office)


def send_link(office: Office, asked: Asked) -> Response:
    """Mail a fresh link to change a subscription, to an address that has confirmed one."""
    if office.settings.digests.mail is None or not asked.is_post:
        return subscribe(office, Asked(False, asked.client))
    try:
        address = check_mail_address(asked.value("mail"))
    except InputError as error:
        return _form(office, asked, error.detail)
    others, now = office.store.find_subscribers_at("mail", address), office.now()
    held = next((one for one in others if one.confirmed_at is not None), None)
    if held is not None and _may_write(office, others, now):
        office.store.save_message(held.id, _link(office, held, now), now)
    return _sent(office)


def offered(office: Office) -> dict[str, Any]:
    """What the fields offer to choose from."""
    parties = "SELECT name FROM entities ORDER BY claim_count DESC, id LIMIT :most"
    disputes = "SELECT title FROM disputes ORDER BY changed_on DESC, id LIMIT :most"
    with office.desk() as desk:
        names, titles = (
            [clean(str(row[0])) for row in desk.published.ask(sql, {"most": _OFFERED}, Limits(rows=_OFFERED)).rows]
            for sql in (parties, disputes)
        )
    return {"parties": names, "disputes": titles, "cadences": CADENCE_WORDS, "weekdays": WEEKDAYS}


def _ask_mailbox(office: Office, one: Subscriber, watched: list[str], now: datetime) -> None:
    """Keep a wish until it is confirmed. What is kept already of the address stays as it is: anybody may type it."""
    others = office.store.find_subscribers_at("mail", one.address)
    if not _may_write(office, others, now):
        return
    held = next((other for other in others if other.state in ("active", "paused")), None)
    if held is not None:
        office.store.save_message(held.id, _link(office, held, now), now)
        return
    if any(other.state == "disabled" and other.state_why != LEFT for other in others):
        return  # mail to it was refused, or could not be delivered for days
    for other in others:
        if was_never_confirmed(other, now):
            office.store.erase_subscriber(other.id, now)
    if office.store.find_subscriber(one.name) is not None:
        one = replace(one, name=f"{one.address} {one.id[:6]}")
    office.store.save_subscriber(one)
    office.store.save_message(one.id, render_confirmation(one, office.settings, office.links, now, watched), now)


def _may_write(office: Office, others: tuple[Subscriber, ...], now: datetime) -> bool:
    since = now - timedelta(days=1)
    sent = [item for one in others for item in office.store.load_deliveries(subscriber_id=one.id, since=since)]
    return sum(item.message.kind in ("confirmation", "notice") for item in sent) < MAILS_A_DAY


def _link(office: Office, one: Subscriber, now: datetime) -> Message:
    return render_notice(one, "manage", office.settings, office.links, now)


def _form(office: Office, asked: Asked, wrong: str = "") -> Response:
    return page(
        office.settings, "form.html", {**offered(office), "typed": asked, "wrong": wrong}, 400 if wrong else 200
    )


def _sent(office: Office) -> Response:
    lines = (
        "If that address takes mail, one is on its way to it, with a link.",
        "Nothing else is sent before you have opened the link and pressed its button. A link to confirm holds for "
        "seven days, a link to change a subscription for one.",
        f"An address gets {MAILS_A_DAY} such mails a day at the most.",
    )
    return told(office.settings, "Look into your mail", *lines)

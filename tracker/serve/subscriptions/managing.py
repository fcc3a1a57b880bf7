"""The page of a link to manage: what is kept of somebody, and what they make of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from starlette.responses import Response

from tracker.digest.enrolling import LEFT, export_subscriber
from tracker.errors import InputError
from tracker.ids import digest_of
from tracker.serve.subscriptions.answers import KEPT_BY_NOBODY, page, send_back, told
from tracker.serve.subscriptions.asked import Asked
from tracker.serve.subscriptions.entering import offered
from tracker.serve.subscriptions.office import Office
from tracker.serve.subscriptions.showing import show_subscriber
from tracker.serve.subscriptions.wishes import wished_rules, wished_times
from tracker.types.watching import MAX_RULES, Subscriber, WatchRule

PAUSED = "paused by its reader"
DONE = {
    "times": "When you are told is changed.",
    "rules": "What you watch is changed.",
    "pause": "Your digests are paused. What changes meanwhile is told when you go on.",
    "resume": "Your digests go on.",
}


def manage(office: Office, asked: Asked) -> Response:
    """GET shows; POST does what its button says, and leads back.

    Raises:
        TokenRefused: see `Office.admit`.
    """
    one, _ = office.admit(asked.token, "manage")
    if not asked.is_post:
        return _shown(office, asked, one)
    wish = asked.value("do")
    if wish == "export":
        return _export(office, one)
    if wish == "erase" and asked.value("sure") == "yes":
        office.store.erase_subscriber(one.id, office.now())
        line = "Your name, address, rules and messages are erased, and no more digests are sent to you."
        return told(office.settings, "Erased", line, form=True)
    try:
        office.store.save_subscriber(_changed(office, asked, one, wish))
    except InputError as error:
        return _shown(office, asked, one, wrong=error.detail)
    return send_back(f"manage?{urlencode({'t': asked.token, 'done': wish})}")


def rule_key(rule: WatchRule) -> str:
    """What a form calls a rule, so that one that changed meanwhile is not taken for another."""
    return digest_of(repr(rule), length=16)


def _changed(office: Office, asked: Asked, one: Subscriber, wish: str) -> Subscriber:
    """Raises: InputError: it cannot be done; says why."""
    changes: dict[str, Callable[[Office, Asked, Subscriber], Subscriber]] = {
        "times": lambda _office, asked, one: wished_times(one, asked),
        "rules": _with_rules,
        "pause": _paused,
        "resume": _resumed,
    }
    if wish == "erase":
        raise InputError("to have everything erased, tick that you are sure")
    if wish not in changes:
        raise InputError("the form says nothing to be done; press one of its buttons")
    return changes[wish](office, asked, one)


def _with_rules(office: Office, asked: Asked, one: Subscriber) -> Subscriber:
    """Without the rules that are ticked, with what the fields name."""
    dropped = asked.values("drop")
    rules = [rule for rule in one.rules if rule_key(rule) not in dropped]
    adds = any(asked.values(name) for name in ("watch", "dispute", "type", "country", "query", "more", "all"))
    if adds:
        with office.desk() as desk:
            rules += wished_rules(asked, desk)
    elif not dropped:
        raise InputError("nothing is named to watch, and no rule is ticked to be taken out")
    if not rules:
        raise InputError("nothing would be left to watch: pause your digests, or leave by the link of any of them")
    if len(rules) > MAX_RULES:
        raise InputError(f"{len(rules)} watch rules are too many: {MAX_RULES} at the most")
    return replace(one, rules=tuple(dict.fromkeys(rules)))


def _paused(_office: Office, _asked: Asked, one: Subscriber) -> Subscriber:
    if one.state not in ("active", "paused"):
        raise InputError("no digests are sent, so there is nothing to pause")
    return replace(one, state="paused", state_why=PAUSED)


def _resumed(office: Office, _asked: Asked, one: Subscriber) -> Subscriber:
    if one.state not in ("active", "paused") and not (one.state_why == LEFT and one.confirmed_at):
        raise InputError("these digests cannot go on from here; ask who runs this tracker")
    others = office.store.find_subscribers_at(one.channel, one.address) if one.address else ()
    if any(other.state == "active" and other.id != one.id for other in others):
        raise InputError("another subscription of this address is active already; ask for a link to that one")
    return replace(one, state="active", state_why="")


def _export(office: Office, one: Subscriber) -> Response:
    body = json.dumps(export_subscriber(office.store, one), ensure_ascii=False, indent=2)
    headers = {**KEPT_BY_NOBODY, "Content-Disposition": 'attachment; filename="my-subscription.json"'}
    return Response(body, headers=headers, media_type="application/json")


def _shown(office: Office, asked: Asked, one: Subscriber, wrong: str = "") -> Response:
    shown = show_subscriber(office, one)
    values = {
        "shown": shown,
        "rules": list(zip(map(rule_key, one.rules), shown.rules, strict=True)),
        "has_left": one.state == "disabled" and one.state_why == LEFT,
        "feed": office.links.feed_url(one, office.now()).rpartition("/")[2],
        "typed": asked,
        "wrong": wrong,
        "done": DONE.get(asked.query.get("done", ""), "") if not wrong else "",
        **offered(office),
    }
    return page(office.settings, "manage.html", values, 400 if wrong else 200)

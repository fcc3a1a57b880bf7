"""What a subscriber is told of the subscription itself: to confirm it, that it began, paused or ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from tracker.config import Settings
from tracker.digest.links import Links
from tracker.digest.telling.headers import Envelope, message_id_of, sender_of
from tracker.digest.telling.htmlbody import inlined
from tracker.digest.telling.lines import wrap
from tracker.digest.telling.mail import finish
from tracker.digest.telling.payload import VERSION, json_body
from tracker.digest.telling.shown import leave_words
from tracker.digest.telling.slack import slack_text
from tracker.digest.telling.teams import teams_text
from tracker.digest.telling.wording import local_words, plain
from tracker.ids import digest_of
from tracker.render.wording import count_words, machine_instant, shorten
from tracker.types.digests import Message, MessageKind
from tracker.types.watching import Subscriber

NoticeKind = Literal["welcome", "manage", "paused", "left", "disabled"]
"""`manage`: a fresh link, on request. `disabled`: deliveries failed for too long."""

_CADENCE_WORDS = {"at_once": "as soon as something changes", "daily": "once a day", "weekly": "once a week",
                  "monthly": "once a month"}  # fmt: skip

_MOST_RULES = 5
"""That are named."""


def render_confirmation(
    subscriber: Subscriber, settings: Settings, links: Links, at: datetime, watched: Sequence[str] = ()
) -> Message:
    """The mail that asks whether its reader wants the digests (double opt-in): nothing is sent before that.

    `watched` are the rules in words, and none that a stranger typed: whoever asked may not be who reads this.

    Raises:
        ConfigError: digests.mail is not set.
    """
    lines = (
        f"Somebody, we hope you, asked {settings.site.title} to send digests to this address, "
        f"{_CADENCE_WORDS[subscriber.cadence]}, of what changes in what is watched"
        f"{f': {_listed(watched)}' if watched else ''}.",
        "Nothing is sent before you say yes. If this was not you, do nothing, and nothing will be sent.",
    )
    action = ("Yes, send me these digests", links.confirm_url(subscriber, at))
    return _render(subscriber, settings, at, "confirmation", "confirm", "Confirm your digests", lines, action)


def render_notice(
    subscriber: Subscriber, notice: NoticeKind, settings: Settings, links: Links | None, at: datetime, why: str = ""
) -> Message:
    """What became of a subscription; for a webhook as JSON, whatever its shape.

    Raises:
        ConfigError: it goes by mail, and digests.mail is not set.
    """
    subject, lines = _words(subscriber, notice, settings, at, why)
    if subscriber.channel != "mail":
        return _payload(subscriber, notice, subject, lines, at)
    manage = links.manage_url(subscriber, at) if links else ""
    action = ("Change what you are told", manage) if manage and notice != "left" else ("", "")
    leave = links.unsubscribe_url(subscriber, at) if links and notice not in ("left", "disabled") else ""
    return _render(subscriber, settings, at, "notice", notice, subject, lines, action, leave)


def _listed(watched: Sequence[str]) -> str:
    more = len(watched) - _MOST_RULES
    return " | ".join(watched[:_MOST_RULES]) + (f" | and {more} more" if more > 0 else "")


def rules_words(subscriber: Subscriber) -> str:
    """How much somebody watches: "2 rules"."""
    return count_words(len(subscriber.rules), "rule")


def _words(
    subscriber: Subscriber, notice: NoticeKind, settings: Settings, at: datetime, why: str
) -> tuple[str, tuple[str, ...]]:
    site, when = settings.site.title, local_words(at, subscriber.timezone)
    reason = f" The reason: {shorten(why, 300)}" if why else ""
    if notice == "welcome":
        often = _CADENCE_WORDS[subscriber.cadence]
        told = f"Confirmed {when}. You are told {often} of what changes in what you watch: {rules_words(subscriber)}."
        quiet = "a line saying so" if subscriber.wants_all_clear else "no mail"
        return f"Your digests of {site} begin", (told, f"Where nothing changed, there is {quiet}.")
    if notice == "manage":
        return "Your link to change your digests", ("You asked for this link; it holds for a day.",)
    if notice == "paused":
        return "Your digests are paused", (
            f"Paused {when}.{reason} What changes meanwhile is told when you go on; nothing is lost.",
        )
    if notice == "left":
        return "You have left", (f"Since {when} nothing more is sent to this address.{reason}",)
    return "Your digests have stopped", (
        f"Stopped {when}: what was sent could not be delivered.{reason}",
        "Who runs this tracker can set it going again; what was not delivered is kept.",
    )


def _render(
    subscriber: Subscriber,
    settings: Settings,
    at: datetime,
    kind: MessageKind,
    key: str,
    subject: str,
    lines: tuple[str, ...],
    action: tuple[str, str],
    leave: str = "",
) -> Message:
    sender = sender_of(settings)
    own = f"{key}-{digest_of(subscriber.id, key, at.isoformat(), length=20)}"
    how = leave_words(settings) if kind == "notice" and key not in ("left", "disabled") and not leave else ""
    foot = (f"For {subscriber.name}. {how}".strip(),)
    text = [settings.site.title, ""]
    for line in lines:
        text += [*wrap(plain(line)), ""]
    if action[1]:
        text += [f"{action[0]}:", action[1], ""]
    text += [
        "-- ",
        *wrap(foot[0]),
        *([f"Leave: {leave}"] if leave else []),
        *([settings.site.base_url] if settings.site.base_url else []),
    ]
    values = {
        "title": subject,
        "preheader": shorten(lines[0], 140),
        "site": settings.site.title,
        "site_url": settings.site.base_url or "",
        "lines": lines,
        "action": action[0],
        "action_url": action[1],
        "foot": foot,
        "leave_url": leave,
    }
    envelope = Envelope(subscriber.address, subject, message_id_of(own, sender), at, unsubscribe_url=leave)
    return finish(subscriber, envelope, "\n".join(text) + "\n", inlined("digest/notice.html", values), settings, kind)


def _payload(subscriber: Subscriber, notice: NoticeKind, subject: str, lines: tuple[str, ...], at: datetime) -> Message:
    own = f"{notice}-{digest_of(subscriber.id, notice, at.isoformat(), length=20)}"
    words = "\n".join((subject, *lines))
    value: dict[str, Any]
    if subscriber.shape == "slack":
        value = slack_text(words)
    elif subscriber.shape == "teams":
        value = teams_text(subject, lines)
    else:
        value = {
            "version": VERSION,
            "type": "notice",
            "id": own,
            "notice": notice,
            "at": machine_instant(at),
            "text": words,
        }
    return Message("notice", subscriber.channel, subscriber.address, own, json_body(value), subject)

"""A digest as mail."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.config import Settings
from tracker.digest.links import Links
from tracker.digest.telling.headers import Envelope, build_mail, message_id_of, sender_of, thread_id_of
from tracker.digest.telling.htmlbody import html_of
from tracker.digest.telling.shown import show_digest
from tracker.digest.telling.signature import sign
from tracker.digest.telling.textbody import text_of
from tracker.digest.telling.wording import subject_of
from tracker.types.changes import Change
from tracker.types.digests import Digest, Message, MessageKind
from tracker.types.watching import Subscriber


def render_mail(subscriber: Subscriber, digest: Digest, settings: Settings, links: Links | None) -> Message:
    """A digest's mail, whole: equal input gives equal bytes, but for the instant in a DKIM signature.

    Raises:
        ConfigError: digests.mail is not set, or its sender or key is of no use.
    """
    sender = sender_of(settings)
    subject = subject_of(digest, settings.site.title)
    shown = show_digest(subscriber, digest, settings, links)
    envelope = Envelope(
        to=subscriber.address,
        subject=subject,
        message_id=message_id_of(digest.id, sender),
        at=digest.cut_at,
        thread=thread_id_of(*thread_of(subscriber, digest), sender),
        unsubscribe_url=shown.unsubscribe_url,
        archive_url=shown.digest_url,
        help_url=shown.form_url,
    )
    return finish(subscriber, envelope, text_of(shown), html_of(shown, subject), settings, digest.kind)


def finish(
    subscriber: Subscriber, envelope: Envelope, text: str, html: str, settings: Settings, kind: MessageKind
) -> Message:
    """The message of an envelope and its two texts, signed where the settings say so."""
    body = build_mail(envelope, text, html, settings)
    mail = settings.digests.mail
    if mail and mail.dkim:
        body = sign(body, mail.dkim)
    return Message(kind, "mail", subscriber.address, envelope.message_id, body, envelope.subject)


def thread_of(subscriber: Subscriber, digest: Digest) -> tuple[str, str]:
    """(what a thread is about, its key): the one dispute that all of it is about, else the watchlist."""
    disputes = _shared(item.change for item in (*digest.corrections, *(i for g in digest.groups for i in g.items)))
    if subscriber.cadence == "at_once" and disputes:
        return "dispute", f"{subscriber.id} {min(disputes)}"
    return "watchlist", subscriber.id


def _shared(changes: Iterable[Change]) -> set[str]:
    sets = [set(change.dispute_ids) for change in changes]
    return set.intersection(*sets) if sets else set()

"""The one message that a digest becomes: by the subscriber's channel and, of a webhook, its shape."""

from __future__ import annotations

from tracker.config import Settings
from tracker.digest.links import Links
from tracker.digest.telling.mail import render_mail
from tracker.digest.telling.payload import json_body, payload_of
from tracker.digest.telling.shown import show_digest
from tracker.digest.telling.slack import slack_message
from tracker.digest.telling.teams import teams_message
from tracker.digest.telling.wording import subject_of
from tracker.types.digests import Digest, Message
from tracker.types.watching import Subscriber


def render_message(subscriber: Subscriber, digest: Digest, settings: Settings, links: Links | None) -> Message:
    """What is sent of a digest, or for a feed what stands in it; made once, and the same at every attempt.

    Raises:
        ConfigError: it goes by mail, and digests.mail is not set or of no use.
    """
    if subscriber.channel == "mail":
        return render_mail(subscriber, digest, settings, links)
    subject = subject_of(digest, settings.site.title)
    if subscriber.channel == "feed" or subscriber.shape == "json":
        value = payload_of(subscriber, digest, settings, links)
    else:
        shown = show_digest(subscriber, digest, settings, links)
        value = slack_message(shown, subject) if subscriber.shape == "slack" else teams_message(shown, subject)
    return Message(digest.kind, subscriber.channel, subscriber.address, digest.id, json_body(value), subject)

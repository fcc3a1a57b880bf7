"""The links that a subscriber is given: to confirm, to manage, to leave, to the feed, to a whole digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.config import Settings
from tracker.digest.keys import load_keys
from tracker.digest.tokens import Purpose, Token, Tokens
from tracker.digestsettings import signup_url
from tracker.types.watching import Subscriber


@dataclass(frozen=True)
class Links:
    """Makes them. Each holds a signed token as its only parameter, `t`."""

    public_url: str
    tokens: Tokens

    def confirm_url(self, subscriber: Subscriber, at: datetime) -> str:
        """Where the address is confirmed; holds for a week from `at`."""
        return self._url("confirm", subscriber, at)

    def manage_url(self, subscriber: Subscriber, at: datetime) -> str:
        """Where the subscription is looked at, changed, exported and erased; holds for a day from `at`."""
        return self._url("manage", subscriber, at)

    def unsubscribe_url(self, subscriber: Subscriber, at: datetime) -> str:
        """Where one leaves: GET shows a button, and the POST of RFC 8058 leaves at once. It does not expire."""
        return self._url("unsubscribe", subscriber, at)

    def feed_url(self, subscriber: Subscriber, at: datetime) -> str:
        """The subscriber's digests as an Atom feed (`&format=json`: JSON Feed). It does not expire."""
        return self._url("feed", subscriber, at)

    def digest_url(self, subscriber: Subscriber, digest_id: str, at: datetime) -> str:
        """A digest whole, with what was over the cap. It does not expire."""
        return self._url("digest", subscriber, at, digest_id)

    @property
    def form_url(self) -> str:
        """Where anybody subscribes, and asks for a new manage link."""
        return signup_url(self.public_url)

    def _url(self, purpose: Purpose, subscriber: Subscriber, at: datetime, subject: str = "") -> str:
        token = Token(purpose, subscriber.id, subscriber.token_version, subject)
        return f"{self.form_url}{purpose}?t={self.tokens.sign(token, at)}"


def load_links(settings: Settings) -> Links | None:
    """The links, or None where `digests.public_url` is not set: nobody could open them.

    Raises:
        ConfigError, OutputUnusable: see `load_keys`.
    """
    public_url = settings.digests.public_url
    return Links(public_url, Tokens(load_keys(settings))) if public_url else None

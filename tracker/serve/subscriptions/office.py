"""What the pages work with: who has subscribed, the links, and the published data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.config import Settings
from tracker.digest.asking import Desk
from tracker.digest.links import Links, load_links
from tracker.digest.tokens import Purpose, Token, TokenRefused
from tracker.errors import ConfigError
from tracker.ports.subscriptions import SubscriptionStore
from tracker.serve.edition import Editions
from tracker.store.subscriptions import open_subscriptions
from tracker.types.watching import Subscriber


@dataclass(frozen=True)
class Office:
    """Everything that a page may need."""

    settings: Settings
    links: Links
    store: SubscriptionStore
    editions: Editions
    now: Callable[[], datetime]

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Where what is asked for is checked, over the newest edition.

        Raises:
            UnreadableInput, EditionBusy: see `Editions.lend`.
        """
        with self.editions.lend() as published:
            yield Desk(published)

    def admit(self, token: str, purpose: Purpose) -> tuple[Subscriber, Token]:
        """Whose link it is.

        Raises:
            TokenRefused: the link does not hold, or holds no longer.
        """
        read = self.links.tokens.read(token, purpose, self.now())
        found = self.store.find_subscriber(read.subscriber_id)
        if found is None or found.id != read.subscriber_id or found.token_version != read.version:
            raise TokenRefused("revoked")
        return found, read


@contextmanager
def open_office(settings: Settings, editions: Editions) -> Iterator[Office]:
    """The office over the configured database of subscribers, which is made if it is not there.

    Raises:
        ConfigError: digests.public_url is not set, or the key of links is of no use.
        StoreError: the database cannot be used.
    """
    links = load_links(settings)
    if links is None:
        raise ConfigError("digests.public_url is not set: it is where the links of mails lead (docs/digests.md)")
    with open_subscriptions(settings.subscriptions_url) as store:
        yield Office(settings, links, store, editions, lambda: datetime.now(UTC))

"""Subscribers, and an edition's news, for the benchmark of digests: invented, skewed as news are.

Parties are those of the benchmark of queries: the first vendor is in a tenth of the news, most are in a handful. What
subscribers watch is not skewed: each watches vendors of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from random import Random

from benchmarks.query_draws import Draws
from benchmarks.query_world import write_world
from tracker.ids import digest_of
from tracker.store.subscriptions import SqlSubscriptions
from tracker.types.changes import CHANGE_KINDS, Change, Evidence
from tracker.types.watching import Subscriber, WatchRule

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
RULES = 5
_PAGES = 600
_PARTIES_OF = 20_000
"""Pages whose parties the news and the rules are about: 400 of them."""
_DISPUTES = 200
_COUNTRIES = ("CN", "US", "DE", "GB", "FR", "JP", "KR", "IN")
_TYPES = ("allegation",) * 6 + ("denial",) * 2 + ("legislation", "statement")
_WORDS = ("accounts", "operators", "exchanges", "letter", "committee", "proxy", "memo", "hearing", "licence", "outputs")
_PUBLISHERS = ("Northwire", "Harbor Ledger", "The Narrow Reading", "潮讯")


@dataclass
class DigestWorld:
    """An edition's database, its news, and so many subscribers."""

    subscribers: int
    changes: int = 500
    random: Random = field(default_factory=lambda: Random(5))

    @cached_property
    def _parties(self) -> Draws:
        return Draws(_PARTIES_OF)

    def write(self, file: Path) -> str:
        """Write the published database; its SHA-256."""
        write_world(_PAGES, file)
        return sha256(file.read_bytes()).hexdigest()

    def fill(self, store: SqlSubscriptions, edition: str) -> None:
        """Subscribers, and then the edition with its news: each is to be told of all that it watches."""
        store.save_edition("0" * 64, BEGIN, (), (), (), compared_with=None)
        for subscriber in self.people():
            store.save_subscriber(subscriber)
        store.save_edition(edition, BEGIN, (), (), tuple(self.news()), compared_with="0" * 64)

    def people(self) -> Iterator[Subscriber]:
        """Who subscribes, by mail."""
        for number in range(self.subscribers):
            yield Subscriber(
                id=digest_of("subscriber", str(number), length=20),
                name=f"desk-{number}",
                channel="mail",
                address=f"desk-{number}@reader.example",
                rules=tuple(self._rules()),
                cadence="at_once",
                timezone="Europe/Berlin",
                created_at=BEGIN - timedelta(days=30),
            )

    def _rules(self) -> Iterator[WatchRule]:
        draw, parties = self.random, self._parties.entities
        dispute = f"dispute-{draw.randrange(_DISPUTES)}"
        yield WatchRule(entities=(draw.choice(parties),))
        yield WatchRule(entities=tuple(draw.sample(parties, 2)), with_children=False, types=("allegation",))
        yield WatchRule(disputes=(dispute,), kinds=("status", "answer", "figure", "conflict"))
        yield WatchRule(entities=(draw.choice(parties),), jurisdictions=(draw.choice(_COUNTRIES),), min_sources=2)
        yield WatchRule(query=" ".join(draw.sample(_WORDS, 2)), entities=(draw.choice(parties),))

    def news(self) -> Iterator[Change]:
        """What is new."""
        draw = self.random
        for number in range(self.changes):
            accuser, accused = self._parties.party(), self._parties.party()
            families = dict.fromkeys((*self._parties.owners(accuser), *self._parties.owners(accused)))
            thousands = draw.randrange(2, 90)
            sources = draw.randrange(1, 6)
            yield Change(
                kind=draw.choice(CHANGE_KINDS),
                key=f"assertion:event-{number}/1",
                title=f"{accuser} alleges that {accused} used about {thousands},000 accounts",
                page=f"events/event-{number}.html",
                event_id=f"event-{number}",
                event_title=f"{accuser} accuses {accused}",
                event_type=draw.choice(_TYPES),  # type: ignore[arg-type]
                dispute_ids=(f"dispute-{draw.randrange(_DISPUTES)}",),
                entities=tuple(dict.fromkeys((accuser, accused))),
                families=tuple(families),
                jurisdictions=tuple(sorted(set(draw.choices(_COUNTRIES, k=2)))),
                happened_on=date(2026, 5, 1) + timedelta(days=draw.randrange(30)),
                independent_sources=sources,
                sources_before=0,
                before="",
                after=f"about {thousands},000 accounts",
                evidence=tuple(self._evidence(number, place, accuser, accused) for place in range(sources)),
            )

    def _evidence(self, number: int, place: int, accuser: str, accused: str) -> Evidence:
        words = " ".join(self.random.choices(_WORDS, k=12))
        claim = f"claim-{number}-{place}"
        return Evidence(
            claim_id=claim,
            quote=f"{accuser} said that people tied to {accused} had used {words}",
            language="en",
            speaker_name=accuser,
            on_behalf_of_name="",
            accused_as=f"people tied to {accused}",
            publisher=self.random.choice(_PUBLISHERS),
            document_title=f"A letter of {accuser}",
            published_on=date(2026, 5, 30),
            link=f"https://wire.example/{claim}",
            page=f"documents/doc-{number}.html#{claim}",
            version_sha256=digest_of(claim, length=64),
        )

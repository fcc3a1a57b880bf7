"""A published database of any size for the benchmark of queries: invented news, a few parties in most of it.

It is written with the program's own schema, indexes and full-text search; only its rows are made here. Whom a row is
about follows Zipf's law: the first vendor is in a tenth of all claims, most parties are in a handful.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random

from tracker.ids import sha256_hex
from tracker.render.database.building import fill_database
from tracker.render.database.values import Row

VENDOR, ACCUSER, BODY = "alibaba", "anthropic", "white-house"
NUMBER = 28_800_000
_FIRST_DAY = date(2024, 1, 1)
_DAYS = 900
_TYPES = ("allegation",) * 8 + ("denial",) * 3 + ("no_response",) * 2 + (
    "legislation", "government_action", "legal_action", "company_action", "statement", "statement", "admission",
)  # fmt: skip
_STATUS = {"allegation": "alleged", "denial": "denied"}
_KINDS = {2: "government", 7: "law", 8: "model", 9: "person"}
_PUBLISHER_TYPES = ("news",) * 7 + ("government", "company", "blog")
_QUALIFIERS = ("exact", "about", "over", "under")
_WORDS = (
    "accounts", "operators", "model", "outputs", "exchanges", "training", "company", "officials", "letter", "committee",
    "said", "that", "used", "fraudulent", "distillation", "extract", "capabilities", "systems", "researchers", "memo",
    "evidence", "queries", "proxy", "network", "bill", "amendment", "sanction", "denied", "comment", "spokesman",
    "statement", "report", "quarter", "licence", "export", "chips", "servers", "analysts", "senators", "hearing",
)  # fmt: skip
_CHINESE = "北风实验室表示与红隼公司有关联的人员使用了两万四千个虚假账户予以否认蒸馏模型"


@dataclass
class QueryWorld:
    """Rows for so many documents, twice as many claims, ten times as many mentions."""

    documents: int
    random: Random = field(default_factory=lambda: Random(7))

    @cached_property
    def entities(self) -> list[str]:
        """Ids, the most frequent first."""
        firms = [f"firm-{number}" for number in range(max(60, self.documents // 50))]
        return [VENDOR, ACCUSER, BODY, *firms]

    @cached_property
    def parents(self) -> dict[str, str]:
        """Who belongs to whom: each of the first twenty has ten of the rest."""
        ids = self.entities
        return {child: ids[number % 20] for number, child in enumerate(ids[20:220])}

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 3) for rank in range(len(self.entities))))

    def party(self) -> str:
        """Somebody, skewed."""
        return self.entities[bisect(self._weights, self.random.random() * self._weights[-1])]

    def owners(self, party: str) -> list[str]:
        """The party and whom it belongs to."""
        found = [party]
        while found[-1] in self.parents:
            found.append(self.parents[found[-1]])
        return found

    @property
    def events(self) -> int:
        """How many."""
        return max(20, self.documents // 5)

    @property
    def disputes(self) -> int:
        """How many."""
        return max(10, self.documents // 100)

    def write(self, path: Path) -> None:
        """Make the file."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA cache_size = -200000")
            fill_database(connection, self._tables(), _FACTS)

    def _tables(self) -> Iterator[tuple[str, Iterable[Row]]]:
        claims = list(self._claims())
        figures, answers = list(self._figures(claims)), list(self._answers(claims))
        parties = {str(claim["id"]): self._parties(claim) for claim in claims}
        yield "_entities", self._entities()
        yield (
            "_aliases",
            ({"entity_id": key, "alias": f"{key.title()} {end}"} for key in self.entities for end in ("AI", "公司")),
        )
        yield "_families", self._families()
        yield "_relations", self._relations(claims)
        yield "_sources", (_source(number) for number in range(100))
        yield "_documents", (self._document(number) for number in range(self.documents))
        yield "_versions", (row for number in range(self.documents) for row in self._versions(number))
        yield "_mentions", self._mentions()
        yield "_claims", claims
        yield (
            "_claim_parties",
            (
                {"claim_id": key, "role": role, "position": 0, "entity_id": party}
                for key, found in parties.items()
                for role, party in found.items()
            ),
        )
        yield "_quantities", (_quantity(figure) for figure in figures)
        yield "_events", (self._event(number) for number in range(self.events))
        yield "_event_claims", self._event_claims(claims)
        yield "_event_sources", self._event_sources()
        yield "_figures", figures
        assertions = list(self._assertions(claims))
        yield "_assertions", assertions
        yield (
            "_assertion_claims",
            (
                {"event_id": row["event_id"], "assertion_id": row["id"], "position": 0, "claim_id": str(row["id"])[2:]}
                for row in assertions
            ),
        )
        yield "_answers", answers
        yield (
            "_dispute_answers",
            ({"dispute_id": json.loads(str(row["disputes"]))[0], "answer_id": row["id"]} for row in answers),
        )
        yield "_disputes", (self._dispute(number) for number in range(self.disputes))
        yield "_dispute_events", self._dispute_events()
        yield "_dispute_steps", self._dispute_steps(claims)
        yield "_revisions", self._revisions(claims)
        yield "_party_rows", self._party_rows(claims, parties, figures, answers)

    def day(self, number: int) -> str:
        """The day of a document or event; later documents are later news."""
        return (_FIRST_DAY + timedelta(days=number * _DAYS // self.documents)).isoformat()

    def _entities(self) -> Iterator[Row]:
        for rank, key in enumerate(self.entities):
            yield {
                "id": key, "name": key.replace("-", " ").title(), "type": _KINDS.get(rank % 50, "company"),
                "is_known": 1, "parent": self.parents.get(key), "country": "china" if rank % 3 == 0 else None,
                "jurisdiction": "CN" if rank % 3 == 0 else None, "wikidata": None,
                "claim_count": 1 + self.documents // (rank + 1), "event_count": 1 + self.events // (rank + 1),
                "mention_count": 1 + 10 * self.documents // (rank + 1), "page": f"entities/{key}.html",
            }  # fmt: skip

    def _families(self) -> Iterator[Row]:
        for key in self.entities:
            for steps, owner in enumerate(self.owners(key)):
                yield {"entity_id": owner, "member_id": key, "steps": steps}

    def _relations(self, claims: list[Row]) -> Iterator[Row]:
        for number, (subject, object_) in enumerate(
            sorted({(self.party(), self.party()) for _ in range(max(200, self.documents // 20))})
        ):
            relation = "speaks_for" if object_ == BODY else "accuses"
            yield {
                "subject": subject, "relation": relation, "object": object_, "basis": "claims",
                "claim_count": number % 90,
                "by_name_count": number % 50, "document_count": number % 40, "said_as": "[]",
                "first_published_on": self.day(number), "last_published_on": self.day(number),
                "example_claim": claims[number % len(claims)]["id"],
            }  # fmt: skip

    def _document(self, number: int) -> Row:
        day_ = self.day(number)
        return {
            "search_id": self.events + self.disputes + self.documents - number, "id": _document_id(number),
            "url": f"https://paper-{number % 300}.example/{number}",
            "title": self._sentence(8), "publisher": f"Paper {number % 300}",
            "publisher_type": _PUBLISHER_TYPES[number % len(_PUBLISHER_TYPES)], "source": f"source-{number % 100}",
            "published_on": day_, "language": "zh" if number % 10 == 0 else "en", "kind": "article",
            "relevance": "relevant", "byline": None, "dateline": None, "syndicated_from": None, "copy_of": None,
            "copy_similarity": None, "current_version": f"{_document_id(number)}.1", "version_count": 1,
            "claim_count": 2,
            "first_seen_at": f"{day_}T08:00:00Z", "last_seen_on": _LAST_DAY, "updated_at": f"{day_}T08:00:00Z",
            "page": f"documents/{_document_id(number)}.html", "dated_on": day_,
        }  # fmt: skip

    def _versions(self, number: int) -> Iterator[Row]:
        for version in (1, 2) if number % 10 == 0 else (1,):
            yield {
                "id": f"{_document_id(number)}.{version}", "document_id": _document_id(number), "number": version,
                "is_current": int(version == 1), "title": "A title", "published_on": self.day(number),
                "language": "en",
                "text_sha256": sha256_hex(f"{number}.{version}"), "text_length": 4000,
                "fetched_at": f"{self.day(number)}T08:00:00Z", "last_seen_on": _LAST_DAY, "archive_record": None,
            }  # fmt: skip

    def _mentions(self) -> Iterator[Row]:
        for number in range(self.documents):
            for place in range(10):
                party, start = self.party(), place * 300 + self.random.randrange(200)
                yield {
                    "version_id": f"{_document_id(number)}.1", "start_offset": start,
                    "end_offset": start + len(party),
                    "entity_id": party, "text": party,
                }  # fmt: skip

    def _claims(self) -> Iterator[Row]:
        last = self.events + self.disputes + 3 * self.documents
        for number in range(2 * self.documents):
            document, type_ = number // 2, _TYPES[self.random.randrange(len(_TYPES))]
            quote, day_ = self._sentence(28, chinese=document % 10 == 0), self.day(document)
            start = (number % 2) * 1500
            yield {
                "search_id": last - number, "id": _claim_id(number), "type": type_,
                "status": _STATUS.get(type_, "asserted"), "speaker": self.party(), "on_behalf_of": None,
                "accused": json.dumps([self.party()]) if type_ == "allegation" else "[]", "accused_as": None,
                "target": "[]", "via": "[]", "quote": quote, "start_offset": start, "end_offset": start + 1400,
                "document_id": _document_id(document), "version_id": f"{_document_id(document)}.1",
                "first_version_id": f"{_document_id(document)}.1", "published_on": day_, "is_current": 1,
                "is_vanished": 0, "first_seen_at": f"{day_}T08:00:00Z", "last_seen_on": _LAST_DAY, "gone_at": None,
                "confidence": 0.9, "chain": "[]", "edits": "[]",
                "link": f"https://paper-{document % 300}.example/{document}",
                "updated_at": f"{day_}T08:00:00Z",
                "page": f"documents/{_document_id(document)}.html#{_claim_id(number)}",
                "dated_on": day_,
            }  # fmt: skip

    def _parties(self, claim: Row) -> dict[str, str]:
        accused = json.loads(str(claim["accused"]))
        roles = {"speaker": str(claim["speaker"]), "target": self.party()}
        return roles | {"accused": accused[0]} if accused else roles

    def event_of(self, number: int) -> int:
        """The event of a claim: news of one day, and one event that is told again and again."""
        return (
            0
            if number % 199 == 0
            else min(number * self.events // (2 * self.documents) // 7 * 7 + (number % 3), self.events - 1)
        )

    def _event(self, number: int) -> Row:
        day_ = self.day(number * self.documents // self.events)
        return {
            "search_id": self.events - number, "id": _event_id(number),
            "type": _TYPES[number % len(_TYPES)], "title": self._sentence(9), "summary": self._sentence(25),
            "from_on": day_, "to_on": day_, "date_precision": "day", "date_basis": "publication",
            "actors": json.dumps([self.party(), self.party()]), "claim_count": 10, "document_count": 5,
            "independent_sources": 2, "figure_count": 2, "conflict_count": 0, "flags": "[]", "edits": "[]",
            "first_seen_at": f"{day_}T08:00:00Z", "changed_at": f"{day_}T09:00:00Z",
            "page": f"events/{_event_id(number)}.html",
        }  # fmt: skip

    def _event_claims(self, claims: list[Row]) -> Iterator[Row]:
        for number, claim in enumerate(claims):
            event = _event_id(self.event_of(number))
            yield {"event_id": event, "part": "told", "position": number, "claim_id": claim["id"]}

    def _event_sources(self) -> Iterator[Row]:
        for number in range(0, 2 * self.documents, 2):
            document = _document_id(number // 2)
            yield {
                "event_id": _event_id(self.event_of(number)), "source_number": number % 5 + 1,
                "document_id": document,
                "origin": document, "basis": "original", "why": "No other document tells it before.",
            }  # fmt: skip

    def _figures(self, claims: list[Row]) -> Iterator[Row]:
        for number in range(0, len(claims), 3):
            claim = claims[number]
            low = NUMBER if number % 999 == 0 else int(self.random.paretovariate(0.6) * 1000)
            yield {
                "event_id": _event_id(self.event_of(number)), "position": number, "id": f"f-{number}",
                "kind": "exchanges" if number % 2 else "accounts", "low": low, "high": low,
                "qualifier": _QUALIFIERS[number % 4], "unit": None, "text": f"{low:,}", "speaker": claim["speaker"],
                "accused": claim["accused"], "claim_id": claim["id"], "version_id": claim["version_id"],
                "start_offset": 10, "end_offset": 20, "figure_group": f"g{number % 4}", "group_low": low,
                "group_high": low, "is_nearest": 1, "is_doubtful": 0, "conflicts": "[]", "is_current": 1,
                "is_vanished": 0,
                "first_seen_at": claim["first_seen_at"], "last_seen_on": _LAST_DAY, "updated_at": claim["updated_at"],
                "dated_on": claim["dated_on"],
            }  # fmt: skip

    def _assertions(self, claims: list[Row]) -> Iterator[Row]:
        for number in range(0, len(claims), 4):
            claim = claims[number]
            yield {
                "event_id": _event_id(self.event_of(number)), "id": f"s-{claim['id']}", "type": claim["type"],
                "speaker": claim["speaker"], "accused": claim["accused"], "figures": "[]",
                "document_count": number % 9, "independent_sources": 1 + number % 40,
            }  # fmt: skip

    def _answers(self, claims: list[Row]) -> Iterator[Row]:
        found = [number for number, claim in enumerate(claims) if claim["type"] in ("denial", "no_response")]
        for place, number in enumerate(found, 1):
            claim = claims[number]
            yield {
                "number": place, "id": f"a-{number}", "party": claim["speaker"],
                "kind": "denied" if claim["type"] == "denial" else "no_reply", "is_accused": 1,
                "from_on": claim["published_on"], "to_on": claim["published_on"], "date_basis": "publication",
                "event_id": _event_id(self.event_of(number)),
                "disputes": json.dumps([f"dispute-{self.event_of(number) % self.disputes}"]), "claim_id": claim["id"],
                "first_seen_at": claim["first_seen_at"], "updated_at": claim["updated_at"],
                "dated_on": claim["dated_on"],
            }  # fmt: skip

    def _dispute(self, number: int) -> Row:
        day_ = self.day(number * self.documents // self.disputes)
        return {
            "search_id": self.events + self.disputes - number, "id": f"dispute-{number}", "title": self._sentence(6),
            "status": "alleged", "since_on": day_, "changed_on": day_, "updated_at": f"{day_}T09:00:00Z",
            "accuser_side": ACCUSER, "accused_side": VENDOR, "accusers": json.dumps([ACCUSER]),
            "accused": json.dumps([VENDOR]), "accused_as": "[]", "target": "[]", "event_count": 20,
            "allegation_count": 50, "page": f"disputes/dispute-{number}.html",
        }  # fmt: skip

    def _dispute_events(self) -> Iterator[Row]:
        for number in range(self.events):
            yield {"dispute_id": f"dispute-{number % self.disputes}", "position": number, "event_id": _event_id(number)}

    def _dispute_steps(self, claims: list[Row]) -> Iterator[Row]:
        for number in range(0, self.events, 4):
            day_ = self.day(number * self.documents // self.events)
            yield {
                "dispute_id": f"dispute-{number % self.disputes}", "position": number, "status": "alleged",
                "from_on": day_,
                "to_on": day_, "date_basis": "publication", "event_id": _event_id(number),
                "claims": json.dumps([claims[number]["id"]]), "first_seen_at": f"{day_}T08:00:00Z",
            }  # fmt: skip

    def _revisions(self, claims: list[Row]) -> Iterator[Row]:
        for number in range(0, len(claims), 40):
            claim = claims[number]
            yield {
                "id": number // 40 + 1, "document_id": claim["document_id"], "kind": "changed",
                "seen_at": f"{claim['published_on']}T20:00:00Z", "from_version": claim["version_id"],
                "to_version": claim["version_id"], "before_claim": claim["id"], "after_claim": claim["id"],
                "changes": '[{"field":"quote","was":"a","now":"b"}]',
            }  # fmt: skip

    def _party_rows(
        self, claims: list[Row], parties: dict[str, dict[str, str]], figures: list[Row], answers: list[Row]
    ) -> Iterator[Row]:
        found: set[tuple[str, str, str, str]] = set()

        def note(kind: str, row: Row, id_: str, keys: Iterable[str]) -> None:
            for key in {owner for party in keys for owner in self.owners(party)}:
                found.add((key, kind, str(row["dated_on"]), id_))

        for number, claim in enumerate(claims):
            involved = parties[str(claim["id"])].values()
            note("claim", claim, str(claim["id"]), involved)
            note("document", claim, str(claim["document_id"]), involved)
            note("event", {"dated_on": self._event_day(number)}, _event_id(self.event_of(number)), involved)
        for figure in figures:
            note("figure", figure, str(figure["id"]), parties[str(figure["claim_id"])].values())
        for answer in answers:
            note("answer", answer, str(answer["id"]), [str(answer["party"])])
        for number in range(self.disputes):
            row: Row = {"dated_on": self.day(number * self.documents // self.disputes)}
            note("dispute", row, f"dispute-{number}", (ACCUSER, VENDOR))
        for party, kind, dated_on, id_ in found:
            yield {"party": party, "kind": kind, "dated_on": dated_on, "id": id_}

    def _event_day(self, claim: int) -> str:
        return self.day(self.event_of(claim) * self.documents // self.events)

    def _sentence(self, words: int, *, chinese: bool = False) -> str:
        if chinese:
            return "".join(self.random.choices(_CHINESE, k=words * 2))
        return f"{self.party()} {' '.join(self.random.choices(_WORDS, k=words))}."


_LAST_DAY = (_FIRST_DAY + timedelta(days=_DAYS)).isoformat()
_FACTS = (
    ("title", "A benchmark", "Whose data this is."),
    ("schema_version", "1", "Of the documented views."),
    ("built_on", _LAST_DAY, "The day of the data."),
    ("newest_words_at", f"{_LAST_DAY}T00:00:00Z", "When the newest words in the data were fetched."),
    ("as_of", "", "Empty for the present."),
    ("site_url", "", "Where the site stands."),
    ("made_by", "benchmarks/query.py", "The program that made it."),
)


def _document_id(number: int) -> str:
    return f"doc-{number:012x}"


def _claim_id(number: int) -> str:
    return f"c-{number * 2654435761 % 2**48:012x}"


def _event_id(number: int) -> str:
    return f"2024-event-{number}"


def _source(number: int) -> Row:
    return {
        "name": f"source-{number}", "kind": "feed", "url": f"https://paper-{number}.example/feed",
        "publisher": f"Paper {number}",
        "publisher_type": "news", "language": "en", "is_enabled": 1, "document_count": 1, "relevant_count": 1,
        "refused_count": 0, "failed_count": 0, "health": "fine", "health_since": None, "health_why": "",
        "last_answered_on": _LAST_DAY, "last_asked_on": _LAST_DAY,
    }  # fmt: skip


def _quantity(figure: Row) -> Row:
    kept = ("claim_id", "kind", "low", "high", "qualifier", "unit", "text", "start_offset", "end_offset")
    return {"position": 0, **{name: figure[name] for name in kept}}

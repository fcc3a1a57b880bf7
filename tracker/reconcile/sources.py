"""Independent sources: which documents of an event count once, since what they say comes from one place.

A document has its word from its claimant's own page or paper, from another outlet, or from itself as far as its words
show. Documents with one such origin are one source. What is not shown is not assumed: a page that names no origin
counts alone, and its reason says just that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.read.ownership import plain_name
from tracker.reconcile.chains import Chains
from tracker.reconcile.copies import find_copies
from tracker.reconcile.entities import Parties
from tracker.types import ClaimRecord, ClaimType, CopyGroup, SourceBasis, SourceGroup, SpeakerChain, StoredDocument

_MOST_STEPS = 8
"""How often an origin is followed to that origin's own: outlets that cite each other in a circle end somewhere."""

Place = tuple[Literal["claimant", "outlet"], str]
"""Where a word comes from: a claimant's page or paper, or an outlet; by entity id, else by plain name."""
How = Literal["own", "paper", "relay", "copy", "itself"]


@dataclass(frozen=True)
class Origin:
    """Where one document has its word from. `word` is what its text calls the paper or outlet."""

    document_id: str
    how: How
    place: Place
    word: str = ""


class Sources:
    """The origins of one event's documents, and the groups that they make."""

    def __init__(
        self,
        documents: Sequence[StoredDocument],
        records: Sequence[ClaimRecord],
        chains: Mapping[str, SpeakerChain],
        parties: Parties,
        matter: ClaimType,
    ) -> None:
        """`records` are the event's claims, nearest to the original speaker first; `matter` is what kind it is of."""
        self._matter = matter
        self._parties = parties
        self._chains = Chains(parties)
        self._documents = {document.id: document for document in documents}
        self._held = {parties.publisher_entity(document.publisher) for document in documents}
        self._words = chains
        self._claimants: list[str] = []
        for record in records:
            self._claimant(self._chains.claimant(record.claim))
        by_document: dict[str, list[ClaimRecord]] = defaultdict(list)
        for record in records:
            by_document[record.document_id].append(record)
        self._origins = {document.id: self._origin(document, by_document[document.id]) for document in documents}
        self._apply_copies(find_copies(documents))
        self._seen_by = {
            self._outlet_of(self._documents[r.document_id])
            for r in records
            if self._chains.saw_itself(r.claim, self._documents[r.document_id])
        }
        self._further: dict[Place, set[Place]] = defaultdict(set)
        for document in documents:
            self._further[self._outlet_of(document)].add(self._origins[document.id].place)
        self._called = {origin.place: origin.word for origin in self._origins.values() if origin.word}
        self._roots = {key: self._root(origin.place) for key, origin in self._origins.items()}

    def groups(
        self, document_ids: Iterable[str], told: Mapping[str, Sequence[ClaimRecord]] | None = None
    ) -> tuple[SourceGroup, ...]:
        """These documents by where they have it from, each in one group, the original speaker's own first.

        `told` are the claims of each document that it is about, if not all: where each of them is on another
        outlet's word, it is that outlet's, though the document speaks for itself elsewhere.
        """
        members: dict[Place, list[Origin]] = defaultdict(list)
        for document_id in sorted(set(document_ids)):
            origin, root = self._origins[document_id], self._roots[document_id]
            cited = self._cited_throughout(document_id, told.get(document_id, ())) if told else None
            if cited is not None:
                origin, root = cited, self._root(cited.place)
            members[root].append(origin)
        groups = [self._group(place, origins) for place, origins in members.items()]
        return tuple(sorted(groups, key=lambda g: (g.basis != "original", -len(g.documents), g.documents)))

    # --- where one document has it from -------------------------------------------------------------------------

    def _origin(self, document: StoredDocument, records: Sequence[ClaimRecord]) -> Origin:
        """By what the document begins with: the outlet that is given as the source there stands behind the rest.

        A paper may be named anywhere: whoever writes once that it was said in a letter has the rest from it too.
        """
        own = next((r for r in records if self._chains.is_own(r.claim, document)), None)
        if own is not None and (place := self._claimant(self._chains.claimant(own.claim))):
            return Origin(document.id, "own", place)
        lead = min(records, key=self._lead_order, default=None)
        if lead is not None and (cited := self._relayed(lead) or self._from_paper(lead, document, records)):
            return cited
        if agency := document.current.syndicated_from:
            return Origin(document.id, "relay", self._outlet(agency), agency)
        return Origin(document.id, "itself", self._outlet_of(document))

    def _lead_order(self, record: ClaimRecord) -> tuple[object, ...]:
        """What is on the matter itself before what the page tells beside it."""
        claim = record.claim
        return (not record.in_current_version, claim.type != self._matter, claim.start, claim.end, record.id)

    def _relayed(self, record: ClaimRecord) -> Origin | None:
        relays = [step for step in self._words[record.id].steps if step.role == "relay"]
        if not relays:
            return None
        step = next((step for step in relays if step.entity_id in self._held), relays[0])
        return Origin(record.document_id, "relay", ("outlet", step.entity_id or plain_name(step.name)), step.name)

    def _from_paper(self, lead: ClaimRecord, document: StoredDocument, records: Sequence[ClaimRecord]) -> Origin | None:
        place = self._claimant(self._chains.claimant(lead.claim))
        papers = [
            step.name
            for record in records
            if place == self._claimant(self._chains.claimant(record.claim))
            for step in self._words[record.id].steps
            if step.role == "document"
        ]
        if place is None or not papers or any(self._chains.saw_itself(r.claim, document) for r in records):
            return None
        return Origin(document.id, "paper", place, papers[0])

    def _cited_throughout(self, document_id: str, records: Sequence[ClaimRecord]) -> Origin | None:
        origin = self._origins[document_id]
        cited = [self._relayed(record) for record in records]
        if origin.how != "itself" or not cited or len({c.place for c in cited if c}) != 1 or None in cited:
            return None
        return cited[0]

    def _claimant(self, claimant: str | None) -> Place | None:
        """Related claimants (a ministry and its government) are one place, under the nearest to the origin."""
        if claimant is None:
            return None
        known = next((other for other in self._claimants if self._parties.related(other, claimant)), None)
        if known is None:
            self._claimants.append(claimant)
        return ("claimant", known or claimant)

    def _outlet(self, publisher: str) -> Place:
        return ("outlet", self._parties.publisher_entity(publisher) or plain_name(publisher) or publisher)

    def _outlet_of(self, document: StoredDocument) -> Place:
        return self._outlet(document.publisher or document.id)

    def _apply_copies(self, copies: Iterable[CopyGroup]) -> None:
        """A copy has its word from where its original has it; that is the publisher that the texts name, if any."""
        for group in copies:
            original = self._origins[group.original]
            if group.origin and original.how == "itself":
                original = Origin(group.original, "relay", self._outlet(group.origin), group.origin)
                self._origins[group.original] = original
            for copy in group.copies:
                self._origins[copy.document_id] = Origin(copy.document_id, "copy", original.place)

    def _root(self, place: Place) -> Place:
        """The place, or where that outlet's other pages have it from, unless it has seen the matter itself."""
        seen = {place}
        for _ in range(_MOST_STEPS):
            further = self._further.get(place, set()) - {place}
            if place in self._seen_by or not further or further & seen:
                break
            place = min(further)
            seen.add(place)
        return place

    # --- the groups and why ---------------------------------------------------------------------------------------

    def _group(self, place: Place, origins: Sequence[Origin]) -> SourceGroup:
        origins = sorted(origins, key=self._order)
        first = origins[0]  # by their order, the one that all the others come from where there is such a one
        return SourceGroup(
            documents=tuple(origin.document_id for origin in origins),
            origin=first.document_id if first.how in ("own", "itself") else place[1],
            basis=_basis(origins),
            why=" ".join(self._reasons(place, origins)),
        )

    def _order(self, origin: Origin) -> tuple[object, ...]:
        document = self._documents[origin.document_id]
        ranks: dict[How, int] = {"own": 0, "itself": 1, "paper": 2, "relay": 2, "copy": 3}
        further = origin.how == "itself" and self._root(origin.place) != origin.place
        return (ranks["copy"] if further else ranks[origin.how], document.current.published or date.max, document.id)

    def _reasons(self, place: Place, origins: Sequence[Origin]) -> list[str]:
        by_how: dict[How, list[Origin]] = defaultdict(list)
        for origin in origins:
            by_how[origin.how].append(origin)
        name = self._name(place)
        reasons = []
        if own := by_how["own"]:
            publisher = self._parties.publisher_entity(self._documents[own[0].document_id].publisher)
            name = self._parties.name(publisher) if publisher else name
            reasons.append(f"{name} speaks on its own page.")
        if paper := by_how["paper"]:
            words = ", ".join(f"“{word}”" for word in dict.fromkeys(origin.word for origin in paper))
            reasons.append(f"{_count(paper)} {_verb(paper, 'take')} it from what {name} wrote ({words}).")
        for word in dict.fromkeys(origin.word for origin in by_how["relay"]):
            relaying = [origin for origin in by_how["relay"] if origin.word == word]
            theirs = "its" if len(relaying) == 1 else "their"
            reasons.append(f"{_count(relaying)} {_verb(relaying, 'name')} {word} as {theirs} source.")
        reasons += self._of_publishers(by_how["itself"], len(origins))
        if copied := by_how["copy"]:
            reasons.append(f"{_count(copied)} {_verb(copied, 'print')} the text of another document.")
        return reasons

    def _of_publishers(self, origins: Sequence[Origin], documents: int) -> Iterator[str]:
        """What holds of pages that name no origin: they stand for their publisher, or with its pages that name one."""
        by_place: dict[Place, list[Origin]] = defaultdict(list)
        for origin in origins:
            by_place[origin.place].append(origin)
        for place, own in by_place.items():
            publisher = self._documents[own[0].document_id].publisher
            if self._root(place) != place:
                yield f"{_count(own)} {'is' if len(own) == 1 else 'are'} of {publisher}, another page of which does."
            elif len(own) > 1:
                yield f"{_count(own)} are of one publisher, {publisher}."
            elif documents > 1:
                yield f"{publisher} has it on its own account."
            else:
                yield "Its words name no other outlet, text or paper that it has this from."

    def _name(self, place: Place) -> str:
        named = self._parties.name(place[1])
        if named != place[1] or place[0] == "claimant":
            return named
        return self._called.get(place, place[1])


def _basis(origins: Sequence[Origin]) -> SourceBasis:
    hows = {origin.how for origin in origins}
    if "own" in hows:
        return "original"
    if hows & {"relay", "paper"}:
        return "relays"
    if "copy" in hows:
        return "copies"
    return "alone" if len(origins) == 1 else "one_publisher"


def _count(origins: Sequence[Origin]) -> str:
    return "1 document" if len(origins) == 1 else f"{len(origins):,} documents"


def _verb(origins: Sequence[Origin], verb: str) -> str:
    return f"{verb}s" if len(origins) == 1 else verb

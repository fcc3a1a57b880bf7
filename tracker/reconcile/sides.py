"""Sides of a dispute: which claims are gathered as one party's, by corporate family, by state and by country."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.reconcile.cues import countries, roots_of_states, words_of
from tracker.reconcile.entities import Parties
from tracker.reconcile.namelists import names_in
from tracker.types import Claim

STATE = "state:"
"""Before the place that stands for a state."""
COUNTRY = "in:"
"""Before the place whose firms are accused by a state."""
_PUBLIC_ACTS = frozenset({"government_action", "legislation"})
_VOICES = frozenset({"company", "government", "organisation", "person", "model"})
"""Types of entity that can accuse; what a publisher or a law "says" is somebody else's word."""


class Sides:
    """Tells to which side of a dispute an entity belongs, and between which sides a claim's charge lies."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._states = roots_of_states()

    def of(self, entity_id: str) -> str:
        """The side of a party: the top of its family, or the state of which it is an organ or which a place is."""
        root = (entity_id, *self._parties.ancestors(entity_id))[-1]
        kind = self._parties.type(root)
        if kind == "government":
            return f"{STATE}{self._states.get(root, root)}"
        return f"{STATE}{root}" if kind == "place" else root

    def is_act_of_another_state(self, claim: Claim, actors: Sequence[str]) -> bool:
        """Whether a claim tells a public body's act while only bodies of other states act in the event.

        The press conference at which one ministry rejects another's memo is no part of that memo's issue.
        """
        body = claim.on_behalf_of or claim.speaker
        entity = self._parties.by_id.get(body or "")
        if claim.type not in _PUBLIC_ACTS or entity is None or not entity.known:
            return False  # of an unknown body nobody knows of which state it is
        own = self.of(entity.id)
        acting = {self.of(actor) for actor in actors}
        return own.startswith(STATE) and own not in acting and any(side.startswith(STATE) for side in acting)

    def country(self, entity_id: str) -> str | None:
        """Where a party is at home, by its own entry or by that of its owner."""
        for one in (entity_id, *self._parties.ancestors(entity_id)):
            entity = self._parties.by_id.get(one)
            if entity and entity.country:
                return entity.country
        return None

    def accuser(self, claim: Claim) -> str | None:
        """Who alleges: the body that a person speaks for, else the speaker; None where the claim names nobody."""
        who = claim.on_behalf_of or claim.speaker
        return who if who and self._parties.type(who) in _VOICES else None

    def accused(self, claim: Claim, accuser: str) -> list[tuple[str, str | None]]:
        """(side, party) of each whom a claim accuses; the party is None where it only tells the firms of a country.

        A state that accuses firms of another country has one dispute with all of them; whoever else accuses has one
        with each family. Nobody accuses their own side.
        """
        own = self.of(accuser)
        found: list[tuple[str, str | None]] = []
        for party in claim.accused:
            home = self.country(party)
            side = self.of(party)
            if own.startswith(STATE) and home and own != f"{STATE}{home}" and not side.startswith(STATE):
                side = f"{COUNTRY}{home}"
            found.append((side, party))
        if own.startswith(STATE) and not claim.accused and claim.accused_as:
            homes = self.countries_in(claim.accused_as)
            found += [(f"{COUNTRY}{home}", None) for home in homes if own != f"{STATE}{home}"]
        return [(side, party) for side, party in found if side != own]

    def countries_in(self, words: str) -> list[str]:
        """The countries that a stretch of words names, by themselves, by a place in them or as an adjective; by id."""
        found = {place for place in countries() if words_of("in_country", place).search(words)}
        for name in names_in(words, self._parties):
            root = (name.entity_id, *self._parties.ancestors(name.entity_id))[-1]
            if self._parties.type(name.entity_id) == self._parties.type(root) == "place":
                found.add(root)
        return sorted(found)

    def holds(self, side: str, entity_id: str) -> bool:
        """Whether a party belongs to a side."""
        if side.startswith(COUNTRY):
            return self.country(entity_id) == side.removeprefix(COUNTRY)
        return self.of(entity_id) == side

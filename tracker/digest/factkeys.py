"""Keys of what changes are about: the same thing has the same key in every edition.

Ids of assertions and figures in a published database are made from their nearest claims, so that they may be others
once a nearer one joins. The keys here are made from what is said: by whom, of whom, which value.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.ids import digest_of


def event_key(event: str) -> str:
    """Of an event."""
    return f"event:{event}"


def dispute_key(dispute: str) -> str:
    """Of a dispute."""
    return f"dispute:{dispute}"


def charge_key(event: str, type: str, who: str | None, accused: Iterable[str]) -> str:
    """Of what is said about parties: a charge, a denial, an admission, an act."""
    return f"assertion:{event}/{digest_of(type, who, *sorted(accused))}"


def words_key(event: str, type: str, who: str | None, document: str, words: int) -> str:
    """Of what only its words tell from the rest: a statement, an act beside the event's own."""
    return f"assertion:{event}/{digest_of(type, who, document, str(words))}"


def figure_key(event: str, who: str | None, value: str) -> str:
    """Of a value on somebody's word; `value` as `held.value_of` writes it."""
    return f"figure:{event}/{digest_of(who, value)}"


def conflict_key(event: str, one: str, other: str) -> str:
    """Of two values that cannot both be right."""
    return f"conflict:{event}/{digest_of(*sorted((one, other)))}"


def answer_key(event: str, party: str, kind: str) -> str:
    """Of what a party answered to an event's charges; of a dispute where it answers no event."""
    return f"answer:{event}/{party}/{kind}"


def stage_key(law: str, event: str) -> str:
    """Of a public act on a law."""
    return f"stage:{law}/{event}"


def revision_key(document: str, to_version: str, before: int | None, after: int | None) -> str:
    """Of a change of a page; `before` and `after` are digests of the words."""
    return f"revision:{document}/{digest_of(to_version, str(before), str(after))}"


def withdrawn_key(kind: str, id: str) -> str:
    """Of a claim or an event that people hid."""
    return f"withdrawn:{kind}/{id}"


def redirect_key(id: str) -> str:
    """Of an id that leads to another one."""
    return f"redirect:{id}"


def party_key(id: str) -> str:
    """Of a party of claims."""
    return f"party:{id}"

"""Who is accused, in words no stronger than the documents'."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from tracker.reconcile import wording
from tracker.reconcile.entities import Parties
from tracker.reconcile.phrases import Phrase, join_phrases, plain, said
from tracker.types import ClaimRecord


def shared(
    records: Sequence[ClaimRecord], ids_of: Callable[[ClaimRecord], Iterable[str]], among_naming: bool
) -> list[str]:
    """Ids that at least half of the documents name (of all, or of those that name any), in the claims' order."""
    documents: dict[str, set[str]] = defaultdict(set)
    for record in records:
        for entity_id in ids_of(record):
            documents[entity_id].add(record.document_id)
    every = {d for named in documents.values() for d in named} if among_naming else {r.document_id for r in records}
    return [entity_id for entity_id in documents if 2 * len(documents[entity_id]) >= len(every)]


def accused_phrase(records: Sequence[ClaimRecord], parties: Parties) -> Phrase:
    """Who is accused, with the claims that say so; nothing where they name nobody in words that can be cited.

    Where at least half of the documents keep a distance ("operators affiliated with ..."), so does the phrase, in
    their own words. Where most documents name nobody, names that a few add do not enter.
    """
    firsts = _first_charges(records)
    named = [r for r in firsts if r.claim.accused]
    if 2 * len(named) < len(firsts):
        return _cite_unnamed([r for r in firsts if not r.claim.accused], parties)
    charges = [r for r in records if r.claim.type == "allegation"]
    accused = _mainly_accused(charges)
    names = join_phrases([said(parties.name(key), [r for r in charges if key in r.claim.accused]) for key in accused])
    careful = [r for r in named if r.claim.accused_as and wording.AFFILIATION.search(r.claim.accused_as)]
    if not careful or 2 * len(careful) < len(named):
        return names
    return _cite(careful, accused, parties) or (*plain("people said to be linked to "), *names)


def _mainly_accused(charges: Sequence[ClaimRecord]) -> list[str]:
    """Whom at least half of the documents that name anybody accuse in their first such charge, or in half of them."""
    by_document: dict[str, list[ClaimRecord]] = defaultdict(list)
    for record in charges:
        if record.claim.accused:
            by_document[record.document_id].append(record)
    documents: dict[str, int] = Counter()
    for naming in by_document.values():
        first = min(naming, key=lambda r: (r.claim.start, r.claim.end, r.id))
        counts = Counter(party for record in naming for party in record.claim.accused)
        documents.update({p: 1 for p in counts if p in first.claim.accused or 2 * counts[p] >= len(naming)})
    order = dict.fromkeys(party for record in charges for party in record.claim.accused)
    return [party for party in order if documents[party] and 2 * documents[party] >= len(by_document)]


def _first_charges(records: Sequence[ClaimRecord]) -> list[ClaimRecord]:
    """For each document the first claim that says who is accused, a named one before an unnamed."""
    firsts: dict[str, ClaimRecord] = {}
    for record in sorted(records, key=lambda r: (not r.claim.accused, r.claim.start, r.claim.end, r.id)):
        if record.claim.type == "allegation" and (record.claim.accused or record.claim.accused_as):
            firsts.setdefault(record.document_id, record)
    return [record for record in records if firsts.get(record.document_id) is record]


def _cite_unnamed(records: Sequence[ClaimRecord], parties: Parties) -> Phrase:
    """Words for accused who are not named, where two documents have them and they say more than a class."""
    phrase = _cite(records, (), parties)
    carriers = {r.document_id for r in records if phrase and phrase[0].text.casefold() in _plain_words(r).casefold()}
    return () if len(carriers) < 2 or wording.CLASS.fullmatch(phrase[0].text) else phrase


def _plain_words(record: ClaimRecord) -> str:
    """The claim's words for the accused without quotation marks and article."""
    return re.sub(r"[\"“”]|^(that|the) ", "", record.claim.accused_as or "", flags=re.IGNORECASE).replace("’", "'")


def _cite(records: Iterable[ClaimRecord], names: Sequence[str], parties: Parties) -> Phrase:
    """The words for the accused that most documents use, in English and without quotation marks.

    Words that name all the accused go before others; among equals those nearest to the original speaker.
    """
    carriers: dict[str, list[ClaimRecord]] = {}
    for record in records:
        words = _plain_words(record)
        if words.isascii() and words and not re.search(r"\bfrom\b|,", words):
            carriers.setdefault(words, []).append(record)
    order = list(carriers)

    def rank(words: str) -> tuple[int, int, int]:
        naming = sum(parties.named_in(entity_id, words) for entity_id in names)
        return (-naming, -len(carriers[words]), order.index(words))

    chosen = min(carriers, key=rank, default="")
    return said(chosen, carriers[chosen]) if chosen else ()

"""Speaker chains: outlet <- relay <- document or spokesperson <- original claimant, as a claim's words show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.read.ownership import plain_name
from tracker.reconcile.entities import Parties
from tracker.types import ChainStep, Claim, ClaimRecord, SpeakerChain, StoredDocument

_NOUN = (
    r"(?:(?:open|internal|diplomatic|court|legal|blog|press|news|written|joint|quarterly|annual)[ -]){0,2}"
    r"(?:letter|memo(?:randum)?|cable|blog|post|filing|complaint|lawsuit|statement|release|report|document|testimony"
    r"|affidavit|paper|e-?mail|submission)s?"
)
_SAID = r"(?:said|says|say|alleg\w+|accus\w+|assert\w*|claim\w*|stat(?:es|ed)|adds?|added|argu\w+|describ\w+|singles?)"
_DOCUMENTS = (
    re.compile(
        rf"\b(?:according to|in|per|from|through) (?:an?|the|its|his|her|their|this|that|[\w.]+[’']s)"
        rf" (?P<between>(?:[\w-]+ ){{0,3}}?)(?P<noun>{_NOUN})\b(?! (?:by|from|of) [A-Z])",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:the|its|this) (?P<between>)(?P<noun>{_NOUN})(?:, [^.,]{{1,60}},)? {_SAID}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:dans|selon|d[’']après) (?:une?|la|le|l[’']|sa|son|cette|ce)\s?(?P<between>(?:[\w’'-]+ ){0,2}?)"
        r"(?P<noun>lettre|note|dépêche(?: diplomatique)?|rapport|communiqué|plainte|courrier|billet)\b",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<between>)(?P<noun>公开信|信件|信|备忘录|声明|报告|博客文章|博文|电报)(?:中|里)"),
)
"""How a claim's words name the paper that they come from; `between` is what stands before the noun."""
_UNTOLD = frozenset({"release", "releases", "post", "posts"})
"""Nouns that alone may as well mean the release of a model or somebody's post."""
_OF_OUTLETS = frozenset({"report", "reports", "paper", "news report"})
"""What an outlet that is given as the source may have written as well as the speaker."""
_SPOKESPERSON = re.compile(r"\bspokes(?:man|woman|person|people)\b|\bporte-parole\b|发言人", re.IGNORECASE)
_BESIDE_CHARS = 50
_SEEN = re.compile(
    r"\b(?:seen|reviewed|obtained|viewed|read|examined|verified) by (?P<who>.{1,60})"
    r"|\b(?:shared with|provided to|told|wrote to) (?P<other>.{1,60})",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = re.compile(r"[\"“”«»]")
_US = re.compile(r"(?:us|this (?:newspaper|publication|website|magazine))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Chains:
    """Makes the chains of claims; looks names up among the parties."""

    parties: Parties

    def chain(self, record: ClaimRecord, document: StoredDocument) -> SpeakerChain:
        """From the outlet whose page it is to who said it first; as long as the words have it, the outlet at least.

        On the claimant's own page there is no outlet between: the chain is the claimant, and who speaks for it.
        """
        claim = record.claim
        publisher = self.parties.publisher_entity(document.publisher)
        own = publisher is not None and publisher in (claim.speaker, claim.on_behalf_of)
        steps = [] if own else [ChainStep("outlet", publisher, document.publisher or document.url)]
        steps += self._relays(claim, publisher)
        if not own and (paper := self._paper(claim)):
            steps.append(paper)
        return SpeakerChain(record.id, (*steps, *self._speakers(claim)))

    def claimant(self, claim: Claim) -> str | None:
        """Whose word it is in the end: who is spoken for, else who speaks; None where nobody is named."""
        return claim.on_behalf_of or claim.speaker

    def is_own(self, claim: Claim, document: StoredDocument) -> bool:
        """Whether the claimant, or a body that it belongs to, publishes the page itself."""
        publisher = self.parties.publisher_entity(document.publisher)
        said_by = (claim.speaker, claim.on_behalf_of)
        return publisher is not None and any(who and self.parties.related(publisher, who) for who in said_by)

    def saw_itself(self, claim: Claim, document: StoredDocument) -> bool:
        """Whether the words say that the outlet has seen the paper, or was told, itself."""
        own = plain_name(document.publisher)
        for found in _SEEN.finditer(claim.text):
            who = found["who"] or found["other"]
            # within a quotation "they told us" is the speaker's, not the outlet's
            if len(_QUOTES.findall(claim.text, 0, found.start())) % 2:
                continue
            if _US.match(who) or (own and plain_name(who).startswith(own)):
                return True
        return False

    def _relays(self, claim: Claim, publisher: str | None) -> Iterator[ChainStep]:
        """Outlets and others whom the words give as the source, in their order; who speaks is no relay of itself."""
        for entity_id in claim.via:
            if entity_id not in (publisher, claim.speaker, claim.on_behalf_of) and self._is_relay(entity_id):
                yield ChainStep("relay", entity_id, self.parties.name(entity_id))

    def _is_relay(self, entity_id: str) -> bool:
        return self.parties.type(entity_id) != "law"

    def _paper(self, claim: Claim) -> ChainStep | None:
        """The letter, memo or filing that the claim's words come from: by its name, else by its noun."""
        for entity_id in claim.via:
            if not self._is_relay(entity_id):
                return ChainStep("document", entity_id, self.parties.name(entity_id))
        relayed = any(self._is_relay(entity_id) for entity_id in claim.via)
        for pattern in _DOCUMENTS:
            for found in pattern.finditer(claim.text):
                noun = " ".join(found["noun"].split())
                if relayed and noun.casefold() in _OF_OUTLETS:
                    continue
                if noun.casefold() not in _UNTOLD and self._is_the_speakers(found["between"], claim):
                    return ChainStep("document", None, noun)
        return None

    def _is_the_speakers(self, between: str, claim: Claim) -> bool:
        """Whether words such as "Bloomberg" in "a Bloomberg report" make it somebody else's paper."""
        names = [word for word in between.split() if word[:1].isupper()]
        said_by = (claim.speaker, claim.on_behalf_of)
        return not names or any(self.parties.named_in(who, between) for who in said_by if who)

    def _speakers(self, claim: Claim) -> Iterator[ChainStep]:
        if claim.speaker is None:
            return
        if claim.on_behalf_of and claim.on_behalf_of != claim.speaker:
            yield ChainStep("spokesperson", claim.speaker, self.parties.name(claim.speaker))
        elif found := self._spokesperson(claim):
            yield ChainStep("spokesperson", None, found)
        who = claim.on_behalf_of or claim.speaker
        yield ChainStep("claimant", who, self.parties.name(who))

    def _spokesperson(self, claim: Claim) -> str | None:
        """The title in "a spokesman for Alibaba said", where the speaker's name stands beside it."""
        for found in _SPOKESPERSON.finditer(claim.text):
            beside = claim.text[max(found.start() - _BESIDE_CHARS, 0) : found.end() + _BESIDE_CHARS]
            if claim.speaker and self.parties.named_in(claim.speaker, beside):
                return found[0]
        return None

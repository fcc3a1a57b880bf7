"""What a document says in its own voice, or goes on saying in the voice of the sentence before."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.content import TRAFFIC, root_of
from tracker.nlp.discourse import CAMPAIGN
from tracker.nlp.frames import GERUND, HEARSAY, Frame, SentenceReader, has, lemma
from tracker.nlp.phrases import Phrase, agent_phrase, is_negated, is_passive, subject_phrase
from tracker.types import ClaimStatus


def read_unattributed(r: SentenceReader) -> list[Frame]:
    """Accusations without a verb of saying: hearsay, figures passed on, and what the document itself asserts.

    The speaker is the issuer in a body's own statement, the accuser where a figure of theirs is passed on or a word
    of hearsay says that the sentence goes on with theirs, else None.
    """
    root = root_of(r)
    if root is None or r.s.text.rstrip().endswith("?"):
        return []
    if is_passive(root) and lemma(root) in _ADVISED:
        # whoever is advised or warned is not accused by it
        return []
    subject = subject_phrase(root)
    return _hearsay_of_names(r, root) or _passed_on(r, root, subject) or _attributed(r, root) or _deed(r, root, subject)


_ADVISED = frozenset({"advise", "urge", "warn", "remind", "encourage", "ask", "tell", "recommend", "invite", "alert"})
_SAID_TO = re.compile(r"\b(?:was|were|is|are) (?:said|alleged|believed|reported|accused|thought|suspected) to have\b")
_PASSED_ON = re.compile(r"\b(?:is|are|was|were) (?:given|put|reported|listed|stated|estimated) (?:as|at)\b")


def _hearsay_of_names(r: SentenceReader, root: Token) -> list[Frame]:
    """ "X and Y were said to have ..."."""
    said = _SAID_TO.search(r.s.text)
    if said is None or not (has("misdeed_text", r.s.text) or "traffic" in r.s.text):
        return []
    names = _names_before(r, r.s.start + said.start())
    return [Frame("allegation", [(None, None)], names, anchor=root, features=("hearsay",))] if names else []


def _passed_on(r: SentenceReader, root: Token, subject: Phrase | None) -> list[Frame]:
    """A figure of the accuser's, without a verb or "given as": "Some 24,000 accounts, 16 million exchanges"."""
    if not r.d.accuser or not r.d.accused or r.d.issuer or not re.search(r"\d|million", r.s.text):
        return []
    verbless = subject is None and root.pos_ in ("NOUN", "NUM", "PROPN")
    if not ((verbless and TRAFFIC.search(r.s.text)) or _PASSED_ON.search(r.s.text)):
        return []
    named = tuple(dict.fromkeys(m.entity_id for m in r.d.parties_in(r.s.start, r.s.end) if m.entity_id in r.d.accused))
    accused = r.d.accused if verbless or not named else named
    return [Frame("allegation", [(r.d.accuser, None)], accused, anchor=root, features=("figure-passed-on",))]


def _attributed(r: SentenceReader, root: Token) -> list[Frame]:
    """ "The campaigns are attributed to X, Y and Z": by the issuer, or by nobody that the sentence names."""
    match = re.search(r"\b(?:is|are|was|were|have been|has been|being) attributed to (.+)$", r.s.text)
    ids = [m.entity_id for m in r.d.parties_in(r.s.start + match.start(1), r.s.end)] if match else []
    if not ids:
        return []
    status: ClaimStatus = "asserted" if r.d.issuer else "alleged"
    accused = tuple(dict.fromkeys(ids))
    return [Frame("allegation", [(r.d.issuer, None)], accused, status=status, anchor=root, features=("attributed-to",))]


_MODALS = ("would", "should", "could", "can", "may", "must", "will")


def _deed(r: SentenceReader, root: Token, subject: Phrase | None) -> list[Frame]:
    """ "The firms (allegedly) created fake accounts"."""
    text = r.s.text
    hearsay = HEARSAY.search(text)
    modal = any(t.dep_ == "aux" and t.lower_ in _MODALS for t in root.children)
    if subject is None or not has("misdeed_text", text) or (modal and not hearsay and not r.d.issuer):
        return []
    ids, words = r.accused_in(subject, [r.d.issuer])
    agent = agent_phrase(root) if is_passive(root) else None
    if agent is not None:
        ids, words = r.accused_in(agent, [r.d.issuer])
        words = words or (agent.text if not ids else None)
    if r.d.issuer:
        return _deed_in_own_statement(r, root, subject, agent, ids, words)
    if GERUND.match(subject.text) or not (ids or (hearsay and words)):
        return []
    if hearsay:
        goes_on = not hearsay.group().startswith(("is ", "are ", "was ", "were "))
        speakers: list[tuple[str | None, str | None]] = [(r.d.accuser if goes_on else None, None)]
        return [Frame("allegation", speakers, ids, words, anchor=root, features=("hearsay",))]
    known = {i for group in r.d.accused_of.values() for i in group} | set(r.d.accused)
    if not has("strong_misdeed_text", text) or set(ids) & set(r.d.accused_of) or not set(ids) <= known:
        # an accuser's own act, or somebody whom nobody has accused yet: no accusation
        return []
    return [
        Frame("allegation", [(None, None)], ids, words, status="asserted", anchor=root, features=("deed-narrated",))
    ]


def _deed_in_own_statement(
    r: SentenceReader, root: Token, subject: Phrase, agent: Phrase | None, ids: tuple[str, ...], words: str | None
) -> list[Frame]:
    text, lowered = r.s.text, subject.text.lower()
    strong = has("strong_misdeed_text", text)
    if is_negated(root) and not strong:
        return []
    if lowered == "they" and not ids:
        ids = r.d.accused
    if agent is not None and re.search(r"service|proxy|reseller|means", agent.text):
        ids, words = r.d.accused, None
    anaphoric = bool(CAMPAIGN.search(subject.text)) or lowered in ("they", "it", "access") or bool(ids)
    counted = re.search(r"\d[\d,.]{2,}|\b(?:thousands|dozens|hundreds|millions)\b", text)
    named_class = words is not None and (agent is not None or (strong and not GERUND.match(subject.text)))
    if not (anaphoric or counted or named_class):
        return []
    if agent is None and not ids and not words:
        ids = r.d.accused_of.get(r.d.issuer or "", r.d.accused)
    if lowered == "it" and not ids:
        return []
    speakers: list[tuple[str | None, str | None]] = [(r.d.issuer, None)]
    return [Frame("allegation", speakers, ids, words, status="asserted", anchor=root, features=("deed-narrated",))]


def _names_before(r: SentenceReader, end: int) -> tuple[str, ...]:
    """The list of parties that ends right before an offset."""
    names = [m for m in r.mentions if m.end <= end and m.type in ("company", "government", "organisation", "person")]
    if not names or end - names[-1].end > 2:
        return ()
    chosen = [names[-1]]
    for mention in reversed(names[:-1]):
        if not re.fullmatch(r"\s*(?:,|,? ?(?:and|or))\s*(?:its )?", r.d.view.text[mention.end : chosen[-1].start]):
            break
        chosen.append(mention)
    return tuple(m.entity_id for m in reversed(chosen))

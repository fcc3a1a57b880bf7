"""What a reported content is: an allegation, an admission, a denial, an act or only a position; and of whom."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.discourse import CAMPAIGN
from tracker.nlp.frames import ACCUSATION, GERUND, Frame, SentenceReader, has, lemma
from tracker.nlp.lexicon import cues_of
from tracker.nlp.phrases import Phrase, is_negated, is_passive, subject_phrase

_MODAL_BASE = {"should", "must", "would", "ought"}


def content_frame(
    r: SentenceReader,
    speakers: list[tuple[str | None, str | None]],
    text: str,
    head: Token | None,
    subject: Phrase | None,
    verb: Token | None = None,
) -> Frame:
    """What kind of claim a reported content is, and of whom."""
    own = r.spoken(speakers)
    base = Frame("statement", speakers, via=r.via, anchor=verb or head)
    misdeed = has("misdeed_text", text)
    subject_ids, subject_words = r.accused_in(subject, own) if subject is not None else ((), None)
    lowered = subject.text.lower() if subject is not None else ""
    pointed = _FROM_THAT_ONE.search(lowered)
    if pointed is not None and subject is not None:
        # "the prompts from that lab": one company's, not those of all the accused
        subject_ids, subject_words = r.d.last_named(subject.start + pointed.start(), own), None
    self_subject = subject is not None and (
        (lowered in ("it", "we", "he", "she", "i", "they") and not subject_ids)
        or bool({m.entity_id for m in r.parties(subject)} & set(own))
    )
    if lowered in ("it", "they", "we", "he", "she") and verb is not None and subject is not None:
        self_subject = lowered != "they" or len(speakers) > 1 or not subject_ids
        if self_subject:
            subject_ids, subject_words = (), None
    if subject_ids == () and verb is not None and head is not None and head.pos_ == "ADJ":
        # "finds it highly likely that X used": the charge is in the clause below
        below = next((t for t in head.children if t.dep_ in ("ccomp", "csubj") and t.pos_ in ("VERB", "AUX")), None)
        inner = subject_phrase(below) if below is not None else None
        if below is not None and inner is not None and r.parties(inner):
            return content_frame(r, speakers, r.clause_text(below), below, inner, verb)
    negated = head is not None and (is_negated(head) or any(is_negated(c) for c in head.children if c.dep_ == "conj"))
    if (
        has("denial_text", text)
        and ACCUSATION.search(lowered or text)
        and not self_subject
        and (subject is None or ACCUSATION.search(lowered))
    ):
        base.type, base.status = "denial", "denied"
        base.accused = accused_of_denial(r, speakers[0])
        return base
    if (
        (
            (
                self_subject
                or subject_ids
                or (
                    subject is not None and has("bill_text", "") is False and re.search(r"\bmodels?\b|V\d|R\d", lowered)
                )
            )
            and re.search(r"\b(?:not|never|only)\b", text)
            and re.search(
                r"\b(?:trained|train|distil\w*|cop\w+|synthetic|used?|stole|extract\w*|outputs?"
                r"|knowingly|deliberately|accounts?)\b",
                text,
            )
        )
        and (
            self_subject
            or set(subject_ids) & set(own)
            or (
                subject is not None
                and any((r.d.parent(m.entity_id) in own) for m in r.mentions if subject.start <= m.start < subject.end)
            )
        )
        and not re.search(r"\b(?:does|do) not (?:expect|sell|offer|allow|provide|permit)", text)
    ):
        base.type, base.status = "denial", "denied"
        base.accused = accused_of_denial(r, speakers[0])
        return base
    modal = bool(head is not None and any(t.dep_ == "aux" and t.lower_ in _MODAL_BASE for t in head.children))
    own_model_deed = self_subject or bool(
        {m.entity_id for m in r.mentions if subject and subject.start <= m.start < subject.end} & set(own)
    )
    if (
        own_model_deed
        and has("strong_misdeed_text", text)
        and not negated
        and head is not None
        and head.pos_ in ("VERB", "AUX")
        and _owns_up(r, head, text, own, verb)
    ):
        organisation = next(
            (
                m.entity_id
                for m in r.mentions
                if subject and subject.start <= m.start < subject.end and r.d.is_company(m.entity_id)
            ),
            None,
        )
        base.type = "admission"
        base.accused = (organisation,) if organisation else tuple(x for x in (speakers[0][1] or speakers[0][0],) if x)
        return base
    if (
        own_model_deed
        and has("protect_text", text)
        and not (_perceives(text) and misdeed and not has("protect_text", text[:60]))
    ):
        base.type = (
            "company_action"
            if r.d.is_company(speakers[0][0]) or r.d.is_company(speakers[0][1]) or r.d.is_publisher(speakers[0][0])
            else "statement"
        )
        if r.d.is_government(speakers[0][0]) or r.d.is_government(speakers[0][1]):
            base.type = "government_action"
        return base
    company_voice = r.d.is_company(speakers[0][0]) or r.d.is_company(speakers[0][1])
    if (
        company_voice
        and not subject_ids
        and subject is not None
        and re.search(
            r"\b(?:protections?|measures?|feature|safeguards?|classifiers?|checks|tool|filters?"
            r"|rules?|restriction|accounts)\b",
            lowered,
        )
        and has("protect_text", text)
        and not re.search(r"\b(?:used|created|opened)\b", text)
    ):
        base.type = "company_action"
        return base
    if (negated and head is not None and has("misdeed_text", head.text)) or _NO_EVIDENCE.search(text):
        # "X did not copy": said in X's favour, and never an accusation
        return base
    if not misdeed or (subject is not None and GERUND.match(subject.text) and not subject_ids) or modal:
        return base
    if self_subject and not _perceives(text) and not subject_ids:
        ids, words = parties_behind(r, text, own)
        if not ids and words is None:
            return base
        base.type, base.accused, base.accused_as = "allegation", ids, words
        return base
    ids, words = subject_ids, subject_words
    if not ids and (
        self_subject
        or subject is None
        or words is None
        or re.search(r"\b(?:attempts?|evidence|signs?|accounts?|prompts|majority|most|traffic|danger)\b", subject.text)
    ):
        later = parties_behind(r, text, own)
        if later[0] or later[1]:
            ids, words = later[0] or ids, later[1] if later[0] or words is None else words
    if (
        not ids
        and subject is not None
        and (CAMPAIGN.match(subject.text) or (TRAFFIC.search(subject.text) and words is None))
    ):
        ids = r.d.accused_of.get((own[0] if own else None) or "", r.d.accused)
        words = None
    if not ids and not words and head is not None and _attempts_seen(r, text, subject, self_subject, head):
        base.type = "allegation"
        base.accused = ids
        return base
    if ids or words:
        future = (
            head is not None
            and any(t.dep_ == "aux" and t.lower_ in ("may", "might", "could", "can") for t in head.children)
            and not any(t.lower_ in ("have", "has") and t.dep_ == "aux" for t in head.children)
        )
        if future and not ids:
            return base
        base.type, base.accused, base.accused_as = "allegation", ids, words
    return base


_NO_EVIDENCE = re.compile(r"\b(?:no|without|lacks?|any) (?:\w+ )?(?:evidence|signs?|proof|indications?|reason)\b")


def _owns_up(r: SentenceReader, head: Token, text: str, own: list[str | None], verb: Token | None) -> bool:
    """The content's own verb is the deed, and nobody else is in it as the doer. An accuser does not admit."""
    if verb is None or lemma(verb) not in cues_of("claims", "say_strong") | cues_of("claims", "admit"):
        return False
    if set(own) & set(r.d.accused_of) or _perceives(text) or is_passive(head):
        return False
    deed = f"{head.text} " + " ".join(t.text for t in head.children if t.dep_ in ("obj", "xcomp", "obl"))
    if not has("strong_misdeed_text", deed) or re.search(
        r"\b(?:accounts?|people|operators?|users|attackers|attempts|campaigns?)\b.{0,20}\b(?:tied|linked|by|from)\b",
        text,
    ):
        return False
    return has("protect_text", text) is False or lemma(verb) in cues_of("claims", "admit")


def _attempts_seen(r: SentenceReader, text: str, subject: Phrase | None, self_subject: bool, head: Token) -> bool:
    """ "It has seen a rise in attempts to extract", "most of the activity originates in": a wrong without a doer."""
    if lemma(head) in ("grow", "become", "increase", "show", "make", "deserve", "strengthen"):
        return False
    if re.search(
        r"\b(?:attempts?|campaigns?|attacks?|copying|theft|abuse|distillation|activity"
        r"|efforts?)\b (?:against|to (?:extract|copy|distil)|on|of|by)",
        text,
    ) and (self_subject or subject is None):
        return True
    return (
        subject is not None
        and bool(re.search(r"\b(?:activity|attempts?|attacks?|campaigns?|traffic|prompts|operations?)\b", subject.text))
        and not re.match(r"such|any|an? ", subject.text, re.I)
    )


_PERCEIVE = re.compile(
    r"\b(?:seen|saw|found|noticed|detected|identified|observed|had evidence|has evidence"
    r"|evidence|signs|believes?|uncovered|discovered|rise in|traced|attributed|tracks"
    r"|attempts|caught)\b"
)


def _perceives(text: str) -> bool:
    return bool(_PERCEIVE.search(text[:120]))


_FROM_THAT_ONE = re.compile(r"\b(?:from|by|of|at|to) (?:that|this) (?:lab|laboratory|company|firm|startup|start-up)\b")
_BEHIND = re.compile(
    r"\b(?:by|from|against|tied to|linked to|connected to|affiliated with|associated with"
    r"|about|at|in|behind|belonging to|via|involving|regarding)\s+(?:the |a |an |its )?$"
)


def parties_behind(r: SentenceReader, text: str, own: list[str | None]) -> tuple[tuple[str, ...], str | None]:
    """The accused of a content whose subject is not the doer: "evidence of distillation by X", "accounts tied to X"."""
    offset = r.d.view.text.find(text[:40], r.s.start, r.s.end) if text else -1
    start = offset if offset >= 0 else r.s.start
    end = min(r.s.end, start + len(text)) if offset >= 0 else r.s.end
    ids: list[str] = []
    words = None
    for mention in r.d.parties_in(start, end):
        if mention.entity_id in own or mention.type == "person":
            continue
        before = r.d.view.text[max(start, mention.start - 40) : mention.start]
        after = r.d.view.text[mention.end : min(end, mention.end + 40)]
        doer = re.match(
            r"(?:['’]s)? ?(?:\w+ ){0,3}?(?:had|has|have|was|were|used|employees|staff|personnel"
            r"|moved|created|ran|distilled|targeting|copied|stole|extracted|opened|is|are)\b",
            after,
        )
        if _BEHIND.search(before) or doer or (ids and re.search(r"(?:,|and|or) (?:the |its )?$", before)):
            if re.match(r"['’]s? (?:\w+ )?(?:models?|outputs|technology|interface|API)", after):
                continue
            ids.append(mention.entity_id)
            phrase = re.search(
                r"((?:accounts?|people|staff|operators?|employees|individuals|a group|groups?|entities"
                r"|persons)[^,.;]{0,30}?(?:tied|linked|connected|affiliated|associated|belonging|of|at"
                r"|from)[^,.;]{0,12}?)$",
                before,
            )
            if phrase:
                words = phrase.group(1) + r.d.view.text[mention.start : mention.end]
    if ids:
        return tuple(dict.fromkeys(ids)), words
    anaphor = re.search(
        r"\b(?:by|from|against|of) ((?:the|that|these|those|this) (?:\w+ ){0,2}?(?:firm"
        r"|company|startup|start-up|lab|laboratory|group|firms|companies|labs|startups))\b",
        text,
    )
    if anaphor:
        resolved = tuple(i for i in r.d.resolve_text(anaphor.group(1), start) if i not in own)
        return resolved, anaphor.group(1)
    generic = re.search(
        r"\b(?:by|from|came from|attributed to|linked to"
        r"|tied to) ((?:[\w-]+ ){0,4}?(?:companies|firms|labs|laboratories|actors|entities"
        r"|groups|researchers|operators|competitors|rivals|organi[sz]ations|users|individuals"
        r"|institutions)\b(?: (?:in|abroad|linked|tied|based|and)[^,.;]{0,50})?)",
        text,
    )
    if generic:
        return (), generic.group(1)
    return (), None


def accused_of_denial(r: SentenceReader, who: tuple[str | None, str | None]) -> tuple[str, ...]:
    """Who is accused in what is denied: the denier if it is among the accused, else all of them."""
    everyone = {i for ids in r.d.accused_of.values() for i in ids} | set(r.d.accused)
    for party in who:
        if party is not None and (party in everyone or r.d.is_company(party)):
            return (party,)
    return r.d.accused


def first_speaker(speakers: list[tuple[str | None, str | None]]) -> str | None:
    """The id of the first of joint speakers."""
    return speakers[0][0] if speakers else None


def root_of(r: SentenceReader) -> Token | None:
    """The token that governs the sentence."""
    return next((t for t in r.tokens if t.dep_ == "ROOT"), None)


TRAFFIC = re.compile(
    r"\b(?:accounts|exchanges|quer(?:y|ies)|prompts|interactions|conversations|requests|traffic|messages)\b"
)

"""Frames of the act: bills, public measures, suits, and what companies do about copying."""

from __future__ import annotations

import re

from spacy.tokens import Token

from tracker.nlp.frames import Frame, SentenceReader, has, lemma
from tracker.nlp.lexicon import cues_of, pattern_of
from tracker.nlp.phrases import agent_phrase, is_negated, is_passive, subject_phrase, subject_token
from tracker.types import ClaimStatus

_EFFECT = {"would", "could", "should", "might", "may", "must"}
_BILL_SUBJECT = re.compile(
    r"^(?:the |a |an |this |that |its |their )?(?:[\w-]+ ){0,3}?(?:bill|act|measure"
    r"|legislation|amendment|resolution|text|proposal|H\.R\. ?\d+|S\. ?\d+)\b|^(?:The|A"
    r"|This|Its) (?:[\w-]+ ){0,3}?(?:bill|act|measure|legislation|amendment|resolution"
    r"|text|proposal)\b"
)
_MATTER = re.compile(
    r"\b(?:distil\w*|cop(?:y|ied|ying|iers?)|extract\w*|AI|artificial intelligence|models?"
    r"|accounts?|theft|st(?:eal|ole|olen)|outputs?|data|chatbots?)\b",
    re.I,
)
_SUIT_OFF = re.compile(
    r"\b(?:books|defamation|shares|securities|military|list|non-profit|labour|labor|tax|antitrust|patent|merger)\b",
    re.I,
)


def read_acts(r: SentenceReader) -> list[Frame]:
    """Acts whose actor is named or clear, from the predicates of a sentence that no verb of saying has taken."""
    frames: list[Frame] = []
    for token in r.tokens:
        if token.pos_ not in ("VERB", "AUX") or token.i in r.used or token.dep_ in ("acl", "xcomp", "csubj"):
            continue
        if token.dep_ == "amod" and subject_token(token) is None:
            continue
        if token.dep_ in ("advcl", "ccomp") and not _worth_reading(r, token):
            continue
        frame = _act(r, token)
        if frame is not None and not any(f.type == frame.type and f.speakers == frame.speakers for f in frames):
            frame.features += ("act-verb",)
            r.mark(token)
            frames.append(frame)
    return frames


def _worth_reading(r: SentenceReader, token: Token) -> bool:
    head = token.head
    if token.dep_ == "advcl":
        return token.tag_ in ("VBN", "VBD") or (head.dep_ == "ROOT" and token.tag_ in ("VBZ", "VBD", "VBP"))
    subjects = r.who(subject_phrase(head))
    return not subjects or all(r.d.is_publisher(s) for s, _ in subjects)


def _act(r: SentenceReader, verb: Token) -> Frame | None:
    modals = {t.lower_ for t in verb.children if t.dep_ == "aux"}
    if modals & _EFFECT:
        return None
    if any(
        t.dep_ == "ccomp" and t.pos_ in ("VERB", "AUX") and any(c.dep_.startswith("nsubj") for c in t.children)
        for t in verb.children
    ) and lemma(verb) not in ("promise", "pledge", "order", "require", "ask", "recommend"):
        return None
    clause = r.clause_text(verb)
    status: ClaimStatus = "alleged" if r.via else "asserted"
    return (
        _legislation(r, verb, clause, status)
        or _legal(r, verb, clause, status)
        or _public_act(r, verb, clause, status)
        or _company_act(r, verb, clause, status)
    )


def _legislation(r: SentenceReader, verb: Token, clause: str, status: ClaimStatus) -> Frame | None:
    if lemma(verb) not in cues_of("claims", "legislate") or not has("bill_text", r.s.text) or is_negated(verb):
        return None
    subject = subject_phrase(verb)
    passive = is_passive(verb) or (verb.tag_ == "VBN" and not any(t.dep_ == "aux" for t in verb.children))
    if subject is not None and (
        _BILL_SUBJECT.match(subject.text)
        or (any(m.type == "law" for m in r.d.mentions_in(subject.start, subject.end)) and not r.parties(subject))
    ):
        if lemma(verb) in ("go", "send", "refer", "move"):
            bodies = [m for m in r.mentions if m.type == "government" and m.start > verb.idx]
            return (
                Frame("legislation", [(bodies[0].entity_id, None)], status=status, via=r.via, anchor=verb)
                if bodies
                else None
            )
        if lemma(verb) in ("want", "write", "add", "plan", "report", "mark", "offer"):
            return None
        agent = agent_phrase(verb)
        speakers = r.who(agent) if agent else []
        return Frame("legislation", speakers or [(None, None)], status=status, via=r.via, anchor=verb)
    if passive and verb.dep_ in ("advcl", "ROOT"):
        agent = agent_phrase(verb)
        if agent is None:
            return None
        names = [
            m
            for m in r.mentions
            if m.type == "person" and m.start >= agent.start and m.end <= r.s.end and m.start < verb.idx + 200
        ]
        if names:
            return Frame("legislation", [(m.entity_id, None) for m in names], status=status, via=r.via, anchor=verb)
        return None
    after = r.d.view.text[verb.idx : r.s.end]
    if not has("bill_text", after[:140]) or subject is None:
        return None
    if lemma(verb) in (
        "want",
        "write",
        "add",
        "plan",
        "report",
        "mark",
        "offer",
        "go",
        "send",
        "back",
        "push",
        "move",
        "file",
        "adopt",
        "approve",
        "reject",
        "propose",
        "author",
        "attach",
    ) and not has("bill_text", after[:110]):
        return None
    speakers = _actors(r, verb)
    speakers = [s for s in speakers if not r.d.is_company(s[0]) and not r.d.is_publisher(s[0])]
    if not speakers:
        committee = re.match(r"(?:a|the) (?:\w+ )?(?:committee|panel) of the", subject.text)
        inside = [m for m in r.d.mentions if m.type == "government" and re.search(r"[Cc]ommittee", m.text)]
        if committee and inside:
            speakers = [(inside[0].entity_id, None)]
    return (
        Frame("legislation", [(s, None) for s, _ in speakers], status=status, via=r.via, anchor=verb)
        if speakers
        else None
    )


def _actors(r: SentenceReader, verb: Token) -> list[tuple[str | None, str | None]]:
    subject = r.subject(verb)
    if subject is None:
        return []
    speakers = r.who(subject)
    # "Senators A, a Republican, and B, a Democrat, are preparing": names that the parse cut off the subject
    if speakers and subject.end < verb.idx:
        more = [
            m
            for m in r.d.parties_in(subject.end, verb.idx)
            if m.type == "person" and r.d.types.get(speakers[0][0] or "") == "person"
        ]
        between = r.d.view.text[subject.start : verb.idx]
        if more and re.search(r"\band\b", between) and not re.search(r"\bwho\b|\bwhich\b", between):
            speakers += [
                (m.entity_id, r.org_of(m, subject)) for m in more if m.entity_id not in {s for s, _ in speakers}
            ]
    after = r.d.view.text[verb.idx : r.s.end]
    if has("bill_text", r.s.text) and re.search(r"\bwith [A-Z][\w. -]+ as (?:a )?co-?sponsor", after):
        extra = [m for m in r.mentions if m.type == "person" and m.start > verb.idx]
        speakers += [(m.entity_id, None) for m in extra if m.entity_id not in {s for s, _ in speakers}]
    return speakers


def _legal(r: SentenceReader, verb: Token, clause: str, status: ClaimStatus) -> Frame | None:
    lead = r.d.view.text[verb.idx : min(r.s.end, verb.idx + 90)]
    match = pattern_of("claims", "legal_text").search(lead)
    if match is None or match.start() > 30 or not _MATTER.search(r.s.text) or is_negated(verb):
        return None
    if _SUIT_OFF.search(r.s.text) or not re.search(
        r"distil|cop(?:y|ied)|extract|account|scrap|output|trade[- ]secret|theft|terms|train", r.s.text
    ):
        return None
    speakers = [s for s in r.who(subject_phrase(verb)) if not r.d.is_publisher(s[0])]
    if not speakers:
        return None
    others = tuple(
        m.entity_id
        for m in r.d.parties_in(verb.idx, r.s.end)
        if m.type == "company" and m.entity_id not in {s for s, _ in speakers}
    )
    frame = Frame("legal_action", speakers, tuple(dict.fromkeys(others))[:3], status=status, via=r.via, anchor=verb)
    charge = re.search(r"\b(?:alleging|accusing|claiming|saying)\b.*", r.d.view.text[verb.idx : r.s.end])
    if charge and others and has("misdeed_text", charge.group()):
        frame.extra["accuses"] = "1"
    return frame


def _public_act(r: SentenceReader, verb: Token, clause: str, status: ClaimStatus) -> Frame | None:
    if (
        lemma(verb) not in cues_of("claims", "government_act")
        and not re.match(r"\w+ out\b", r.d.view.text[verb.idx : verb.idx + 20])
    ) or is_negated(verb):
        return None
    after = r.d.view.text[verb.idx : r.s.end]
    if not has("government_thing", after[:120]):
        return None
    if is_passive(verb):
        agent = agent_phrase(verb)
        speakers = r.who(agent) if agent else []
    else:
        speakers = _actors(r, verb)
    speakers = [s for s in speakers if r.d.is_government(s[0]) or r.d.is_government(s[1])]
    if not speakers or not _on_matter(r):
        return None
    own = set(r.spoken(speakers))
    accused = tuple(
        dict.fromkeys(
            m.entity_id for m in r.d.parties_in(verb.idx, r.s.end) if m.type == "company" and m.entity_id not in own
        )
    )
    if not re.search(r"\b(?:about|of|on|into|against|with|regarding|by|over)\b", after) or re.search(
        r"\b(?:wrote|asking|asked)\b", after
    ):
        accused = ()
    frame = Frame("government_action", speakers, accused, status=status, via=r.via, anchor=verb)
    blames = re.search(
        r"\b(?:warn\w*|efforts by|alert\w*|accus\w*|similar case|same case|pratiques|practices of)\b", after
    )
    if (blames and has("misdeed_text", after)) or re.search(
        r"\b(?:similar|same) (?:case|claims?|accusations?|charges?)\b", after
    ):
        frame.extra["accuses"] = "1"
        generic = re.search(
            r"\bby ((?:[A-Z]?[\w-]+ ){0,3}(?:firms|companies|labs|laboratories|entities|actors))\b", after
        )
        frame.accused_as = generic.group(1) if generic else None
    return frame


def _on_matter(r: SentenceReader) -> bool:
    paragraph = " ".join(s.text for s in r.d.paragraph_sentences(r.s))
    if r.d.issuer or any(m.type == "company" and m.entity_id in r.d.accused for m in r.mentions):
        return True
    return bool(
        re.search(
            r"(?i)distil|foreign|Chinese AI|cop(?:y|ied|ying|ier)|extract|theft|steal|st[oa]le"
            r"|models? developed|AI models|such campaigns|attempts|efforts|misus|accus|fraudulent",
            paragraph + " " + r.d.view.title,
        )
    )


def _company_act(r: SentenceReader, verb: Token, clause: str, status: ClaimStatus) -> Frame | None:
    if lemma(verb) not in cues_of("claims", "company_act"):
        return None
    after = r.d.view.text[verb.idx : r.s.end]
    negated = is_negated(verb)
    window = r.d.view.text[max(r.s.start, verb.idx - 12) : min(r.s.end, verb.idx + 110)]
    if not has("protect_text", window) or (
        negated and lemma(verb) not in ("allow", "offer", "sell", "provide", "supply", "serve")
    ):
        return None
    if is_passive(verb):
        agent = agent_phrase(verb)
        speakers = r.who(agent) if agent else ([(r.d.issuer, None)] if r.d.issuer else [])
        if agent is None and r.d.issuer is None:
            return None
    else:
        subject = subject_token(verb)
        speakers = _actors(r, verb)
        if (
            not speakers
            and r.d.issuer
            and subject is not None
            and subject.lower_
            in ("rule", "answer", "measures", "response", "terms", "policy", "systems", "restriction")
        ):
            speakers = [(r.d.issuer, None)]
    speakers = [s for s in speakers if r.d.is_company(s[0]) or r.d.is_company(s[1])]
    if speakers and lemma(verb) in ("detect", "find", "catch", "trace", "identify", "recognize", "recognise"):
        doers = re.search(
            r"\b(?:where|in which|that|by|from|of) ((?:[\w-]+ ){0,3}(?:firms|companies|labs"
            r"|laboratories|entities|actors|groups|startups)\b(?: (?:linked|tied)[^,.;]{0,60})?)",
            after,
        )
        if doers and has("strong_misdeed_text", after):
            return Frame("allegation", speakers, (), doers.group(1), via=r.via, anchor=verb)
    if not speakers or not _company_matter(r, after):
        return None
    inquiry = re.search(r"\b(?:whether|into)\b", after)
    accused: tuple[str, ...] = ()
    if inquiry:
        own = set(r.spoken(speakers))
        accused = tuple(
            dict.fromkeys(
                m.entity_id
                for m in r.d.parties_in(verb.idx, r.s.end)
                if m.entity_id not in own and not re.match(r"['’]s", r.d.view.text[m.end : m.end + 2])
            )
        )
    return Frame("company_action", speakers, accused, status=status, via=r.via, anchor=verb)


def _company_matter(r: SentenceReader, after: str) -> bool:
    return bool(
        re.search(
            r"(?i)\b(?:accounts?|access|data|technology|campaigns|models?|Claude|ChatGPT|Gemini"
            r"|users?|employees|staff|distil\w*|copy|terms|API|interface|regions?|companies"
            r"|customers|attempts|pattern|campaigns?|traffic|tool|reseller\w*|warnings?|notes"
            r"|one another|proxies|classifiers|checks|resellers|products?|abuse|extraction"
            r"|software)\b",
            r.s.text,
        )
    ) and not has("offmatter_text", r.s.text)

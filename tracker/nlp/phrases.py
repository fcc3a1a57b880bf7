"""Reading the parse (Universal Dependencies labels): subjects, objects, agents, and the words of a phrase."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Token

_SUBJECT = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj")
_RELATIVE = {"which", "who", "that", "whom", "whose"}
_CUT = {"acl:relcl", "advcl", "parataxis", "advcl:relcl"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of text with its governing token."""

    start: int
    end: int
    text: str
    head: Token


def text_of(doc: Doc) -> str:
    """The text of a parse; `Doc.text` joins all tokens anew at each call."""
    text: str = doc.user_data.setdefault("tracker_text", "") or doc.text
    doc.user_data["tracker_text"] = text
    return text


def _span(tokens: Iterable[Token], head: Token) -> Phrase:
    ordered = sorted(tokens, key=lambda token: token.i)
    while (
        len(ordered) > 1
        and (ordered[0].is_punct or (ordered[0].dep_ in ("cc", "case", "mark") and ordered[0] is not head))
        and ordered[0].text not in '"“('
    ):
        ordered.pop(0)
    while len(ordered) > 1 and ordered[-1].is_punct and ordered[-1].text not in "\"”)'":
        ordered.pop()
    start, end = ordered[0].idx, ordered[-1].idx + len(ordered[-1])
    return Phrase(start, end, text_of(head.doc)[start:end], head)


def noun_phrase(head: Token, *, with_relatives: bool = False, limit: int | None = None) -> Phrase:
    """The phrase under a noun, without its relative clauses; `limit` is the index of a token that it may not reach."""
    keep: list[Token] = []
    stack = [head]
    while stack:
        token = stack.pop()
        if limit is not None and (token.i >= limit if head.i < limit else token.i <= limit):
            continue
        keep.append(token)
        for child in token.children:
            if child.dep_ in _CUT and not with_relatives:
                continue
            stack.append(child)
    # keep what is contiguous with the head: a parse that runs on may hang far words under a noun
    indices = {token.i for token in keep}
    low = high = head.i
    while low - 1 in indices:
        low -= 1
    while high + 1 in indices or high + 2 in indices:
        high += 1 if high + 1 in indices else 2
    return _span([token for token in keep if low <= token.i <= high], head)


def subject_token(verb: Token, depth: int = 0) -> Token | None:
    """The subject of a verb: its own, or the one that it shares (conjunction, participle, infinitive)."""
    own = [
        child for child in verb.children if child.dep_ in _SUBJECT or (child.dep_ == "expl" and child.lower_ == "it")
    ]
    if own:
        if own[0].lower_ in _RELATIVE and verb.dep_ in ("acl:relcl", "advcl:relcl"):
            return verb.head
        # "AI developer | Anthropic said": the parser may give two subjects; the one beside the verb is the name
        return own[-1] if own[-1].i < verb.i else own[0]
    if (
        depth < 4
        and verb.dep_ in ("conj", "xcomp", "advcl", "parataxis")
        and verb.head is not verb
        and verb.head.pos_ in ("VERB", "AUX", "ADJ", "NOUN")
    ):
        if verb.dep_ == "advcl" and verb.tag_ not in ("VBG", "VBN") and verb.head.pos_ != "ADJ":
            return None
        return subject_token(verb.head, depth + 1)
    if verb.dep_ == "acl:relcl":
        return verb.head
    if verb.dep_ == "amod" and verb.head.dep_ == "ROOT":
        # "The senators | proposed legislation" read as a noun phrase: the verb is taken for an adjective
        return next((t for t in verb.head.children if t.dep_ == "nsubj" and t.i < verb.i), None)
    return None


def subject_phrase(verb: Token) -> Phrase | None:
    """The subject of a verb as a phrase that ends before the verb."""
    token = subject_token(verb)
    if token is None and verb.dep_ in ("ccomp", "ROOT", "conj", "parataxis", "acl", "advcl:relcl"):
        token = _noun_before(verb)
    if token is None:
        return None
    limit = verb.i if token.i < verb.i else None
    phrase = noun_phrase(token, limit=limit)
    if limit is not None and phrase.end < verb.idx:
        return _with_participle(phrase, verb)
    return phrase


def _noun_before(verb: Token) -> Token | None:
    """The noun right before a finite verb that the parse left without a subject."""
    if verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN", "MD"):
        return None
    index = verb.i - 1
    start = verb.sent.start
    while index >= start:
        token = verb.doc[index]
        if token.pos_ in ("NOUN", "PROPN", "PRON"):
            return token if token.lower_ not in _RELATIVE and index < verb.i - 1 else None
        if token.pos_ not in ("AUX", "ADV", "PART") and token.text not in "\"“”'":
            return None
        index -= 1
    return None


_TIED = re.compile(
    r" (?:(?:that|who|which) (?:are|were|is|was) )?(?:[a-z]+ly )?(?:linked|tied|affiliated"
    r"|connected|associated|related|belonging|close|based|working|acting)\b"
)


def _with_participle(phrase: Phrase, verb: Token) -> Phrase:
    """ "operators | linked to Alibaba and its lab": take in what ties the subject to somebody, up to the verb."""
    doc = verb.doc
    first = min(
        (t for t in verb.children if t.dep_.startswith("aux") and t.idx > phrase.end), key=lambda t: t.i, default=verb
    )
    between = text_of(doc)[phrase.end : first.idx]
    if not _TIED.match(between) or len(between) > 140:
        return phrase
    text = text_of(doc)[phrase.start : first.idx].rstrip(" ,")
    return Phrase(phrase.start, phrase.start + len(text), text, phrase.head)


def objects_of(verb: Token) -> list[Phrase]:
    """Direct and indirect objects."""
    return [noun_phrase(child) for child in verb.children if child.dep_ in ("obj", "iobj", "dobj")]


def is_passive(verb: Token) -> bool:
    """The verb has a passive auxiliary or subject."""
    return any(child.dep_ in ("aux:pass", "nsubj:pass") for child in verb.children)


def agent_phrase(verb: Token) -> Phrase | None:
    """ "by X" of a passive."""
    for child in verb.children:
        if child.dep_ == "obl:agent" or (
            child.dep_ in ("obl", "nmod") and any(c.dep_ == "case" and c.lower_ == "by" for c in child.children)
        ):
            return noun_phrase(child)
    return None


def is_negated(verb: Token) -> bool:
    """A negation stands with the verb itself."""
    return any(child.lower_ in ("not", "n't", "n’t", "never", "no") for child in verb.children)


def content_of(verb: Token) -> Token | None:
    """The clause that a verb of saying governs."""
    for dep in ("ccomp", "csubj", "xcomp", "parataxis"):
        for child in verb.children:
            if child.dep_ == dep and child.pos_ in ("VERB", "AUX", "ADJ", "NOUN", "PROPN", "NUM"):
                return _finite(child)
    for child in verb.children:
        if child.dep_ in ("obj", "nsubj", "attr"):
            for below in child.children:
                if (
                    below.dep_ in ("acl", "ccomp")
                    and below.pos_ in ("VERB", "AUX")
                    and any(t.dep_.startswith("nsubj") for t in below.children)
                ):
                    return below
    return None


def _finite(clause: Token) -> Token:
    """ "operators linked to X had used": the parser may take the participle for the clause's head."""
    if clause.tag_ in ("VBN", "VBD") and not any(t.dep_.startswith("aux") for t in clause.children):
        for child in clause.children:
            if (
                child.dep_ in ("conj", "ccomp", "xcomp", "advcl")
                and any(t.dep_.startswith("aux") for t in child.children)
                and not any(t.dep_ in ("nsubj", "cc") for t in child.children)
            ):
                return child
    return clause


def subtree_indices(token: Token) -> set[int]:
    """Indices of a token and all below it."""
    return {t.i for t in token.subtree}

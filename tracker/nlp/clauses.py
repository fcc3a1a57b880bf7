"""Sentences cut where clauses stand side by side in them, each of which states something by itself.

"X accused Y, and Y did not respond" says two things of two subjects; read as one, the silence may be put down to X.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.tokens import Doc, Token

from tracker.nlp.discourse import PARTY_TYPES
from tracker.nlp.lexicon import occurs
from tracker.nlp.model import FINITE
from tracker.nlp.sentences import LONGEST_COMPOUND, is_free
from tracker.nlp.view import Sentence, TextView
from tracker.types import Mention

_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "expl")
_CONTRASTS = ("while", "whereas", "although", "though")
"""Conjunctions that set one statement beside another, in the form of a subordinate clause."""
_AUXILIARIES = frozenset({"is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "will", "would"})
_FOR_A_VERB = ("neither", "nor", "so")
"""Words that stand for what the clause before says ("and neither did Y")."""
_LEAST_WORDS = 3
_CHARGING, _ANSWERING = ("accuse", "misdeed"), ("denial", "no_response", "admit")
"""Cues (data/lexicon/foreign.yaml) of a charge, and of what is answered to it."""
_JOINTS = {
    language: re.compile(rf"(?:[;；]\s*|[,，]\s*)(?P<clause>(?:(?:{conjunctions})\s*)?(?:(?:{articles})\s+)?)", re.I)
    for language, conjunctions, articles in (
        ("de", "und|doch|aber|jedoch|während", "der|die|das"),
        ("fr", "et|mais|or|tandis que|alors que", "le|la|les"),
        ("es", "y|pero|mientras que|aunque", "el|la|los|las"),
        ("pt", "e|mas|porém|enquanto", "o|a|os|as"),
        ("zh", "但|而|不过|然而", "(?!)"),
    )
}
"""What joins two clauses, up to the name that the second begins with."""
_LISTED = re.compile(r"\s*(?:[,、]|(?:und|oder|et|ou|y|e)\s|[和与及])")
_ON_WORD = re.compile(r"according to\b|\bin the words of\b", re.I)
"""Whose word it is, said once for all clauses."""


def cut_clauses(view: TextView, mentions: Sequence[Mention]) -> TextView:
    """The view with a sentence for each clause that has a subject and a finite verb of its own.

    Each knows where the whole sentence begins and ends (`Sentence.whole`), and is a tree of its own in the parse,
    which is changed. Clauses are not cut within quotation marks or brackets, nor where somebody is told as the source
    of all of them, nor where a clause goes on after the one that would be cut out of it. Where there is no parse, what
    is cut off is the answer to a charge, where a party that `mentions` names begins it.
    """
    if view.doc is None:
        places = {one.index: found for one in view.sentences if (found := _answers(view, one, mentions))}
    else:
        cuts: dict[int, list[Token]] = {}
        for token in _joined_heads(view.doc):
            sentence = view.sentence_at(token.idx)
            if sentence is not None:
                cuts.setdefault(sentence.index, []).append(token)
        parted = {index: _cut(view, view.sentences[index], heads) for index, heads in cuts.items()}
        places = {index: [place for place, _ in found] for index, found in parted.items() if found}
        if places:
            _uproot(view.doc, [token for found in parted.values() for _, token in found])
    return replace(view, sentences=_parted(view, places)) if places else view


def _parted(view: TextView, places: Mapping[int, Sequence[int]]) -> tuple[Sentence, ...]:
    """The sentences with further beginnings in some of them."""
    out: list[Sentence] = []
    for sentence in view.sentences:
        for start, end in pairwise((sentence.start, *places.get(sentence.index, ()), sentence.end)):
            text = view.text[start:end].rstrip()
            out.append(Sentence(len(out), start, start + len(text), sentence.paragraph, text, sentence.whole))
    return tuple(out)


# --- without a parse --------------------------------------------------------------------------------------------------


def _answers(view: TextView, sentence: Sentence, mentions: Sequence[Mention]) -> list[int]:
    """ "X accuse Y ; Y n'a pas répondu", "X指控Y，Y否认": where what is answered to the charge before it begins."""
    text, language = sentence.text, view.language
    joint = _JOINTS.get(language)
    if joint is None or len(text) > LONGEST_COMPOUND:
        return []
    parties = {m.start: m.end for m in mentions if m.type in PARTY_TYPES and sentence.start < m.start < sentence.end}
    found: list[int] = []
    for match in joint.finditer(text):
        start = sentence.start + match.start("clause")
        end = parties.get(sentence.start + match.end())
        if end is None or _LISTED.match(view.text, end, sentence.end) or not is_free(text[: match.start()]):
            continue
        before, after = view.text[(found or [sentence.start])[-1] : start], view.text[end : sentence.end]
        if _has(_ANSWERING, language, after) and _has(_CHARGING, language, before):
            found.append(start)
    return found


def _has(cues: Iterable[str], language: str, text: str) -> bool:
    return any(occurs("foreign", cue, language, text) for cue in cues)


# --- by the parse -----------------------------------------------------------------------------------------------------


def _joined_heads(doc: Doc) -> list[Token]:
    """Verbs that the parse joins to the main verb of a sentence, or sets beside it."""
    deps, heads = doc.to_array([DEP, HEAD]).T
    places = np.arange(len(doc)) + heads.astype(np.int64)
    strings = doc.vocab.strings
    joined = np.isin(deps, [strings.add(name) for name in ("conj", "parataxis", "advcl")])
    main = heads == 0
    found = [token for token in (doc[int(i)] for i in np.flatnonzero(main)) if _is_after_semicolon(token)]
    while True:
        new = np.flatnonzero(joined & main[places])
        if not len(new):
            return sorted(found, key=lambda token: token.i)
        kept = [token for token in (doc[int(i)] for i in new) if _is_clause(token)]
        found += kept
        joined[new] = False
        main[[token.i for token in kept]] = True  # "X did, Y did and Z did": each may hang on the one before


def _is_after_semicolon(root: Token) -> bool:
    first = root.left_edge
    return first.i > 0 and first.nbor(-1).text == ";" and _is_clause(root)


def _is_clause(token: Token) -> bool:
    """Whether it is the verb or predicate of a statement; one that leaves its verb out ("and neither did Y") is not."""
    children = list(token.children)
    subjects = [child.lower_ for child in children if child.dep_ in _SUBJECTS]
    if not subjects or token.lower_ in _AUXILIARIES or any(subject in _FOR_A_VERB for subject in subjects):
        return False
    finite = (token, *(child for child in children if child.dep_ in ("aux", "aux:pass", "cop")))
    if not any(one.tag_ in FINITE for one in finite):
        return False
    if token.dep_ == "advcl":
        return any(child.dep_ == "mark" and child.lower_ in _CONTRASTS for child in children)
    return not any(child.dep_ == "mark" for child in children)


def _cut(view: TextView, sentence: Sentence, heads: list[Token]) -> list[tuple[int, Token]]:
    """Where further clauses of a sentence begin, each with the head of the tree that is cut off."""
    if not heads or len(sentence.text) > LONGEST_COMPOUND or _ON_WORD.search(sentence.text):
        return []
    tokens = view.tokens_in(sentence.start, sentence.end)
    found: list[tuple[int, Token]] = []
    for token in heads:
        place = _place_of(token, tokens, sentence)
        if place is not None and (not found or place > found[-1][0]):
            found.append((place, token))
    return found


def _place_of(token: Token, tokens: list[Token], sentence: Sentence) -> int | None:
    """Where the second of two clauses begins, of which one hangs on `token`; None where they are not to be parted."""
    first, last, stop = token.left_edge, token.right_edge, token.sent.end
    if first.i <= tokens[0].i:  # "While X did this, Y did that"
        first = next((t for t in tokens if last.i < t.i < stop and not t.is_punct), token)
        if token.dep_ != "advcl" or first is token:
            return None
    elif any(not t.is_punct for t in tokens if last.i < t.i < stop):
        return None
    while first.is_punct and first.i < token.i:
        first = first.nbor()
    before = first.nbor(-1)
    mark = before.text if before.is_punct else ""
    if token.dep_ == "ROOT" and mark == ";":
        return int(first.idx)
    if token.dep_ == "parataxis" and mark != ";":
        return None  # "X, Y said"
    if token.dep_ == "conj" and not mark and any(child.dep_ == "ccomp" for child in token.head.children):
        return None  # "X said that A copied and B sold": what B did may be X's word as well
    if first.is_punct or not is_free(sentence.text[: first.idx - sentence.start]):
        return None
    for part in ([t for t in tokens if t.i < first.i], [t for t in tokens if t.i >= first.i]):
        if sum(not t.is_punct for t in part) < _LEAST_WORDS:
            return None
    return int(first.idx)


def _uproot(doc: Doc, roots: list[Token]) -> None:
    array: Any = doc.to_array([HEAD, DEP])
    for token in roots:
        array[token.i] = (0, doc.vocab.strings.add("ROOT"))
    doc.from_array([HEAD, DEP], array)

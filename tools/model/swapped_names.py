"""Made-up names in the place of the corpora's own: the same sentence, tree and types, another name."""

from __future__ import annotations

import re
from random import Random

from corpora import BLANK, entity_tags, spaces_of
from invented_names import NameMaker
from spacy.tokens import Doc, Token

_CALENDAR = frozenset(
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Jan.", "God",
     "Internet")
)  # fmt: skip
_SPEAKING = re.compile(
    r"univers|college|school|committee|commission|department|ministry|party|council|court|congress|senate|house|office"
    r"|agency|bank|army|police|nations|association|times|post|news",
    re.IGNORECASE,
)
"""Names that say what they are: swapped seldom, because a made-up firm would not stand there."""


def _is_swappable(token: Token) -> bool:
    word = token.text
    return (
        token.tag_ == "NNP" and token.pos_ == "PROPN" and word.isalpha() and word[0].isupper() and len(word) > 2
        and word not in _CALENDAR and token.dep_ != "goeswith"
    )  # fmt: skip


def swap_in_tree(doc: Doc, rng: Random, share: float = 0.5) -> Doc:
    """A copy where about a share of the different proper nouns are made up; one token for one, so the tree stays."""
    names, new = NameMaker(rng), {}
    for token in doc:
        if _is_swappable(token) and token.text not in new:
            made = names.organisation_word() if rng.random() < 0.6 else names.word()
            new[token.text] = made if rng.random() < share else token.text
    swapped = [new.get(token.text, token.text) if _is_swappable(token) else token.text for token in doc]
    lemmas = [new.get(token.text, token.lemma_) if _is_swappable(token) else token.lemma_ for token in doc]
    return Doc(
        BLANK.vocab, words=swapped, spaces=spaces_of(doc), tags=[t.tag_ for t in doc], pos=[t.pos_ for t in doc],
        morphs=[str(t.morph) for t in doc], lemmas=lemmas, heads=[t.head.i for t in doc], deps=[t.dep_ for t in doc],
        sent_starts=[bool(t.is_sent_start) for t in doc],
    )  # fmt: skip


def _made_up(text: str, label: str, words: int, names: NameMaker) -> list[str] | None:
    rng = names.rng
    if label == "ORG" and rng.random() < (0.25 if _SPEAKING.search(text) else 0.75):
        return names.organisation()
    if label == "PER" and rng.random() < 0.5:
        return names.person() if words > 1 else [names.surname()]
    return None


def swap_entities(doc: Doc, rng: Random) -> Doc | None:
    """A copy with made-up firms and people, the same name for the same name; None if nothing was swapped."""
    names, memo = NameMaker(rng), {}
    starts, tags = {entity.start: entity for entity in doc.ents}, entity_tags(doc)
    words, spaces, labels = [], [], []
    i = 0
    while i < len(doc):
        entity = starts.get(i)
        made = None
        if entity is not None and entity.label_ in ("ORG", "PER"):
            key = (entity.text, entity.label_)
            if key not in memo:
                memo[key] = _made_up(entity.text, entity.label_, len(entity), names)
            made = memo[key]
        if made and entity is not None:
            words += made
            spaces += [True] * (len(made) - 1) + [bool(entity[-1].whitespace_)]
            labels += [f"B-{entity.label_}"] + [f"I-{entity.label_}"] * (len(made) - 1)
            i = entity.end
        else:
            words.append(doc[i].text)
            spaces.append(bool(doc[i].whitespace_))
            labels.append(tags[i])
            i += 1
    return Doc(BLANK.vocab, words=words, spaces=spaces, ents=labels) if any(memo.values()) else None

"""Parts of speech and morphology of generated sentences: what treebanks give the same word with the same tag most."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpora import BLANK, entity_tags, spaces_of
from spacy.tokens import Doc, Token

_Reading = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Counts of (part of speech, morphology) by word and tag, and by tag alone for words never seen."""

    by_word: defaultdict[tuple[str, str], Counter[_Reading]] = field(default_factory=lambda: defaultdict(Counter))
    by_tag: defaultdict[str, Counter[_Reading]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, docs: Iterable[Doc]) -> Lexicon:
        """Count the words of annotated documents."""
        lexicon = cls()
        for doc in docs:
            for token in doc:
                reading = (token.pos_, str(token.morph))
                lexicon.by_word[token.lower_, token.tag_][reading] += 1
                lexicon.by_tag[token.tag_][reading] += 1
        return lexicon

    def reading(self, token: Token) -> _Reading:
        """Part of speech and morphology of a token that has its tag, its dependents and its name."""
        if token.tag_ == "NNP" and token.ent_type_:
            return "PROPN", "Number=Sing"
        if token.tag_ == "CD":
            return "NUM", f"NumForm={'Digit' if token.text[0].isdigit() else 'Word'}|NumType=Card"
        seen = self.by_word.get((token.lower_, token.tag_)) or self.by_tag.get(token.tag_)
        pos, morph = seen.most_common(1)[0][0] if seen else ("X", "")
        helpers = {child.dep_ for child in token.children}
        if token.tag_ == "VBN" and "aux" in helpers and "aux:pass" not in helpers:
            morph = "Tense=Past|VerbForm=Part"  # "has used" is active, whatever the word is most often
        return pos, morph

    def annotate(self, doc: Doc) -> Doc:
        """A copy with parts of speech and morphology: without them the lemmatizer's rules learn that there are none."""
        readings = [self.reading(token) for token in doc]
        return Doc(
            BLANK.vocab, words=[token.text for token in doc], spaces=spaces_of(doc), tags=[t.tag_ for t in doc],
            pos=[pos for pos, _ in readings], morphs=[morph for _, morph in readings],
            heads=[token.head.i for token in doc], deps=[token.dep_ for token in doc],
            sent_starts=[bool(token.is_sent_start) for token in doc], ents=entity_tags(doc),
        )  # fmt: skip

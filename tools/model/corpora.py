"""Reading and writing spaCy DocBins, and the sets that the training joins from the corpora folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

SYNTAX_TRAIN = ("ewt-train", "gum-free-train")
SYNTAX_DEV = ("ewt-dev", "gum-free-dev")
NAMES_TRAIN = ("uner-ewt-train", "gum-ner-train", "wikigold-train", "crossner-train", "wnut17-train")
NAMES_SWAPPED_FROM = ("uner-ewt-train", "gum-ner-train", "wikigold-train", "crossner-train")
NAMES_DEV = ("uner-ewt-dev-misc", "gum-ner-dev")
TWEETS = "btc"

BLANK: Language = spacy.blank("en")
"""One vocabulary for all documents of a preparation run."""


def load_docs(folder: Path, *names: str, vocab: Vocab | None = None) -> list[Doc]:
    """The documents of some sets (`NAME.spacy` in the folder), in the order of the sets.

    Args:
        vocab: that of the pipeline that they are compared with; `BLANK`'s where None.

    Raises:
        SystemExit: a set is not there; names it.
    """
    docs: list[Doc] = []
    for name in names:
        path = folder / f"{name}.spacy"
        if not path.is_file():
            raise SystemExit(f"{path} is missing; docs/model.md says which corpora the folder must hold")
        docs += DocBin().from_disk(path).get_docs(vocab or BLANK.vocab)
    return docs


def save_docs(docs: Iterable[Doc], path: Path) -> int:
    """Write documents as a DocBin; returns how many tokens they hold."""
    box, tokens = DocBin(), 0
    for doc in docs:
        box.add(doc)
        tokens += len(doc)
    path.parent.mkdir(parents=True, exist_ok=True)
    box.to_disk(path)
    return tokens


def entity_tags(doc: Doc) -> list[str | None]:
    """The IOB tag of each token ("B-ORG", "I-ORG", "O"); None where the annotation is missing."""
    return [
        f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else (None if token.ent_iob == 0 else "O")
        for token in doc
    ]


def spaces_of(doc: Sequence) -> list[bool]:
    """Whether a space follows each token."""
    return [bool(token.whitespace_) for token in doc]

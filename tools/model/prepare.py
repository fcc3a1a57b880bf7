"""From a folder of corpora to the four sets that the two trainings read: syntax and names, each train and dev."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from corpora import (
    NAMES_DEV,
    NAMES_SWAPPED_FROM,
    NAMES_TRAIN,
    SYNTAX_DEV,
    SYNTAX_TRAIN,
    TWEETS,
    load_docs,
    save_docs,
)
from name_templates import NameTemplates
from reporting import write_treebank
from spacy.tokens import Doc
from swapped_names import swap_entities, swap_in_tree


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many documents of each kind are mixed in."""

    generated_trees: int = 700
    swapped: int = 1400
    templates: int = 3500
    generated_names: int = 200
    tweets: int = 3000


def _places(docs: Iterable[Doc]) -> list[str]:
    found = {entity.text for doc in docs for entity in doc.ents if entity.label_ == "LOC" and len(entity) <= 2}
    return sorted(place for place in found if place[0].isupper())


def _people(docs: Iterable[Doc]) -> list[tuple[str, ...]]:
    """The corpora's persons as words, to be shuffled into new ones: firms are invented, people have people's names."""
    names = {tuple(token.text for token in entity) for doc in docs for entity in doc.ents if entity.label_ == "PER"}
    return sorted(name for name in names if all(word.isalpha() and word.istitle() for word in name))


def _some(docs: list[Doc], count: int, rng: Random) -> list[Doc]:
    return rng.sample(docs, min(count, len(docs)))


def prepare(corpora: Path, out: Path, seed: int, amounts: Amounts | None = None) -> dict[str, int]:
    """Write syntax-train, syntax-dev, names-train and names-dev to a folder; the same seed gives the same bytes.

    Returns:
        Tokens by set.
    """
    amounts, rng = amounts or Amounts(), Random(seed)
    treebank = load_docs(corpora, *SYNTAX_TRAIN)
    with_names = [doc for doc in treebank if any(token.tag_ == "NNP" for token in doc)]
    swapped_trees = [swap_in_tree(doc, rng) for doc in _some(with_names, len(treebank) // 2, rng)]
    generated = write_treebank(treebank, max(amounts.generated_trees, amounts.generated_names), rng)
    syntax = [*treebank, *swapped_trees, *generated[: amounts.generated_trees]]
    rng.shuffle(syntax)

    source = load_docs(corpora, *NAMES_SWAPPED_FROM)
    swapped = [doc for doc in (swap_entities(doc, rng) for doc in _some(source, amounts.swapped * 4, rng)) if doc]
    templates = NameTemplates(rng, _places(source), _people(source))
    names = [
        *load_docs(corpora, "uner-ewt-train"), *load_docs(corpora, *NAMES_TRAIN),
        *_some(swapped, amounts.swapped, rng), *(templates.doc() for _ in range(amounts.templates)),
        *_some(generated, amounts.generated_names, rng), *_some(load_docs(corpora, TWEETS), amounts.tweets, rng),
    ]  # fmt: skip
    rng.shuffle(names)
    return {
        "syntax-train": save_docs(syntax, out / "syntax-train.spacy"),
        "syntax-dev": save_docs(load_docs(corpora, *SYNTAX_DEV), out / "syntax-dev.spacy"),
        "names-train": save_docs(names, out / "names-train.spacy"),
        "names-dev": save_docs(load_docs(corpora, *NAMES_DEV), out / "names-dev.spacy"),
    }

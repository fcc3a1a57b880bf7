"""How models do on names that no gazetteer holds: the gold documents with invented firms, models and people in them.

usage: python tools/model/unknown_names.py MODEL [MODEL ...] [--draws 3]   (MODEL: a folder, or `bundled`)
Every name of a company, model or person is replaced by coined ones (unknown_names.yaml), word by word and the same word
alike in the whole document: short forms stay short forms, and the offsets follow. Scored are the tracker's mentions
(as `tracker evaluate` does), its recall on the replaced ones, and what the NER alone finds of them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import srsly

from tracker.evaluation import GoldCorpus, load_gold, score_corpus
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.model import load_pipeline
from tracker.types import Document, Extraction, Mention

ROOT = Path(__file__).resolve().parents[2]
SWAPPED_TYPES = frozenset({"company", "model", "person"})
_NER_TYPES = {"company": "ORG", "model": "MISC", "person": "PER"}
_COINED: dict[str, list[str]] = srsly.read_yaml(Path(__file__).with_name("unknown_names.yaml"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_KEPT = frozenset(_COINED.pop("kept"))
"""Words that say what a thing is, or which version: they stay."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A document with invented names, its gold, and which mentions were replaced."""

    document: Document
    gold: Extraction
    replaced: tuple[Mention, ...]


class _Mask:
    """The invented word for each word of a name, in one document."""

    def __init__(self, rng: Random) -> None:
        self._left = {kind: rng.sample(words, len(words)) for kind, words in _COINED.items()}
        self.words: dict[str, str] = {}

    def _invent(self, word: str, kind: str, is_first: bool) -> str:
        if kind == "person":
            kind = "first" if is_first else "surname"
        elif word.isupper() and len(word) > 1:
            kind = "acronym"
        return self._left[kind].pop()

    def name(self, text: str, kind: str) -> str:
        """The text with its naming words replaced; digits, versions and words like "Labs" stay."""
        several = len(text.split()) > 1

        def swap(match: re.Match[str]) -> str:
            word = match[0]
            if word in _KEPT or word.islower():
                return word
            if word not in self.words:
                self.words[word] = self._invent(word, kind, several and match.start() == 0)
            return self.words[word]

        return _WORD.sub(swap, text)

    def everywhere(self, text: str) -> str:
        """The same words replaced in a text without offsets (a title, a publisher's name)."""
        return _WORD.sub(lambda match: self.words.get(match[0], match[0]), text)


def mask(document: Document, gold: Extraction, rng: Random) -> Masked:
    """A document with every name of the swapped types invented; only relevance and mentions are kept of the gold."""
    swapper = _Mask(rng)
    parts: list[str] = []
    mentions: list[Mention] = []
    replaced: list[Mention] = []
    at = length = 0
    for mention in sorted(gold.mentions, key=lambda item: item.start):
        if mention.start < at:
            continue  # nested names are left to the outer one
        swaps = mention.type in SWAPPED_TYPES
        text = swapper.name(mention.text, mention.type) if swaps else mention.text
        parts += [document.text[at : mention.start], text]
        start = length + mention.start - at
        new = replace(mention, start=start, end=start + len(text), text=text)
        mentions.append(new)
        if text != mention.text:
            replaced.append(new)
        at, length = mention.end, start + len(text)
    text = "".join((*parts, document.text[at:]))
    masked = replace(
        document, text=text, title=swapper.everywhere(document.title), publisher=swapper.everywhere(document.publisher)
    )
    return Masked(masked, Extraction(document.id, gold.relevance, tuple(mentions)), tuple(replaced))


def mask_corpus(corpus: GoldCorpus, seed: int) -> list[Masked]:
    """The English documents of a corpus with invented names."""
    rng = Random(seed)
    return [mask(document, gold, rng) for document, gold in corpus.pairs() if document.language == "en"]


def _touches(mention: Mention, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < mention.end and mention.start < end for start, end in spans)


def score(model: str, masked: list[Masked]) -> dict[str, float]:
    """F1 of all mentions, recall on the replaced ones (span; span and type), and the same two for the NER alone."""
    predictions: Mapping[str, Extraction] = {
        item.document_id: item for item in RuleExtractor(model).extract_all(entry.document for entry in masked)
    }
    corpus = GoldCorpus(tuple(entry.document for entry in masked), {entry.document.id: entry.gold for entry in masked})
    nlp = load_pipeline(model)
    counts = dict.fromkeys(("tracker span", "tracker span and type", "NER span", "NER span and type"), 0)
    total = 0
    for entry in masked:
        found = predictions[entry.document.id].mentions
        names = nlp(entry.document.text).ents
        for mention in entry.replaced:
            total += 1
            same_type = [item for item in found if item.type == mention.type]
            label = [item for item in names if item.label_ == _NER_TYPES[mention.type]]
            counts["tracker span"] += _touches(mention, ((item.start, item.end) for item in found))
            counts["tracker span and type"] += _touches(mention, ((item.start, item.end) for item in same_type))
            counts["NER span"] += _touches(mention, ((item.start_char, item.end_char) for item in names))
            counts["NER span and type"] += _touches(mention, ((item.start_char, item.end_char) for item in label))
    scores = score_corpus(corpus, predictions)
    figures = {"mentions F1": 100 * scores["mentions"].f1, "relevance F1": 100 * scores["relevance"].f1}
    return figures | {f"recall, {title}": 100 * count / total for title, count in counts.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--draws", type=int, default=3)
    options = parser.parse_args()
    corpus = load_gold(ROOT / "data" / "gold")
    draws = [mask_corpus(corpus, seed) for seed in range(options.draws)]
    results = {model: [score(model, masked) for masked in draws] for model in options.models}
    print("| figure, mean of", options.draws, "draws |", " | ".join(options.models), "|")
    print("|---" * (len(options.models) + 1) + "|")
    for title in next(iter(results.values()))[0]:
        means = (sum(figures[title] for figures in runs) / len(runs) for runs in results.values())
        print(f"| {title} |", " | ".join(f"{mean:.1f}" for mean in means), "|")


if __name__ == "__main__":
    main()

"""The one door to spaCy: pipelines by name, and sentence boundaries that the parser has to respect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.attrs import IDX, SENT_START, TAG
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_package_path, is_package

from tracker.errors import ModelMissing
from tracker.nlp.products import multiply_by_numpy
from tracker.nlp.sentences import DATELINE, LONGEST_COMPOUND, is_free, split_sentences
from tracker.resources import bundled_path

BUNDLED = "en_news_sm"
_COMPONENT = "tracker_sentences"
_SEMICOLON = re.compile(r";\s+")
FINITE = ("VBD", "VBZ", "VBP", "MD")
"""Tags (Penn Treebank) of the verbs that carry a statement."""


def make_docs(nlp: Language, texts: Iterable[tuple[str, Sequence[tuple[int, int]]]]) -> Iterator[Doc]:
    """Tokenized texts for `nlp.pipe`, each with its sentences as `split_sentences` gave them, so that they are not
    looked for again."""
    for text, sentences in texts:
        doc = nlp.make_doc(text)
        doc.user_data[_COMPONENT] = _starts_of(text, sentences), _after_semicolons(text, sentences)
        yield doc


def _after_semicolons(text: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """(where the part before begins, where what follows a semicolon begins, where that ends), by sentence in order."""
    found: list[tuple[int, int, int]] = []
    for start, end in sentences:
        if end - start > LONGEST_COMPOUND or ";" not in text[start:end]:
            continue
        places = [m.end() for m in _SEMICOLON.finditer(text, start, end) if is_free(text[start : m.start()])]
        found += zip([start, *places], places, [*places[1:], end], strict=False)
    return found


def _starts_of(text: str, sentences: Sequence[tuple[int, int]]) -> list[int]:
    starts = [0]
    for start, end in sentences:
        starts.append(start)
        if dateline := DATELINE.match(text, start, end):
            # "WASHINGTON - The company": the place is no part of the sentence's syntax
            starts.append(dateline.end())
    return starts


@Language.component(_COMPONENT)
def _set_sentence_starts(doc: Doc) -> Doc:
    """Fix the sentence starts before the parser runs: paragraphs and full stops beat a parse that runs on."""
    found = doc.user_data.pop(_COMPONENT, None)
    if found is None:
        text = doc.text  # joined anew at each call
        sentences = split_sentences(text)
        found = _starts_of(text, sentences), _after_semicolons(text, sentences)
    starts, joints = found
    if len(doc):
        places = doc.to_array(IDX)
        if joints:
            # two statements with a semicolon between them are parsed apart: a parser seldom tells what joins them
            finite = places[np.isin(doc.to_array(TAG), [doc.vocab.strings.add(tag) for tag in FINITE])]
            states = [[((finite >= a) & (finite < b)).any() for a, b in ((p, q), (q, r))] for p, q, r in joints]
            starts = [*starts, *(q for (_, q, _), both in zip(joints, states, strict=True) if all(both))]
        begins = np.isin(places, np.array(starts, dtype=np.uint64))
        begins[0] = True
        column: Any = np.where(begins, 1, -1).astype(np.int64).astype(np.uint64)[:, None]
        doc.from_array([SENT_START], column)
    return doc


def model_folder(name: str) -> Path:
    """The folder of a pipeline: "bundled", a folder, or an installed package.

    Raises:
        ModelMissing: no such folder or package; says what to install.
    """
    if name == "bundled":
        try:
            return bundled_path(f"data/model/{BUNDLED}")
        except FileNotFoundError as exc:
            raise ModelMissing(str(exc)) from exc
    folder = Path(name)
    if (folder / "meta.json").is_file():
        return folder
    if is_package(name):
        return Path(str(get_package_path(name)))
    if re.fullmatch(r"[a-z]{2,3}_\w+", name):
        raise ModelMissing(f"{name!r}; install it with `python -m spacy download {name}`, or set nlp.model to bundled")
    raise ModelMissing(f"{name!r} is neither `bundled`, nor a folder with a meta.json, nor an installed package")


@lru_cache(maxsize=4)
def load_pipeline(name: str = "bundled") -> Language:
    """Load a parsing pipeline once per process, with sentence boundaries set by `split_sentences`.

    Raises:
        ModelMissing: it is not installed, or cannot be loaded by this version of spaCy.
    """
    source: str | Path = name if name != "bundled" and is_package(name) else model_folder(name)
    try:
        nlp = spacy.load(source)
    except (OSError, ValueError) as exc:
        raise ModelMissing(f"{name!r} cannot be loaded: {exc}") from exc
    if "parser" not in nlp.pipe_names:
        raise ModelMissing(f"{name!r} has no parser; extraction needs tagger, parser, lemmatizer and ner")
    multiply_by_numpy(nlp)
    nlp.add_pipe(_COMPONENT, before="parser")
    nlp.max_length = 2_000_000
    return nlp


def describe_pipeline(name: str = "bundled") -> str:
    """Name and version of a pipeline ("en_news_sm-0.1.0"), for the extractor's name."""
    meta = load_pipeline(name).meta
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"

"""Annotated documents as cases: what each sentence shows, and what the answer says of it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from tracker.evaluation import GoldCorpus, load_gold
from tracker.evaluation.corpus import NameTable
from tracker.nlp.claims import DocumentReader, frame_of
from tracker.nlp.clauses import cut_clauses
from tracker.nlp.composing import Facts, compose_claims
from tracker.nlp.extractor import RuleExtractor
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.learned.choosing import accused_traits
from tracker.nlp.learned.linear import ClaimModel
from tracker.nlp.learned.network import label_of
from tracker.nlp.learned.parties import NOBODY, Scene
from tracker.nlp.model import load_pipeline
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import Sentence, TextView, make_sentences
from tracker.types import ACCUSING_TYPES, Claim, ClaimType, Document, Extraction

sys.path.insert(0, str(Path(__file__).parents[1]))
import build_corpus

WEIGHTS = {"gold": 5.0}
"""How often the documents of a folder count: those of data/gold are as the press writes, many others harder."""


@dataclass
class Page:
    """A document with its answer, ready to be read."""

    folder: str
    document: Document
    answer: Extraction
    view: TextView
    facts: Facts
    issuer: str | None

    def clauses(self) -> TextView:
        """As the tracker reads it, with sentences cut; what is learned is whole sentences, of which an answer tells."""
        parse = self.view.doc.copy() if self.view.doc is not None else None
        return cut_clauses(replace(self.view, doc=parse), self.facts.mentions)


@dataclass
class Choice:
    """One choice of parties: which of a sentence's candidates are meant, and how each stands to the speaker."""

    kind: ClaimType
    candidates: list[int]
    beside: list[list[str]]
    """Empty for a choice of speakers."""
    answers: list[bool]


@dataclass
class SentenceCase:
    """A sentence with what the answer says of it."""

    traits: list[str]
    directions: np.ndarray
    words: list[tuple[str, tuple[str, ...], str]]
    """(form, fields, dependency label) of each."""
    kinds: set[ClaimType]
    parties: list[list[str]] = field(default_factory=list)
    """The traits of each candidate, of nobody first."""
    places: list[list[int]] = field(default_factory=list)
    """The words that name or describe each candidate, by index."""
    speakers: list[Choice] = field(default_factory=list)
    accused: list[Choice] = field(default_factory=list)


@dataclass
class Cases:
    """What the models are fitted on, of one document."""

    weight: float
    sentences: list[SentenceCase] = field(default_factory=list)


def load_corpus(folder: Path) -> GoldCorpus:
    """A gold folder, or one that holds the marked-up sources of one."""
    if not (folder / "source").is_dir():
        return load_gold(folder)  # what was built from sources may be older than they are
    with tempfile.TemporaryDirectory() as built:
        for name, content in build_corpus.build(folder / "source", gazetteer=True).items():
            Path(built, name).write_text(content, encoding="utf-8")
        return load_gold(Path(built))


def load_pages(folders: Iterable[Path]) -> list[Page]:
    """The relevant and background documents of gold folders, the English ones parsed."""
    pages, nlp, extractor = [], load_pipeline(), RuleExtractor()
    for folder in folders:
        corpus = load_corpus(folder)
        pairs = [(d, a) for d, a in corpus.pairs() if a.relevance != "irrelevant"]
        english = [document for document, _ in pairs if document.language == "en"]
        parses: dict[str, Doc] = dict(
            zip((d.id for d in english), nlp.pipe((d.text for d in english), batch_size=8), strict=True)
        )
        for d, answer in pairs:
            sentences = make_sentences(d.text, split_sentences(d.text))
            view = TextView(
                d.text, d.language, sentences, parses.get(d.id), d.publisher, d.publisher_type, d.published, d.title
            )
            facts = Facts(answer.mentions, answer.quantities, answer.dates)
            issuer = _in_its_ids(extractor.issuer_of(d, answer.mentions), d, answer, corpus.names)
            pages.append(Page(folder.name, d, answer, view, facts, issuer))
    return pages


def _in_its_ids(issuer: str | None, document: Document, answer: Extraction, names: NameTable) -> str | None:
    """The id that an answer has for the issuer of a document who is not named in it ("we")."""
    told = {party for claim in answer.claims for party in (claim.speaker, claim.on_behalf_of, *claim.accused) if party}
    if issuer is None or issuer in told:
        return issuer
    publisher = document.publisher.split(" (")[0]
    return next((party for party in sorted(told) if names.are_same(party, issuer, publisher)), issuer)


def collect(page: Page, model: ClaimModel | None = None) -> Cases:
    """The cases of one document: each sentence with what the answer, or a model, reads in those before it."""
    cases = Cases(WEIGHTS.get(page.folder, 1.0))
    reader = DocumentReader(page.view, page.facts, load_gazetteer(), page.issuer)
    if model is not None:
        reader.learned.model = model
    for sentence in reader.sentences():
        look = reader.look(sentence)
        claims = _claims_in(page, sentence)
        words = [(word.form, word.fields, label_of(word)) for word in look.worded.words]
        case = SentenceCase(look.traits, look.directions, words, {claim.type for claim in claims})
        cases.sentences.append(case)
        if claims:
            _add_choices(case, reader.learned.scene(look), claims)
        frames = [frame_of(claim) for claim in claims] if model is None else reader.learned.revise(look)
        noted = claims if model is None else compose_claims(reader.discourse, sentence, frames, page.facts)
        reader.note(look, noted, frames)
    return cases


def _claims_in(page: Page, sentence: Sentence) -> list[Claim]:
    """The claims of the answer whose span holds most of a sentence."""
    half = (sentence.end - sentence.start) / 2
    return [c for c in page.answer.claims if min(sentence.end, c.end) - max(sentence.start, c.start) > half]


def _add_choices(case: SentenceCase, scene: Scene, claims: list[Claim]) -> None:
    parties = [NOBODY, *scene.candidates]
    case.parties = [scene.nobody(), *(scene.part_of(party) for party in scene.candidates)]
    case.places = [[], *(scene.places_of(party) for party in scene.candidates)]
    charges = [row for row, party in enumerate(parties) if party and scene.candidates[party].type != "publisher"]
    for kind in sorted(case.kinds):
        told = {claim.speaker or NOBODY for claim in claims if claim.type == kind}
        case.speakers.append(Choice(kind, list(range(len(parties))), [], [party in told for party in parties]))
        for speaker in sorted(told) if kind in ACCUSING_TYPES else ():
            charged = {p for c in claims if c.type == kind and (c.speaker or NOBODY) == speaker for p in c.accused}
            beside = [accused_traits(parties[row], speaker or None, sorted(told)) for row in charges]
            case.accused.append(Choice(kind, charges, beside, [parties[row] in charged for row in charges]))

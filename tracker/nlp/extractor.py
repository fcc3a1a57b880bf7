"""The rule extractor: text to values, offline, on one CPU. Implements `tracker.ports.Extractor`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from spacy.tokens import Doc

from tracker.ids import digest_of, slugify
from tracker.nlp.claims import find_claims
from tracker.nlp.composing import Facts
from tracker.nlp.dates import find_dates
from tracker.nlp.gazetteer import load_gazetteer
from tracker.nlp.language import language_of
from tracker.nlp.learned.linear import FOLDER as CLAIM_MODEL
from tracker.nlp.lexicon import lexicon_folder
from tracker.nlp.model import describe_pipeline, load_pipeline, make_docs
from tracker.nlp.names import find_names
from tracker.nlp.nameweights import FOLDER as NAME_MODEL
from tracker.nlp.quantities import find_quantities
from tracker.nlp.relevance import judge_relevance
from tracker.nlp.sentences import split_sentences
from tracker.nlp.view import TextView, make_sentences
from tracker.resources import bundled_path
from tracker.types import Claim, Document, Entity, Extraction, Mention, Relevance

RULES = Path(__file__).parent
"""The folder whose code decides what is read out of a text."""

_BATCH = 32
_MAX_PARSED_CHARS = 120_000
"""Names and claims are read in the first 120,000 characters (some 40 pages); figures and dates in the whole text."""


@dataclass(frozen=True)
class _Work:
    document: Document
    text: str
    language: str
    relevance: Relevance
    view: TextView


class RuleExtractor:
    """Gazetteer, patterns and cue lexicons over a spaCy parse."""

    def __init__(self, model: str = "bundled", gazetteer: Path | None = None, *, gated: bool = False) -> None:
        """Load nothing heavy yet.

        Args:
            model: `bundled`, a folder, or the name of an installed spaCy pipeline.
            gazetteer: another folder of entities than the bundled one.
            gated: read nothing more out of a document that is judged irrelevant. Collecting wants that: of a page
                that is not on the matter nothing is shown.

        Raises:
            UnreadableInput: the gazetteer is broken; names file and line.
        """
        self._model = model
        self._gated = gated
        self._gazetteer = load_gazetteer(gazetteer)

    @cached_property
    def name(self) -> str:
        """Which rules, which model, which data: changes whenever one of them does."""
        files = [*sorted(RULES.rglob("*.py")), *sorted(lexicon_folder().glob("*.yaml"))]
        files += [bundled_path(CLAIM_MODEL) / "card.json", *sorted(bundled_path(NAME_MODEL).iterdir())]
        rules = digest_of(*(path.read_text(encoding="utf-8") for path in files), length=8)
        return (
            f"rules:{rules}+{describe_pipeline(self._model)}+gazetteer:{self._gazetteer.digest}{'+gated' * self._gated}"
        )

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The gazetteer's entities."""
        return self._gazetteer.entities()

    def extract(self, document: Document) -> Extraction:
        """Everything read out of one document.

        Raises:
            ModelMissing: the pipeline is not installed.
        """
        return next(iter(self.extract_all([document])))

    def extract_all(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """Extractions in the order of the documents, parsed in batches.

        Raises:
            ModelMissing: the pipeline is not installed.
        """
        batch: list[Document] = []
        for document in documents:
            batch.append(document)
            if len(batch) == _BATCH:
                yield from self._batch(batch)
                batch = []
        yield from self._batch(batch)

    def _batch(self, documents: list[Document]) -> Iterator[Extraction]:
        works = [self._prepare(document) for document in documents]
        english = [
            work
            for work in works
            if work.language == "en" and work.text.strip() and not (self._gated and work.relevance == "irrelevant")
        ]
        parses: dict[int, Doc] = {}
        if english:
            nlp = load_pipeline(self._model)
            texts = ((work.view.text, [(s.start, s.end) for s in work.view.sentences]) for work in english)
            docs = nlp.pipe(make_docs(nlp, texts), batch_size=_BATCH)
            parses = dict(zip((id(work) for work in english), docs, strict=True))
        for work in works:
            yield self._read(work, parses.get(id(work)))

    def _prepare(self, document: Document) -> _Work:
        text = _parsable(document.text)
        language = language_of(document.language, text)
        sentences = make_sentences(text, split_sentences(text[:_MAX_PARSED_CHARS]))
        relevance = judge_relevance(sentences, language, document.title)
        view = TextView(
            text[:_MAX_PARSED_CHARS],
            language,
            sentences,
            None,
            document.publisher,
            document.publisher_type,
            document.published,
            document.title,
        )
        return _Work(document, text, language, relevance, view)

    def _read(self, work: _Work, parse: Doc | None) -> Extraction:
        document = work.document
        if self._gated and work.relevance == "irrelevant":
            return Extraction(document.id, "irrelevant")
        view = replace(work.view, doc=parse)
        mentions = find_names(view, self._gazetteer)
        dates = tuple(find_dates(work.text, document.published, work.language))
        # Without a day of publication some dates stay unresolved, and their numbers would pass for counts.
        known = dates if document.published is not None else None
        quantities = tuple(find_quantities(work.text, work.language, known))
        facts = Facts(mentions, quantities, dates)
        claims: tuple[Claim, ...] = ()
        if work.relevance != "irrelevant":
            issuer = self.issuer_of(document, mentions)
            if parse is not None or work.language != "en":
                claims = find_claims(view, facts, self._gazetteer, issuer)
        extraction = Extraction(document.id, work.relevance, mentions, quantities, dates, claims)
        return _with_own_words(extraction, document.text) if work.text != document.text else extraction

    def issuer_of(self, document: Document, mentions: tuple[Mention, ...]) -> str | None:
        """Who speaks in a body's own statement: the publisher, where it is a company or a public body."""
        if document.publisher_type not in ("company", "government"):
            return None
        name = re.sub(r"\s*\([^)]*\)\s*$", "", document.publisher).strip()
        if not name:
            return None
        known = self._gazetteer.find_by_name(name)
        if known is not None:
            return known.id
        same = next(
            (
                m.entity_id
                for m in mentions
                if m.name.casefold() == name.casefold() or m.text.casefold() == name.casefold()
            ),
            None,
        )
        return same or slugify(name)


_ODD = re.compile("[\x00\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")


def _parsable(text: str) -> str:
    """The text with what no reader sees replaced by a space, one for one, so that offsets stay."""
    return _ODD.sub(" ", text)


def _with_own_words(extraction: Extraction, text: str) -> Extraction:
    """Put the document's own characters back into the spans."""
    return replace(
        extraction,
        mentions=tuple(replace(m, text=text[m.start : m.end]) for m in extraction.mentions),
        quantities=tuple(replace(q, text=text[q.start : q.end]) for q in extraction.quantities),
        dates=tuple(replace(d, text=text[d.start : d.end]) for d in extraction.dates),
        claims=tuple(replace(c, text=text[c.start : c.end]) for c in extraction.claims),
    )

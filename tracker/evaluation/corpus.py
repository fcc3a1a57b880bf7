"""The gold corpus: documents with the answers of a careful analyst (docs/annotation-guide.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.errors import UnreadableInput
from tracker.evaluation.figurepairs import FigurePair, load_figure_pairs
from tracker.evaluation.jsonlines import read_lines
from tracker.records import document_from_record, extraction_from_record
from tracker.types import Document, Extraction


def normalise_name(text: str | None) -> str:
    """A name for comparing: without case, hyphens as spaces, one kind of apostrophe, single spaces."""
    return " ".join((text or "").casefold().replace("-", " ").replace("’", "'").split())


@dataclass(frozen=True)
class NameTable:
    """The names under which each canonical entity is known; an id is one of its own names."""

    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> NameTable:
        """A table of id -> names and aliases as they are written."""
        return cls({key: frozenset(map(normalise_name, (key, *values))) for key, values in names.items()})

    def joined(self, other: NameTable) -> NameTable:
        """Both tables as one: an entity is known under the names of either."""
        keys = {*self.names, *other.names}
        return NameTable({key: self.names.get(key, frozenset()) | other.names.get(key, frozenset()) for key in keys})

    def are_same(self, gold_id: str | None, predicted_id: str | None, predicted_name: str | None) -> bool:
        """Whether a predicted entity is the gold one: by id, name or alias; nobody is only the same as nobody."""
        if gold_id is None or predicted_id is None:
            return gold_id is None and predicted_id is None
        known = self.names.get(gold_id, frozenset({normalise_name(gold_id)}))
        return normalise_name(predicted_id) in known or normalise_name(predicted_name) in known


@dataclass(frozen=True)
class GoldCorpus:
    """Documents in order, with the gold answer of each by its id."""

    documents: tuple[Document, ...]
    answers: Mapping[str, Extraction]
    events: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The ids of the events that a document reports."""
    names: NameTable = field(default_factory=NameTable)
    figure_pairs: tuple[FigurePair, ...] = ()
    """How the figures of the events stand to each other; empty where nobody marked them."""

    def pairs(self) -> Iterator[tuple[Document, Extraction]]:
        """Each document with its answer."""
        return ((document, self.answers[document.id]) for document in self.documents)

    def only(self, ids: Iterable[str]) -> GoldCorpus:
        """The part of the corpus with these ids."""
        wanted = set(ids)
        kept = tuple(document for document in self.documents if document.id in wanted)
        return GoldCorpus(kept, self.answers, self.events, self.names)


def load_names(path: Path) -> NameTable:
    """The names of a registry.json (a list of `id`, `name`, `aliases`); an empty table if there is no such file."""
    if not path.exists():
        return NameTable()
    rows = json.loads(path.read_text(encoding="utf-8"))
    return NameTable.of({row["id"]: (row["name"], *(row.get("aliases") or ())) for row in rows})


def load_gold(folder: Path, names: NameTable | None = None) -> GoldCorpus:
    """A gold folder: documents.jsonl, gold.jsonl, and registry.json and figure_pairs.jsonl where they lie beside them.

    Args:
        names: the names of the entities; without it those of the folder's registry.json.

    Raises:
        UnreadableInput: a file is missing or broken, or an answer is of no document; names file and line.
    """
    documents: dict[str, Document] = {}
    for number, record in read_lines(folder / "documents.jsonl"):
        try:
            document = document_from_record(record)
        except UnreadableInput as exc:
            raise UnreadableInput(f"{folder / 'documents.jsonl'}, line {number}: {exc.detail}") from exc
        documents[document.id] = document
    answers: dict[str, Extraction] = {}
    events: dict[str, frozenset[str]] = {}
    for number, record in read_lines(folder / "gold.jsonl"):
        where = f"{folder / 'gold.jsonl'}, line {number}"
        document_id = str(record.get("id"))
        if document_id not in documents:
            raise UnreadableInput(f"{where}: no document has the id {document_id!r}")
        try:
            answers[document_id] = extraction_from_record(record, documents[document_id].text)
        except UnreadableInput as exc:
            raise UnreadableInput(f"{where}: {exc.detail}") from exc
        events[document_id] = frozenset(map(str, record.get("events") or ()))
    answered = tuple(document for document in documents.values() if document.id in answers)
    texts = {document.id: document.text for document in answered}
    pairs = load_figure_pairs(folder / "figure_pairs.jsonl", texts)
    return GoldCorpus(answered, answers, events, names or load_names(folder / "registry.json"), pairs)

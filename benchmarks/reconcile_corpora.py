"""Annotated corpora for measuring how documents are grouped: folders like data/gold, and data/training."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tracker.evaluation import GoldCorpus, load_gold
from tracker.ids import sha256_hex
from tracker.nlp.gazetteer import load_gazetteer
from tracker.types import Document, Entity, Extraction, StoredDocument, Version

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import build_corpus  # noqa: E402

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def load_annotated(folder: Path) -> tuple[GoldCorpus, tuple[Entity, ...]]:
    """The documents of a folder whose events are annotated, and the entities that they name.

    A folder is one as data/gold, or as data/training: sources, and an events.txt beside them.
    """
    if not (folder / "events.txt").exists():
        corpus, names = load_gold(folder), folder / "registry.json"
    else:
        with tempfile.TemporaryDirectory() as built:
            for name, content in build_corpus.build(folder / "source", gazetteer=True).items():
                Path(built, name).write_text(content, encoding="utf-8")
            corpus, names = load_gold(Path(built)), Path(built, "registry.json")
            corpus = replace(corpus, events=read_events(folder / "events.txt"))
            return corpus.only(corpus.events), entities_of(names)
    return corpus, entities_of(names)


def read_events(path: Path) -> dict[str, frozenset[str]]:
    """The events of each document, from lines of `event: documents`; what is `alone` has an event of its own."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        event, colon, documents = line.partition("#")[0].partition(":")
        if not colon and event.strip():
            raise SystemExit(f"{path}, line {number}: expected `event: documents`, found {line!r}")
        for document in documents.split():
            found[document].add(f"alone-{document}" if event.strip() == "alone" else event.strip())
    return {document: frozenset(events) for document, events in found.items()}


def entities_of(registry: Path) -> tuple[Entity, ...]:
    """The gazetteer's entities, and those of a registry.json where there is one."""
    found = {entity.id: entity for entity in load_gazetteer().entities()}
    for row in json.loads(registry.read_text(encoding="utf-8")) if registry.exists() else ():
        one = Entity(row["id"], row["name"], row["type"], tuple(row.get("aliases") or ()), row.get("parent"))
        found.setdefault(one.id, one)
    return tuple(found.values())


def stored_documents(documents: Iterable[Document], answers: Mapping[str, Extraction]) -> list[StoredDocument]:
    """Documents as the store would give them: those of one address are versions of one document."""
    pages: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        pages[document.url].append(document)
    stored = []
    for url, found in pages.items():
        found.sort(key=lambda one: (str(one.published), one.id))
        first, versions = found[0], []
        for number, one in enumerate(found, 1):
            digest = sha256_hex(one.text)
            versions.append(Version(one.id, first.id, number, one.title, one.text, digest, one.published, one.language,
                                    one.kind, None, _AT, _AT))  # fmt: skip
        extractions = tuple(answers[version.id] for version in versions)
        stored.append(StoredDocument(first.id, url, first.publisher, first.publisher_type, "corpus", _AT, _AT,
                                     tuple(versions), extractions))  # fmt: skip
    return stored

"""Write a copy of an annotated folder in which the names that the gazetteer knows are invented ones.

    python tools/renamed_copies.py data/gold /tmp/renamed --seed 1
    python benchmarks/reconcile.py --part quality --quick --corpus /tmp/renamed

Next week's stories name companies that no gazetteer has. In the copy each company, model, person, organisation,
publisher and law of the gazetteer has another name of the same form, the same for all documents: "Moonshot AI" may be
"Kelvane AI" and then "Moonshot" is "Kelvane"; a bill has another number. Places and public bodies keep their names, for
readers know those. Answers move with the text, so the copy is a folder like any other.

A folder is one as data/gold, or as data/training, of which the documents of events.txt are taken.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import srsly

for folder in (".", "tools/model"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
from invented_names import NameMaker  # noqa: E402

from benchmarks.reconcile_corpora import load_annotated  # noqa: E402
from tracker.errors import UnreadableInput  # noqa: E402
from tracker.evaluation import GoldCorpus  # noqa: E402
from tracker.ids import slugify  # noqa: E402
from tracker.nlp.gazetteer import load_gazetteer  # noqa: E402
from tracker.records import document_to_record, extraction_to_record  # noqa: E402
from tracker.types import Claim, Document, Entity, EntityType, Extraction  # noqa: E402

RENAMED: frozenset[EntityType] = frozenset({"company", "model", "person", "organisation", "publisher", "law"})
_WORDS: dict[str, list[str]] = srsly.read_yaml(Path(__file__).with_suffix(".yaml"))
_KEPT = frozenset(_WORDS["kept"])
_WORD = re.compile(r"[^\W\d_\u4e00-\u9fff]+|\d{3,}|[\u4e00-\u9fff]+")
_SPOKEN = "维诺拉森尔克洛米塔贝伦芬索卡雷顿莫希瓦琳奥蒂南弗吉柯珀夏兰登布曼斯韦哈利洁伊玛温菲罗恩特凡迪朗格"
"""Characters with which foreign names are written."""
_PLAIN_HAN = frozenset("公司集团科技人工智能实验室大学研究院法案清单新闻社报")


class Renamer:
    """New names for old ones, word by word, so that parts and wholes of a name stay related."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._names = NameMaker(self._random)
        self._words: dict[str, str] = {}

    def rename(self, name: str, kind: EntityType) -> str:
        """The name that stands for this one; the same each time."""
        first = True

        def other(found: re.Match[str]) -> str:
            nonlocal first
            word = found[0]
            made = self._word(word, kind, first)
            first = False
            return made

        renamed = _WORD.sub(other, name)
        return self._remembered(name, kind, True) if renamed == name else renamed

    def _word(self, word: str, kind: EntityType, first: bool) -> str:
        if word.casefold() in _KEPT or (len(word) == 1 and word.isascii()):
            return word
        if "\u4e00" <= word[0] <= "\u9fff":
            return "".join(one if one in _PLAIN_HAN else self._remembered(one, kind, first) for one in word)
        return self._remembered(word, kind, first)

    def _remembered(self, word: str, kind: EntityType, first: bool) -> str:
        key = word.casefold()
        if key not in self._words:
            taken = set(self._words.values())
            draws = (made for _, made in zip(range(200), self._draws(word, kind, first), strict=False))
            self._words[key] = next((made for made in draws if made not in taken), word)
        made = self._words[key]
        return made.upper() if word.isupper() and len(word) > 1 else made

    def _draws(self, word: str, kind: EntityType, first: bool) -> Iterator[str]:
        while True:
            if word.isdigit():
                yield str(self._random.randint(10 ** (len(word) - 1), 10 ** len(word) - 1))
            elif "\u4e00" <= word <= "\u9fff":
                yield self._random.choice(_SPOKEN)
            elif word.isupper() and len(word) <= 5:
                yield "".join(self._random.choice("ABCDEFGHKLMNPRSTV") for _ in word)
            elif kind == "law":
                yield self._random.choice(_WORDS["legal"])
            elif kind == "person":
                yield self._names.person()[0] if first else self._names.surname()
            else:
                yield self._names.organisation_word() if self._random.random() < 0.5 else self._names.word()


def _forms(entities: Iterable[Entity], texts: Iterable[tuple[str, Entity]]) -> dict[str, Entity]:
    """Every form in which an entity may be named, the longest first."""
    forms = {name: one for one in entities for name in (one.name, *one.aliases)}
    forms.update(texts)
    return dict(sorted(forms.items(), key=lambda item: (-len(item[0]), item[0])))


def _without_marks(text: str, forms: dict[str, Entity], renamer: Renamer) -> str:
    """A title or a publisher's name with other names in it."""
    known = [form for form in forms if len(form) > 1]
    if not known:
        return text
    found = re.compile("|".join(rf"(?<![^\W\u4e00-\u9fff]){re.escape(form)}(?![^\W\u4e00-\u9fff])" for form in known))
    return found.sub(lambda match: renamer.rename(match[0], forms[match[0]].type), text)


def rename_document(
    document: Document, answer: Extraction, of: dict[str, Entity], ids: dict[str, str], renamer: Renamer
) -> tuple[Document, Extraction]:
    """A document and its answer with other names. `of` are the entities that are renamed, `ids` their new ids."""
    mentions = sorted((m for m in answer.mentions if m.entity_id in of), key=lambda m: m.start)
    pieces, shifts, at, moved = list[str](), list[tuple[int, int, int, int]](), 0, 0
    for mention in mentions:
        if mention.start < at:
            continue
        made = renamer.rename(mention.text, of[mention.entity_id].type)
        pieces += [document.text[at : mention.start], made]
        start = mention.start + moved
        moved += len(made) - len(mention.text)
        shifts.append((mention.start, mention.end, start, start + len(made)))
        at = mention.end
    text = "".join([*pieces, document.text[at:]])

    def place(offset: int, is_end: bool) -> int:
        best = offset
        for start, end, new_start, new_end in shifts:
            if start < offset < end:
                return new_end if is_end else new_start
            if end <= offset:
                best = offset + new_end - end
            elif start == offset:
                return new_start
        return best

    def span(start: int, end: int) -> dict[str, Any]:
        left, right = place(start, False), place(end, True)
        return {"start": left, "end": right, "text": text[left:right]}

    def new(one: str | None) -> str | None:
        return ids.get(one, one) if one else one

    def claim(one: Claim) -> Claim:
        left, right = place(one.start, False), place(one.end, True)
        return replace(
            one, start=left, end=right, text=text[left:right], speaker=new(one.speaker),
            on_behalf_of=new(one.on_behalf_of), accused=renewed(one.accused), target=renewed(one.target),
            via=renewed(one.via), accused_as=one.accused_as and _without_marks(one.accused_as, forms, renamer),
        )  # fmt: skip

    def renewed(several: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(ids.get(one, one) for one in several)

    own = {of[m.entity_id] for m in mentions}
    forms = _forms(own, ((m.text, of[m.entity_id]) for m in mentions))
    renamed = replace(
        answer,
        mentions=tuple(replace(m, **span(m.start, m.end), entity_id=str(new(m.entity_id)),
                               name=renamer.rename(m.name, m.type) if m.entity_id in of else m.name)
                       for m in answer.mentions),
        quantities=tuple(replace(q, **span(q.start, q.end)) for q in answer.quantities),
        dates=tuple(replace(d, **span(d.start, d.end)) for d in answer.dates),
        claims=tuple(map(claim, answer.claims)),
    )  # fmt: skip
    everybody = _forms(of.values(), ())
    return (
        replace(document, text=text, title=_without_marks(document.title, forms, renamer),
                publisher=_without_marks(document.publisher, everybody, renamer)),
        renamed,
    )  # fmt: skip


def rename_corpus(corpus: GoldCorpus, entities: Iterable[Entity], seed: int) -> tuple[GoldCorpus, list[Entity]]:
    """The corpus with other names, and the entities that it names."""
    known = {one.id for one in load_gazetteer().entities()}
    listed = sorted(entities, key=lambda one: one.id)
    of = {one.id: one for one in listed if one.id in known and one.type in RENAMED}
    renamer = Renamer(seed)
    names = {key: renamer.rename(one.name, one.type) for key, one in of.items()}
    ids: dict[str, str] = {}
    for key, name in names.items():
        slug = slugify(name)
        ids[key] = slug if slug not in ids.values() else f"{slug}-{of[key].type}"
    made = [rename_document(document, answer, of, ids, renamer) for document, answer in corpus.pairs()]
    used = {m.entity_id for _, answer in made for m in answer.mentions}
    rows = [
        replace(one, id=ids.get(one.id, one.id), name=names.get(one.id, one.name),
                parent=ids.get(one.parent or "", one.parent),
                aliases=tuple(renamer.rename(a, one.type) for a in one.aliases) if one.id in of else one.aliases)
        for one in listed if ids.get(one.id, one.id) in used
    ]  # fmt: skip
    copy = GoldCorpus(tuple(d for d, _ in made), {d.id: answer for d, answer in made}, corpus.events)
    return copy, rows


def main() -> None:
    """Read, rename, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path, help="where the copy goes")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other names")
    said = parser.parse_args()
    try:
        loaded = load_annotated(said.folder)
    except UnreadableInput as error:
        parser.error(str(error))
    corpus, rows = rename_corpus(*loaded, said.seed)
    said.out.mkdir(parents=True, exist_ok=True)
    written = {
        "documents.jsonl": [document_to_record(document) for document, _ in corpus.pairs()],
        "gold.jsonl": [extraction_to_record(answer) | {"events": sorted(corpus.events[document.id])}
                       for document, answer in corpus.pairs()],
    }  # fmt: skip
    for name, records in written.items():
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (said.out / name).write_text("".join(lines), encoding="utf-8")
    registry = [{"id": row.id, "name": row.name, "type": row.type, "aliases": list(row.aliases)}
                | ({"parent": row.parent} if row.parent else {}) for row in rows]  # fmt: skip
    (said.out / "registry.json").write_text(json.dumps(registry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(corpus.documents)} documents, {len(registry)} entities")


if __name__ == "__main__":
    main()

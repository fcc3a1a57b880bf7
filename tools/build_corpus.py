"""Builds an annotated corpus from its marked-up sources: `python tools/build_corpus.py data/heldout`.

FOLDER/source holds the documents (`*.txt`), the entities (`entities*.txt`, lines of
`id | type | name | alias; alias | parent`) and perhaps `events.txt`. `--gazetteer` lets the documents name the shipped
gazetteer's entries too; `--check` writes nothing.

A source document is a header of `key: value` lines, a line `---`, the text, a line `===` and one claim a line.
Marks in the text, which the built text no longer has:

    [Halcyon Labs]  [Beijing|chinese-government]       a mention; the id is looked up by name where none is given
    {q1|about 40 accounts|accounts ~40}                a quantity: kind, then = ~ > < * (vague) or a range low..high
    {q2|CAD 3m|money/CAD =3m}                          money names its currency; k, m and bn multiply
    {d1|last Tuesday|2026-09-08}  {d2|May|2026-05-01..2026-05-31}
    <1>The sentence that states a claim.</1>           what the claim lines call 1; 1-2 runs from 1 to the end of 2

A claim line is `1 allegation halcyon-labs | acc: brightreef | tgt: corvid | q: q1 | d: d1 | via: x | for: y`, with `-`
for no speaker, `as:` for the words of `accused_as` and `st:` for a status other than the usual one of its type.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.nlp.gazetteer import load_gazetteer

GAZETTEER = Path(__file__).parents[1] / "data" / "gazetteer"
DOCUMENT_KEYS = ("id", "url", "publisher", "publisher_type", "published", "language", "title")
USUAL_STATUS = {"denial": "denied", "no_response": "asserted"}
CLAIM_KEYS = {"acc", "as", "tgt", "q", "d", "via", "for", "st"}
QUALIFIERS = {"=": "exact", "~": "about", ">": "over", "<": "under", "*": "vague"}
FACTORS = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}
MARK = re.compile(r"\[|\]|\{([qd]\d+)\||\}|</?(\d+)>|\|")

Row = dict[str, Any]


class BadSource(ValueError):
    """A source file breaks the markup; the message names the file and the place."""


@dataclass
class Marked:
    """A text without its marks, and what the marks said."""

    text: str = ""
    entities: list[tuple[int, int, str]] = field(default_factory=list)
    values: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    sentences: dict[int, list[int]] = field(default_factory=dict)


def read_marks(source: str) -> Marked:
    """Strip the marks of `source` and keep their offsets in the stripped text. Raises BadSource."""
    marked, open_marks, at = Marked(), list[tuple[str, int]](), 0
    while mark := MARK.search(source, at):
        marked.text += source[at : mark.start()]
        at, here, sign = mark.end(), len(marked.text), mark.group()
        if sign == "[" or mark.group(1):
            open_marks.append((mark.group(1) or "[", here))
        elif mark.group(2):
            marked.sentences.setdefault(int(mark.group(2)), []).append(here)
        elif not open_marks:
            raise BadSource(f"{sign!r} closes nothing after {marked.text[-40:]!r}")
        else:
            name, start = open_marks.pop()
            closing = "]" if name == "[" else "}"
            end = at if sign == closing else source.index(closing, at) + 1
            said = source[at : end - 1] if sign == "|" else ""
            at = end
            if name == "[":
                marked.entities.append((start, here, said))
            else:
                marked.values[name] = (start, here, said)
    marked.text += source[at:]
    if open_marks or any(len(ends) != 2 for ends in marked.sentences.values()):
        raise BadSource(f"left open: {open_marks} {marked.sentences}")
    return marked


def read_quantity(said: str) -> Row:
    """The values of a quantity mark such as `money/EUR >3m`. Raises BadSource."""
    kind, _, value = said.partition(" ")
    kind, _, unit = kind.partition("/")
    if ".." in value:
        low, high = (_number(part) for part in value.split(".."))
        values: Row = {"kind": kind, "low": low, "high": high, "qualifier": "range"}
    else:
        if value[:1] not in QUALIFIERS:
            raise BadSource(f"no such quantity: {said!r}")
        qualifier, number = QUALIFIERS[value[0]], _number(value[1:])
        values = {"kind": kind, "low": None if qualifier == "under" else number}
        values |= {"high": number if qualifier in ("exact", "about", "under") else None, "qualifier": qualifier}
    return values | ({"unit": unit} if unit else {})


def _number(written: str) -> int | float:
    found = re.fullmatch(r"([\d.]+)(k|m|bn|)", written)
    if not found:
        raise BadSource(f"no such number: {written!r}")
    number = round(float(found.group(1)) * FACTORS[found.group(2)], 6)
    return int(number) if number == int(number) else number


def read_registry(source: str) -> list[Row]:
    """The entities of `id | type | name | alias; alias | parent` lines; # begins a comment."""
    rows = []
    for line in source.splitlines():
        if line.strip() and not line.startswith("#"):
            key, kind, name, aliases, parent = (part.strip() for part in (line + " |||").split("|")[:5])
            row: Row = {"id": key, "name": name, "type": kind}
            row["aliases"] = [alias.strip() for alias in aliases.split(";") if alias.strip()]
            rows.append(row | ({"parent": parent} if parent else {}))
    return rows


def _header(source: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in source.strip().splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _names(registry: list[Row]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for row in registry:
        for name in (row["name"], *row["aliases"]):
            names.setdefault(name, set()).add(row["id"])
    return names


def _entities(marked: Marked, registry: list[Row]) -> list[Row]:
    types, names, rows = {row["id"]: row["type"] for row in registry}, _names(registry), []
    for start, end, said in sorted(marked.entities):
        words = marked.text[start:end]
        found = {said} if said else set(names.get(words, ()))
        if len(found) != 1 or not found <= set(types):
            raise BadSource(f"which entity is {words!r}? {sorted(found)}")
        key = found.pop()
        rows.append({"start": start, "end": end, "text": words, "id": key, "type": types[key]})
    return rows


def _values(marked: Marked, letter: str) -> tuple[list[Row], dict[str, int]]:
    labels = sorted((label for label in marked.values if label[0] == letter), key=lambda label: marked.values[label])
    rows = []
    for label in labels:
        start, end, said = marked.values[label]
        row: Row = {"start": start, "end": end, "text": marked.text[start:end]}
        first, _, last = said.partition("..")
        rows.append(row | (read_quantity(said) if letter == "q" else {"from": first, "to": last or first}))
    return rows, {label: index for index, label in enumerate(labels)}


def _claim(line: str, marked: Marked, indices: dict[str, int], known: set[str]) -> Row:
    head, *parts = (part.strip() for part in line.split(" | "))
    where, kind, speaker = head.split()
    said = {key: value.strip() for key, _, value in (part.partition(":") for part in parts)}
    ids = {key: re.findall(r"[^\s,]+", said.get(key, "")) for key in ("acc", "tgt", "via", "for")}
    unknown = {name for names in ids.values() for name in names} | {speaker} - {"-"}
    if not set(said) <= CLAIM_KEYS or unknown - known:
        raise BadSource(f"unknown keys or ids in {line!r}: {sorted(unknown - known)}")
    first, _, last = where.partition("-")
    start, end = marked.sentences[int(first)][0], marked.sentences[int(last or first)][1]
    row: Row = {"type": kind, "start": start, "end": end, "text": marked.text[start:end]}
    row |= {"speaker": None if speaker == "-" else speaker, "accused": ids["acc"], "target": ids["tgt"]}
    row |= {key: [indices[label] for label in said.get(key[0], "").split()] for key in ("quantities", "dates")}
    row |= {"via": ids["via"], "status": said.get("st", USUAL_STATUS.get(kind, "alleged"))}
    if "as" in said and said["as"] not in row["text"]:
        raise BadSource(f"not in the sentence: {said['as']!r}")
    return row | ({"accused_as": said["as"]} if "as" in said else {}) | ({"for": ids["for"][0]} if ids["for"] else {})


def read_document(source: str, registry: list[Row]) -> tuple[Row, Row, str]:
    """A document, its answer and its genre, from the text of one source file. Raises BadSource."""
    head, _, rest = source.partition("\n---\n")
    body, _, claim_lines = rest.partition("\n===\n")
    header, marked = _header(head), read_marks(body.strip())
    quantities, quantity_index = _values(marked, "q")
    dates, date_index = _values(marked, "d")
    known, indices = {row["id"] for row in registry}, quantity_index | date_index
    lines = [line for line in claim_lines.splitlines() if line.strip() and not line.startswith("#")]
    claims = sorted((_claim(line, marked, indices, known) for line in lines), key=lambda row: int(row["start"]))
    answer: Row = {"id": header["id"], "relevance": header["relevance"], "events": header.get("events", "").split()}
    answer |= {"entities": _entities(marked, registry), "quantities": quantities, "dates": dates, "claims": claims}
    return {key: header[key] for key in DOCUMENT_KEYS} | {"text": marked.text}, answer, header["genre"]


def _events(source: str, answers: list[Row]) -> list[Row]:
    rows = []
    for block in source.strip().split("\n\n"):
        said = _header(block)
        first, _, last = said["date"].partition("..")
        figures = {}
        for figure in filter(None, said.get("figures", "").split(";")):
            values = read_quantity(figure.strip())
            figures[values["kind"]] = {key: values[key] for key in ("low", "high", "qualifier")}
        rows.append(
            {"id": said["id"], "date": {"from": first, "to": last or first}, "type": said["type"]}
            | {"title": said["title"], "actors": said["actors"].split(), "figures": figures}
            | {"documents": [answer["id"] for answer in answers if said["id"] in answer["events"]]}
        )
    return rows


def gazetteer_rows(folder: Path = GAZETTEER) -> list[Row]:
    """The shipped gazetteer's entries as registry rows."""
    rows = []
    for entry in load_gazetteer(folder).entries.values():
        one, names = entry.entity, dict.fromkeys(entry.short)
        for language in ("en", "zh", "fr", "de", "es", "pt"):
            names |= dict.fromkeys(entry.names(language))
        aliases = [name for name in names if name != one.name]
        rows.append({"id": one.id, "name": one.name, "type": one.type, "aliases": aliases, "parent": one.parent})
    return rows


def registries(source: Path, gazetteer: bool) -> dict[str, list[Row]]:
    """The entities that documents may name, by the prefix of the document's file: those of its own list come first.

    `entities-wr.txt` holds those of the documents `wr-*.txt`, `entities.txt` those of any.
    """
    common = gazetteer_rows() if gazetteer else []
    if (source / "entities.txt").exists():
        common = read_registry((source / "entities.txt").read_text("utf-8")) + common
    found = {"": common}
    for path in sorted(source.glob("entities-*.txt")):
        own = read_registry(path.read_text("utf-8"))
        names = {name for row in own for name in (row["name"], *row["aliases"])}
        # a name of the own list hides the same name elsewhere
        rest = [row for row in common if row["id"] not in {one["id"] for one in own}]
        hidden = [row | {"aliases": [a for a in row["aliases"] if a not in names]} for row in rest]
        found[path.stem.partition("-")[2]] = (
            own
            + [row for row in hidden if row["name"] not in names]
            + [row | {"name": "", "aliases": []} for row in hidden if row["name"] in names]
        )
    return found


def _merged(lists: dict[str, list[Row]], faults: list[str]) -> list[Row]:
    """All lists as one; an id that two lists give to different entities is a fault."""
    rows: dict[str, Row] = {}
    for prefix, listed in lists.items():
        for row in listed:
            known = rows.setdefault(row["id"], {key: value for key, value in row.items() if value is not None})
            if row["name"] and known["name"] != row["name"]:
                where = f"entities-{prefix}.txt: {row['id']!r}"
                faults.append(f"{where} is {known['name']!r} elsewhere, {row['name']!r} here")
    return list(rows.values())


def unmarked(text: str, answer: Row) -> list[str]:
    """Words of the text that are a name of one of its mentions, and yet stand outside every mark."""
    marks = [(row["start"], row["end"]) for row in answer["entities"]]
    found: list[str] = []
    for words in sorted({row["text"] for row in answer["entities"]}):
        edge = r"\b" if words.isascii() else ""
        hits = (hit.span() for hit in re.finditer(edge + re.escape(words) + edge, text))
        loose = [(left, right) for left, right in hits if not any(a < right and left < b for a, b in marks)]
        found += [f"{words!r} is not marked in {text[max(0, a - 20) : b + 20]!r}" for a, b in loose]
    return found


def build(source: Path, gazetteer: bool = False) -> dict[str, str]:
    """The files of the corpus by name, from the folder of its sources. Raises BadSource naming the file at fault."""
    lists, documents, answers, faults = registries(source, gazetteer), [], [], []
    for path in sorted(source.glob("*.txt")):
        if path.stem.startswith(("entities", "events")):
            continue
        try:
            own = lists.get(path.stem.partition("-")[0], lists[""])
            document, answer, _ = read_document(path.read_text(encoding="utf-8"), own)
        except (BadSource, KeyError, ValueError) as error:
            why = f"no header line, sentence or mark is called {error}" if isinstance(error, KeyError) else error
            faults.append(f"{path.name}: {why}")
            continue
        documents.append(document)
        answers.append(answer)
    if faults:
        raise BadSource("\n".join(faults))
    used = {row["id"] for answer in answers for row in answer["entities"]}
    for claim in (claim for answer in answers for claim in answer["claims"]):
        used |= {claim["speaker"], claim.get("for"), *claim["accused"], *claim["target"], *claim["via"]}
    registry = _merged(lists, faults)
    if faults:
        raise BadSource("\n".join(faults))
    used |= {row.get("parent") for row in registry if row["id"] in used}
    events = source / "events.txt"
    rows = _events(events.read_text(encoding="utf-8"), answers) if events.exists() else []
    return {
        "documents.jsonl": _lines(documents),
        "gold.jsonl": _lines(answers),
        "events.json": json.dumps(rows, ensure_ascii=False, indent=1) + "\n",
        "registry.json": json.dumps([r for r in registry if r["id"] in used], ensure_ascii=False, indent=1) + "\n",
    }


def _lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> int:
    """Build the folder that the command line names, or say what is wrong in which file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="the corpus; its sources stand in FOLDER/source")
    parser.add_argument("--gazetteer", action="store_true", help="the documents also name entries of data/gazetteer")
    parser.add_argument("--check", action="store_true", help="say what is wrong, write nothing")
    said = parser.parse_args()
    if not (said.folder / "source").is_dir():
        parser.error(f"{said.folder / 'source'}: no such folder; the marked-up documents have to stand there")
    try:
        files = build(said.folder / "source", said.gazetteer)
    except BadSource as error:
        print(error, file=sys.stderr)
        return 1
    for name, content in files.items() if not said.check else ():
        (said.folder / name).write_text(content, encoding="utf-8")
    answers = [json.loads(line) for line in files["gold.jsonl"].splitlines()]
    texts = [json.loads(line)["text"] for line in files["documents.jsonl"].splitlines()]
    for text, answer in zip(texts, answers, strict=True):
        for fault in unmarked(text, answer):
            print(f"{answer['id']}: {fault}", file=sys.stderr)
    print(f"{len(answers)} documents, {sum(len(answer['claims']) for answer in answers)} claims")
    return 0


if __name__ == "__main__":
    sys.exit(main())

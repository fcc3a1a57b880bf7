"""`tracker find`: which of all collected documents hold some words, and where."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.markup import escape
from rich.padding import Padding

from tracker.access.selecting import day_of, language_range
from tracker.app import App
from tracker.cli.console import checked_choice, err, out, progress_lines
from tracker.cli.data import DataOption, open_data
from tracker.cli.query import FORMATS, FormatOption, PublishedSinceOption, PublishedUntilOption, cell
from tracker.errors import InputError, UnknownSource
from tracker.fulltext.found import ORDERS, Findings, Found, Order, Scope
from tracker.fulltext.passages import Passage, Shown, Span, find_hits, find_passages
from tracker.fulltext.questions import parse_question
from tracker.render.exports import Format, render_records
from tracker.render.wording import clean, count_words

CONTEXT: dict[str, Any] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""A word with a dash before it is a word to leave out, and no option: so none here has a short form."""
_TOLD_FROM = 200
"""So many versions to file take long enough to tell of."""
_HIT = "bold yellow"
_MARKS = ("«", "»")
"""Around what was looked for, where nothing can be coloured."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A version that answers, with the passages to show of it."""

    found: Found
    shown: Shown
    title_hits: Sequence[Span]


def find(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            help='All have to be there: word, "a phrase", `begin*`, `*part*`, `~misspelt`; '
            "`-word` is left out; `OR` parts choices.",
        ),
    ],
    source: Annotated[str | None, typer.Option("--source", help="Only what this source gave.")] = None,
    since: PublishedSinceOption = None,
    until: PublishedUntilOption = None,
    language: Annotated[str | None, typer.Option("--language", metavar="TAG", help="Such as en, zh or zh-CN.")] = None,
    all_versions: Annotated[
        bool,
        typer.Option("--all-versions", help="Each version; otherwise the newest of a document that has the words."),
    ] = False,
    order: Annotated[str, typer.Option("--order", help=" | ".join(ORDERS))] = "relevance",
    most: Annotated[int, typer.Option("--limit", min=1, max=1_000, help="Documents at most.")] = 20,
    passages: Annotated[int, typer.Option("--passages", min=0, max=50, help="Passages of each at most.")] = 2,
    format: FormatOption = "table",
    folder: DataOption = None,
    config: Annotated[
        Path | None, typer.Option("--config", help="The configuration; otherwise config.yaml here.")
    ] = None,
) -> None:
    """Look for words in every collected document: published or not, relevant or not, and in what pages said before.

    Case and accents do not matter; Chinese is found by any part of a run. The first time makes a full-text index.

    Quote what the shell would take: `tracker find '"model weights" distill* -openai'`

    Example: `tracker find distillation anthropic --since 2026-06-01`
    """  # fmt: skip
    checked_choice(format, FORMATS, "--format")
    question = parse_question(_typed(words))
    scope = _scope(source, since, until, language, all_versions, checked_choice(order, ORDERS, "--order"), most)
    with open_data(config, folder) as app:
        _bring_up_to_date(app)
        findings = app.store.find_words(question, scope)
        if source is not None and not findings.found:
            _check_source(app, source)
    hits = list(_hits(findings, passages))
    if format == "table":
        _print_hits(hits)
        _print_sums(findings, scope)
    else:
        sys.stdout.write(render_records([_record(hit, format) for hit in hits], cast(Format, format), _FIELDS))
        if len(hits) < _total(findings, scope):
            err.print(f"the first {len(hits)} of {_total(findings, scope):,}; --limit allows more", soft_wrap=True)


def _typed(words: Sequence[str]) -> str:
    for word in words:
        if word.startswith("--"):
            raise InputError(f"there is no option {word.partition('=')[0]}; a word to leave out has one dash: -word")
    return " ".join(_phrased(word) for word in words)


def _phrased(word: str) -> str:
    """-"a phrase" loses its quotes to the shell, and would leave out its first word alone."""
    parted = len(word.split()) > 1 and word.startswith("-") and '"' not in word
    return f'-"{word[1:]}"' if parted else word


def _scope(
    source: str | None, since: str | None, until: str | None, language: str | None, all_versions: bool, order: str,
    most: int,
) -> Scope:  # fmt: skip
    first = date.fromisoformat(day_of(since, "--since")) if since is not None else None
    last = date.fromisoformat(day_of(until, "--until")) if until is not None else None
    if first and last and first > last:
        raise InputError(f"--since {first} is after --until {last}")
    return Scope(source, first, last, language_range(language), all_versions, cast(Order, order), most)


def _bring_up_to_date(app: App) -> None:
    with progress_lines() as progress:

        def note(done: int, total: int) -> None:
            if total >= _TOLD_FROM:
                progress("index", done, total)

        left = app.store.index_words(note)
    if left:
        told = count_words(left, "version is", "versions are")
        err.print(f"[yellow]{told} not looked through:[/] the database cannot be written just now", soft_wrap=True)


def _check_source(app: App, source: str) -> None:
    known = {item.name for item in app.settings.sources}
    if source not in known and next(app.store.load_shelf(source), None) is None:
        raise UnknownSource(f"{source!r}; `tracker sources` names them")


def _hits(findings: Findings, most: int) -> Iterator[_Hit]:
    for item in findings.found:
        shown = find_passages(item.text, findings.question, most)
        yield _Hit(item, shown, find_hits(item.title, findings.question))


def _total(findings: Findings, scope: Scope) -> int:
    return findings.versions if scope.all_versions else findings.documents


def _print_hits(hits: Sequence[_Hit]) -> None:
    for hit in hits:
        item = hit.found
        day = f"{item.published}" if item.published else f"undated, fetched {item.fetched_at:%Y-%m-%d}"
        title = _marked(item.title, 0, len(item.title), hit.title_hits) if item.title.strip() else "(no title)"
        out.print(f"[bold]{title}[/]", soft_wrap=True)
        judged = (item.relevance or "not judged yet").replace("_", " ")
        facts = (day, cell(item.publisher), cell(item.source), judged, cell(item.version_id), *_age(item))
        out.print(f"    {'  '.join(fact for fact in facts if fact)}", soft_wrap=True)
        out.print(f"    {cell(item.url)}", soft_wrap=True)
        for passage in hit.shown.passages:
            out.print(Padding(_quoted(item.text, passage), (0, 0, 0, 4)))
        out.print()


def _age(item: Found) -> Iterator[str]:
    if item.version < item.versions:
        yield f"[yellow]version {item.version} of {item.versions}: the page has changed since[/]"
    elif item.versions > 1:
        yield f"version {item.version}, the newest"


def _quoted(text: str, passage: Passage) -> str:
    before, after = "… " * (passage.start > 0), " …" * (passage.end < len(text))
    return f"{before}{_marked(text, passage.start, passage.end, passage.hits)}{after}"


def _marked(text: str, start: int, end: int, hits: Sequence[Span], *, plainly: bool = False) -> str:
    """A stretch of a text in one line, what was looked for marked, as Rich's markup unless `plainly`."""
    shown: list[str] = []
    can_colour = out.is_terminal and not plainly
    at = start
    for first, last in (*hits, (end, end)):
        shown.append(_line(text[at:first], plainly))
        if last > first:
            hit = _line(text[first:last], plainly)
            shown.append(f"[{_HIT}]{hit}[/]" if can_colour else f"{_MARKS[0]}{hit}{_MARKS[1]}")
        at = last
    return "".join(shown).strip()


def _line(text: str, plainly: bool) -> str:
    """The same in one line, with the spaces at its ends."""
    line = " ".join(clean(f"|{text}|").split())[1:-1]
    return line if plainly else escape(line)


def _print_sums(findings: Findings, scope: Scope) -> None:
    for term in findings.question.terms:
        if term.kind != "words":
            stands = ", ".join(form.tokens[0] for form in term.forms[:12]) or "no word of any text"
            out.print(escape(f"{term.typed}: {stands}{' ...' if len(term.forms) > 12 else ''}"), soft_wrap=True)
    if not findings.found:
        out.print("no document has that")
        for word, others in findings.similar.items():
            out.print(f"no text has {escape(repr(word))}; similar: {escape(', '.join(others))}", soft_wrap=True)
        return
    documents = count_words(findings.documents, "document", "documents")
    versions = count_words(findings.versions, "version", "versions")
    told = f"{documents}, {versions}" if findings.versions > findings.documents else documents
    if len(findings.found) < _total(findings, scope):
        told += f"; the first {len(findings.found)}, --limit allows more"
    if findings.ranked < findings.versions:
        told += f"; by relevance among the newest {findings.ranked:,}"
    out.print(told, soft_wrap=True)


_FIELDS = (
    "document", "version_id", "version", "versions", "title", "publisher", "published", "source", "url", "language",
    "fetched_at", "relevance", "hits", "passages",
)  # fmt: skip


def _record(hit: _Hit, format: str) -> dict[str, Any]:
    item = hit.found
    values = {
        "document": item.document_id,
        "published": item.published.isoformat() if item.published else None,
        "fetched_at": item.fetched_at.isoformat(),
        "hits": hit.shown.hits + len(hit.title_hits),
        "passages": [_passage_record(item.text, passage) for passage in hit.shown.passages],
    }
    if format == "csv":
        marked = (_marked(item.text, one.start, one.end, one.hits, plainly=True) for one in hit.shown.passages)
        values["passages"] = " … ".join(marked)
    return {name: values[name] if name in values else getattr(item, name) for name in _FIELDS}


def _passage_record(text: str, passage: Passage) -> dict[str, Any]:
    return {
        "start": passage.start,
        "end": passage.end,
        "text": text[passage.start : passage.end],
        "hits": [{"start": start, "end": end} for start, end in passage.hits],
    }

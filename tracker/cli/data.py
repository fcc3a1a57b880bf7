"""The commands that look at data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from tracker.app import App, open_app, open_extractor
from tracker.cli.console import (
    SOME_FAILED,
    ConfigOption,
    check_out,
    checked_choice,
    err,
    out,
    print_problems,
    settings_from,
    write_result,
)
from tracker.errors import UnreadableInput
from tracker.evaluation import (
    ERROR_KINDS,
    ErrorKind,
    Score,
    check_floors,
    find_errors,
    load_floors,
    load_gold,
    raise_floors,
    save_floors,
    score_by,
)
from tracker.evaluation.scoring import Breakdown
from tracker.records import extraction_to_record
from tracker.render.exports import render_records, review_records
from tracker.render.wording import count_words
from tracker.resources import bundled_path
from tracker.types import Problem

DataOption = Annotated[
    Path | None,
    typer.Option("--dir", "--data-dir", help="The data folder of another run, such as tracker-demo."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="What was known on that day (its end in UTC), or at that instant."),
]
OutOption = Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")]


@contextmanager
def open_data(config: Path | None, folder: Path | None) -> Iterator[App]:
    """The app over the configured data, or over that of a folder; a demo's is read with the sample's sources.

    Raises:
        UnreadableInput: the folder holds no database.
    """
    settings = settings_from(config)
    if folder is not None:
        if not (folder / "tracker.db").is_file():
            raise UnreadableInput(f"{folder} holds no tracker.db, so it is no data folder")
        settings = settings.model_copy(update={"data_dir": folder.resolve(), "database": None})
    with open_app(settings, shared=True) as app:  # nothing is written, so a run may go on meanwhile
        if folder is not None and config is None:
            from tracker.demo import demo_settings, is_demo

            if is_demo(app.store):
                app.settings = demo_settings(folder.resolve(), "127.0.0.1:9")
        yield app


def extract(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="JSON Lines (- is standard input), WARC, or folders, as for ingest."),
    ],
    path: OutOption = None,
    config: ConfigOption = None,
) -> None:
    """Documents in, extractions out, a line each; touches no database.

    Example: `tracker extract documents.jsonl --out extractions.jsonl`
    """
    from tracker.pipeline.ingest import find_files, read_documents

    files = find_files(paths)
    check_out(path, [file for file, _ in files])
    items = [item for file, root in files for item in read_documents(file, root)]
    problems = [item for item in items if isinstance(item, Problem)]
    documents = [item[1] for item in items if not isinstance(item, Problem)]
    print_problems(problems)
    if not documents:
        raise UnreadableInput(f"{', '.join(map(str, paths))}: no document that can be used")
    extractor = open_extractor(settings_from(config).nlp)
    lines = [json.dumps(extraction_to_record(item), ensure_ascii=False) for item in extractor.extract_all(documents)]
    write_result("".join(f"{line}\n" for line in lines), path)
    if problems:
        raise typer.Exit(SOME_FAILED)


def evaluate(
    gold: Annotated[Path | None, typer.Option("--gold", help="A corpus folder; otherwise the bundled gold.")] = None,
    errors: Annotated[str | None, typer.Option("--errors", help="List the wrong cases of one row.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Also the scores of each part: " + " | ".join(get_args(Breakdown)))
    ] = None,
    raise_: Annotated[bool, typer.Option("--raise-floors", help="Write better scores as the new floors.")] = False,
    config: ConfigOption = None,
) -> None:
    """Score extraction against a gold corpus; the bundled one has floors that may only rise.

    Example: `tracker evaluate --errors claims`
    """
    from tracker.pipeline.evaluate import evaluate as run_evaluation
    from tracker.store import open_store

    folder = gold or bundled_path("data/gold")
    if errors is not None:
        checked_choice(errors, ERROR_KINDS, "--errors")
    if by is not None:
        checked_choice(by, get_args(Breakdown), "--by")
    corpus = load_gold(folder)
    settings = settings_from(config).nlp
    extractor = open_extractor(settings)
    with open_store("sqlite://") as store:
        result = run_evaluation(corpus, extractor, extractor.entities, store, settings.review_below)
    if errors is not None:
        for case in find_errors(cast(ErrorKind, errors), corpus, result.predictions, names=result.names):
            place = "" if case.start is None else f" {case.start}..{case.end}"
            text = f"{case.side:<7} {case.document_id}{place}  {case.detail}  {case.text!r}"
            out.print(text, markup=False, soft_wrap=True)
        return
    floor_file = folder / "floors.json"
    floors = load_floors(floor_file) if floor_file.exists() else {}
    rows = {**result.scores, "claims published": result.published}
    print_scores(f"{folder}: {len(corpus.documents)} documents", rows, floors)
    if by is not None:
        parts = score_by(corpus, result.predictions, cast(Breakdown, by), names=result.names)
        for part, scores in parts.items():
            print_scores(part, scores, {})
    if raise_:
        save_floors(floor_file, raise_floors(result.scores, floors))
    elif fallen := check_floors(result.scores, floors):
        for line in fallen:
            err.print(f"[bold red]below the floor:[/] {line}")
        raise typer.Exit(1)


def print_scores(title: str, scores: Mapping[str, Score], floors: Mapping[str, float]) -> None:
    """Scores as a table."""
    table = Table(title=title, title_justify="left", pad_edge=False, box=SIMPLE_HEAD)
    for name in ("", "P", "R", "F1", "floor", "gold", "predicted", "right"):
        table.add_column(name, justify="right" if name else "left")
    for name, item in scores.items():
        floor = f"{floors[name]:.3f}" if name in floors else ""
        right = "" if item.right is None else str(item.right)
        numbers = (f"{item.precision:.3f}", f"{item.recall:.3f}", f"{item.f1:.3f}")
        table.add_row(name, *numbers, floor, str(item.gold), str(item.predicted), right)
    out.print(table)


_REVIEW_FORMATS = ("table", "json")


def review(
    format: Annotated[str, typer.Option("--format", help=" | ".join(_REVIEW_FORMATS))] = "table",
    folder: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """List the claims that are too unsure to be published (`nlp.review_below`), the least sure first.

    Example: `tracker review --format json`
    """
    checked_choice(format, _REVIEW_FORMATS, "--format")
    with open_data(config, folder) as app:
        settings = app.settings
        records = review_records(app.dataset())
    if format == "json":
        write_result(render_records(records, "json"), None)
        return
    table = Table(pad_edge=False, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("confidence", "claim", "document", "words", "read by"):
        table.add_column(name, overflow="fold")
    for item in records:
        accused = f" of {', '.join(item['accused'])}" if item["accused"] else ""
        claim = f"{item['type']} by {item['speaker'] or 'nobody named'}{accused}"
        cells = (claim, item["document"], item["quote"], ", ".join(item["features"]))
        table.add_row(f"{item['confidence']:.2f}", *map(escape, cells))
    if records:
        out.print(table)
    waiting = count_words(len(records), "claim awaits review", "claims await review")
    out.print(f"{waiting}: confidence below {settings.nlp.review_below:g}")


COMMANDS = (extract, evaluate, review)

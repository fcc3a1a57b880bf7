"""Run the example notebooks in order and keep what they print and draw, without Jupyter.

    .venv/bin/python tools/notebook.py                    # crawls the sample anew for the answers, 20 s
    .venv/bin/python tools/notebook.py --check FILE.db    # says whether the outputs kept are those of this database

A notebook opens `tracker.db` in the folder that it runs in; here that is the sample's. Its cells are run as Python, one
after the other; the value of a cell's last line is shown, as SVG or HTML where it can be.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from sample_crawl import crawl_sample

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def run(notebook: dict[str, Any], database: Path) -> dict[str, Any]:
    """The notebook with the outputs of its cells over a database."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copyfile(database, "tracker.db")
        cells = [_run_cell(cell, names) if cell["cell_type"] == "code" else cell for cell in _numbered(notebook)]
        for value in names.values():
            if type(value).__module__.startswith("tracker.access"):
                getattr(value, "close", lambda: None)()
    return notebook | {"cells": cells}


def _numbered(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    counts = iter(range(1, len(notebook["cells"]) + 1))
    return [
        cell | {"execution_count": next(counts)} if cell["cell_type"] == "code" else cell for cell in notebook["cells"]
    ]


def _run_cell(cell: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    body = ast.parse("".join(cell["source"]))
    last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(body, "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if text := printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)})
    if value is not None:
        outputs.append(_shown(value, cell["execution_count"]))
    return cell | {"outputs": outputs}


def _shown(value: Any, number: int) -> dict[str, Any]:
    data: dict[str, Any] = {"text/plain": repr(value).splitlines(keepends=True)}
    for method, media_type in (("_repr_svg_", "image/svg+xml"), ("_repr_html_", "text/html")):
        if hasattr(value, method):
            data[media_type] = getattr(value, method)().splitlines(keepends=True)
    return {"output_type": "execute_result", "execution_count": number, "data": data, "metadata": {}}


def render(path: Path, database: Path) -> str:
    """The file of a notebook as it comes out over a database."""
    return json.dumps(run(json.loads(path.read_text(encoding="utf-8")), database), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """The exit code: 1 where outputs are not those of the database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "database", nargs="?", type=Path, help="the sample's data/tracker.db; without it a new one is made"
    )
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    options = parser.parse_args()
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        database = options.database.resolve() if options.database else crawl_sample(Path(folder))
        for path in sorted(EXAMPLES.glob("*.ipynb")):
            text = render(path, database)
            if text != path.read_text(encoding="utf-8"):
                stale.append(path.name)
                if not options.check:
                    path.write_text(text, encoding="utf-8")
    if options.check and stale:
        print(f"{', '.join(stale)}: not what this database gives; run `python tools/notebook.py`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

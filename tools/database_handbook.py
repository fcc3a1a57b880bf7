"""Write docs/database.md: every view and column of the published database, and the worked questions with their answers.

    .venv/bin/python tools/database_handbook.py                    # crawls the sample anew for the answers, 20 s
    .venv/bin/python tools/database_handbook.py --check FILE.db    # says whether the page is that of this database

The descriptions are the comments in templates/database, the answers those of the sample's site.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sample_crawl import crawl_sample

from tracker.render.database import SCHEMA_VERSION, Question, Relation, load_questions, load_schema

PAGE = Path(__file__).resolve().parents[1] / "docs" / "database.md"
MOST_ROWS, MOST_CHARS = 6, 88

HEAD = """\
# The published database

<!-- Made by tools/database_handbook.py from templates/database and the sample; edit those. -->

`tracker publish` puts the dataset beside the pages as one SQLite file, `data/tracker.db`; `tracker export database
--out FILE` writes it without a site. Whatever reads SQLite reads it:

```sh
.venv/bin/tracker export database --dir tracker-demo --out tracker.db
sqlite3 tracker.db "SELECT published_on, speaker_name, quote FROM claims WHERE type = 'denial' ORDER BY published_on"
```

`tracker serve` (extra `serve`, [operations](operations.md#serving)) shows it in the browser with
[Datasette](https://datasette.io): every view with its descriptions, search and facets, the questions below, and a box
for SQL of your own, each answer also as JSON and CSV. Rows lead to the pages of the site.

```sh
.venv/bin/tracker serve --dir tracker-demo   # http://127.0.0.1:8001/data/tracker
curl 'http://127.0.0.1:8001/data/tracker/who-speaks-for.csv?body=white-house'
curl 'http://127.0.0.1:8001/data/tracker/claims.json?type=denial&_shape=array&_size=5'
curl -G http://127.0.0.1:8001/data/tracker.json --data-urlencode 'sql=SELECT count(*) FROM claims'
```

A query there reads and nothing else, for two seconds and 1000 rows at the most (`--timeout`, `--limit`). `_size` is
how many rows a page has; `.csv?_stream=on` gives a whole view, up to 50 MB. `data/metadata.json` describes the file
to a Datasette of your own: `datasette tracker.db --metadata metadata.json`.

The program asks it too, reading only and within limits of time and rows (`--timeout`, `--limit`), of a file (`--db`),
of the published site, or of a data folder (`--dir tracker-demo`), as `--format table`, `json` or `csv`:

```sh
.venv/bin/tracker query "SELECT kind, text, speaker_name FROM figures WHERE low >= 1000000" --dir tracker-demo
.venv/bin/tracker query who-speaks-for --set body=white-house --dir tracker-demo   # a question below, by its name
.venv/bin/tracker claims --about qwen --since 2026-06-01 --dir tracker-demo
.venv/bin/tracker entity Alibaba --dir tracker-demo
.venv/bin/tracker event 2026-06-10-anthropic-allegation-alibaba --dir tracker-demo --format json
```

- **Views are what it promises.** Tables whose names begin with an underscore hold the rows beneath and may change
  with any version. `about.schema_version` (here {version}, also `PRAGMA user_version`) changes when a view or
  column goes or means something else; a further column changes nothing. The file describes itself: `tables`,
  `columns`, and `.schema claims` in the `sqlite3` program, which shows the comments.
- **An allegation is somebody's word.** A claim keeps its speaker, on whose behalf, who passed it on, and in which
  words; `accused_as` says where a document accuses less than a name ("operators affiliated with Alibaba").
- **Every quote can be checked**: `quote` is `text[start_offset:end_offset]` (code points) of the version whose text
  has the SHA-256 in `version_sha256`. The texts themselves are not in the file: they are their publishers'.
- **As of an instant** T a claim stood if `first_seen_at <= T AND (gone_at IS NULL OR gone_at > T)`; `tracker export
  database --as-of DATE` gives the whole file as it would have been.
- **Search** in titles, summaries and quotes: `search` by words, `search_trigram` by any run of three characters or
  more, for Chinese and parts of words. Their `rowid` is the `search_id` of events, disputes, documents and claims:

  ```sql
  SELECT c.published_on, c.quote, c.link FROM search AS s JOIN claims AS c ON c.search_id = s.rowid
  WHERE search MATCH 'distill* AND letter' ORDER BY s.rank;
  ```
- **Equal data give equal bytes**, and no clock is asked: `about.built_on` is the last day on which the tracker
  looked at a page. Days on which something was last seen are days, not instants: a run without news changes the
  file once a day.
- **`about.content_sha256`** is the SHA-256 of a line for each row of the tables with an underscore but `_about`,
  `_tables` and `_columns`: `json_array('_table', column, ...)` and a line feed, tables in the order of `tables`,
  rows in that of their primary key.
"""


QUESTIONS = (
    "Each runs as it stands on the sample, and the answer below it is the sample's. In Datasette they are queries with "
    "their values as parameters."
)
VIEWS = (
    "In brackets stands what kind of value a column holds: `id` permanent, `word` one of few words, `day` as "
    "YYYY-MM-DD, `instant` as YYYY-MM-DDTHH:MM:SSZ, `offset` in code points from the start of a version's text, "
    "`flag` 0 or 1, `json` an array."
)


def render(database: Path) -> str:
    """The whole page."""
    uri = f"file:{database.resolve()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        parts = [
            HEAD.format(version=SCHEMA_VERSION),
            "## Ten questions",
            _wrapped(QUESTIONS),
            *(_question(connection, number, item) for number, item in enumerate(load_questions(), 1)),
            "## Views",
            _wrapped(VIEWS),
            *(_relation(item) for item in load_schema().relations if item.is_public),
        ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 118, break_long_words=False, break_on_hyphens=False)


def _question(connection: sqlite3.Connection, number: int, question: Question) -> str:
    cursor = connection.execute(question.example)
    names = [item[0] for item in cursor.description]
    rows = cursor.fetchall()
    lines = [
        f"### {number}. {question.title}",
        "",
        _wrapped(f"`{question.name}`: {question.told}"),
        "",
        "```sql",
        question.example,
        "```",
        "",
    ]
    lines += [" | ".join(["", *names, ""]).strip(), "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in rows[:MOST_ROWS]]
    if len(rows) > MOST_ROWS:
        lines += ["", f"and {len(rows) - MOST_ROWS} more."]
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
    return text if len(text) <= MOST_CHARS else f"{text[: MOST_CHARS - 1]}…"


def _relation(relation: Relation) -> str:
    return "\n".join([f"### {relation.name}", "", _wrapped(relation.description), "", *_columns(relation)])


def _columns(relation: Relation) -> Iterator[str]:
    for column in relation.columns:
        yield f"- `{column.name}` [{column.kind}] {column.description}"


def main() -> int:
    """The exit code: 1 where the page is not that of the database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "database", nargs="?", type=Path, help="the sample's data/tracker.db; without it a new one is made"
    )
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = render(options.database or crawl_sample(Path(folder)))
    if options.check:
        if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page:
            return 0
        print("docs/database.md is not that of this database: run `make handbook`", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

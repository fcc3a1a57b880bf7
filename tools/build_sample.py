"""Render the sample web (data/sample/) from its documents: the same bytes on every machine.

usage: python tools/build_sample.py [--out DIR] [--pdf] [--check] [--measure]

Reads data/sample/documents.jsonl and tools/sample_layouts/, writes OUT/web/** and OUT/web.yaml. PDF files are taken as
they are in data/sample/web; `--pdf` makes them anew, with fpdf2, which is no dependency of the tracker. `--check`
writes nothing and ends with 1 where a file on disk differs. `--measure` says for how many pages the main text that
trafilatura finds is the document's text, paragraph by paragraph.
"""

from __future__ import annotations

import argparse
import io
import json
import posixpath
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML
from sample_discovery import Item, render_discovery
from sample_pages import AGENCIES, CORRECTED, SECTIONS, describe_day, describe_document, shorten

ROOT = Path(__file__).resolve().parents[1]
LAYOUTS = Path(__file__).resolve().parent / "sample_layouts"
HTML = "text/html; charset=utf-8"

REDIRECTED = {"dev-029": "/r/0501"}
"""Documents that their feed names by an address that only redirects to them."""
WRONG_CHARSET = {"web-009": "text/html; charset=iso-8859-1"}
"""UTF-8 bytes under a header that says otherwise; the page's own <meta charset> is right."""
FORBIDDEN = ("ledgerline.example", "/subscribers/chips-brief", "Subscribers' brief: what the chip buyers say")
GONE = ("meridianwire.example", "/world/2026/04/25/cable-reactions", "Reactions to the State Department's cable")
COMMENTS = {
    "greyweights.example": [
        ("K.", "I would like to see somebody else count as well."),
        ("tin whistle", "Nicely put. The link in the third paragraph took me a while."),
        ("Marek", "Late to this, but thank you for writing it down."),
    ],
    "narrowreading.example": [("Prudence", "My editor would have cut that word.")],
}
"""In edition 1 the last one has not been posted yet: a change of the page that is none of its text."""


@dataclass
class Web:
    """The files of the sample web, and its manifest."""

    files: dict[str, bytes] = field(default_factory=dict)
    hosts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(
        self,
        host: str,
        path: str,
        content: bytes | str,
        content_type: str,
        on: date,
        *,
        second: Any = None,
        **keys: Any,
    ) -> None:
        """Add a page; `second` is (content, day) for edition 2, `keys` are further keys of its manifest entry."""
        stem, suffix = _name_file(path, content_type)
        stem += "".join(f"-{name}-{value}" for name, value in (keys.get("query") or {}).items())
        entry = {"path": path, "content_type": content_type} | self._save(f"web/{host}/{stem}{suffix}", content, on)
        if second is not None:
            entry["edition_2"] = self._save(f"web/{host}/{stem}.edition2{suffix}", *second)
        self.hosts.setdefault(host, []).append(entry | keys)

    def _save(self, name: str, content: bytes | str, on: date) -> dict[str, Any]:
        if name in self.files:
            raise ValueError(f"two pages would lie in {name}")
        self.files[name] = content.encode() if isinstance(content, str) else content
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        return {"file": name, "last_modified": format_datetime(at, usegmt=True)}


def _name_file(path: str, content_type: str) -> tuple[str, str]:
    """The file of a page without its suffix, and the suffix: that of the address, else that of the content type."""
    stem, suffix = posixpath.splitext(path.strip("/") or "index")
    kind = content_type.partition(";")[0].rpartition("/")[2]
    return stem, suffix or {"html": ".html", "json": ".json", "plain": ".txt"}.get(kind, ".xml")


def load_documents(path: Path) -> list[dict[str, Any]]:
    """The documents, those of one host in the order of the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def render_pdf(row: dict[str, Any], agency: str) -> bytes:
    """A memo as PDF, uncompressed and with fixed dates and names. Needs fpdf2."""
    from fpdf import FPDF

    on = date.fromisoformat(row["published"])
    pdf = FPDF(format="letter")
    pdf.set_compression(False)
    pdf.set_creation_date(datetime(on.year, on.month, on.day, 12, tzinfo=UTC))
    pdf.set_producer("sample web")
    pdf.set_title(row["title"])
    pdf.set_lang("en-US")
    pdf.set_margins(25, 25)
    pdf.set_auto_page_break(auto=True, margin=150 if row["id"] == "web-005" else 25)
    pdf.add_page()
    for text, style, size in ((agency, "B", 11), (describe_day(on)["day_us"], "", 11), (row["title"], "B", 15)):
        pdf.set_font("Helvetica", style, size)
        pdf.multi_cell(0, 8, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Helvetica", "", 11)
    for paragraph in row["text"].split("\n\n"):
        pdf.ln(3)
        pdf.multi_cell(0, 6, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
    out = io.BytesIO()
    pdf.output(out)
    return out.getvalue()


def build_web(documents: list[dict[str, Any]], kept: Path | None) -> Web:
    """All files of the sample web; `kept` is where PDFs are taken from, None to make them anew."""
    env = Environment(
        loader=FileSystemLoader(LAYOUTS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    web = Web()
    sites = YAML(typ="safe", pure=True).load((LAYOUTS / "sites.yaml").read_text(encoding="utf-8"))
    for host, site in sites.items():
        rows = [row for row in documents if urlsplit(row["url"]).netloc == host]
        assert rows, host
        _add_site(web, env, host, _complete_site(site), rows, kept)
    return web


def _complete_site(site: dict[str, Any]) -> dict[str, Any]:
    kind, labels = site["discovery"]["kind"], site["nav"]
    types = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json_feed": "application/feed+json"}
    return {"language": "en", "short_name": site["name"], "content_type": HTML, "robots": None} | site | {
        "nav": [(label, "/about" if label == labels[-1] else "/") for label in labels],
        "feed_type": types.get(kind), "feed_path": site["discovery"]["path"],
    }  # fmt: skip


def _add_site(
    web: Web, env: Environment, host: str, site: dict[str, Any], rows: list[dict[str, Any]], kept: Path | None
) -> None:
    newest = date.fromisoformat(max(row["published"] for row in rows))
    first = [row for row in rows if row["id"] not in CORRECTED]
    if site["robots"] is not None:
        web.add(host, "/robots.txt", site["robots"], "text/plain", date(2025, 1, 1))
    for row in first:
        _add_document(web, env, host, site, row, rows, kept)
    items = [_make_item(row) for row in sorted(first, key=lambda row: row["published"], reverse=True)]
    _add_extra_pages(web, env, host, site, first, items)
    if site["discovery"]["path"] != "/":
        page = env.get_template("front.html.j2").render(site=site, items=items)
        web.add(host, "/", page, HTML, newest)
    web.add(host, "/about", env.get_template("about.html.j2").render(site=site), HTML, date(2025, 1, 1))
    later = [_make_item(row) for row in rows if row["id"] in CORRECTED]
    render_discovery(web, env, host, site, items, later)


def _find_related(host: str, row: dict[str, Any], rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    others = [(other["title"], urlsplit(other["url"]).path) for other in rows if other["id"] not in CORRECTED]
    related = [(title, path) for title, path in others if path != urlsplit(row["url"]).path]
    if host == GONE[0]:
        related.append((GONE[2], GONE[1]))
    return related[:4] or [("All texts of this host", "/")]


def _add_document(
    web: Web, env: Environment, host: str, site: dict[str, Any], row: dict[str, Any], rows: list[dict[str, Any]],
    kept: Path | None,
) -> None:  # fmt: skip
    path, on = urlsplit(row["url"]).path, date.fromisoformat(row["published"])
    if path.endswith(".pdf"):
        _add_pdf(web, host, path, row, site["name"], kept)
        return
    template = env.get_template(f"{site['layout']}.html.j2")
    related = _find_related(host, row, rows)
    values = describe_document(row, site, related)
    comments = COMMENTS.get(host, [])
    second = None
    if comments:
        values["comments"] = comments[:-1]
        second = (template.render(site=site, doc=values | {"comments": comments}), on + timedelta(days=9))
    for later in rows:
        if CORRECTED.get(later["id"]) == row["id"]:
            page = template.render(site=site, doc=describe_document(later, site, related))
            second = (page, date.fromisoformat(later["published"]))
    content_type = WRONG_CHARSET.get(row["id"], site["content_type"])
    web.add(host, path, template.render(site=site, doc=values), content_type, on, second=second)
    if row["id"] in REDIRECTED:
        moved = f'<!doctype html><title>Moved</title><p>Moved to <a href="{path}">{path}</a>.</p>\n'
        web.add(host, REDIRECTED[row["id"]], moved, HTML, on, status=301, headers={"Location": path})
    if site["discovery"]["kind"] == "api":
        _add_pdf(web, host, f"/pdf/{values['document_number']}.pdf", row, values["agency"], kept)


def _add_pdf(web: Web, host: str, path: str, row: dict[str, Any], agency: str, kept: Path | None) -> None:
    content = render_pdf(row, agency) if kept is None else (kept / f"web/{host}{path}").read_bytes()
    web.add(host, path, content, "application/pdf", date.fromisoformat(row["published"]))


def _add_extra_pages(
    web: Web, env: Environment, host: str, site: dict[str, Any], rows: list[dict[str, Any]], items: list[Item]
) -> None:
    """The page that robots.txt forbids, the address that answers 404; both are linked like any other."""
    if host == FORBIDDEN[0]:
        brief = rows[0] | {"title": FORBIDDEN[2], "url": f"http://{host}{FORBIDDEN[1]}", "published": "2026-05-28"}
        brief["text"] = "This brief is for subscribers.\n\nRobots are asked to stay away, and the tracker does."
        values = describe_document(brief, site, _find_related(host, brief, rows))
        page = env.get_template(f"{site['layout']}.html.j2").render(site=site, doc=values)
        web.add(host, FORBIDDEN[1], page, HTML, date(2026, 5, 28))
        items.insert(1, _make_item(brief))
    if host == GONE[0]:
        gone = rows[0] | {"title": GONE[2], "url": f"http://{host}{GONE[1]}", "published": "2026-04-25"}
        page = "<!doctype html><title>Not found</title><h1>This story is no longer available</h1>\n"
        web.add(host, GONE[1], page, HTML, date(2026, 4, 26), status=404)
        items.insert(2, _make_item(gone | {"text": "The story has been withdrawn."}))
    if site["layout"] == "government" and site["discovery"]["path"] != "/releases":
        page = env.get_template("listing_releases.html.j2").render(site=site, items=items)
        web.add(host, "/releases", page, HTML, date.fromisoformat(items[0].published))


def _make_item(row: dict[str, Any]) -> Item:
    on = date.fromisoformat(row["published"])
    path, number = urlsplit(row["url"]).path, int(row["id"][-3:])
    return Item(
        id=row["id"], path=REDIRECTED.get(row["id"], path), title=row["title"], published=row["published"],
        summary=shorten(row["text"].split("\n\n")[0]), language=row["language"], at=datetime(
            on.year, on.month, on.day, 8 + number % 11, number * 7 % 60, tzinfo=UTC),
        number=number, agency=AGENCIES.get(row["id"], ""), kind=SECTIONS.get(row["id"], "Notice"),
        days=describe_day(on),
    )  # fmt: skip


def dump_manifest(web: Web) -> bytes:
    """web.yaml."""
    yaml = YAML()
    yaml.width = 200
    out = io.BytesIO()
    out.write(b"# Made by tools/build_sample.py: what the sample web serves. Nothing else can be reached.\n")
    yaml.dump({"hosts": web.hosts}, out)
    return out.getvalue()


def write_web(files: dict[str, bytes], out: Path) -> None:
    """Write the files and remove those of an earlier build that are no more."""
    for path in sorted((out / "web").rglob("*")):
        if path.is_file() and path.relative_to(out).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)


def find_differences(files: dict[str, bytes], out: Path) -> list[str]:
    """Names of files that are missing, differ, or should not be there."""
    present = {path.relative_to(out).as_posix() for path in (out / "web").rglob("*") if path.is_file()} | {"web.yaml"}
    wrong = [name for name, content in files.items() if name not in present or (out / name).read_bytes() != content]
    return sorted([*wrong, *(present - set(files))])


def measure_text(documents: list[dict[str, Any]], web: Web, *, precise: bool) -> tuple[list[str], list[str]]:
    """(ids whose main text trafilatura finds exactly, ids where it differs); PDFs are left out.

    A first line that repeats the title does not count as a difference: the layouts put it inside the article.
    """
    import trafilatura

    same: list[str] = []
    differs: list[str] = []
    for row in documents:
        parts = urlsplit(row["url"])
        entry = next(entry for entry in web.hosts[parts.netloc] if entry["path"] == parts.path)
        if entry["content_type"] == "application/pdf":
            continue
        name = (entry["edition_2"] if row["id"] in CORRECTED else entry)["file"]
        found = trafilatura.extract(
            web.files[name].decode(), favor_precision=precise, include_comments=False, include_tables=False
        )
        paragraphs = [line.strip() for line in (found or "").splitlines() if line.strip()]
        if paragraphs[:1] == [row["title"]]:
            del paragraphs[0]
        (same if paragraphs == row["text"].split("\n\n") else differs).append(row["id"])
    return same, differs


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "sample")
    parser.add_argument("--pdf", action="store_true", help="make the PDF files anew (needs fpdf2)")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where files differ")
    parser.add_argument("--measure", action="store_true", help="compare trafilatura's main text with the documents")
    args = parser.parse_args()
    documents = load_documents(ROOT / "data" / "sample" / "documents.jsonl")
    web = build_web(documents, None if args.pdf else ROOT / "data" / "sample")
    files = web.files | {"web.yaml": dump_manifest(web)}
    if args.measure:
        for precise in (True, False):
            same, differs = measure_text(documents, web, precise=precise)
            total = len(same) + len(differs)
            print(f"favor_precision={precise}: {len(same)} of {total} equal; differs: {', '.join(differs) or 'none'}")
        return 0
    if args.check:
        wrong = find_differences(files, args.out)
        print("\n".join(wrong) or f"{len(files)} files are as built")
        return 1 if wrong else 0
    write_web(files, args.out)
    print(f"{len(files)} files in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

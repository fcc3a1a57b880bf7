"""llms.txt (llmstxt.org): what the site is and where its data lies, for programs that read pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tracker.render.catalogue import Catalogue
from tracker.render.page import DataFile
from tracker.render.views import Views
from tracker.render.wording import CLAIM_TYPE_WORDS, clean, count_words, shorten


def list_pages(views: Views) -> Iterator[DataFile]:
    """The one file, at the top of the site."""
    yield DataFile("llms.txt", partial(llms_txt, views))


def llms_txt(views: Views) -> bytes:
    """Markdown in the form that llmstxt.org gives: a title, a summary, notes, and lists of links."""
    catalogue = views.catalogue
    lines = [
        f"# {shorten(views.site.title, 120)}",
        "",
        "> Who says that who copied whose AI model by distillation: how much, when, and in which words of which version"
        " of which page. An allegation here is somebody's word, in the words of the document that reports it; it is no"
        " finding of this site.",
        "",
        f"{_totals(catalogue)}. Cite the page of an event, whose address is permanent, and quote the words with their"
        " speaker and document. Keep a figure's qualifier (over, nearly, about) and whoever stands between the speaker"
        " and the accused. That no answer was found means only that no document read here has one.",
    ]
    for title, rows in _sections(views):
        if rows:
            lines += ["", f"## {title}", "", *(f"- [{name}]({views.base}{path}): {what}" for name, path, what in rows)]
    return ("\n".join(lines) + "\n").encode()


def _totals(catalogue: Catalogue) -> str:
    counted = ((catalogue.events, "event"), (catalogue.claims, "claim"), (catalogue.documents, "document"))
    return ", ".join(count_words(len(things), name) for things, name in counted)


def _sections(views: Views) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    types = sorted({event.type for event in views.catalogue.events})
    yield (
        "Pages",
        [
            ("Timeline", "index.html", "the newest events; months, types and parties have pages of their own"),
            ("Disputes", "disputes/index.html", "who accuses whom, how that stands, and on which evidence"),
            ("Entities", "entities/index.html", "companies, people, public bodies, laws and models"),
            (
                "Vendor registers",
                "registers/index.html",
                "of each company what stands against it, what it answered, since when",
            ),
            ("Laws", "laws/index.html", "laws, bills and orders, with the last stage that words show"),
            ("Documents", "documents/index.html", "what was read, with the quoted passages and versions"),
            ("About and method", "about.html", "how to read this site, and how good its reading is"),
            ("Sources", "sources.html", "what is covered and what is not"),
        ],
    )
    yield (
        "Data",
        [
            ("Downloads", "downloads.html", "files with sizes, checksums, columns and licence"),
            ("Manifest", "downloads/manifest.json", "the same for programs, as a Data Package"),
            ("Events", "data/events.json", "all events, newest first; each page of an event has a .json beside it"),
            (
                "Claims",
                "downloads/claims.jsonl",
                "every claim with its exact words, speaker, document, version and place",
            ),
        ],
    )
    if views.base:
        yield (
            "Feeds",
            [
                ("All events", "feeds/index.xml", "Atom; also as JSON Feed (index.json)"),
                *((CLAIM_TYPE_WORDS[type_], f"feeds/types/{type_.replace('_', '-')}.xml", "Atom") for type_ in types),
            ],
        )
    yield "Optional", [("Corrections", "corrections.html", f"what people decided otherwise; {_decided(views)}")]


def _decided(views: Views) -> str:
    return clean(count_words(len(views.catalogue.edits), "decision"))

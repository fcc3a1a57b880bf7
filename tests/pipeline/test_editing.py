"""From a person's decision to the site: written down, applied to what is stored, shown with who and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.cli.curate import parse_figure
from tracker.config import Site, load_settings
from tracker.curation import append_edit, load_curation
from tracker.errors import InputError
from tracker.nlp.extractor import RuleExtractor
from tracker.pipeline.curating import tell_problems
from tracker.pipeline.editing import EditDesk
from tracker.pipeline.extract import extract
from tracker.pipeline.publish import load_dataset
from tracker.pipeline.reconcile import reconcile
from tracker.reconcile import Curator
from tracker.render import check_site, render_site
from tracker.render.exports import export_records, render_records
from tracker.store import SqlStore, open_store
from tracker.types import (
    Act,
    Confirmation,
    Correction,
    Curation,
    Dataset,
    Document,
    EntityEdit,
    EntityMerge,
    EventMerge,
    FigureFix,
    Reconciled,
    StageReport,
    StoredDocument,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
FIRST = Document(
    "t-1",
    "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts.",
    "https://wire.example/claude",
    "Wire",
    published=date(2026, 3, 3),
    title="Anthropic accuses DeepSeek of distillation of Claude",
)
SECOND = Document(
    "t-2",
    "OpenAI said on February 12, 2026 that Moonshot AI had distilled ChatGPT. Moonshot AI denied it.",
    "https://post.example/openai",
    "Post",
    published=date(2026, 2, 13),
    title="OpenAI accuses Moonshot AI of distillation",
)


@pytest.fixture
def store(extractor: RuleExtractor) -> Iterator[SqlStore]:
    with open_store("sqlite://") as opened:
        for document in (FIRST, SECOND):
            opened.save_ingested(document, datetime(2026, 3, 3, tzinfo=UTC))
        extract(opened, extractor)
        reconcile(opened, extractor, extractor.entities)
        yield opened


class Newsroom:
    """One store with its folder of edits."""

    def __init__(self, store: SqlStore, extractor: RuleExtractor, folder: Path) -> None:
        self.store, self.extractor, self.folder = store, extractor, folder

    @property
    def curation(self) -> Curation:
        return load_curation(self.folder, NOW)

    @property
    def desk(self) -> EditDesk:
        return EditDesk(self.store, self.curation, self.extractor.entities)

    def decide(self, act: Act) -> str:
        edit = self.desk.make_edit(act, "Ana Lyst <ana@desk.example>", "its words say so", NOW)
        append_edit(self.folder, edit)
        return edit.id

    def reconcile(self) -> StageReport:
        return reconcile(self.store, self.extractor, self.extractor.entities, curation=self.curation)

    @property
    def dataset(self) -> Dataset:
        return load_dataset(self.store, (), NOW, curation=self.curation, entities=self.extractor.entities)

    def pages(self) -> dict[str, str]:
        dataset = self.dataset
        pages = render_site(dataset, Site(title="Tracker"))
        assert check_site(pages, dataset, 0) == []
        return {path: body.decode(errors="replace") for path, body in pages.items()}

    def claim_of(self, document_id: str, type_: str = "allegation") -> str:
        records = self.dataset.reconciled.claims
        return next(r.id for r in records if r.document_id == document_id and r.claim.type == type_)

    def event_of(self, document_id: str) -> str:
        return next(e.id for e in self.dataset.reconciled.events if document_id in e.document_ids)


@pytest.fixture
def newsroom(store: SqlStore, extractor: RuleExtractor, tmp_path: Path) -> Newsroom:
    return Newsroom(store, extractor, tmp_path / "curation")


def test_a_title_of_an_event_that_was_hidden_since_is_not_quoted(newsroom: Newsroom) -> None:
    before = next(e.title for e in newsroom.dataset.reconciled.events if "t-1" in e.document_ids)
    newsroom.decide(newsroom.desk.title(newsroom.event_of("t-1"), "Another title"))
    newsroom.reconcile()
    assert before in newsroom.pages()["corrections.html"]
    newsroom.decide(newsroom.desk.hide(newsroom.event_of("t-1")))
    newsroom.reconcile()
    page = newsroom.pages()["corrections.html"]
    assert "an event was hidden" in page and before not in page and "Another title" not in page


def test_a_correction_stands_beside_what_was_read(newsroom: Newsroom) -> None:
    claim = newsroom.claim_of("t-1")
    fix = FigureFix("more than 300 fake accounts", 3_000, None, "over")
    anchor = newsroom.desk.claim(claim)
    newsroom.decide(Correction(anchor, ("accused",), accused=("moonshot-ai",), figures=(fix,)))
    assert newsroom.reconcile().problems == ()
    pages = newsroom.pages()
    page = pages[f"events/{newsroom.event_of('t-1')}.html"]
    assert "Edited by a person" in page and "Ana Lyst" in page and "ana@desk.example" not in page
    assert "<del><bdi>DeepSeek</bdi></del>" in page and "<ins><bdi>Moonshot AI</bdi></ins>" in page
    assert (
        "<del><bdi>DeepSeek</bdi></del>" in pages["documents/t-1.html"]
        and "its words say so" in pages["corrections.html"]
    )
    data = json.loads(pages[f"events/{newsroom.event_of('t-1')}.json"])
    assert data["edits"][0]["changes"][0] == {
        "claim": claim,
        "field": "accused",
        "before": "deepseek",
        "after": "moonshot-ai",
    }
    (record,) = [item for item in export_records(newsroom.dataset, "claims") if item["id"] == claim]
    assert record["accused"] == ["moonshot-ai"] and len(record["edits"]) == 1
    (log,) = export_records(newsroom.dataset, "curation")
    assert log["state"] == "applied" and log["changes"][0]["before"] == "deepseek"
    assert "moonshot-ai" in render_records([log], "csv")


def test_what_is_hidden_is_on_no_page_and_in_the_log(newsroom: Newsroom) -> None:
    assert any("300 fake accounts" in body for body in newsroom.pages().values())
    hidden = newsroom.event_of("t-1")
    edit = newsroom.decide(newsroom.desk.hide(hidden))
    newsroom.reconcile()
    pages = newsroom.pages()
    for body in pages.values():
        assert "300 fake accounts" not in body
    assert "This event is not shown" in pages[f"events/{hidden}.html"] and "Ana Lyst" in pages[f"events/{hidden}.html"]
    (log,) = export_records(newsroom.dataset, "curation")
    assert log["id"] == edit and "300" not in str(log)
    # the store keeps it, so that it comes back as it was
    assert len(newsroom.store.load_documents()[0].extractions[0].claims) > 0
    newsroom.decide(newsroom.desk.undo(edit))
    newsroom.reconcile()
    assert "300 fake accounts" in newsroom.pages()[f"events/{hidden}.html"]


def test_edits_survive_another_run_and_change_nothing_twice(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.desk.title(newsroom.event_of("t-1"), "Anthropic’s charge"))
    assert newsroom.reconcile().done == 2
    first = newsroom.dataset
    assert newsroom.reconcile().done == 0
    assert newsroom.dataset == first
    (event,) = [e for e in first.reconciled.events if e.title == "Anthropic’s charge"]
    assert event.edits


def test_an_edit_is_pending_until_events_are_made(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.desk.merge("moonshot-ai", "deepseek"))
    assert [item.state for item in newsroom.desk.judged()] == ["pending"]
    newsroom.reconcile()
    assert [item.state for item in newsroom.desk.judged()] == ["applied"]
    assert "moonshot-ai" not in {e.id for e in newsroom.dataset.reconciled.entities}
    page = newsroom.pages()["entities/deepseek.html"]
    assert "the name “moonshot-ai” was taken for DeepSeek" in page and "Moonshot AI" in page


def test_what_cannot_be_understood_is_told_at_every_run_and_the_run_goes_on(newsroom: Newsroom) -> None:
    newsroom.decide(newsroom.desk.merge("moonshot-ai", "deepseek"))
    path = newsroom.folder / "entities.yaml"
    path.write_text(
        path.read_text() + path.read_text().replace("merge-entities", "again").replace("into: deepseek", "into: openai")
    )
    with (newsroom.folder / "claims.yaml").open("a") as file:
        file.write("- id: broken\n  edit: 'hide_claim\n")
    for _ in range(2):
        problems = newsroom.reconcile().problems
        assert [p.where.rpartition("/")[2] for p in problems] == ["claims.yaml, line 2", "entities.yaml, line 12"]
        assert "is merged into 'deepseek' by edit" in problems[1].why
    assert len(newsroom.dataset.reconciled.events) == 2


def test_all_that_is_stored_is_looked_at_only_while_something_is_wrong(newsroom: Newsroom) -> None:
    looks: list[int] = []

    def load() -> tuple[tuple[StoredDocument, ...], Reconciled]:
        looks.append(1)
        return newsroom.store.load_documents(), newsroom.store.load_reconciled()[1]

    def tell() -> int:
        curator = Curator(newsroom.extractor.entities, newsroom.curation, newsroom.store.load_documents())
        return len(tell_problems(newsroom.store, curator, "key", load))

    assert (tell(), len(looks)) == (0, 0)  # without an edit there is nothing to look for
    newsroom.decide(newsroom.desk.merge("moonshot-ai", "deepseek"))
    assert [(tell(), len(looks)) for _ in range(2)] == [(0, 1), (0, 1)]
    path = newsroom.folder / "entities.yaml"
    path.write_text(path.read_text().replace("from: moonshot-ai", "from: nobody-at-all"))
    assert [(tell(), len(looks)) for _ in range(2)] == [(1, 2), (1, 3)]


def test_events_are_merged_by_their_ids_and_old_addresses_lead_on(newsroom: Newsroom) -> None:
    one, other = newsroom.event_of("t-1"), newsroom.event_of("t-2")
    act = newsroom.desk.merge(one, other)
    assert isinstance(act, EventMerge)
    newsroom.decide(act)
    newsroom.reconcile()
    (event,) = newsroom.dataset.reconciled.events
    moved = dict(newsroom.dataset.reconciled.redirects)
    assert {event.id, *moved} >= {one, other}
    # an id of before still names the event
    assert newsroom.desk.title(one, "x") and newsroom.desk.title(other, "x")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda n: n.desk.hide("c-nope"), "there is no claim or event 'c-nope'"),
        (lambda n: n.desk.hide(n.claim_of("t-1")[:-1]), "did you mean c-"),
        (lambda n: n.desk.hide(n.event_of("t-1")[:-1]), "did you mean 2026-"),
        (lambda n: n.desk.merge("moonshot-a", "deepseek"), "did you mean moonshot-ai"),
        (lambda n: n.desk.merge(n.event_of("t-1"), "deepseek"), "is an event and deepseek is none"),
        (lambda n: n.desk.merge(n.event_of("t-1"), n.event_of("t-1")), "one event already"),
        (lambda n: n.desk.split(n.event_of("t-1"), ["t-1"]), "at least one must stay"),
        (lambda n: n.desk.split(n.event_of("t-1"), ["c-nope"]), "is no claim or document of"),
        (lambda n: n.desk.title(n.event_of("t-1"), " "), "1 to 300 characters"),
        (lambda n: n.decide(EntityEdit("violet works", "Violet Works", "company")), "no spaces in an id"),
        (lambda n: n.desk.make_edit(n.desk.merge("moonshot-ai", "openai"), "me", "x" * 3000, NOW), "why: "),
        (lambda n: n.desk.undo("nope"), "there is no edit 'nope'"),
        (lambda n: n.decide(EntityMerge("deepseek", "deepseek")), "into itself"),
        (lambda n: n.decide(Correction(n.desk.claim(n.claim_of("t-1")), ("speaker",), speaker="nope")), "no entity has"),
        (
            lambda n: n.decide(
                Correction(n.desk.claim(n.claim_of("t-1")), (), figures=(FigureFix("x", 1, 1, "exact"),))
            ),
            "no figure in the words 'x'; it has 'more than 300 fake accounts'",
        ),
        (lambda n: n.desk.make_edit(Confirmation(n.desk.claim(n.claim_of("t-1"))), "me", " ", NOW), "--why"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_before_it_is_written(newsroom: Newsroom, make: object, why: str) -> None:
    with pytest.raises(InputError, match=r"(?s).*") as caught:
        make(newsroom)  # type: ignore[operator]
    assert why in str(caught.value)
    assert newsroom.curation.edits == ()


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("some 25,000=about 25,000", FigureFix("some 25,000", 25_000, 25_000, "about")),
        ("a=b=over 3.4 million", FigureFix("a=b", 3_400_000, None, "over")),
        ("x=16..20", FigureFix("x", 16, 20, "range")),
        ("x=under 2k", FigureFix("x", None, 2_000, "under")),
        ("x=7", FigureFix("x", 7, 7, "exact")),
    ],
)
def test_a_figure_is_typed_as_words_and_value(text: str, fix: FigureFix) -> None:
    assert parse_figure(text) == fix


@pytest.mark.parametrize("text", ["x", "=5", "x=", "x=many", "x=9..3", "x=over 3..9", "x=-4", "x=1e5"])
def test_a_figure_that_is_typed_wrong_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--figure"):
        parse_figure(text)


def test_the_folder_lies_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("data_dir: var\n")
    assert load_settings(tmp_path / "config.yaml").curation == tmp_path / "data/curation"
    (tmp_path / "config.yaml").write_text("curation: ../decisions\n")
    assert load_settings(tmp_path / "config.yaml").curation == tmp_path / "../decisions"

"""Edits as files: what is written is read back, and whatever is wrong costs itself alone and is told with its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.curation import append_edit, edit_id, load_curation, record_of
from tracker.types import (
    Acceptance,
    Act,
    AliasEdit,
    Anchor,
    Confirmation,
    Correction,
    Curation,
    Edit,
    EntityEdit,
    EntityMerge,
    EventMerge,
    EventSplit,
    FigureFix,
    Hiding,
    TitleEdit,
    Undoing,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = """\
- id: {id}
  edit: merge_entities
  from: garnet-labs
  into: garnet
  who: Ana Lyst
  when: 2026-11-20
  why: one company
"""

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60).filter(
    lambda text: text.strip() and text.isprintable()
)
ids = st.text("abcdefgh-0123456789:.", min_size=1, max_size=20)
anchors = st.builds(
    Anchor,
    document_id=ids,
    quote=words,
    type=st.sampled_from(["allegation", "denial", None]),
    speaker=st.none() | ids,
    accused=st.lists(ids, max_size=2).map(tuple),
    claim_id=st.none() | ids,
    version_id=st.none() | ids,
)
several = st.lists(anchors, min_size=1, max_size=3).map(tuple)
titles = words.map(lambda text: " ".join(text.split())).filter(bool)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(
        EntityEdit, ids, words, st.sampled_from(["company", None]), st.none() | ids, st.sampled_from(["Q7", None])
    ),
    st.builds(AliasEdit, ids, words),
    st.builds(EntityMerge, ids, ids),
    st.builds(EventMerge, several, several, st.lists(ids, max_size=2).map(tuple)),
    st.builds(EventSplit, several),
    st.builds(TitleEdit, several, titles, words),
    st.builds(Hiding, st.just("event"), several),
    st.builds(Hiding, st.just("claim"), anchors.map(lambda a: (a,))),
    st.builds(
        Correction,
        anchors,
        st.just(("speaker", "accused", "status")),
        st.none(),
        st.none() | ids,
        st.none(),
        st.lists(ids, max_size=2).map(tuple),
        st.just("denied"),
        st.lists(st.builds(FigureFix, words, st.just(3.5), st.none(), st.just("over")), max_size=1).map(tuple),
    ),
    st.builds(Confirmation, anchors),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(act=acts, who=words, why=words)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, act: Act, who: str, why: str) -> None:
    folder = tmp_path_factory.mktemp("curation")
    who, why = " ".join(who.split()), " ".join(why.split())
    edit = Edit(edit_id(act, "2026-11-20", frozenset()), act, who, NOW - timedelta(days=1), why)
    path = append_edit(folder, edit)
    undone = Edit("u", Undoing(edit.id), who, NOW, why)
    append_edit(folder, undone)
    read = load_curation(folder, NOW)
    assert read.problems == ()
    (first, second) = read.edits
    assert (first.act, first.who, first.at, first.why) == (edit.act, edit.who, edit.at, edit.why)
    assert first.file == str(path) and Path(path).read_text().splitlines()[first.line - 1] == f"- id: {edit.id}"
    assert second.act == undone.act and list(read.standing()) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=300) | st.text("-: \n\t[]{}&*!|>'\"%@`#abid", max_size=200).map(str.encode))
def test_whatever_a_file_holds_nothing_crashes(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    folder = tmp_path_factory.mktemp("curation")
    (folder / "a.yaml").write_bytes(garbage)
    (folder / "b.yaml").write_text(GOOD.format(id="good"))
    read = load_curation(folder, NOW)
    assert [edit.id for edit in read.edits] == ["good"]


def problems_of(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """(ids that were understood, problems as lines) of one file with the entries beside a good one on either side."""
    folder.mkdir(exist_ok=True)
    before, after = GOOD.format(id="before"), GOOD.format(id="after")
    (folder / "all.yaml").write_text(before + text + after)
    read = load_curation(folder, NOW)
    return [e.id for e in read.edits], [f"{p.where}: {p.why}".removeprefix(f"{folder}/") for p in read.problems]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- id: x\n  edit: corect\n", "all.yaml, line 9: edit: there is no kind 'corect'; did you mean correct?"),
        ("- id: x\n", "all.yaml, line 8: edit: this key is required; there are entity,"),
        (GOOD.format(id="x").replace("2026-11-20", "2026-13-45"), "line 8: a date or number that there is not (month"),
        (GOOD.format(id="x").replace("2026-11-20", "2027-01-01"), "line 13: when: 2027-01-01 is in the future"),
        (GOOD.format(id="x").replace("2026-11-20", "1999-01-01"), "line 13: when: 1999-01-01 is before 2015"),
        (GOOD.format(id="x").replace("2026-11-20", "yesterday-ish"), "line 13: when: 'yesterday-ish' is no date"),
        (GOOD.format(id="x").replace("  into: garnet\n", ""), "line 8: into: this key is required"),
        (GOOD.format(id="x").replace("  why", "  whyy"), "line 14: whyy: there is no such key; did you mean why?"),
        (GOOD.format(id="before"), "line 8: id 'before' stands already in "),
        (GOOD.format(id="x").replace("why: one", "why: 'one"), "line 14: "),
        ("- id: x\n  edit: undo\n  of: befor\n  who: A\n  when: 2026-11-20\n  why: b\n", "no edit has the id 'befor'; did you mean before?"),
        ("- just words\n", "line 8: expected keys and values"),
        ("- id: x\n  edit: correct\n  claim: {document: d, quote: q}\n  set: {}\n  who: A\n  when: 2026-11-20\n  why: b\n", "expected at least one of"),
        ("- id: x\n  edit: correct\n  claim: {document: d, quote: q}\n  set: {figures: [{words: a, low: 9, high: 3, qualifier: range}]}\n  who: A\n  when: 2026-11-20\n  why: b\n", "low 9 is more than high 3"),
        ("- " + "[" * 5000 + "\n", "line 8: "),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_told_with_its_line_and_the_others_hold(tmp_path: Path, text: str, told: str) -> None:
    understood, problems = problems_of(tmp_path / "c", text)
    assert sorted(understood) == ["after", "before"]
    assert len(problems) == 1 and told in problems[0]


def test_a_folder_that_is_not_there_holds_nothing_and_a_file_that_is_no_list_is_told(tmp_path: Path) -> None:
    assert load_curation(tmp_path / "none", NOW) == Curation()
    (tmp_path / "a.yaml").write_text("edits:\n- id: x\n")
    (problem,) = load_curation(tmp_path, NOW).problems
    assert "line 1: expected a list of edits" in problem.why


def test_comments_of_people_stay_and_the_next_edit_stands_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "entities.yaml"
    path.write_text("# ours\n" + GOOD.format(id="x").rstrip("\n") + "  # sure")
    append_edit(tmp_path, Edit("y", AliasEdit("garnet", "G: #1"), "A", NOW, "b"))
    assert path.read_text().startswith("# ours\n") and "  # sure\n- id: y\n" in path.read_text()
    assert [edit.id for edit in load_curation(tmp_path, NOW).edits] == ["x", "y"]


def test_an_id_tells_day_kind_and_subject_and_is_free() -> None:
    act = EntityMerge("garnet-labs", "garnet")
    first = edit_id(act, "2026-11-21", frozenset())
    assert first == "2026-11-21-merge-entities-garnet-labs"
    assert edit_id(act, "2026-11-21", frozenset({first})) == f"{first}-2"
    assert record_of(Edit("a", Acceptance("x", ("v",)), "w", NOW, "y"))["of"] == "x"


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8),
)
def test_undoing_is_taken_back_by_undoing_it(pairs: list[tuple[str, str]]) -> None:
    edits = tuple(
        Edit(f"e{n}", EntityMerge(one, other), "w", NOW + timedelta(minutes=n), "y")
        for n, (one, other) in enumerate(pairs)
    )
    undo = tuple(Edit(f"u{e.id}", Undoing(e.id), "w", NOW + timedelta(days=1), "y") for e in edits)
    redo = tuple(Edit(f"r{e.id}", Undoing(f"u{e.id}"), "w", NOW + timedelta(days=2), "y") for e in edits)
    assert list(Curation((*edits, *undo)).standing()) == []
    assert list(Curation((*edits, *undo, *redo)).standing()) == list(edits)

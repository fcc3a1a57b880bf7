"""What becomes of claims when their page changes: by words, not by how they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.reconcile import list_revisions, make_records, reconcile
from tracker.reconcile.sentences import Sentences
from tracker.types import ClaimRecord, Mention, Reconciled, Revision, StoredDocument

from .builders import AT, GAZETTEER, Page, Said, about, charge, document

ACCUSED = charge("Lumen accused Garnet of copying Prism.")
COUNTED = charge("The company wrote that it had counted about 24,000 accounts.", figures=(about("accounts", 24_000),))
RECOUNTED = charge(
    "The company wrote that it had counted nearly 25,000 accounts.", figures=(("accounts", None, 25_000, "under"),)
)
DENIED = Said("denial", "Garnet called the charge baseless on Tuesday.", "garnet", accused=("garnet",))
WEATHER = Said("statement", "It rained for the whole of that afternoon in the harbour.", None)


def aged(doc: StoredDocument) -> StoredDocument:
    """The document with a day between its versions, each seen until an hour before the next."""
    versions = [
        replace(item, fetched_at=AT + timedelta(days=n), last_seen_at=AT + timedelta(days=n, hours=23))
        for n, item in enumerate(doc.versions)
    ]
    return replace(doc, versions=tuple(versions), last_seen_at=versions[-1].last_seen_at)


def page(*said: Said) -> Page:
    return Page("2026-03-02", list(said))


def unread(doc: StoredDocument, number: int, text: str) -> StoredDocument:
    """The document with the claims of those words not read out of one version."""
    extraction = doc.extractions[number]
    kept = tuple(claim for claim in extraction.claims if claim.text != text)
    assert len(kept) < len(extraction.claims)
    changed = (*doc.extractions[:number], replace(extraction, claims=kept), *doc.extractions[number + 1 :])
    return replace(doc, extractions=changed)


def words(doc: StoredDocument, revisions: tuple[Revision, ...]) -> list[tuple[str, str | None, str | None]]:
    texts = {record.id: record.claim.text for record in make_records([doc])}
    return [(item.kind, texts.get(item.before or ""), texts.get(item.after or "")) for item in revisions]


def by_words(doc: StoredDocument) -> dict[str, ClaimRecord]:
    return {record.claim.text: record for record in make_records([doc])}


def test_a_changed_figure_is_a_change_with_both_values_and_the_day_on_which_it_was_seen() -> None:
    doc = aged(document("a", page(ACCUSED, COUNTED), page(ACCUSED, RECOUNTED)))
    (revision,) = list_revisions([doc])
    records = by_words(doc)
    assert (revision.before, revision.after) == (records[COUNTED.text].id, records[RECOUNTED.text].id)
    assert (revision.kind, revision.from_version, revision.to_version) == ("changed", "a.1", "a.2")
    assert revision.seen_at == AT + timedelta(days=1)
    assert revision.what == ("figure", "qualifier", "words")
    assert revision.was[:2] == ("24000 accounts", "about") and revision.now[1] == "under"
    assert (records[COUNTED.text].in_current_version, records[RECOUNTED.text].in_current_version) == (False, True)


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (charge("Lumen accused Basalt of copying Prism.", accused=("basalt",)), ("accused", "words")),
        (charge("Basalt accused Garnet of copying Prism.", speaker="basalt"), ("speaker", "words")),
        (charge("Lumen accused Garnet of copying Lens.", target=("lens",)), ("target", "words")),
        (charge("Lumen accused people near Garnet of copying Prism.", accused_as="people near Garnet"),
         ("accused", "words")),
        (charge("Lumen accused Garnet of copying Prism on May 4.", on="2026-05-04"), ("date", "words")),
    ],
)  # fmt: skip
def test_each_field_that_changed_is_named(after: Said, what: tuple[str, ...]) -> None:
    (revision,) = list_revisions([document("a", page(ACCUSED, DENIED), page(after, DENIED))])
    assert (revision.kind, revision.what) == ("changed", what)
    assert len(revision.was) == len(revision.now) == len(what)


def test_what_is_taken_out_has_vanished_and_what_is_put_in_was_added() -> None:
    doc = document("a", page(ACCUSED, DENIED), page(ACCUSED, WEATHER))
    assert set(words(doc, list_revisions([doc]))) == {
        ("vanished", DENIED.text, None),
        ("added", None, WEATHER.text),
    }


def test_a_claim_that_moved_is_kept_with_its_new_place() -> None:
    doc = document("a", page(ACCUSED, COUNTED, DENIED), page(DENIED, ACCUSED, COUNTED))
    assert list_revisions([doc]) == ()
    records = by_words(doc)
    assert {record.version_id for record in records.values()} == {"a.2"}
    assert records[DENIED.text].claim.start == 0


def test_a_first_version_and_an_unchanged_one_have_no_revisions() -> None:
    assert list_revisions([document("a", page(ACCUSED, COUNTED))]) == ()
    assert list_revisions([document("a", page(ACCUSED), page(ACCUSED))]) == ()


def test_words_that_stand_but_were_not_read_again_are_kept_and_carried_over() -> None:
    doc = unread(aged(document("a", page(WEATHER, ACCUSED, COUNTED), page(ACCUSED, COUNTED))), 1, COUNTED.text)
    assert words(doc, list_revisions([doc])) == [("vanished", WEATHER.text, None)]
    kept = by_words(doc)[COUNTED.text]
    text = doc.current.text
    assert (kept.version_id, kept.first_version_id, kept.in_current_version) == ("a.2", "a.1", True)
    assert text[kept.claim.start : kept.claim.end] == kept.claim.text == COUNTED.text
    assert kept.quantities[0].low == 24_000 and kept.quantities[0].start == kept.claim.start
    assert kept.id == next(r.id for r in make_records([document("a", page(WEATHER, ACCUSED, COUNTED))])
                           if r.claim.text == COUNTED.text)  # fmt: skip


def test_words_that_stood_before_but_were_not_read_then_are_no_addition() -> None:
    doc = unread(document("a", page(ACCUSED, COUNTED), page(ACCUSED, COUNTED, WEATHER)), 0, COUNTED.text)
    assert words(doc, list_revisions([doc])) == [("added", None, WEATHER.text)]


def test_another_reading_of_the_same_words_is_no_revision_and_the_newest_holds() -> None:
    otherwise = replace(COUNTED, speaker="basalt", accused=())
    doc = document("a", page(ACCUSED, COUNTED), page(ACCUSED, otherwise, WEATHER))
    assert words(doc, list_revisions([doc])) == [("added", None, WEATHER.text)]
    records = by_words(doc)
    assert len(records) == 3
    assert (records[COUNTED.text].claim.speaker, records[COUNTED.text].first_version_id) == ("basalt", "a.1")
    assert records[COUNTED.text].id == by_words(document("a", page(ACCUSED, COUNTED)))[COUNTED.text].id


def test_the_same_words_of_another_company_are_a_change_where_another_is_named_before() -> None:
    basalts = charge("Basalt accused Garnet of copying Prism.", speaker="basalt")
    doc = document("a", page(ACCUSED, COUNTED), page(basalts, replace(COUNTED, speaker="basalt")))
    names = [
        (Mention(0, 5, item.text[:5], who, who, "company"),)
        for item, who in zip(doc.versions, ("lumen", "basalt"), strict=True)
    ]
    doc = replace(doc, extractions=tuple(replace(e, mentions=m) for e, m in zip(doc.extractions, names, strict=True)))
    found = {item.what: item for item in list_revisions([doc])}
    assert set(found) == {("speaker", "words"), ("speaker",)}
    only = found["speaker",]
    assert (only.was, only.now) == (("lumen",), ("basalt",))
    assert only.before != only.after


def test_the_same_words_within_a_denial_are_a_change_of_status() -> None:
    bare = Said("allegation", "Lumen said that Garnet copied Prism.", "lumen", accused=("garnet",))
    doc = document("a", page(bare), page(bare))
    text = "Nobody now holds that " + doc.versions[1].text
    shift = len("Nobody now holds that ")
    claims = tuple(
        replace(c, start=c.start + shift, end=c.end + shift, status="denied") for c in doc.extractions[1].claims
    )
    doc = replace(
        doc,
        versions=(doc.versions[0], replace(doc.versions[1], text=text)),
        extractions=(doc.extractions[0], replace(doc.extractions[1], claims=claims)),
    )
    (revision,) = list_revisions([doc])
    assert revision.before == revision.after
    assert (revision.what, revision.was, revision.now) == (("status",), ("alleged",), ("denied",))


def test_words_that_come_back_are_one_claim_with_both_revisions() -> None:
    doc = aged(document("a", page(ACCUSED, DENIED), page(ACCUSED), page(ACCUSED, DENIED)))
    gone, back = list_revisions([doc])
    assert (gone.kind, back.kind) == ("vanished", "added")
    assert gone.before == back.after
    assert by_words(doc)[DENIED.text].in_current_version


def test_words_that_come_back_unread_are_carried_over_too() -> None:
    doc = unread(document("a", page(ACCUSED, DENIED), page(ACCUSED), page(ACCUSED, DENIED)), 2, DENIED.text)
    gone, back = list_revisions([doc])
    assert (gone.kind, back.kind, gone.before) == ("vanished", "added", back.after)
    assert by_words(doc)[DENIED.text].version_id == "a.3"


def test_a_new_sentence_beside_one_that_stays_is_added_however_like_it_is() -> None:
    doc = document("a", page(ACCUSED, COUNTED), page(ACCUSED, COUNTED, RECOUNTED))
    assert words(doc, list_revisions([doc])) == [("added", None, RECOUNTED.text)]


def test_two_readings_of_one_edited_sentence_are_paired_by_whom_they_are_about() -> None:
    old, new = (
        "Lumen and Basalt named Garnet over 5,000 accounts.",
        "Lumen and Basalt named Garnet over 7,000 accounts.",
    )
    pages = [page(charge(text), charge(text, speaker="basalt")) for text in (old, new)]
    revisions = list_revisions([document("a", *pages)])
    assert [item.what for item in revisions] == [("words",), ("words",)]


def test_a_better_extractor_alone_makes_no_revision() -> None:
    before = document("a", page(ACCUSED, COUNTED), page(ACCUSED, RECOUNTED))
    sharper = [replace(item, speaker=None, target=()) for item in (ACCUSED, COUNTED, RECOUNTED)]
    again = document("a", page(sharper[0], sharper[1]), page(sharper[0], sharper[2]))
    first = reconcile([before], GAZETTEER, Reconciled())
    second = reconcile([again], GAZETTEER, first)
    assert [item.what for item in second.revisions] == [item.what for item in first.revisions]
    assert list_revisions([document("b", page(ACCUSED, COUNTED))]) == ()


def test_valid_times_are_those_of_the_versions_that_hold_the_words() -> None:
    records = by_words(aged(document("a", page(ACCUSED, COUNTED), page(ACCUSED, RECOUNTED))))
    day = timedelta(days=1)
    seen = {text: (record.first_seen_at, record.last_seen_at) for text, record in records.items()}
    assert seen == {
        ACCUSED.text: (AT, None),
        COUNTED.text: (AT, AT + timedelta(hours=23)),
        RECOUNTED.text: (AT + day, None),
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two said “so.” Three", ["One.", "Two said “so.”", "Three"]),
        ("它否认。他说：“没有。”三", ["它否认。", "他说：“没有。”", "三"]),
        ("A line\n\n  another ", ["A line", "another"]),
        (" \n ", []),
    ],
)
def test_sentences_have_their_places(text: str, parts: list[str]) -> None:
    found = Sentences(text)
    assert [text[start:end] for start, end in found.spans] == parts
    for number, (start, end) in enumerate(found.spans):
        assert found.around(start, end) == range(number, number + 1)
        assert next(found.find(found.forms[number : number + 1])) == range(number, number + 1)


_POOL = (ACCUSED, COUNTED, RECOUNTED, DENIED, WEATHER)
_pages = st.lists(
    st.lists(st.sampled_from(_POOL), max_size=5, unique_by=lambda said: said.text), min_size=1, max_size=4
)


@settings(max_examples=150)
@given(_pages, st.data())
def test_every_claim_of_every_version_is_accounted_for(pages: list[list[Said]], data: st.DataObject) -> None:
    doc = aged(document("a", *(page(*said) for said in pages)))
    for number, said in enumerate(pages):  # the reader misses some
        if said and data.draw(st.booleans()):
            doc = unread(doc, number, said[0].text)
    records = make_records([doc])
    assert len({record.id for record in records}) == len(records)
    for record in records:
        version = next(v for v in doc.versions if v.id == record.version_id)
        assert version.text[record.claim.start : record.claim.end] == record.claim.text
        assert all(version.text[q.start : q.end] == record.claim.text for q in record.quantities)
        assert record.in_current_version == (record.version_id == doc.current.id)
        assert record.in_current_version == (record.claim.text in doc.current.text)
    ids = {record.id: record.claim.text for record in records}
    for item in list_revisions([doc]):
        old, new = (next(v.text for v in doc.versions if v.id == key) for key in (item.from_version, item.to_version))
        if item.before is not None:
            assert ids[item.before] in old and ids[item.before] not in new
        if item.after is not None:
            assert ids[item.after] in new and ids[item.after] not in old
    assert isinstance(doc.current.fetched_at, datetime)


@settings(max_examples=60)
@given(st.lists(st.permutations(_POOL), min_size=2, max_size=3))
def test_an_order_of_sentences_is_no_revision(pages: list[list[Said]]) -> None:
    doc = document("a", *(page(*said) for said in pages))
    assert list_revisions([doc]) == ()
    assert len(make_records([doc])) == len(_POOL)


def test_words_are_gone_from_every_source_only_if_no_page_of_the_event_has_them() -> None:
    fixed = document("a", page(ACCUSED, COUNTED), page(ACCUSED, RECOUNTED))
    alone = reconcile([fixed], GAZETTEER, Reconciled())
    claims = {record.id: record for record in alone.claims}
    (event,) = alone.events
    assert [claims[key].claim.text for key in event.vanished] == [COUNTED.text]
    assert COUNTED.text in {claims[figure.claim_id].claim.text for figure in event.figures}

    printed = document("b", page(ACCUSED, charge("The company  wrote that it had counted about 24,000 accounts.")))
    (event,) = reconcile([fixed, printed], GAZETTEER, alone).events
    assert event.document_ids == ("a", "b") and event.vanished == ()


# --- weekdays in words that were put in later ------------------------------------------------------------------


def _updated(
    *looks: str, on_text: str = "on Friday", on: str = "2026-06-19", basis: str = "relative"
) -> StoredDocument:
    """A page of Wednesday 24 June that gains a denial: a look a version, the words in all but the first."""
    denial = replace(DENIED, on=on, on_text=on_text, basis=basis)  # type: ignore[arg-type]
    doc = document("a", page(ACCUSED), *(page(ACCUSED, denial) for _ in looks[1:]))
    at = [datetime.fromisoformat(f"{day}T18:00:00+00:00") for day in looks]
    versions = tuple(
        replace(item, fetched_at=seen, last_seen_at=seen) for item, seen in zip(doc.versions, at, strict=True)
    )
    return replace(doc, versions=versions)


@pytest.mark.parametrize(
    ("looks", "on", "on_text", "expected"),
    [
        (("2026-06-24", "2026-06-26"), "2026-06-19", "on Friday", "2026-06-26"),
        (("2026-06-24", "2026-06-26", "2026-07-09"), "2026-06-19", "on Friday", "2026-06-26"),
        (("2026-06-24", "2026-06-25"), "2026-06-19", "on Friday", "2026-06-19"),
        (("2026-06-25", "2026-06-26"), "2026-06-16", "Tuesday", "2026-06-23"),
        (("2026-06-24", "2026-06-26"), "2026-06-19", "周五", "2026-06-26"),
        (("2026-06-24", "2026-06-26"), "2026-06-19", "am Freitag", "2026-06-26"),
        (("2026-06-24", "2026-07-01"), "2026-06-19", "on Friday", "2026-06-19"),
        (("2026-06-24", "2026-06-26"), "2026-06-19", "last Friday", "2026-06-19"),
        (("2026-06-24", "2026-06-26"), "2026-06-19", "上周五", "2026-06-19"),
        (("2026-06-24", "2026-06-26"), "2026-06-19", "five days ago", "2026-06-19"),
    ],
)
def test_a_weekday_in_added_words_is_that_of_the_update(
    looks: tuple[str, ...], on: str, on_text: str, expected: str
) -> None:
    doc = _updated(*looks, on=on, on_text=on_text)
    record = by_words(doc)[DENIED.text]
    assert [mention.from_on.isoformat() for mention in record.dates] == [expected]
    assert not [item for item in list_revisions([doc]) if item.kind == "changed"]


def test_a_written_date_and_the_words_of_a_first_version_keep_their_day() -> None:
    doc = _updated("2026-06-24", "2026-06-26", basis="stated")
    assert by_words(doc)[DENIED.text].dates[0].from_on.isoformat() == "2026-06-19"
    first = replace(DENIED, on="2026-06-19", on_text="on Friday", basis="relative")
    aged_doc = aged(document("a", page(ACCUSED, first), page(ACCUSED, first, WEATHER)))
    assert by_words(aged_doc)[DENIED.text].dates[0].from_on.isoformat() == "2026-06-19"


def test_words_that_were_put_in_later_were_published_then() -> None:
    doc = _updated("2026-06-24", "2026-06-26", "2026-07-20")
    records = by_words(doc)
    assert records[ACCUSED.text].published_on == date(2026, 3, 2)
    assert records[DENIED.text].published_on == date(2026, 6, 26)
    assert by_words(_updated("2026-06-24", "2026-07-01"))[DENIED.text].published_on == date(2026, 3, 2)
    edited = document("a", page(ACCUSED, COUNTED), page(ACCUSED, RECOUNTED))
    assert by_words(edited)[RECOUNTED.text].published_on == date(2026, 3, 2)


def test_silence_on_wednesday_and_a_denial_that_the_page_gains_on_friday_are_both_answers_on_their_days() -> None:
    silent = Said("no_response", "Garnet did not reply by Wednesday.", "garnet", accused=("garnet",))
    denial = replace(DENIED, on="2026-06-19", on_text="on Friday", basis="relative")  # type: ignore[arg-type]
    accused = replace(ACCUSED, on="2026-06-24")
    doc = document("a", Page("2026-06-24", [accused, silent]), Page("2026-06-24", [accused, denial]))
    at = [datetime(2026, 6, 24, 18, tzinfo=UTC), datetime(2026, 6, 26, 18, tzinfo=UTC)]
    versions = tuple(replace(v, fetched_at=t, last_seen_at=t) for v, t in zip(doc.versions, at, strict=True))
    result = reconcile([replace(doc, versions=versions)], GAZETTEER, Reconciled())
    event = next(item for item in result.events if item.type == "allegation")
    days = [(answer.kind, answer.from_on) for answer in event.answers]
    assert days == [("no_response", date(2026, 6, 24)), ("denial", date(2026, 6, 26))]


def test_a_figure_that_an_edited_sentence_kept_still_stands() -> None:
    figures = (about("exchanges", 28_800_000),)
    old = charge(
        "It made 28.8 million calls from about 24,000 accounts.", figures=(*figures, about("accounts", 24_000))
    )
    new = charge(
        "It made 28.8 million calls from about 25,000 accounts.", figures=(*figures, about("accounts", 25_000))
    )
    fixed = document("a", page(ACCUSED, old), page(ACCUSED, new))

    def standing(*documents: StoredDocument) -> set[tuple[object, ...]]:
        (event,) = reconcile(list(documents), GAZETTEER, Reconciled()).events
        return {(item.document_id, item.low, item.standing) for item in event.figures}

    assert standing(fixed) == {("a", 28_800_000, "here"), ("a", 24_000, "nowhere"), ("a", 25_000, "here")}
    other = document(
        "b", page(ACCUSED, charge("Lumen counted about 24,000 accounts.", figures=(about("accounts", 24_000),)))
    )
    assert ("a", 24_000, "elsewhere") in standing(fixed, other)

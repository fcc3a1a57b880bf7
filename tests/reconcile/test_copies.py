"""Which documents are one text, whose it was first, and that this takes time in proportion to their number."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.ids import sha256_hex
from tracker.read.fingerprints import fingerprint
from tracker.reconcile import find_copies
from tracker.types import Copy, StoredDocument, Version

SEEN = datetime(2026, 6, 12, tzinfo=UTC)


def story(seed: int, words: int = 220) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choice("aeiou") + rng.choice("bdgklmnrst") + f"{rng.randrange(400)}" for _ in range(words))


def document(id: str, text: str, publisher: str, day: int | None = 10, **changes: object) -> StoredDocument:
    version = Version(
        id=f"{id}.1", document_id=id, number=1, title=id, text=text, text_sha256=sha256_hex(text),
        published=date(2026, 6, day) if day else None, language="en", kind="article", byline=None,
        fetched_at=SEEN, last_seen_at=SEEN, signature=fingerprint(text),
    )  # fmt: skip
    version = replace(version, **{key: value for key, value in changes.items() if key == "syndicated_from"})
    made = StoredDocument(
        id,
        f"https://{publisher.lower().replace(' ', '')}.example/{id}",
        publisher,
        "news",
        "s",
        SEEN,
        SEEN,
        (version,),
        (),
    )
    return replace(made, **{key: value for key, value in changes.items() if key != "syndicated_from"})


def ids(documents: Sequence[StoredDocument]) -> list[tuple[str, tuple[str, ...]]]:
    return [(group.original, tuple(copy.document_id for copy in group.copies)) for group in find_copies(documents)]


def test_the_earliest_of_equal_texts_is_the_original() -> None:
    text = story(1)
    edited = text.replace("a", "e", 3) + " and one more sentence by the house that printed it"
    found = find_copies(
        [document("a", edited, "Courier", 11), document("b", text, "Wire", 10), document("c", story(2), "Post", 9)]
    )
    (group,) = found
    assert (group.original, group.basis, group.origin) == ("b", "earliest", None)
    assert [copy.document_id for copy in group.copies] == ["a"] and 0.7 < group.copies[0].similarity < 1


def test_the_house_that_the_text_names_is_the_original_even_if_we_saw_it_later() -> None:
    text = story(1)
    documents = [
        document("a", text, "Courier", 10, syndicated_from="Harbour Wire"),
        document("b", text, "Post", 10),
        document("c", text, "The Harbour Wire", 11),
    ]
    (group,) = find_copies(documents)
    assert (group.original, group.basis, group.origin) == ("c", "named", None)
    assert group.copies == (Copy("a", 1.0), Copy("b", 1.0))


def test_the_host_of_a_canonical_link_names_a_house_as_well() -> None:
    text = story(1)
    documents = [document("a", text, "Courier", 9, syndicated_from="wire.example"), document("b", text, "Wire", 10)]
    assert ids(documents) == [("b", ("a",))]


def test_an_agency_that_is_not_held_is_told_by_name() -> None:
    text = story(1)
    names = ("Associated Press", "AP", None)
    documents = [
        document(key, text, f"Paper {key}", 10, syndicated_from=name) for key, name in zip("abc", names, strict=True)
    ]
    (group,) = find_copies(documents)
    assert (group.original, group.basis, group.origin) == ("a", "named", "Associated Press")


def test_a_shortened_copy_is_found_and_a_quoted_statement_is_no_copy() -> None:
    text = story(1, 400)
    shortened = " ".join(text.split()[:170])
    assert ids([document("a", text, "Wire"), document("b", shortened, "Courier", syndicated_from="Wire")]) == [
        ("a", ("b",))
    ]
    statement = document("s", " ".join(story(3, 500).split()[:150]), "Ministry", publisher_type="government")
    assert ids([statement, document("q", story(3, 500), "Courier")]) == []


def test_notices_of_one_house_that_resemble_each_other_stay_apart() -> None:
    text = story(1)
    monday, tuesday = f"{text} monday at ten in room four", f"{text} tuesday at nine in room five"
    assert ids([document("a", monday, "House"), document("b", tuesday, "House")])[:1] != []  # nearly all of it is equal
    half = " ".join(story(1).split()[:110])
    assert (
        ids([document("a", f"{half} {story(5, 60)}", "House"), document("b", f"{half} {story(6, 60)}", "House")]) == []
    )


def test_short_texts_and_other_stories_are_nobodys_copies() -> None:
    assert ids([document("a", "Subscribe to read on.", "One"), document("b", "Subscribe to read on.", "Two")]) == []
    assert ids([document(f"d{n}", story(n), f"House {n}") for n in range(30)]) == []


def test_chinese_reprints_are_found() -> None:
    text = "美国商务部周一表示，这些公司通过数万个虚假账户提取模型输出，并将继续调查有关问题，企业没有回应置评请求。外交部发言人说，有关指责毫无事实根据。"
    reprint = f"（来源：新华社）{text}"
    documents = [document("a", text, "新华社", 11), document("b", reprint, "海港日报", 10, syndicated_from="Xinhua")]
    assert ids(documents) == [("a", ("b",))]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 40), st.sampled_from(["A", "B", "C", "D"])), max_size=14),
    st.randoms(),
)
def test_groups_are_disjoint_and_do_not_depend_on_the_order(
    made: list[tuple[int, int, str]], shuffle: random.Random
) -> None:
    documents = []
    for number, (seed, cut, house) in enumerate(made):
        text = " ".join(story(seed).split()[: 220 - 4 * cut])
        documents.append(document(f"d{number:02}", text, f"House {house}", 1 + number % 28))
    groups = find_copies(documents)
    grouped = [key for group in groups for key in (group.original, *(copy.document_id for copy in group.copies))]
    assert len(grouped) == len(set(grouped))
    assert all(group.copies and 0 <= copy.similarity <= 1 for group in groups for copy in group.copies)
    shuffle.shuffle(documents)
    assert find_copies(documents) == groups


def test_a_flood_of_one_text_takes_linear_time() -> None:
    made = document("x", story(1), "House")

    def seconds(count: int) -> float:
        flood = [
            replace(made, id=f"d{n:05}", publisher=f"House {n % 50}", first_seen_at=SEEN + timedelta(minutes=n))
            for n in range(count)
        ]
        started = time.process_time()
        (group,) = find_copies(flood)
        assert len(group.copies) == count - 1
        return time.process_time() - started

    seconds(50)
    assert seconds(2_000) < 30 * max(seconds(200), 0.01)

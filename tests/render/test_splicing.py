"""What is spliced out of the files of the last build is, byte for byte, what is made at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from tracker.render.splicing import Chunk, splice
from tracker.render.tablefiles import Tables

PATHS = ("one.jsonl", "other.jsonl")
worlds = st.dictionaries(st.sampled_from("abcdefgh"), st.text("xyz\n", max_size=4), max_size=8)


def render(items: Iterable[str]) -> tuple[bytes, bytes]:
    held = list(items)
    return "".join(held).encode(), "".join(f"<{item}>" for item in held).encode()


def chunks_of(world: Mapping[str, str], made: list[str]) -> list[Chunk]:
    """A chunk for each thing, and one that rests on nothing that is named."""

    def make(key: str) -> list[str]:
        made.append(key)
        return [world[key], key]

    always = Chunk("always", (), lambda: [str(len(world))])
    return [always, *(Chunk("thing", (f"things:{key}",), partial(make, key)) for key in world)]


def tables_of(world: Mapping[str, str], last: Tables, files: Mapping[str, bytes]) -> Tables:
    """`digest` tells things apart by their words, as the digests of what is stored do."""
    words = {f"things:{key}": hash((ord(key), *map(ord, text), 7)) for key, text in world.items()}
    return Tables(lambda name: words.get(name, 0), last.made, files.get)


def stand(tables: Tables) -> tuple[bytes | None, bytes | None]:
    return tables.read(PATHS[0]), tables.read(PATHS[1])


@given(st.lists(worlds, min_size=2, max_size=4), st.sampled_from([None, *PATHS]))
def test_spliced_files_are_those_made_at_once(states: list[dict[str, str]], lost: str | None) -> None:
    tables, files = Tables(), dict[str, bytes]()
    for number, world in enumerate(states):
        if number == len(states) - 1:
            files.pop(lost or "", None)
        tables = tables_of(world, tables, files)
        bodies = splice(tables, "things", stand(tables), chunks_of(world, []), render)
        assert bodies == splice(Tables(), "things", (None, None), chunks_of(world, []), render)
        files = dict(zip(PATHS, bodies, strict=True))


def test_only_what_changed_is_made() -> None:
    first: dict[str, str] = {"a": "x", "b": "y", "c": "z"}
    tables = tables_of(first, Tables(), {})
    files = dict(zip(PATHS, splice(tables, "things", stand(tables), chunks_of(first, []), render), strict=True))
    made: list[str] = []
    second = {"a": "x", "d": "new", "b": "other", "c": "z"}
    tables = tables_of(second, tables, files)
    splice(tables, "things", stand(tables), chunks_of(second, made), render)
    assert made == ["d", "b"]


def test_a_chunk_of_another_kind_is_not_taken_for_one_that_rests_on_the_same() -> None:
    tables = tables_of({"a": "x"}, Tables(), {})
    pair = [Chunk("note", ("things:a",), lambda: ["note"]), Chunk("charge", ("things:a",), lambda: ["charge"])]
    files = dict(zip(PATHS, splice(tables, "pair", stand(tables), pair, render), strict=True))
    tables = tables_of({"a": "x"}, tables, files)
    over = splice(tables, "pair", stand(tables), pair[::-1], render)
    assert over[0] == b"chargenote"

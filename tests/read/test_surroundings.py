"""What comes and goes around an article on its page is no change of the article; a word within it is."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import NotParsable
from tracker.read.changes import article_sentences
from tracker.read.pages import read_page

URL = "https://www.a.example/2026/06/10/accounts"
PARAGRAPHS = [
    "Orchid Labs said on Monday that operators had opened about 300 accounts to copy its model.",
    "The company wrote to the chairman of the committee and asked for an answer by the end of the month.",
    "Fern AI did not reply to a request for comment, and its office in the city was closed all day.",
    "A spokesperson of the ministry said that it had seen the letter and would look at what it said.",
    "The accounts were closed in May, the letter said, after they had produced over 2 million exchanges.",
]
AROUND = [
    "<div class='ad'>Advertisement</div>",
    "<p>Advertisement</p>",
    "<p>Story continues below advertisement</p>",
    "<div class='share'><a href='/s'>Share</a> <a href='/t'>Tweet</a></div>",
    "<p class='stamp'>Updated {n} minutes ago</p>",
    "<p><em>Last updated: June {n}, 2026, 10:{n} a.m.</em></p>",
    "<p>{n} comments</p>",
    "<div class='count'><span>{n}00 views</span> <span>{n} comments</span></div>",
    "<aside><h3>Related</h3><ul><li><a href='/{n}'>Ferries leave every {n} minutes from now on</a></li></ul></aside>",
    "<p>Related: <a href='/{n}'>Ferries leave every {n} minutes from now on</a></p>",
    "<p><strong>Read more:</strong> <a href='/{n}'>Café number {n} stays open</a></p>",
    "<div class='newsletter'><p>Sign up for our newsletter number {n}, every morning</p></div>",
    "<div class='related'><h4>More on this story</h4><p><a href='/{n}'>Another {n} ferries</a></p></div>",
    "<script>var views = {n};</script>",
    "<p>{n} min read</p>",
    "<iframe src='/ad/{n}'></iframe>",
    "<figure><img src='/{n}.jpg' alt=''></figure>",
]


def page(paragraphs: list[str], around: list[tuple[int, int, int]]) -> bytes:
    """A page with blocks of AROUND before paragraphs, by (place, which, number)."""
    body = [[f"<p>{text}</p>"] for text in paragraphs]
    for place, which, number in around:
        body[place % len(body)].insert(0, AROUND[which].replace("{n}", str(number)))
    story = "".join("".join(blocks) for blocks in body)
    return (
        "<html lang='en'><head><title>Accounts</title></head><body><nav><a href='/'>Home</a></nav><main><article>"
        f"<h1>Accounts</h1>{story}</article></main><footer><p>© 2026 A. All rights reserved.</p></footer></body></html>"
    ).encode()


def sentences(body: bytes) -> tuple[str, ...]:
    return article_sentences(read_page(body, "text/html", URL).text)


BLOCKS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, len(AROUND) - 1), st.integers(2, 28)), max_size=6)


@settings(max_examples=150)
@given(BLOCKS, BLOCKS)
def test_whatever_stands_around_the_article_it_says_the_same(
    one: list[tuple[int, int, int]], other: list[tuple[int, int, int]]
) -> None:
    assert sentences(page(PARAGRAPHS, one)) == sentences(page(PARAGRAPHS, other)) == tuple(PARAGRAPHS)


@settings(max_examples=60)
@given(BLOCKS, st.integers(0, 4), st.integers(0, 60))
def test_one_word_within_it_is_seen(around: list[tuple[int, int, int]], which: int, place: int) -> None:
    words = PARAGRAPHS[which].split()
    words[place % len(words)] = "otherwise"
    edited = [*PARAGRAPHS[:which], " ".join(words), *PARAGRAPHS[which + 1 :]]
    assert sentences(page(edited, around)) != tuple(PARAGRAPHS)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_pages_are_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    body = bytearray(page(PARAGRAPHS, [(n, n, n) for n in range(5)]))
    for _ in range(rng.randrange(1, 60)):
        body[rng.randrange(len(body))] = rng.choice(b"<>/\"'&;\x00\xff p")
    with suppress(NotParsable):
        assert read_page(bytes(body[: rng.randrange(200, len(body))]), "text/html", URL).text

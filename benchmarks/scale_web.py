"""The papers of scale_stories.py on loopback: a feed for each host, and a page of some 20 kB for each story.

Every host is told apart by the name that is asked for, so the crawler needs `resolve: {"*.example": "127.0.0.1:PORT"}`.

usage: scale_web.py STORIES PAPERS LATENCY_S     serves until killed; prints the port when ready
"""

from __future__ import annotations

import asyncio
import html
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time
from email.utils import format_datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.loopback_web import Connection, path_of, served_by, whole
from benchmarks.scale_stories import PAPERS, Story, stories

_ROBOTS = b"User-agent: *\nDisallow: /private/\n"


def papers(stories_told: int, count: int = PAPERS, latency_s: float = 0.0) -> AbstractContextManager[int]:
    """The port of a web of so many stories in so many papers, served by a process of its own."""
    return served_by([sys.executable, __file__, str(stories_told), str(count), str(latency_s)])


def sources_of(count: int = PAPERS) -> list[dict[str, Any]]:
    """The papers as `sources` of config.yaml."""
    return [
        {
            "name": f"paper-{number}",
            "kind": "feed",
            "url": f"http://paper{number}.example/feed",
            "publisher": f"Paper {number}",
            "publisher_type": "news",
        }
        for number in range(count)
    ]


def _page(story: Story) -> bytes:
    words = "".join(f"<p>{html.escape(part)}</p>\n" for part in story.paragraphs)
    frame = "".join(f'<li class="nav"><a href="/section/{n}">Section {n} of the paper</a></li>\n' for n in range(240))
    title = html.escape(story.title)
    head = f'<meta charset=utf-8><title>{title}</title><meta property="article:published_time" content="{story.day}">'
    body = f"<nav><ul>{frame}</ul></nav><main><article><h1>{title}</h1>{words}</article></main>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def _feed(paper: str, held: list[Story]) -> bytes:
    items = "".join(
        f"<item><title>{html.escape(story.title)}</title><link>http://{paper}{story.path}</link>"
        f"<pubDate>{format_datetime(datetime.combine(story.day, time(9), UTC))}</pubDate></item>"
        for story in reversed(held)
    )
    head = f"<title>{paper}</title><link>http://{paper}/</link><description>News</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class _Papers:
    def __init__(self, stories_told: int, count: int) -> None:
        self._pages: dict[str, Story] = {}
        self._by_paper: dict[str, list[Story]] = {}
        for story in stories(stories_told, count):
            self._pages[f"{story.host}{story.path}"] = story
            self._by_paper.setdefault(story.host, []).append(story)

    def answer(self, head: bytes, _: asyncio.Transport) -> bytes:
        path, lines = path_of(head), head.decode("latin-1").lower().split("\r\n")
        paper = next((line[5:].strip().partition(":")[0] for line in lines if line.startswith("host:")), "")
        if path == "/robots.txt":
            return whole(_ROBOTS, "text/plain")
        if path == "/feed":
            return whole(_feed(paper, self._by_paper.get(paper, [])), "application/rss+xml")
        story = self._pages.get(f"{paper}{path}")
        if story is None:
            return whole(b"there is no such story", "text/plain", "404 Not Found")
        return whole(_page(story), "text/html; charset=utf-8")


async def _serve(stories_told: int, count: int, latency_s: float) -> None:
    web = _Papers(stories_told, count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(web.answer, latency_s), "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))

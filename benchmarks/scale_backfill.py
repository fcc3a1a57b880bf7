"""What screening an archive costs: the gate against reading every page with trafilatura, and the whole backfill.

A sample WARC of invented pages is written: news pages with menus, teasers, scripts and styles around the words. Of a
hundred pages one is a document of data/gold on the matter, two speak of AI or of copying but not of both, the rest of
neither, as in a month of general news. Counted is the time of the processor, of one process.
"""

from __future__ import annotations

import html
import io
import json
import random
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from tracker.app import open_app
from tracker.config import load_settings
from tracker.fetch.warcfiles import iter_responses
from tracker.nlp.gate import body_may_be_relevant
from tracker.pipeline.screening import name_archives
from tracker.resources import bundled_path

RECORDS = 10_000
QUICK_RECORDS = 1_000
_READ = 150
"""So many pages of the sample are read with trafilatura; all of them would take minutes and tell the same."""
_CHARSETS = ("utf-8", "utf-16", "gb18030", "latin-1")
_PLACES = ("Harbour", "Market", "Station", "Valley", "Bridge", "Meadow", "Castle", "Orchard", "Lantern", "Quarry")
_SUBJECTS = ("The council", "A farmer", "The club", "The bakery", "The school", "A ferry", "The choir", "The museum")
_DEEDS = (
    "opened a new hall on Saturday after months of repairs that cost more than was planned",
    "lost the match by three goals, and the coach blamed the wind and the long journey home",
    "raised the fares for the summer, which many of those who wait at the pier find too high",
    "found an old map behind a cupboard and gave it to the town, where it hangs in the library",
    "wants to plant four hundred trees along the road before the first frost of the year comes",
    "served soup to everybody who came, and the queue went twice around the square at noon",
)
_NEAR = (
    "An AI that reads tide tables was shown to visitors.",
    "Thieves stole copper from the depot and copied its keys.",
)


def gold_pages() -> list[str]:
    """The texts of data/gold that are on the matter, or mention it."""
    folder = bundled_path("data/gold")
    answers = map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())
    wanted = {item["id"] for item in answers if item["relevance"] != "irrelevant"}
    documents = map(json.loads, (folder / "documents.jsonl").read_text("utf-8").splitlines())
    return [item["text"] for item in documents if item["id"] in wanted]


def dressed(title: str, text: str, draw: random.Random) -> str:
    """A news page around some words, some 40 KB of it."""
    words = "".join(f"<p class='story-body__p'>{html.escape(part)}</p>\n" for part in text.split("\n") if part)
    script = "window.dataLayer=window.dataLayer||[];function g(a,b){return a.slot(b).define({size:[300,250]})};\n" * 90
    style = (
        ".card--teaser{display:flex;margin:0 auto;padding:1rem 2rem}@media(max-width:600px){.card{width:100%}}\n" * 60
    )
    menu = "".join(f'<li class="nav__item"><a href="/section/{place.lower()}">{place}</a></li>' for place in _PLACES)
    teasers = "".join(
        f'<div class="card card--teaser"><a href="/a/{number}"><img src="/i/{number}.jpg" alt="">'
        f"<h3>{draw.choice(_SUBJECTS)} of {draw.choice(_PLACES)}</h3><p>{draw.choice(_DEEDS)}.</p></a></div>\n"
        for number in range(60)
    )
    head = f"<meta charset=utf-8><title>{html.escape(title)}</title><style>{style}</style><script>{script}</script>"
    body = f"<nav><ul>{menu}</ul></nav><main><article><h1>{html.escape(title)}</h1>{words}</article></main>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}<aside>{teasers}</aside></body></html>"


def sample_pages(count: int) -> Iterator[str]:
    """Pages of a month of general news, the same each time."""
    draw, gold = random.Random(9), gold_pages()
    for number in range(count):
        place = draw.choice(_PLACES)
        text = "\n".join(
            " ".join(f"{draw.choice(_SUBJECTS)} of {place} {draw.choice(_DEEDS)}." for _ in range(4)) for _ in range(7)
        )
        if number % 100 == 50:
            text = gold[number // 100 % len(gold)]
        elif number % 50 == 20:
            text += "\n" + _NEAR[number // 50 % 2]
        yield dressed(f"News of {place}, {number}", text, draw)


def write_sample(path: Path, count: int) -> int:
    """Write the sample WARC; how many bytes of HTML are in it."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    size = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, page in enumerate(sample_pages(count)):
            body = page.encode()
            size += len(body)
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            url = f"https://{_PLACES[number % 10].lower()}.example/news/{number}"
            moment = {"WARC-Date": "2025-06-01T10:00:00Z"}
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=headers, warc_headers_dict=moment
            )
            writer.write_record(record)
    return size


def recall_on_gold() -> float:
    """Of the pages on the matter, in each charset that the archive may hold them in, how many go through."""
    draw = random.Random(9)
    through = [
        body_may_be_relevant(
            dressed("News", text, draw)
            .replace("charset=utf-8", f"charset={charset}")
            .encode(charset, "xmlcharrefreplace"),
            f"text/html; charset={charset}",
        )
        for text in gold_pages()
        for charset in _CHARSETS
    ]
    return sum(through) / len(through)


def _gate_s(bodies: list[bytes]) -> float:
    started = time.process_time()
    for body in bodies:
        body_may_be_relevant(body, "text/html; charset=utf-8")
    return time.process_time() - started


def _unpacking_s(path: Path) -> float:
    """Processor time of taking the file's gzip members apart and nothing else: nobody reads it faster."""
    data, at, started = memoryview(path.read_bytes()), 0, time.process_time()
    while at < len(data):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        while not unpacker.eof:
            piece = data[at : at + 32_768]
            unpacker.decompress(piece)
            at += len(piece) - len(unpacker.unused_data)
    return time.process_time() - started


def _trafilatura_s(path: Path, most: int) -> float:
    """Processor time a record for reading every page of the archive, from the file on."""
    import trafilatura

    started, read = time.process_time(), 0
    for item in iter_responses(path):
        trafilatura.extract(item.body, include_comments=False)
        read += 1
        if read == most:
            break
    return (time.process_time() - started) / read


def _backfill_s(folder: Path, path: Path) -> tuple[float, float, int]:
    """Processor time of screening and keeping, of reading what was kept, and how many pages that were."""
    folder.mkdir()
    config = folder / "config.yaml"
    config.write_text(f"data_dir: {folder / 'var'}\n", "utf-8")
    with open_app(load_settings(config)) as app:
        started = time.process_time()
        (report,) = app.backfill(name_archives([str(path)]))
        screened = time.process_time()
        app.read()
        return screened - started, time.process_time() - screened, report.new


def measure_backfill(*, quick: bool) -> tuple[dict[str, float], dict[str, float]]:
    """Figures and ratios of the gate and of the whole backfill: screened, kept in the archive, and read."""
    count = QUICK_RECORDS if quick else RECORDS
    with tempfile.TemporaryDirectory() as name:
        folder, path = Path(name), Path(name) / "sample.warc.gz"
        size = write_sample(path, count)
        bodies = [page.encode() for page in sample_pages(300)]
        _gate_s(bodies)
        _trafilatura_s(path, 3)
        gate_s = _gate_s(bodies) / len(bodies)
        read_s = _trafilatura_s(path, _READ)
        unpacking_s = _unpacking_s(path)
        write_sample(folder / "warm.warc.gz", 60)
        _backfill_s(folder / "warm", folder / "warm.warc.gz")
        screen_s, kept_s, kept = _backfill_s(folder / "measured", path)
    figures = {
        "sample_records": count,
        "sample_kilobytes_a_page": round(size / count / 1e3, 1),
        "backfill_pages_kept": kept,
        "gate_megabytes_per_cpu_s": round(size / count / gate_s / 1e6, 1),
        "trafilatura_megabytes_per_cpu_s": round(size / count / read_s / 1e6, 1),
        "unpacking_alone_ms_a_record": round(unpacking_s / count * 1e3, 3),
        "trafilatura_ms_a_record": round(read_s * 1e3, 3),
        "backfill_records_per_cpu_s": round(count / (screen_s + kept_s), 1),
        "backfill_screening_ms_a_record": round(screen_s / count * 1e3, 3),
        "backfill_reading_ms_a_record": round(kept_s / count * 1e3, 3),
    }
    ratios = {
        "relevance_gate_vs_trafilatura": round(read_s / gate_s, 1),
        "relevance_gate_recall": round(recall_on_gold(), 4),
        "backfill_vs_trafilatura": round(read_s * count / (screen_s + kept_s), 1),
    }
    return figures, ratios

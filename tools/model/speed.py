"""How fast a pipeline reads on one core, how long it loads, how large it is."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

import spacy

_WORDS_PER_TEXT = 400
"""An article of ordinary length."""


def _articles(texts: Iterable[str], repeat: int = 4) -> list[str]:
    """Texts of about 400 words each, joined from shorter ones in a shuffled order."""
    parts = [text.strip() for text in texts] * repeat
    Random(0).shuffle(parts)
    articles, current = [], ""
    for part in parts:
        current += part + " "
        if len(current.split()) > _WORDS_PER_TEXT:
            articles.append(current.strip())
            current = ""
    return articles


def measure_speed(model: Path, texts: Iterable[str]) -> dict[str, float]:
    """Words a second of CPU time (the best of three runs; other processes do not count), load time, size on disk."""
    articles = _articles(texts)
    words = sum(len(article.split()) for article in articles)
    started = time.perf_counter()
    nlp = spacy.load(model)
    load_s = time.perf_counter() - started
    for _ in nlp.pipe(articles[:8]):
        pass
    best = min(_cpu_time(nlp, articles) for _ in range(3))
    size = sum(path.stat().st_size for path in Path(model).rglob("*") if path.is_file())
    return {"words a second": round(words / best), "load s": round(load_s, 2), "size MB": round(size / 1e6, 1)}


def _cpu_time(nlp: spacy.Language, articles: list[str]) -> float:
    started = time.process_time()
    for _ in nlp.pipe(articles, batch_size=64):
        pass
    return time.process_time() - started

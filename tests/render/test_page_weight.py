"""However many sources report an event, no page of it grows past what a telephone loads in a moment."""

from __future__ import annotations

from datetime import date

from tests.render.conftest import LETTER, document, record, version
from tracker.config import Site
from tracker.render import render_site
from tracker.types import Dataset, Entity, Event, Extraction, Reconciled

MOST_BYTES = 300_000


def test_an_event_with_500_sources_makes_no_heavy_page() -> None:
    held, claims = [], []
    for number in range(500):
        page = version(f"d-{number}", 1, LETTER, f"Story {number}")
        seen = (Extraction(page.id, "relevant"),)
        held.append(document(f"d-{number}", f"Outlet {number}", "wire", page, extractions=seen))
        words = "Kestrel AI rejected the charge."
        claims.append(record(f"c-{number}", page, words, "denial", "kestrel"))
    ids = tuple(item.id for item in claims)
    on = date(2026, 2, 24)
    event = Event("big", "denial", "Many report it", on, on, "stated", ("kestrel",), ids, (), tuple(d.id for d in held))
    kestrel = Entity("kestrel", "Kestrel AI", "company")
    made = render_site(Dataset(tuple(held), Reconciled((event,), tuple(claims), (kestrel,))), Site())
    pages = {path: len(body) for path, body in made.items() if path.endswith(".html")}
    assert {path: size for path, size in pages.items() if size >= MOST_BYTES} == {}
    shown = "".join(body.decode() for path, body in made.items() if path.startswith("events/big") and "html" in path)
    assert all(
        f'"../documents/d-{number}.html' in shown or f"documents/d-{number}.html" in shown for number in range(500)
    )

"""A small world of invented parties: what a dataset holds once every kind of thing has happened in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tracker.config import Site
from tracker.ids import sha256_hex
from tracker.render import render_site
from tracker.types import (
    Answer,
    ArchiveRef,
    Claim,
    ClaimRecord,
    Dataset,
    DateMention,
    Entity,
    Event,
    Extraction,
    Figure,
    Health,
    Mention,
    Quantity,
    Reconciled,
    SourceStatus,
    StoredDocument,
    Version,
)

SEEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

LETTER = (
    "Harbour City, February 24. The week began with a dispute that has been long in the making. "
    "In a letter dated February 23, 2026, Northwind Labs said that operators affiliated with Kestrel AI "
    "and Umbra used over 24,000 fraudulent accounts for more than 16 million exchanges with Borealis. "
    "The letter went to two committees and was seen by this newspaper.\n\n"
    "Kestrel AI rejected the charge. “We did not do this,” its spokeswoman Mara Lindqvist said on Tuesday. "
    "Umbra did not reply to two requests for comment.\n\n"
    "Analysts have long expected such a letter. What follows is a long account of the market for models, its prices, "
    "its habits and its people, none of which has any bearing on the matter, and which therefore is not quoted: "
    "models are rented by the token, and the price of a token has fallen in every quarter of the past two years, "
    "so that whoever wishes to ask a great many questions can do so for the price of a small car."
)
MEMO = (
    "The Office of Model Affairs finds that tens of thousands of accounts, nearly 25,000 by one count, "
    "were opened for Kestrel AI in late 2025. The source includes no answer from Kestrel AI."
)
CHINESE = "北风实验室表示，与红隼公司有关联的人员使用了两万四千个虚假账户。红隼公司予以否认。"
CORRECTED_OLD = "Umbra copied Borealis outright, Northwind Labs said. Correction pending."
CORRECTED_NEW = "Northwind Labs said that it is still looking at Umbra. An earlier version of this story went further."
EARNINGS = "Kestrel Foods reports its earnings for the quarter. Whisky did well."


def span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def quantity(text: str, words: str, kind: str, low: float | None, high: float | None, qualifier: str) -> Quantity:
    start, end = span(text, words)
    return Quantity(start, end, words, kind, low, high, qualifier)  # type: ignore[arg-type]


def version(document_id: str, number: int, text: str, title: str, **changes: object) -> Version:
    made = Version(
        id=f"{document_id}.{number}",
        document_id=document_id,
        number=number,
        title=title,
        text=text,
        text_sha256=sha256_hex(text),
        published=date(2026, 2, 24),
        language="en",
        kind="article",
        byline="Jo Example",
        fetched_at=SEEN,
        last_seen_at=SEEN,
        archive=ArchiveRef("2026-03.warc.gz", 1024, "<urn:uuid:00000000-0000-4000-8000-000000000001>"),
    )
    return replace(made, **changes)


def document(id: str, publisher: str, source: str, *versions: Version, **changes: object) -> StoredDocument:
    made = StoredDocument(
        id=id,
        url=f"https://{source}.example/{id}",
        publisher=publisher,
        publisher_type="news",
        source=source,
        first_seen_at=SEEN,
        last_seen_at=SEEN,
        versions=versions,
        extractions=tuple(Extraction(item.id, "relevant") for item in versions),
    )
    return replace(made, **changes)


def record(id: str, of: Version, words: str, type: str, speaker: str | None, **changes: object) -> ClaimRecord:
    start, end = span(of.text, words)
    fields = {"quantities", "dates", "in_current_version"}
    claim = Claim(type, start, end, words, speaker)  # type: ignore[arg-type]
    claim = replace(claim, **{key: value for key, value in changes.items() if key not in fields})
    made = ClaimRecord(id, of.document_id, of.id, of.id, True, claim)
    return replace(made, **{key: value for key, value in changes.items() if key in fields})


ENTITIES = (
    Entity("northwind", "Northwind Labs", "company", ("Northwind",), wikidata="Q1"),
    Entity("kestrel", "Kestrel AI", "company", ("Kestrel", "红隼公司")),
    Entity("umbra", "Umbra", "company", parent="kestrel", known=False),
    Entity("borealis", "Borealis", "model", parent="northwind"),
    Entity("mara-lindqvist", "Mara Lindqvist", "person"),
    Entity("oma", "Office of Model Affairs", "government"),
    Entity("fair-copy-act", "Fair Copy Act", "law"),
)


def build_world() -> Dataset:
    letter = version("doc-letter", 1, LETTER, "Northwind accuses two rivals of copying Borealis")
    memo = version("memo-1", 1, MEMO, "Memo on model accounts", published=None, kind="memo", page_starts=(0, 60))
    chinese = version("doc-zh", 1, CHINESE, "北风实验室指责红隼公司", language="zh", published=date(2026, 2, 25))
    old = version("doc-fix", 1, CORRECTED_OLD, "Umbra copied a model")
    new = version("doc-fix", 2, CORRECTED_NEW, "Corrected: Northwind looks at Umbra")
    earnings = version("doc-earn", 1, EARNINGS, "Kestrel Foods: the quarter")
    accounts = quantity(LETTER, "over 24,000 fraudulent accounts", "accounts", 24000, None, "over")
    exchanges = quantity(LETTER, "more than 16 million exchanges", "exchanges", 16_000_000, None, "over")
    vague = quantity(MEMO, "tens of thousands of accounts", "accounts", 20000, None, "vague")
    under = quantity(MEMO, "nearly 25,000", "accounts", None, 25000, "under")
    day = DateMention(*span(LETTER, "February 23, 2026"), "February 23, 2026", date(2026, 2, 23), date(2026, 2, 23))
    late = DateMention(*span(MEMO, "late 2025"), "late 2025", date(2025, 9, 1), date(2025, 12, 31))
    accusing = LETTER[LETTER.index("In a letter dated") : LETTER.index(" The letter went")]
    claims = (
        record("c-letter-1", letter, accusing, "allegation", "northwind", accused=("kestrel",), target=("borealis",),
               accused_as="operators affiliated with Kestrel AI", quantities=(accounts, exchanges), dates=(day,)),
        record("c-letter-2", letter, accusing, "allegation", "northwind", accused=("umbra",), target=("borealis",),
               quantities=(accounts,), dates=(day,)),
        record("c-letter-3", letter, "Kestrel AI rejected the charge. “We did not do this,” its spokeswoman Mara Lindqvist "
               "said on Tuesday.", "denial", "mara-lindqvist", accused=("kestrel",), on_behalf_of="kestrel", status="denied"),
        record("c-letter-4", letter, "“We did not do this,” its spokeswoman Mara Lindqvist said on Tuesday. Umbra did not "
               "reply to two requests for comment.", "no_response", "umbra", accused=("umbra",), status="asserted"),
        record("c-memo-1", memo, MEMO[: MEMO.index(" The source")], "allegation", "oma", accused=("kestrel",),
               via=("northwind",), quantities=(vague, under), dates=(late,)),
        record("c-memo-2", memo, "The source includes no answer from Kestrel AI.", "no_response", None, accused=("kestrel",),
               status="asserted"),
        record("c-zh-1", chinese, "北风实验室表示，与红隼公司有关联的人员使用了两万四千个虚假账户。", "allegation", "northwind",
               accused=("kestrel",)),
        record("c-fix-1", old, "Umbra copied Borealis outright, Northwind Labs said.", "allegation", "northwind",
               accused=("umbra",), target=("borealis",), in_current_version=False),
        record("c-fix-2", new, "Northwind Labs said that it is still looking at Umbra.", "statement", "northwind"),
    )  # fmt: skip

    def figure(claim_id: str, of: Quantity, speaker: str, document_id: str) -> Figure:
        return Figure(
            of.kind, of.low, of.high, of.qualifier, of.unit, of.text, claim_id, speaker, ("kestrel",), document_id
        )

    events = (
        Event(
            "northwind-letter-2026-02", "allegation", "Northwind Labs accuses Kestrel AI and Umbra in a letter",
            date(2026, 2, 23), date(2026, 2, 23), "stated", ("northwind", "kestrel", "umbra"),
            ("c-letter-1", "c-letter-2", "c-zh-1", "c-letter-3", "c-letter-4"), ("c-fix-2",), ("doc-letter", "doc-zh"),
            (figure("c-letter-1", accounts, "northwind", "doc-letter"), figure("c-letter-1", exchanges, "northwind", "doc-letter")),
            (Answer("kestrel", "denial", "c-letter-3"), Answer("umbra", "no_response", "c-letter-4")),
        ),
        Event(
            "oma-memo-2025", "government_action", "The Office of Model Affairs counts accounts",
            date(2025, 12, 1), date(2025, 12, 31), "stated", ("oma", "kestrel"), ("c-memo-1",), (), ("memo-1",),
            (figure("c-memo-1", vague, "oma", "memo-1"), figure("c-memo-1", under, "oma", "memo-1")),
            (Answer("kestrel", "no_response", "c-memo-2"), Answer("umbra", "none_found", None)),
        ),
        Event(
            "umbra-claim-2026-02", "allegation", "Northwind Labs speaks of Umbra",
            date(2026, 2, 24), date(2026, 2, 24), "publication", ("northwind", "umbra"), ("c-fix-1",), (), ("doc-fix",),
            (), (Answer("umbra", "none_found", None),),
        ),
        Event(
            "campaign-2025", "statement", "A campaign between late April and early June",
            date(2025, 4, 21), date(2025, 6, 10), "relative", ("northwind",), ("c-fix-2",), (), ("doc-fix",),
        ),
    )  # fmt: skip
    mention = Mention(*span(LETTER, "Northwind Labs"), "Northwind Labs", "northwind", "Northwind Labs", "company")
    documents = (
        document("doc-letter", "Harbour Courier", "courier", letter,
                 extractions=(Extraction(letter.id, "relevant", (mention,)),)),
        document("memo-1", "Office of Model Affairs", "handed-in", memo, url="", publisher_type="government"),
        document("doc-zh", "海港日报", "haigang", chinese),
        document("doc-fix", "Harbour Courier", "courier", old, new),
        document("doc-earn", "Harbour Courier", "courier", earnings,
                 extractions=(Extraction(earnings.id, "irrelevant"),)),
    )  # fmt: skip
    sources = (
        SourceStatus("courier", "feed", "https://courier.example/feed.xml", "Harbour Courier", "news", "en", True, 3, 2,
                     SEEN, SEEN, None, (("https://courier.example/closed", "robots.txt forbids it"),),
                     (("https://courier.example/gone", "404 Not Found"),),
                     Health("fine", SEEN, last_success_at=SEEN, last_news_at=SEEN)),
        SourceStatus("haigang", "listing", "https://haigang.example/", "海港日报", "news", "zh", True, 1, 1, SEEN, SEEN),
        SourceStatus("silent", "sitemap", "javascript:alert(1)", "Silent Gazette", "news", "en", False, 0, 0, None, SEEN,
                     "no answer within 20 s",
                     health=Health("unreachable", SEEN, "no answer within 20 s", "wait", None, SEEN, "no answer")),
    )  # fmt: skip
    redirects = (("northwind-letter-old", "northwind-letter-2026-02"),)
    return Dataset(documents, Reconciled(events, claims, ENTITIES, redirects), sources)


@pytest.fixture(scope="session")
def world() -> Dataset:
    return build_world()


@pytest.fixture(scope="session")
def site() -> Site:
    return Site()


@pytest.fixture(scope="session")
def pages(world: Dataset, site: Site) -> dict[str, bytes]:
    return render_site(world, site)

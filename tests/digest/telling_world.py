"""A digest with every kind of change, in English and Chinese, with what a hostile page may hold."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tracker.config import Settings, Site
from tracker.digest.links import Links
from tracker.digest.tokens import Tokens
from tracker.digestsettings import Digests, Mail
from tracker.types.changes import CHANGE_KINDS, Change, ChangeKind, Evidence
from tracker.types.digests import Digest, DigestGroup, DigestItem, Told
from tracker.types.watching import Subscriber, WatchRule

CUT = datetime(2026, 6, 26, 6, 0, tzinfo=UTC)
BASE = "https://tracker.example/"
SETTINGS = Settings(
    site=Site(base_url=BASE),
    digests=Digests(
        mail=Mail(host="localhost", sender="Dispute Digests <digests@tracker.example>", security="none"),
        public_url="https://serve.tracker.example/",
    ),
)
SUBSCRIBER = Subscriber(
    id="k3v9",
    name="compliance-desk",
    channel="mail",
    address="desk@bank.example",
    rules=(WatchRule(entities=("alibaba",)),),
    timezone="Europe/Berlin",
)
HOSTILE = "</script><img src=x onerror=alert(1)>\r\nBcc: all@victim.example\n\n\u202egnp.exe & *bold* <!channel>"


LINKS = Links("https://serve.tracker.example/", Tokens(["a key of the tests alone, 32 letters"]))


def evidence(
    quote: str,
    publisher: str = "Example Wire",
    *,
    language: str = "en",
    speaker: str = "Anthropic",
    version: str = "a",
    **more: str,
) -> Evidence:
    return Evidence(
        claim_id=f"clm-{version}",
        quote=quote,
        language=language,
        speaker_name=speaker,
        on_behalf_of_name=more.get("on_behalf_of", ""),
        accused_as=more.get("accused_as", ""),
        publisher=publisher,
        document_title=more.get("title", "Letter says accounts copied a model"),
        published_on=date(2026, 6, 25),
        link=more.get("link", "https://wire.example/story#:~:text=accounts"),
        page=more.get("page", f"{BASE}documents/doc-1.html#clm-{version}"),
        version_sha256=version * 64,
    )


def change(kind: ChangeKind, title: str, *, before: str = "", after: str = "", **more: object) -> Change:
    values: dict[str, object] = {
        "kind": kind,
        "key": f"{kind}:ev-1/a",
        "title": title,
        "page": f"{BASE}events/ev-1.html",
        "event_id": "ev-1",
        "event_title": "Anthropic accuses operators affiliated with Alibaba",
        "event_type": "allegation",
        "dispute_ids": ("anthropic-alibaba",),
        "entities": ("anthropic", "alibaba"),
        "families": ("anthropic", "alibaba"),
        "jurisdictions": ("CN", "US"),
        "happened_on": date(2026, 6, 10),
        "independent_sources": 3,
        "sources_before": 0,
        "before": before,
        "after": after,
        "evidence": (
            evidence(
                "operators affiliated with Alibaba ran about 24,000 accounts",
                accused_as="operators affiliated with Alibaba",
            ),
        ),
        "seq": 1 + CHANGE_KINDS.index(kind),
        "edition": "e" * 64,
        "seen_at": CUT,
    }
    return Change(**{**values, **more})  # type: ignore[arg-type]


WHY = ("you watch Alibaba with what belongs to it",)
CORRECTED = change(
    "corrected",
    "Example Wire corrected a figure: about 24,000 accounts became nearly 25,000",
    before="about 24,000 accounts",
    after="nearly 25,000 accounts",
    evidence=(evidence("the letter counts nearly 25,000 accounts", version="b"),),
    evidence_before=(evidence("the letter counts about 24,000 accounts"),),
    corrects=("figure:fig-1",),
)
TOLD = Told("figure:fig-1", "dg-0007", datetime(2026, 6, 24, 6, 0, tzinfo=UTC), "about 24,000 accounts", ("clm-a",))
CHANGES: tuple[Change, ...] = (
    change("event", "Anthropic alleges that operators affiliated with Alibaba copied Claude", after="about 24,000 accounts"),
    change("event", "Alibaba denies the allegation", event_type="denial", independent_sources=1,
           evidence=(evidence("阿里巴巴否认了这一指控，称其“毫无根据”，并表示将配合任何独立调查，同时保留追究法律责任的权利。", "示例通讯社", language="zh", speaker="阿里巴巴",
                              title="阿里巴巴回应蒸馏指控", version="c"),)),
    change("claim", "A senator repeats the allegation", evidence=(evidence("They have copied it", speaker="Senator Vale", version="d"),)),
    change("sources", "Two more sources report the letter", independent_sources=5, sources_before=3),
    change("figure", "Example Wire gives the exchanges as more than 16 million", before="over 13 million", after="more than 16 million"),
    change("conflict", "24,000 accounts (letter) and 31,000 accounts (memo) cannot both be right"),
    change("status", "Anthropic v. Alibaba: alleged by a public body too", before="alleged", after="alleged by a public body too"),
    change("answer", "Alibaba declined to comment", before="no answer found in the sources", after="declined to comment"),
    change("vanished", "A page says it no more", before="about 24,000 accounts", evidence=(), evidence_before=(evidence("about 24,000"),)),
    change("stage", "Model Protection Act: passed the Senate", before="introduced", after="passed the Senate"),
    change("withdrawn", "A claim was withdrawn here", before="SECRET", after="SECRET", evidence=(evidence("SECRET"),)),
)  # fmt: skip
RTL = change("claim", f"\u2068שלום <b>\u2069 alleges {HOSTILE}", event_title="T" * 10_000,
             evidence=(evidence(f"{HOSTILE} {'quote ' * 3000}", f"Wire {HOSTILE}", speaker="\u202eשלום\r\nX-Evil: 1", title="T" * 10_000,
                                link="javascript:alert(1)", version="f"),))  # fmt: skip


def whole_digest() -> Digest:
    items = tuple(DigestItem(one, WHY) for one in CHANGES)
    return Digest(
        id="dg-0008",
        subscriber_id="k3v9",
        kind="digest",
        number=8,
        from_seq=10,
        to_seq=42,
        since=datetime(2026, 6, 25, 6, 0, tzinfo=UTC),
        cut_at=CUT,
        edition="e" * 64,
        corrections=(DigestItem(CORRECTED, ("we told you otherwise",), TOLD),),
        groups=(
            DigestGroup("Alibaba", f"{BASE}entities/alibaba.html", items[:8]),
            DigestGroup("Laws", "", items[8:]),
        ),
        left_out=14,
    )


def hostile_digest() -> Digest:
    group = DigestGroup(f"Group {HOSTILE}", "javascript:alert(1)", (DigestItem(RTL, (HOSTILE,)),))
    return Digest("dg-9", "k3v9", "digest", 1, 0, 1, None, CUT, "e" * 64, (), (group,))


def all_clear() -> Digest:
    since = datetime(2026, 6, 25, 6, 0, tzinfo=UTC)
    return Digest("dg-10", "k3v9", "all_clear", 9, 42, 42, since, CUT, "e" * 64, (), ())

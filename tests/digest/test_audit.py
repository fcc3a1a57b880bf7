"""An audit: what was known and told, by whom it was accepted, and what was told to nobody."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import html5lib

from tests.digest.telling_world import CHANGES, CORRECTED, CUT, RTL, SETTINGS, TOLD, WHY, change, evidence, whole_digest
from tracker.digest.audit import Audit, Period, make_audit
from tracker.digest.audit.page import audit_page
from tracker.digest.audit.table import audit_csv
from tracker.ids import sha256_hex
from tracker.ports.subscriptions import KeptDigest
from tracker.types.changes import Change
from tracker.types.digests import Delivery, Digest, DigestGroup, DigestItem, Message

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
MADE = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
BODY = b"From: a\r\n\r\nbody"


def seen(one: Change, seq: int, day: int, **more: object) -> Change:
    return replace(one, seq=seq, seen_at=datetime(2026, 6, day, 5, 0, tzinfo=UTC), edition=f"{day:064x}", **more)  # type: ignore[arg-type]


def kept(digest: Digest | None, name: str = "desk", state: str = "sent") -> KeptDigest:
    message = Message("digest", "mail", "desk@bank.example", "<dg@tracker.example>", BODY, "s")
    sent_at = CUT + timedelta(minutes=1) if state == "sent" else None
    delivery = Delivery(1, "k3v9", name, digest.id if digest else None, message, state, CUT, CUT, 1, sent_at)  # type: ignore[arg-type]
    return KeptDigest(digest, name, "c" * 64, "b" * 64, delivery)


def digest_of(*told: Change, corrections: tuple[Change, ...] = (), **more: object) -> Digest:
    values = {
        "corrections": tuple(DigestItem(one, WHY, TOLD) for one in corrections),
        "groups": (DigestGroup("Alibaba", "", tuple(DigestItem(one, WHY) for one in told)),),
        "from_seq": 0,
        "to_seq": 99,
    }
    return replace(whole_digest(), **(values | more))  # type: ignore[arg-type]


def audit_of(
    changes: list[Change], digests: list[KeptDigest], breaks: tuple[str, ...] = (), period: Period = JUNE
) -> Audit:
    return make_audit(("alibaba", "Alibaba"), ["Qwen"], period, changes, digests, breaks, MADE)


def rows_of(audit: Audit) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(audit_csv(audit).decode())))


def test_each_change_has_those_who_were_told_and_when_it_was_accepted() -> None:
    first = seen(CHANGES[0], 1, 24)
    audit = audit_of([first], [kept(digest_of(first)), kept(digest_of(first, id="dg-2"), "legal", "refused")])
    (row,) = audit.rows
    assert [(one.subscriber_name, one.state) for one in row.tellings] == [("desk", "sent"), ("legal", "refused")]
    table = rows_of(audit)
    assert [line["told"] for line in table] == ["yes", "not delivered (refused)"]
    assert table[0]["accepted_at"] == "2026-06-26T06:01:00Z" and table[0]["message_sha256"] == sha256_hex(BODY)
    assert table[0]["edition"] == f"{24:064x}" and table[0]["chain_sha256"] == "c" * 64


def test_what_nobody_was_told_says_so() -> None:
    first = seen(CHANGES[0], 1, 24)
    audit = audit_of([first], [])
    assert audit.untold == audit.rows and rows_of(audit)[0]["told"] == "to nobody"
    assert "Known, and told to nobody" in audit_page(audit, SETTINGS).decode()


def test_another_party_and_another_month_are_left_out() -> None:
    other = seen(CHANGES[0], 1, 24, entities=("deepseek",), families=("deepseek",))
    early = replace(seen(CHANGES[1], 2, 24), seen_at=datetime(2026, 5, 31, 23, 59, tzinfo=UTC))
    last = replace(seen(CHANGES[2], 3, 24), seen_at=datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    assert [row.change.seq for row in audit_of([other, early, last], []).rows] == [3]


def test_known_before_and_told_in_the_period_counts() -> None:
    early = replace(seen(CHANGES[0], 1, 24), seen_at=datetime(2026, 5, 31, 23, 59, tzinfo=UTC))
    assert len(audit_of([early], [kept(digest_of(early))]).rows) == 1


def test_what_belongs_to_a_party_is_part_of_its_audit() -> None:
    model = seen(CHANGES[0], 1, 24, entities=("qwen",), families=("qwen", "alibaba"))
    assert len(audit_of([model], []).rows) == 1


def test_corrections_stand_beside_what_they_correct() -> None:
    told = seen(change("figure", "24,000", after="about 24,000 accounts"), 1, 24, key="figure:fig-1")
    corrected = seen(CORRECTED, 2, 25)
    audit = audit_of([told, corrected], [kept(digest_of(told)), kept(digest_of(corrections=(corrected,), id="dg-2"))])
    assert [(row.corrects, row.corrected_by) for row in audit.rows] == [((), (2,)), ((1,), ())]
    assert audit.rows[1].tellings[0].place == "correction"


def test_a_change_that_was_folded_into_a_later_one_was_told_with_it() -> None:
    one, two = seen(CHANGES[4], 1, 24), seen(CHANGES[4], 2, 25)
    before = digest_of(two, from_seq=1, id="dg-after")
    audit = audit_of([one, two], [kept(digest_of(two)), kept(before)])
    assert [[(item.digest_id, item.is_folded) for item in row.tellings] for row in audit.rows] == [
        [("dg-0008", True)],
        [("dg-0008", False), ("dg-after", False)],
    ]


def test_what_was_over_the_cap_was_told_behind_the_link() -> None:
    first = seen(CHANGES[0], 1, 24)
    digest = digest_of(rest=(DigestItem(first, WHY),), left_out=1)
    assert audit_of([first], [kept(digest)]).rows[0].tellings[0].place == "behind the link"


def test_hidden_words_are_not_repeated() -> None:
    secret = seen(change("claim", "SECRET", after="SECRET", evidence=(evidence("SECRET"),)), 1, 24, key="claim:x")
    gone = seen(change("withdrawn", "Withdrawn here", corrects=("claim:x",), evidence=()), 2, 25)
    audit = audit_of([secret, gone], [kept(digest_of(secret))])
    assert b"SECRET" not in audit_csv(audit) and b"SECRET" not in audit_page(audit, SETTINGS)
    assert b"withdrawn here since" in audit_page(audit, SETTINGS)


def test_a_broken_chain_and_erased_subscribers_are_said() -> None:
    audit = audit_of([], [kept(None)], breaks=("digest 7 was altered",))
    page = audit_page(audit, SETTINGS).decode()
    assert "does not verify" in page and "digest 7 was altered" in page
    assert "1 digest of subscribers whose data were erased" in page
    assert "Nothing about this party was known" in page


def test_the_page_is_sound_whatever_a_page_said() -> None:
    hostile = seen(RTL, 1, 24)
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(audit_page(audit_of([hostile], [kept(digest_of(hostile), "<b>desk</b>")]), SETTINGS).decode())
    assert not parser.errors
    assert not {"img", "script", "b"} & {item.tag for item in tree.iter() if isinstance(item.tag, str)}
    assert all(link.get("href").startswith(("https://", "#c")) for link in tree.iter("a"))


def test_a_spreadsheet_runs_no_formula() -> None:
    formula = seen(change("claim", "=HYPERLINK(1)", evidence=(evidence("+1+1", speaker="@SUM(1)"),)), 1, 24)
    assert all(not value.startswith(("=", "+", "@")) for value in rows_of(audit_of([formula], []))[0].values())

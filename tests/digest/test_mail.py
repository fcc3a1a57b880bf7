"""Mail as it is sent: byte for byte as kept, read back as a mail program does, and safe whatever a page holds.

TRACKER_GOLDEN=1 writes the kept mails anew; look at every line of the difference.
"""

from __future__ import annotations

import base64
import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import dkim
import html5lib
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from tests.digest.telling_world import (
    CHANGES,
    CUT,
    LINKS,
    RTL,
    SETTINGS,
    SUBSCRIBER,
    TOLD,
    WHY,
    all_clear,
    change,
    evidence,
    hostile_digest,
    whole_digest,
)
from tracker.config import Settings
from tracker.digest.telling import render_confirmation, render_message, render_notice
from tracker.digest.telling.lines import COLUMNS, width_of, wrap
from tracker.digest.telling.wording import subject_of, told_sentence
from tracker.digestsettings import Digests, Dkim, Mail
from tracker.errors import ConfigError
from tracker.types.changes import CHANGE_KINDS
from tracker.types.digests import Digest, DigestGroup, DigestItem

GOLDEN = Path(__file__).parent / "golden"
DIGESTS = {"whole": whole_digest, "hostile": hostile_digest, "all_clear": all_clear}


def parsed(body: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(body, policy=policy.default))


def parts(body: bytes) -> tuple[str, str]:
    text, html = parsed(body).iter_parts()
    return cast(EmailMessage, text).get_content(), cast(EmailMessage, html).get_content()


def mail_of(digest: Digest, settings: Settings = SETTINGS) -> bytes:
    return render_message(SUBSCRIBER, digest, settings, LINKS).body


@pytest.mark.parametrize("name", [*DIGESTS, "confirmation", "welcome"])
def test_mails_are_as_kept_byte_for_byte(name: str) -> None:
    if name in DIGESTS:
        body = mail_of(DIGESTS[name]())
    elif name == "confirmation":
        body = render_confirmation(SUBSCRIBER, SETTINGS, LINKS, CUT, ["Alibaba with what belongs to it; denial"]).body
    else:
        body = render_notice(SUBSCRIBER, "welcome", SETTINGS, LINKS, CUT).body
    kept = GOLDEN / f"{name}.eml"
    if os.environ.get("TRACKER_GOLDEN"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(body)
    assert body == kept.read_bytes()


def test_the_whole_digest_has_every_kind_of_change() -> None:
    digest = whole_digest()
    shown = [item.change.kind for item in digest.corrections] + [
        item.change.kind for g in digest.groups for item in g.items
    ]
    assert set(shown) == set(CHANGE_KINDS)


def test_headers_are_those_of_the_standards() -> None:
    message = parsed(mail_of(whole_digest()))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<https://serve\.tracker\.example/subscriptions/unsubscribe\?t=[\w.-]+>", message["List-Unsubscribe"]
    )
    assert message["Message-ID"] == "<dg-0008@tracker.example>"
    assert message["Date"].datetime == CUT
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<digests.tracker.example>"
    assert message.get_content_type() == "multipart/alternative"
    assert not message.defects


def test_lines_are_short_enough_for_every_server() -> None:
    for make in DIGESTS.values():
        body = mail_of(make())
        assert body.count(b"\n") == body.count(b"\r\n") and max(map(len, body.split(b"\r\n"))) <= 998
        body.decode("ascii")


def test_no_title_of_a_page_makes_a_header() -> None:
    message = parsed(mail_of(hostile_digest()))
    assert not {"bcc", "x-evil"} & {name.lower() for name in message}
    assert len(message.get_all("To")) == 1
    assert "\n" not in message["Subject"] and "\u202e" not in message["Subject"]


@given(st.text(max_size=300))
def test_whatever_a_name_holds_the_subject_is_one_line(name: str) -> None:
    digest = replace(hostile_digest(), groups=(DigestGroup(name, "", (DigestItem(RTL, ()),)),))
    subject = subject_of(digest, "Site")
    assert len(subject) <= 160 and len(subject.splitlines()) == 1
    message = EmailMessage(policy.SMTP)
    message["Subject"] = subject
    assert b"\r\n\r\n" not in message.as_bytes().removesuffix(b"\r\n\r\n")


def test_html_is_well_formed_and_fetches_nothing() -> None:
    for make in DIGESTS.values():
        html = parts(mail_of(make()))[1]
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree = parser.parse(html)
        assert not parser.errors
        names = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
        assert not names & {"img", "script", "link", "iframe", "object", "form", "svg", "video"}
        assert "url(" not in html and "@import" not in html and "@font-face" not in html
        for link in tree.iter("a"):
            assert link.get("href").startswith("https://")


def test_each_part_has_every_quote_speaker_and_link() -> None:
    text, html = parts(mail_of(whole_digest()))
    joined = re.sub(r"\s*\n\s*>?\s*", " ", text)
    for one in CHANGES:
        if one.kind == "withdrawn":
            continue
        for proof in (*one.evidence, *one.evidence_before):
            assert proof.publisher in text and proof.link in text and proof.page in text
            assert proof.quote in html
            assert proof.quote.replace(" ", "") in joined.replace(" ", "")


def test_quotes_carry_their_language_and_names_their_direction() -> None:
    assert '<q lang="zh"><bdi>阿里巴巴' in parts(mail_of(whole_digest()))[1]
    text, html = parts(mail_of(hostile_digest()))
    assert "<bdi>שלום &lt;b&gt;</bdi>" in html
    assert "\u202e" not in text + html
    assert text.count("\u2068") == text.count("\u2069") > 0


def test_what_people_hid_is_said_nowhere() -> None:
    withdrawn = change(
        "withdrawn", "A claim was withdrawn here", before="SECRET", after="SECRET", evidence=(evidence("SECRET"),)
    )
    item = DigestItem(withdrawn, WHY, replace(TOLD, words="SECRET"))
    digest = replace(whole_digest(), corrections=(item,))
    assert "SECRET" not in "".join(parts(mail_of(digest)))
    for shape in ("json", "slack", "teams"):
        body = render_message(replace(SUBSCRIBER, channel="webhook", shape=shape), digest, SETTINGS, LINKS).body
        assert b"SECRET" not in body


def test_a_correction_says_who_says_so_now() -> None:
    item = whole_digest().corrections[0]
    assert told_sentence(item, "Europe/Berlin") == (
        "On 24 June 2026 we reported about 24,000 accounts; Example Wire now says nearly 25,000 accounts."
    )


def test_we_say_that_we_reported_only_what_was_told_in_these_words() -> None:
    """An event was told with its figures; what it did not hold was never reported by us."""
    item = whole_digest().corrections[0]
    event = replace(TOLD, key="event:ev-1", words="about 24,000 accounts; 28.8 million exchanges")
    assert told_sentence(replace(item, told=event), "UTC") == (
        "On 24 June 2026 we reported about 24,000 accounts; Example Wire now says nearly 25,000 accounts."
    )
    other = replace(item.change, before="Alibaba did not reply.", after="Alibaba declined.")
    assert told_sentence(replace(item, told=event, change=other), "UTC") == (
        "On 24 June 2026 we told you of “Anthropic accuses operators affiliated with Alibaba”; Example Wire then said Alibaba did not reply; "
        "Example Wire now says Alibaba declined."
    )


def test_a_page_that_stayed_as_it_was_did_not_change_its_mind() -> None:
    """People corrected our reading: the page never said otherwise, and is not said to."""
    item = whole_digest().corrections[0]
    ours = replace(item.change, after="by Meridian AI", evidence=item.change.evidence_before)
    assert told_sentence(replace(item, change=ours), "UTC").endswith("; that was corrected here: by Meridian AI.")


def test_at_once_digests_about_one_dispute_are_one_thread() -> None:
    at_once = replace(SUBSCRIBER, cadence="at_once")
    group = whole_digest().groups[0]
    roots = set()
    for number in (1, 2):
        digest = replace(whole_digest(), id=f"dg-{number}", corrections=(), groups=(group,))
        roots.add(parsed(render_message(at_once, digest, SETTINGS, LINKS).body)["References"])
    other = replace(group, items=(DigestItem(change("event", "x", dispute_ids=("other",)), WHY),))
    digest = replace(whole_digest(), corrections=(), groups=(other,))
    other_root = parsed(render_message(at_once, digest, SETTINGS, LINKS).body)["References"]
    assert len(roots) == 1 and other_root not in roots


def test_without_a_public_address_it_says_how_to_leave() -> None:
    message = render_message(SUBSCRIBER, whole_digest(), SETTINGS, None)
    assert b"List-Unsubscribe" not in message.body
    assert "To leave, write to Dispute Digests" in parts(message.body)[0]


@pytest.mark.parametrize(
    "address", ["desk@bank.example", "o'hara+x@bank.example", "büro@bank.example", "办公@xn--fiq228c.example"]
)
def test_every_address_that_a_server_may_know_is_written_so_that_it_is_read_back(address: str) -> None:
    body = render_message(replace(SUBSCRIBER, address=address), all_clear(), SETTINGS, LINKS).body
    assert f"\r\nTo: {address}\r\n".encode() in body  # beyond ASCII as RFC 6532 has it


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nX: 1",
        "two@b.example, c@d.example",
        "é@b.example, c@d.example",
        "é@b.example\n",
    ],
)
def test_an_address_that_would_be_more_than_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        render_message(replace(SUBSCRIBER, address=address), all_clear(), SETTINGS, LINKS)


def test_no_mail_without_its_settings() -> None:
    with pytest.raises(ConfigError, match=r"digests\.mail is not set"):
        mail_of(whole_digest(), SETTINGS.model_copy(update={"digests": Digests()}))


def _signed(folder: Path, key: str) -> bytes:
    (folder / "key").write_text(key)
    signed = Dkim(domain="tracker.example", selector="d1", key_file=folder / "key")
    mail = Mail(host="localhost", sender="digests@tracker.example", security="none", dkim=signed)
    return mail_of(whole_digest(), SETTINGS.model_copy(update={"digests": Digests(mail=mail)}))


def _verifies(body: bytes, record: str) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"d1._domainkey.tracker.example."
        return record.encode()

    return bool(dkim.verify(body, dnsfunc=dns))


def test_signatures_verify_and_break_with_the_message(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    body = _signed(tmp_path, pem.decode())
    record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    assert _verifies(body, record)
    assert not _verifies(body.replace(b"One-Click", b"Two-Click"), record)
    assert not _verifies(body.replace(b"24,000", b"25,000"), record)


def test_ed25519_signatures_verify_too(tmp_path: Path) -> None:
    nacl = pytest.importorskip("nacl.signing", reason="dkimpy signs with Ed25519 where PyNaCl is installed")
    key = nacl.SigningKey.generate()
    body = _signed(tmp_path, base64.b64encode(bytes(key)).decode())
    record = f"v=DKIM1; k=ed25519; p={base64.b64encode(bytes(key.verify_key)).decode()}"
    assert _verifies(body, record)
    assert not _verifies(body.replace(b"Subject: ", b"Subject: Re: "), record)


def test_without_pynacl_an_ed25519_key_is_refused_in_words(tmp_path: Path) -> None:
    if find_spec("nacl"):
        pytest.skip("PyNaCl is installed")
    with pytest.raises(ConfigError, match="PyNaCl"):
        _signed(tmp_path, base64.b64encode(bytes(32)).decode())


@pytest.mark.parametrize(
    "key", ["", "no key at all", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"]
)
def test_a_key_of_no_use_is_said_so(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=r"digests\.mail\.dkim\.key_file"):
        _signed(tmp_path, key)


@given(st.text(alphabet=st.one_of(st.sampled_from(" \n，。阿里巴"), st.characters(codec="utf-8")), max_size=200))
def test_wrapped_lines_fit_and_lose_nothing(text: str) -> None:
    lines = wrap(text, "> ", "> ", columns=40)
    inner = "".join(line[2:] for line in lines)
    assert "".join(inner.split()) == "".join(text.split())
    longest = max((width_of(word) for word in text.split()), default=0)
    assert all(width_of(line) <= max(40, longest + 2) for line in lines)
    assert COLUMNS == 72

"""Where somebody can be told: what is an address, and what only looks like one."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.digest.addresses import check_mail_address, check_webhook_url
from tracker.errors import InputError

WHATWG = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
"""html.spec.whatwg.org, valid e-mail address."""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("kate@mail.example", "kate@mail.example"),
        ("  kate@mail.example ", "kate@mail.example"),
        ("Kate.O'Neil+digest@MAIL.Example", "Kate.O'Neil+digest@mail.example"),
        ("k@bücher.example", "k@xn--bcher-kva.example"),
        ("k@xn--bcher-kva.example", "k@xn--bcher-kva.example"),
        ("k@例子.example", "k@xn--fsqu00a.example"),
        ("k@почта.рф", "k@xn--80a1acny.xn--p1ai"),
        ("k@mail.example.", "k@mail.example"),
        (f"{'a' * 64}@mail.example", f"{'a' * 64}@mail.example"),
    ],
)
def test_what_is_one_address_is_kept_as_mail_is_sent_to_it(typed: str, kept: str) -> None:
    assert check_mail_address(typed) == kept and WHATWG.fullmatch(kept)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("kate", "no mail address"),
        ("@mail.example", "no mail address"),
        ("kate@", "no mail address"),
        ("kate@mail.example\nBcc", "line break"),
        ("kate@mail.example\r\n", "line break"),
        ("kate\x00@mail.example", "control character"),
        ("kate@mail.example\u200b", "nobody sees"),
        ("ka\u202ete@mail.example", "nobody sees"),
        ("kate@mail\u2066.example", "nobody sees"),
        ("kate@ma\u00adil.example", "nobody sees"),
        ("ka\u3164te@mail.example", "nobody sees"),
        ("kate @mail.example", "a space"),
        ("kate@mail\u00a0.example", "a space"),
        ("kate@mail.example, joe@mail.example", "one mail address"),
        ("kate@mail.example;joe@mail.example", "one mail address"),
        ("kate@mail.example@evil.example", "one mail address"),
        ("Kate <kate@mail.example>", "alone"),
        ("<kate@mail.example>", "alone"),
        ('"kate"@mail.example', "alone"),
        ("kate(work)@mail.example", "alone"),
        ("kate@[127.0.0.1]", "alone"),
        ("kate@[IPv6:::1]", "alone"),
        (".kate@mail.example", "before the @"),
        ("ka..te@mail.example", "before the @"),
        ("kate.@mail.example", "before the @"),
        ("kаte@mail.example", "before the @"),  # a Cyrillic а
        (f"{'a' * 65}@mail.example", "before the @"),
        ("kate@localhost", "whole domain"),
        ("kate@mail.localhost", "whole domain"),
        ("kate@127.0.0.1", "whole domain"),
        ("kate@-mail.example", "no domain"),
        ("kate@mail..example", "no domain"),
        ("kate@ma_il.example", "no domain"),
        (f"kate@{'a' * 64}.example", "no domain"),
        ("kate@xn--zzzzzzzz99999.example", "no domain"),
        ("kate@pаypal.example", "several scripts"),  # Latin with a Cyrillic а
        ("kate@xn--pypal-4ve.example", "several scripts"),  # the same, written in ASCII
        ("kate@аррӏе.example", "pass for Latin"),  # all Cyrillic
        (f"{'a' * 60}@{'b.' * 110}example", "254"),
        ("k" * 100_000, "254"),
    ],
)
def test_what_is_none_or_looks_like_another_is_refused_in_one_line(typed: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as told:
        check_mail_address(typed)
    message = str(told.value)
    assert len(message) < 700 and message.replace("…", "").isprintable()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", message)


@given(st.text(max_size=60) | st.emails() | st.builds("{}@{}".format, st.text(max_size=20), st.text(max_size=20)))
def test_whatever_passes_is_one_address_in_a_header(typed: str) -> None:
    try:
        kept = check_mail_address(typed)
    except InputError:
        return
    assert WHATWG.fullmatch(kept) and len(kept) <= 254 and check_mail_address(kept) == kept
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(addr_spec=kept)
    assert [item.addr_spec for item in message["To"].addresses] == [kept]
    assert message.as_bytes().count(b"\r\n") == 1 + message.as_bytes().count(b"\r\n ") + 1


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.mail.example/services/T1/B2/x?sig=a%20b",
        "https://hooks.mail.example:8443/x",
        "https://xn--bcher-kva.example/x",
        "https://93.184.215.14/x",
    ],
)
def test_a_public_address_by_https_is_a_webhook(url: str) -> None:
    assert check_webhook_url(f" {url}") == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "http"),
        ("hooks.mail.example/x", "http"),
        ("ftp://hooks.mail.example/x", "http"),
        ("javascript:alert(1)", "http"),
        ("http://hooks.mail.example/x", "https"),
        ("https://kate:secret@hooks.mail.example/x", "login"),
        ("https://hooks.mail.example/x#y", "without #"),
        ("https://hooks.mail.example/x\r\nHost: evil.example", "visible ASCII"),
        ("https://hooks.mail.example\\@evil.example/", "visible ASCII"),
        ("https://hооks.mail.example/", "visible ASCII"),
        ("https://xn--pypal-4ve.example/", "several scripts"),
        ("https://hooks.mail.example:0/", "host"),
        ("https://hooks.mail.example:99999/", "no address"),
        ("https:///x", "http"),
        ("https://localhost/x", "this machine"),
        ("https://a.localhost./x", "this machine"),
        ("https://printer.local/x", "this machine"),
        ("https://metadata.google.internal/x", "this machine"),
        ("https://intranet/x", "this machine"),
        ("https://127.0.0.1/x", "no public address"),
        ("https://10.1.2.3/x", "no public address"),
        ("https://169.254.169.254/latest", "no public address"),
        ("https://[::1]/x", "no public address"),
        ("https://[::ffff:10.0.0.1]/x", "no public address"),
        ("https://[64:ff9b::7f00:1]/x", "no public address"),
        ("https://2130706433/x", "neither a name"),
        ("https://127.1/x", "neither a name"),
        ("https://0x7f.1/x", "neither a name"),
        ("https://0x7f000001/x", "neither a name"),
        ("https://hooks.mail.example/" + "x" * 2000, "2000"),
    ],
)  # fmt: skip
def test_what_may_not_be_called_is_refused(url: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as told:
        check_webhook_url(url)
    assert str(told.value).replace("…", "").isprintable() and len(str(told.value)) < 500


def test_what_the_configuration_leads_inside_may_be_called_there_and_nothing_else() -> None:
    resolve, allowed = {"*.hooks.example": "127.0.0.1:8080"}, ("127.0.0.0/8",)
    assert check_webhook_url("http://a.hooks.example/x", resolve, allowed)
    assert check_webhook_url("http://127.0.0.1:9/x", {}, allowed)
    for url in ("http://a.hooks.example/x", "http://127.0.0.1:9/x"):
        with pytest.raises(InputError):
            check_webhook_url(url, resolve)
    with pytest.raises(InputError):
        check_webhook_url("http://10.0.0.1/x", resolve, allowed)

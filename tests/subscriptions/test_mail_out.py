"""Mail out over a real SMTP server that misbehaves in every way that RFC 5321 has a word for, and some others."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest
import trustme
from pydantic import ValidationError

from tests.subscriptions.made import message, subscriber
from tests.subscriptions.mailserver import MailSink, drop, hang, leave, mail_server
from tracker.deliver.mail import MailServer
from tracker.digestsettings import Mail
from tracker.errors import ConfigError
from tracker.ports.channels import Answer
from tracker.types.digests import Message

LOGIN = {"MAIL_USER": "tracker", "MAIL_PASSWORD": "s3cret-of-mail"}
MESSAGES = [message(subscriber(number), f"Digest {number}") for number in range(4)]


@pytest.fixture
def sink() -> MailSink:
    return MailSink()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_tls(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def send(server: MailServer, messages: Sequence[Message] = MESSAGES[:1]) -> list[Answer]:
    """All of them over one connection."""

    async def run() -> list[Answer]:
        connection = server.open()
        try:
            return [await connection.send(item) for item in messages]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_messages_go_out_byte_for_byte_over_one_connection(sink: MailSink) -> None:
    dotted = replace(MESSAGES[0], body=MESSAGES[0].body + b".\r\n.. and dots\r\n.\r\nend\r\n")
    with mail_server(sink) as mail:
        answers = send(MailServer(mail), [dotted, *MESSAGES[1:]])
    assert [(item.outcome, item.code) for item in answers] == [("sent", 250)] * 4
    assert answers[0].why == "250 2.0.0 taken"
    assert [item[1:] for item in sink.taken] == [(item.address, item.body) for item in (dotted, *MESSAGES[1:])]
    assert sink.sessions == 1


@pytest.mark.parametrize(
    ("reply", "outcome", "blames"),
    [
        ("450 4.2.0 greylisted", "temporary", "nobody"),
        ("452 4.2.2 mailbox full", "temporary", "nobody"),
        ("552 5.2.2 over quota", "temporary", "nobody"),
        ("550 5.1.1 no such user", "refused", "address"),
        ("553 no such mailbox", "refused", "address"),
        ("556 5.1.10 the domain takes no mail", "refused", "address"),
        ("550 5.7.1 relaying denied", "temporary", "nobody"),
        ("530 5.7.0 log in first", "temporary", "nobody"),
        ("503 5.5.1 bad sequence", "temporary", "nobody"),
    ],
)
def test_a_reply_at_rcpt(sink: MailSink, reply: str, outcome: str, blames: str) -> None:
    sink.plans["rcpt"].append(reply)
    with mail_server(sink) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.blames, first.code, first.why) == (outcome, blames, int(reply[:3]), reply)
    assert second.outcome == "sent" and sink.ids == [MESSAGES[1].message_id]
    assert sink.sessions == 1, "nothing of the first is left on the connection"


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_the_address_is_in_no_answer(sink: MailSink, stage: str) -> None:
    sink.plans[stage].append("550 5.1.1 <Reader-0@DESK.example>: nobody is reader-0@desk.example")
    with mail_server(sink) as mail:
        (answer,) = send(MailServer(mail))
    assert answer.why == "550 5.1.1 <***>: nobody is ***"


@pytest.mark.parametrize(
    ("reply", "outcome"), [("451 4.3.0 try later", "temporary"), ("554 5.6.0 content refused", "refused")]
)
def test_a_reply_after_the_message(sink: MailSink, reply: str, outcome: str) -> None:
    sink.plans["data"].append(reply)
    with mail_server(sink) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.blames, second.outcome) == (outcome, "nobody", "sent")


def test_a_connection_that_is_lost_after_the_message_is_unknown_and_the_next_goes_on(sink: MailSink) -> None:
    sink.plans["data"].append(drop)
    with mail_server(sink) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.code, first.blames) == ("unknown", None, "nobody")
    assert second.outcome == "sent" and sink.sessions == 2
    assert sink.ids == [MESSAGES[0].message_id, MESSAGES[1].message_id], "it had taken the first"


def test_a_server_that_is_silent_after_the_message_is_unknown(sink: MailSink) -> None:
    sink.plans["data"].append(hang)
    with mail_server(sink, timeout_s=0.3) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, second.outcome) == ("unknown", "sent")
    assert "before the message was answered" in first.why


@pytest.mark.parametrize("act", [drop, hang, leave])
def test_a_connection_that_ends_at_rcpt_costs_a_try_and_no_other_message(sink: MailSink, act: object) -> None:
    sink.plans["rcpt"].append(act)  # type: ignore[arg-type]
    with mail_server(sink, timeout_s=0.5) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.blames, second.outcome) == ("temporary", "nobody", "sent")
    assert sink.sessions == 2


@pytest.mark.parametrize("act", [drop, leave, "451 4.3.0 not now"])
def test_a_used_connection_that_ends_between_messages_is_made_anew(sink: MailSink, act: object) -> None:
    with mail_server(sink) as mail:
        server = MailServer(mail)

        async def run() -> list[str]:
            connection = server.open()
            first = await connection.send(MESSAGES[0])
            sink.plans["mail"].append(act)  # type: ignore[arg-type]
            return [first.outcome, (await connection.send(MESSAGES[1])).outcome]

        assert asyncio.run(run()) == ["sent", "sent"]
    assert sink.sessions == 2


@pytest.mark.parametrize(
    "reply", ["554 5.3.4 too big", "552 too big", "552 5.2.2 x", "523 too big", "550 5.2.3 too long"]
)
def test_a_message_that_is_too_large_is_its_own_affair(sink: MailSink, reply: str) -> None:
    sink.plans["mail"].append(reply)
    with mail_server(sink) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.blames, second.outcome) == ("refused", "nobody", "sent")


def test_what_is_refused_at_mail_is_the_servers_affair(sink: MailSink) -> None:
    sink.plans["mail"].extend(["550 5.7.1 sender not yours", "552 5.3.4 too large"])
    with mail_server(sink) as mail:
        first, second = send(MailServer(mail), MESSAGES[:2])
    assert (first.outcome, first.blames, first.code) == ("temporary", "server", 550)
    assert (second.outcome, second.blames) == ("refused", "nobody")
    assert "127.0.0.1:" in first.why and "sender not yours" in first.why


def test_no_server_is_the_servers_affair() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    mail = Mail.model_validate(
        {"host": "127.0.0.1", "port": port, "security": "none", "sender": "news@tracker.example"}
    )
    (answer,) = send(MailServer(mail))
    assert (answer.outcome, answer.blames, answer.code) == ("temporary", "server", None)
    assert f"127.0.0.1:{port}" in answer.why


@pytest.mark.parametrize("greeting", [b"", b"554 5.3.2 no service\r\n", b"SSH-2.0-OpenSSH_9\r\n", b"220" + b"-" * 9000])
def test_a_server_that_is_none_is_the_servers_affair(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)
                connection.recv(100)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        mail = Mail.model_validate({
            "host": "127.0.0.1", "port": listener.getsockname()[1], "security": "none", "timeout_s": 0.5,
            "sender": "news@tracker.example",
        })  # fmt: skip
        (answer,) = send(MailServer(mail))
        thread.join(5)
    assert (
        (answer.outcome, answer.blames) == ("temporary", "server") and len(answer.why) < 400 and "\n" not in answer.why
    )


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(sink: MailSink, authority: trustme.CA, security: str) -> None:
    login = (LOGIN["MAIL_USER"], LOGIN["MAIL_PASSWORD"])
    with mail_server(sink, tls=server_tls(authority), security=security, login=login) as mail:
        server = MailServer(mail, environ=LOGIN, tls=client_tls(authority))
        answers = send(server, MESSAGES[:2])
    assert [item.outcome for item in answers] == ["sent", "sent"] and len(sink.ids) == 2


def test_a_refused_login_is_the_servers_affair_and_tells_no_password(sink: MailSink, authority: trustme.CA) -> None:
    with mail_server(sink, tls=server_tls(authority), security="starttls", login=("tracker", "another")) as mail:
        (answer,) = send(MailServer(mail, environ=LOGIN, tls=client_tls(authority)))
    assert (answer.outcome, answer.blames, answer.code) == ("temporary", "server", 535)
    assert "s3cret" not in answer.why and sink.taken == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("flaw", ["unknown authority", "another name"])
def test_a_bad_certificate_gets_no_mail(sink: MailSink, authority: trustme.CA, security: str, flaw: str) -> None:
    tls = server_tls(authority, "mx.elsewhere.example" if flaw == "another name" else "localhost")
    trusted = client_tls(trustme.CA() if flaw == "unknown authority" else authority)
    with mail_server(sink, tls=tls, security=security, login=("tracker", "s3cret-of-mail")) as mail:
        (answer,) = send(MailServer(mail, environ=LOGIN, tls=trusted))
    assert (answer.outcome, answer.blames) == ("temporary", "server")
    assert "certificate" in answer.why.lower() and sink.taken == []


def test_a_server_without_starttls_gets_neither_login_nor_mail(sink: MailSink, authority: trustme.CA) -> None:
    with mail_server(sink) as mail:
        secure = mail.model_copy(
            update={"security": "starttls", "username_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"}
        )
        (answer,) = send(MailServer(secure, environ=LOGIN, tls=client_tls(authority)))
    assert (answer.blames, sink.taken) == ("server", []) and "STARTTLS" in answer.why


def test_a_server_that_takes_tls_and_closes_is_the_servers_affair(authority: trustme.CA) -> None:
    context = server_tls(authority)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        mail = Mail.model_validate({
            "host": "localhost", "port": listener.getsockname()[1], "security": "tls", "sender": "news@tracker.example",
            "timeout_s": 5,
        })  # fmt: skip
        (answer,) = send(MailServer(mail, tls=client_tls(authority)))
        thread.join(5)
    assert (answer.outcome, answer.blames) == ("temporary", "server")


def test_an_address_beyond_ascii_goes_where_the_server_takes_it(sink: MailSink) -> None:
    body = MESSAGES[0].body.replace(b"reader-0@desk.example", "leserin-ö@desk.example".encode())
    beyond = replace(MESSAGES[0], address="leserin-ö@desk.example", body=body)
    with mail_server(sink, utf8=True) as mail:
        (answer,) = send(MailServer(mail), [beyond])
    assert answer.outcome == "sent", answer.why
    assert sink.taken[0][1:] == ("leserin-ö@desk.example", body)
    with mail_server(sink) as mail:
        refused, sent = send(MailServer(mail), [beyond, MESSAGES[1]])
    assert (refused.outcome, refused.blames, sent.outcome) == ("refused", "address", "sent")
    assert "SMTPUTF8" in refused.why


@pytest.mark.parametrize("address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "a@b.example> SIZE=1"])
def test_an_address_never_becomes_a_command(sink: MailSink, address: str) -> None:
    with mail_server(sink) as mail:
        answer, after = send(MailServer(mail), [replace(MESSAGES[0], address=address), MESSAGES[1]])
    assert (answer.outcome, after.outcome) == ("refused", "sent") and len(sink.taken) == 1


def test_settings_that_would_send_in_the_clear_are_refused() -> None:
    plain = {"host": "127.0.0.1", "security": "none", "sender": "news@tracker.example"}
    assert Mail.model_validate(plain).port == 587
    with pytest.raises(ValidationError, match="for a server on this machine"):
        Mail.model_validate({**plain, "host": "mx.example"})
    with pytest.raises(ValidationError, match="never goes out in the clear"):
        Mail.model_validate({**plain, "password_env": "MAIL_PASSWORD"})


def test_a_login_that_is_not_there_is_told() -> None:
    mail = Mail.model_validate({"host": "mx.example", "sender": "news@tracker.example", "username_env": "MAIL_USER"})
    with pytest.raises(
        ConfigError, match=r"digests\.mail\.username_env: the environment variable MAIL_USER is not set"
    ):
        MailServer(mail, environ={})
    with pytest.raises(ConfigError, match="holds no address"):
        MailServer(mail.model_copy(update={"sender": "Tracker"}), environ=LOGIN)

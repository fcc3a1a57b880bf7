"""Mail out, by SMTP (RFC 5321): the one door for aiosmtplib.

Several messages go over one connection; one that is lost is made anew for the next message. A certificate is always
verified, and a login never goes out in the clear.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parseaddr
from functools import cache

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from tracker.digestsettings import Mail
from tracker.errors import ConfigError
from tracker.ports.channels import MOST_SAID, Answer, conceal, one_line
from tracker.types.digests import Message

_FAILURES = (SMTPException, OSError, ValueError)
"""What aiosmtplib raises: its own, of the socket and TLS, and of what cannot stand in a command."""
_GOODBYE_WITHIN_S = 3.0
_REFUSES_ADDRESS = frozenset({550, 551, 553, 554, 556})
"""At RCPT (RFC 5321, section 4.2.3; RFC 7504). 552 is for the space of a mailbox, and passes (section 4.5.3.1.10)."""
_ENHANCED = re.compile(r"\A([245])\.(\d{1,3})\.\d{1,3}\b")
_TOO_LARGE = re.compile(r"\A5\.(2\.3|3\.4)\b")
_NOT_OF_THE_ADDRESS = frozenset({"3", "4", "5", "7"})
"""Subjects of enhanced codes (RFC 3463): the mail system, routing, the protocol, and what we may do there."""


@cache
def _default_tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _own_name() -> str:
    """What we greet with; where there is no DNS, asking for it takes long."""
    return socket.getfqdn()


class MailServer:
    """The server that the settings name, and the login for it.

    `tls` replaces the system's authorities in tests.

    Raises:
        ConfigError: the environment does not hold the login, or the sender is no address.
    """

    def __init__(self, mail: Mail, *, environ: Mapping[str, str] = os.environ, tls: ssl.SSLContext | None = None):
        self._mail = mail
        self._tls = tls
        self._login = _find_login(mail, environ)
        self.sender = parseaddr(mail.sender)[1]
        if "@" not in self.sender:
            raise ConfigError(f"digests.mail.sender: {mail.sender!r} holds no address; write Name <name@host.example>")

    def open(self) -> MailConnection:
        """A connection, which is made when there is something to send."""
        return MailConnection(self)

    async def connect(self) -> aiosmtplib.SMTP:
        """A session with the server: greeted, encrypted and logged in as the settings say."""
        mail, (username, password) = self._mail, self._login
        client = aiosmtplib.SMTP(
            hostname=mail.host,
            port=mail.port,
            timeout=mail.timeout_s,
            use_tls=mail.security == "tls",
            start_tls=mail.security == "starttls",
            tls_context=None if mail.security == "none" else self._tls or _default_tls(),
            username=username,
            password=password,
            local_hostname=await asyncio.to_thread(_own_name),
        )
        await client.connect()
        try:
            if client.is_ehlo_or_helo_needed:  # what it offers is known only after that, and again after STARTTLS
                await _greet(client)
        except BaseException:
            client.close()
            raise
        return client

    def __str__(self) -> str:
        return f"{self._mail.host}:{self._mail.port}"


async def _greet(client: aiosmtplib.SMTP) -> None:
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()  # RFC 5321, section 3.2: an old server knows no EHLO


def _find_login(mail: Mail, environ: Mapping[str, str]) -> tuple[str | None, str | None]:
    found: list[str | None] = []
    for key, name in (("username_env", mail.username_env), ("password_env", mail.password_env)):
        value = environ.get(name, "") if name else None
        if name and not value:
            raise ConfigError(f"digests.mail.{key}: the environment variable {name} is not set")
        found.append(value)
    return found[0], found[1]


class MailConnection:
    """Messages one after the other; `tracker.ports.channels.Door`."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, message: Message, secret: str = "") -> Answer:
        """Try once; a connection that ended while it was idle is made anew. The address is not in the answer."""
        return conceal(await self._try(message), message)

    async def _try(self, message: Message) -> Answer:
        reused = self._client is not None
        answer = await self._begin(message)
        if answer is not None and answer.blames == "server" and reused:
            await self.close()
            answer = await self._begin(message)
        if answer is None:
            answer = await self._transfer(message)
        if answer.outcome != "sent":
            await self._forget(answer)
        return answer

    async def close(self) -> None:
        """Say goodbye, or leave without where the server does not listen."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*_FAILURES):
                if client.is_connected:
                    await client.quit(timeout=_GOODBYE_WITHIN_S)
            client.close()

    async def _begin(self, message: Message) -> Answer | None:
        """Connect if need be, and name the sender; what went wrong there."""
        try:
            if self._client is None or not self._client.is_connected:
                self._client = await self._server.connect()
            options = _options_for(message, self._client)
            if isinstance(options, Answer):
                return options
            await self._client.mail(self._server.sender, options=options, encoding="utf-8")
        except SMTPResponseException as error:
            if isinstance(error, aiosmtplib.SMTPSenderRefused) and _is_too_large(error):
                return Answer("refused", error.code, _told(error))
            return Answer("temporary", error.code, f"{self._server}: {_told(error)}", "server")
        except _FAILURES as error:
            return Answer("temporary", None, f"{self._server}: {_told(error)}", "server")
        return None

    async def _transfer(self, message: Message) -> Answer:
        """Name the recipient, and send the message."""
        client = self._client
        assert client is not None
        if parseaddr(message.address)[1] != message.address:  # aiosmtplib would send to what it takes for the address
            return Answer("refused", None, "what is kept for it is no mail address", "address")
        try:
            await client.rcpt(message.address, encoding="utf-8")
        except SMTPResponseException as error:
            return _refusal_at_rcpt(error)
        except ValueError as error:
            return Answer("refused", None, _told(error), "address")
        except _FAILURES as error:
            return Answer("temporary", None, _told(error))
        try:
            said = await client.data(message.body)
        except SMTPResponseException as error:
            return Answer("refused" if 500 <= error.code < 600 else "temporary", error.code, _told(error))
        except _FAILURES as error:
            # The server may have the whole message, and its answer was lost (RFC 1047).
            return Answer("unknown", None, f"{_told(error)}, before the message was answered")
        return Answer("sent", said.code, one_line(f"{said.code} {said.message}", MOST_SAID))

    async def _forget(self, answer: Answer) -> None:
        """Leave no half-finished message on the connection, or no connection where it is not sound."""
        client = self._client
        if client is None:
            return
        if answer.code is None or answer.code == 421 or not client.is_connected:
            self._client = None
            client.close()
            return
        try:
            await client.rset()
        except _FAILURES:
            self._client = None
            client.close()


def _options_for(message: Message, client: aiosmtplib.SMTP) -> list[str] | Answer:
    """What MAIL says beside the sender (RFC 1870, 6152, 6531)."""
    options = [f"SIZE={len(message.body)}"] if client.supports_extension("size") else []
    if not message.body.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if not (message.address.isascii() and message.body.partition(b"\r\n\r\n")[0].isascii()):
        if not client.supports_extension("smtputf8"):
            return Answer("refused", None, "the mail server takes ASCII addresses alone (no SMTPUTF8)", "address")
        options.append("SMTPUTF8")
    return options


def _is_too_large(error: SMTPResponseException) -> bool:
    """At MAIL, which tells the size: RFC 1870, section 6.1; 523 as some write it; 5.2.3 and 5.3.4 are of RFC 3463."""
    return error.code in (523, 552) or (error.code >= 500 and _TOO_LARGE.match(error.message) is not None)


def _refusal_at_rcpt(error: SMTPResponseException) -> Answer:
    """Whether the address is wrong for good, or it is for now, or it is we who may not send there."""
    if error.code == 421 or error.code < 500 or error.code == 552:
        return Answer("temporary", error.code, _told(error))
    enhanced = _ENHANCED.match(error.message)
    if error.code not in _REFUSES_ADDRESS or (enhanced is not None and enhanced[2] in _NOT_OF_THE_ADDRESS):
        return Answer("temporary", error.code, _told(error))
    return Answer("refused", error.code, _told(error), "address")


def _told(error: BaseException) -> str:
    if isinstance(error, SMTPResponseException):
        return one_line(f"{error.code} {error.message}", MOST_SAID)
    if isinstance(error, TimeoutError | asyncio.TimeoutError) and not str(error):
        return "no answer in time"
    return one_line(str(error), MOST_SAID) or type(error).__name__

"""The headers of our mail (RFC 5322, 2369, 2919, 3834, 8058), and the message as bytes.

What comes from outside reaches one header alone, Subject, and there as one line without control characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from functools import cache
from typing import Any

from tracker.config import Settings
from tracker.errors import ConfigError
from tracker.ids import digest_of
from tracker.render.wording import shorten

MAX_HEADER = 990
"""RFC 5322, section 2.1.1: a line has at most 998 characters."""


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded or encoded: a mail program has to find an address in one piece."""

    def fold(self, *, policy: Any) -> str:
        """The whole header on one line."""
        return f"{self.name}: {self}\r\n"


@cache
def _policy(utf8: bool) -> EmailPolicy[EmailMessage]:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-unsubscribe-post", "list-id", "list-archive", "list-help", "references",
                 "in-reply-to"):  # fmt: skip
        registry.map_to_type(name, _OneLine)
    return SMTP.clone(header_factory=registry, utf8=utf8)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose mail it is."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


def sender_of(settings: Settings) -> Sender:
    """Who our mail is from.

    Raises:
        ConfigError: digests.mail is not set, or its sender holds no address.
    """
    mail = settings.digests.mail
    if mail is None:
        raise ConfigError("digests.mail is not set: name the server and the sender there (docs/digests.md)")
    name, address = parseaddr(mail.sender)
    if "@" not in address:
        raise ConfigError(f"digests.mail.sender: {mail.sender!r} holds no address; write Name <name@host.example>")
    return Sender(name or settings.site.title, address)


def message_id_of(key: str, sender: Sender) -> str:
    """The Message-ID of what `key` names: the same at every attempt, with its angle brackets."""
    return f"<{key}@{sender.domain}>"


def thread_id_of(kind: str, key: str, sender: Sender) -> str:
    """The id that all messages of one thread refer to; no message has it."""
    return f"<{kind}-{digest_of(kind, key, length=20)}@{sender.domain}>"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the headers of one mail say."""

    to: str
    subject: str
    message_id: str
    at: datetime
    thread: str = ""
    unsubscribe_url: str = ""
    archive_url: str = ""
    help_url: str = ""


def build_mail(envelope: Envelope, text: str, html: str, settings: Settings) -> bytes:
    """A mail of two parts as bytes with CRLF, equal for equal input.

    Raises:
        ConfigError: see `sender_of`.
        ValueError: the subscriber's address holds what no header may hold.
    """
    sender, mail = sender_of(settings), settings.digests.mail
    policy = _policy(utf8=not envelope.to.isascii())
    message = EmailMessage(policy)
    message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = _recipient(envelope.to)
    if mail and mail.reply_to:
        message["Reply-To"] = mail.reply_to
    message["Subject"] = shorten(envelope.subject)
    message["Date"] = envelope.at
    message["Message-ID"] = envelope.message_id
    for name, value in _list_headers(envelope, sender, settings).items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{digest_of(envelope.message_id, length=24)}")
    return message.as_bytes(policy=policy)


def _recipient(address: str) -> Address:
    if address.isascii():
        return Address(addr_spec=address)
    name, _, domain = address.rpartition("@")
    if not name or not domain or re.search(r"[\s<>()\[\],;:\"\\@]", name + domain) or not address.isprintable():
        raise ValueError(f"{address!r} is no mail address")
    return Address(username=name, domain=domain)


def _list_headers(envelope: Envelope, sender: Sender, settings: Settings) -> Mapping[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if envelope.thread:
        headers |= {"References": envelope.thread, "In-Reply-To": envelope.thread}
    if envelope.unsubscribe_url or envelope.archive_url or envelope.thread:
        headers |= {"List-Id": f"<digests.{sender.domain}>", "Precedence": "list"}
    if envelope.unsubscribe_url:
        headers |= {
            "List-Unsubscribe": f"<{envelope.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    addresses = {"List-Archive": envelope.archive_url, "List-Help": envelope.help_url}
    headers |= {name: f"<{url}>" for name, url in addresses.items() if url}
    return {name: value for name, value in headers.items() if len(value) <= MAX_HEADER}

"""The settings of digests: whose mail it is, through which server, and how long it is tried."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from tracker.configfields import HeaderText, HttpUrl, Period, Strict


class Dkim(Strict):
    """A signature over mail by its sender's domain (RFC 6376); most mail servers do that by themselves."""

    domain: str = Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")
    selector: str = Field(pattern=r"^[A-Za-z0-9._-]{1,63}$")
    key_file: Path
    """The private key (PEM: RSA, or Ed25519 as dkimpy takes it)."""


class Mail(Strict):
    """The server that takes our mail, and whose mail it is."""

    host: str = Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")
    port: int = Field(587, gt=0, lt=65_536)
    security: Literal["starttls", "tls", "none"] = "starttls"
    """`tls` from the first byte (port 465); `none` only to a server on this machine."""
    username_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    password_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """Environment variables that hold the login; it is never written in a file."""
    sender: HeaderText
    """From: an address, or `Name <address>`."""
    reply_to: HeaderText | None = None
    timeout_s: float = Field(30, gt=0)
    connections: int = Field(2, gt=0, le=20)
    """At one time."""
    dkim: Dkim | None = None

    @model_validator(mode="after")
    def _check_open(self) -> Self:
        """What goes out in the clear stays on this machine, and a login never does."""
        if self.security != "none":
            return self
        if not is_this_machine(self.host):
            raise ValueError("security: none is for a server on this machine; take starttls or tls")
        if self.username_env or self.password_env:
            raise ValueError("a login never goes out in the clear: take starttls or tls, or leave the login out")
        return self


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine by its name or address; nothing is looked up."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


class Digests(Strict):
    """Who subscribes is told what changed (docs/digests.md)."""

    mail: Mail | None = None
    """None: no mail is sent."""
    database: str | None = None
    """SQLAlchemy address; None means subscribers.db in data_dir."""
    public_url: HttpUrl | None = None
    """Where `tracker serve` is reached from outside, for links to confirm, manage and leave a subscription."""
    secret_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    """The environment variable that holds the key of these links; None means digests.key in data_dir, made once."""
    most_items: int = Field(40, gt=0, le=500)
    """Changes in one message; the others are counted, and behind a link."""
    give_up_after: Period = timedelta(days=5)
    """So long a delivery is tried again (RFC 5321, section 4.5.4.1)."""


def signup_url(public_url: str) -> str:
    """Where `tracker serve`, reached at that address, has the form for subscribers."""
    return f"{public_url.rstrip('/')}/subscriptions/"

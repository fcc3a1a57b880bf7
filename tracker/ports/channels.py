"""Ways out: what sending needs of a mail server and of webhooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

from tracker.types.digests import Message

Blame = Literal["nobody", "address", "server"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one try at one message."""

    outcome: Literal["sent", "temporary", "refused", "unknown"]
    """As in `DeliveryAttempt`."""
    code: int | None
    """SMTP reply or HTTP status; None where none came."""
    why: str
    """What the server said, in one line; of what came instead of an answer, what that was."""
    blames: Blame = "nobody"
    """`address`: nothing will ever reach it. `server`: our own mail server or our login; it is not the message's try,
    and nothing is held against its subscriber."""
    after_s: float | None = None
    """The pause that was asked for."""


class Door(Protocol):
    """One connection, or several in turn, for messages one after the other."""

    async def send(self, message: Message, secret: str) -> Answer:
        """Try once to send a message. Whatever goes wrong out there is an answer, not an error.

        Args:
            message: sent byte for byte.
            secret: what a webhook's subscriber knows our signature by; "" for none.
        """
        ...

    async def close(self) -> None:
        """Say goodbye."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """How messages of one channel leave."""

    open: Callable[[], Door]
    """A connection; it is made when there is something to send."""
    at_once: int
    """So many connections at one time."""


def one_line(text: str, most: int = 300) -> str:
    """Somebody else's words for a log: printable, on one line, short."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:most]


MOST_SAID = 4_000
"""Of what the other side says, before it is concealed and shortened."""
_HIDDEN = "***"
_SHORTEST_SECRET = 6
"""Of an address's parts: what is shorter keeps nobody out."""


def conceal(answer: Answer, message: Message) -> Answer:
    """An answer without the address that it is about: what is logged and kept is read by others than the subscriber.

    Of mail the address is taken out, of a webhook all that may be its key: path and query, whole and in parts, also
    where the other side shows only the beginning of them. What is left is shortened to a line.
    """
    secrets = [message.address] if message.channel == "mail" else _keys_of(message.address)
    why = answer.why
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        why = re.sub(re.escape(secret), _HIDDEN, why, flags=re.IGNORECASE)
        cut = next(
            (n for n in range(len(secret) - 1, _SHORTEST_SECRET - 1, -1) if why.lower().endswith(secret[:n].lower())), 0
        )
        why = f"{why[:-cut]}{_HIDDEN}" if cut else why
    return replace(answer, why=one_line(why))


def _keys_of(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    pieces = [rest, parts.path, parts.query, parts.fragment, *re.split(r"[/?&=;]", rest)]
    return [text for piece in pieces for text in {piece, unquote(piece)} if len(text) >= _SHORTEST_SECRET]

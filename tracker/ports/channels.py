"""Ways out: what sending needs of a mail server and of webhooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

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

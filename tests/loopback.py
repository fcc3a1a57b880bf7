"""What tests of collecting share: a clock that a test moves, and a network that ends on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.config import Network


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    at: datetime

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at


def loopback_network(port: int, **changes: object) -> Network:
    """Every *.example is the server at that port of this machine, asked once and without pauses."""
    return Network.model_validate(
        {
            "resolve": {"*.example": f"127.0.0.1:{port}"},
            "allow_networks": ["127.0.0.0/8"],
            "per_host_delay_s": 0,
            "retries": 0,
            **changes,
        }
    )

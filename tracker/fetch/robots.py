"""robots.txt (RFC 9309), read by protego."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from tracker.fetch.exchange import Exchange, named
from tracker.ports import KeptRobots

MAX_ROBOTS_BYTES = 512_000
"""RFC 9309, section 2.5: at least 500 KiB are parsed; what lies beyond is not looked at."""


def agent_token(user_agent: str) -> str:
    """The product token that robots.txt names us by (RFC 9309, section 2.2.1): "tracker/0.1 (...)" -> "tracker"."""
    match = re.match(r"[A-Za-z_-]+", user_agent)
    return match[0] if match else "tracker"


@dataclass(frozen=True)
class RobotsRules:
    """What one host's robots.txt says to us."""

    _parsed: Protego | None
    _agent: str
    unreachable: str | None = None
    """Why robots.txt could not be had: until it can, nothing may be asked of the host (section 2.3.1.4)."""
    reason: str = "status"
    """`FetchError.reason` of what stood in the way."""

    @classmethod
    def of(cls, kept: KeptRobots, agent: str) -> RobotsRules:
        """The rules of what an origin answered; lines that are none are passed over, as section 2.2 wants it."""
        if kept.unreachable is not None:
            return cls.disallow_all(agent, kept.unreachable, kept.reason or "status")
        return cls(None if kept.body is None else Protego.parse(kept.body), agent)

    @classmethod
    def disallow_all(cls, agent: str, why: str, reason: str) -> RobotsRules:
        """robots.txt is unreachable: status 5xx or no answer (section 2.3.1.4)."""
        return cls(None, agent, why, reason)

    def allows(self, url: str) -> bool:
        """Whether we may ask for this address."""
        if self.unreachable is not None:
            return False
        return self._parsed is None or bool(self._parsed.can_fetch(url, self._agent))

    @property
    def delay_s(self) -> float:
        """Seconds between two requests that Crawl-delay or Request-rate asks for (not in the RFC, but widely used)."""
        if self._parsed is None:
            return 0.0
        rate = self._parsed.request_rate(self._agent)
        by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(float(self._parsed.crawl_delay(self._agent) or 0.0), by_rate)


def read_answer(origin: str, got: Exchange) -> KeptRobots:
    """What an origin's answer to /robots.txt says (section 2.3.1): rules, that there are none, or nothing to go by."""
    if got.status >= 500:
        why = f"{origin}/robots.txt answered {named(got.status)}: nothing is asked"
        return KeptRobots(unreachable=why, reason="status")
    if got.status not in (200, 203):
        return KeptRobots()
    return KeptRobots(got.body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\x00", ""))

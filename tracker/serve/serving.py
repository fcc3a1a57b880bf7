"""What a server is told: which site, for whom, and how much."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracker.config import Settings
from tracker.render.database import DATABASE_PATH

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Serving:
    """How a published site is served."""

    site: Path
    """The folder that `tracker publish` wrote."""
    allowed_hosts: tuple[str, ...] = LOCAL_NAMES
    """Names by which it may be asked for (the Host header, without the port); "*" for any."""
    connections: int = 8
    """To the database, for the API and for SQL each."""
    query_seconds: float = 2.0
    """Of one SQL query."""
    queries_per_address: int = 4
    """Under /data at one time, by one address; 0 for any number."""
    queries_per_minute: int = 300
    """Under /data, by one address; 0 for no limit."""
    query_rows: int = 1000
    """Of one answer to SQL."""
    requests_per_minute: int = 300
    """Of the API, by one address; 0 for no limit."""
    max_address_bytes: int = 16_384
    """Path and query of a request."""
    max_body_bytes: int = 1_000_000
    """Of a request."""
    subscriptions: Settings | None = None
    """Where people may subscribe: the settings, with `digests.public_url` and `digests.mail`."""
    look_every_s: float = 1.0
    """Between two looks whether a newer site has been published."""

    @property
    def database(self) -> Path:
        """The published database."""
        return self.site / DATABASE_PATH

"""What all tests share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """One server serves the whole session: it has to answer at every loopback address that a test may name."""
    return ("0.0.0.0", 0)

"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.postgres import database, empty_postgres_url, migrated, postgres, postgres_url

if TYPE_CHECKING:
    from tracker.nlp.extractor import RuleExtractor

__all__ = ["database", "empty_postgres_url", "migrated", "postgres", "postgres_url"]

settings.register_profile("tracker", deadline=None)  # how long an example takes says something of the machine alone
settings.load_profile("tracker")


@pytest.fixture(scope="session")
def httpserver_listen_address() -> tuple[str, int]:
    """One server serves the whole session: it has to answer at every loopback address that a test may name."""
    return ("0.0.0.0", 0)


@pytest.fixture(scope="session")
def extractor() -> RuleExtractor:
    """The rules over the bundled model, loaded once; tests that need no extractor do not wait for it."""
    from tracker.nlp.extractor import RuleExtractor

    return RuleExtractor()

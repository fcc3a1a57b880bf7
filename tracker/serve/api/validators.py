"""Whether a client has an answer already (RFC 9110, 13): validators of an edition and a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from tracker import __version__
from tracker.ids import digest_of
from tracker.serve.edition import Edition

FRESH = "public, max-age=60"
"""The data change with a run of the tracker; a minute old is as good as new."""


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified of an answer."""

    etag: str
    modified_at: datetime

    def headers(self) -> dict[str, str]:
        """They, and for how long the answer may be kept."""
        return {
            "ETag": self.etag,
            "Last-Modified": format_datetime(self.modified_at, usegmt=True),
            "Cache-Control": FRESH,
            "Vary": "Accept",
        }

    def is_known(self, none_match: str | None, modified_since: str | None) -> bool:
        """Whether the request's If-None-Match, or without one its If-Modified-Since, says that the client has it.

        Only for an answer that there is: `*` is true of anything.
        """
        if none_match is not None and none_match.strip() == "*":
            return True
        if none_match is not None:
            return self.etag in {item.strip().removeprefix("W/") for item in none_match.split(",")}
        if not modified_since:
            return False
        try:
            since = parsedate_to_datetime(modified_since)
            return self.modified_at <= (since if since.tzinfo else since.replace(tzinfo=UTC))
        except (ValueError, OverflowError):  # no date, or one that no calendar here has
            return False


def validators_of(edition: Edition, *question: str) -> Validators:
    """Those of the answer to a question: it is the same as long as the file, the program and the question are."""
    facts = "\n".join(f"{name}={value}" for name, value in sorted(edition.about.facts.items()))
    digest = digest_of(edition.digest, facts, __version__, *question, length=32)
    whole_second = edition.identity[3] // 1_000_000_000
    return Validators(f'"{digest}"', datetime.fromtimestamp(whole_second, UTC))

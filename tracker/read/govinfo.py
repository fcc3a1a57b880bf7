"""Answers of the GovInfo API, `collections` (github.com/usgpo/api, README and samples)."""

from __future__ import annotations

import re
from typing import Any

from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.types import Candidate

_API = "the GovInfo API"


class _Package(ApiModel):
    packageId: str  # noqa: N815 (the API's own name)
    title: str | None = None
    dateIssued: str | None = None  # noqa: N815
    lastModified: str | None = None  # noqa: N815


class _Answer(ApiModel):
    count: int
    packages: list[dict[str, Any]]
    nextPage: str | None = None  # noqa: N815


def parse_packages(body: bytes, include: re.Pattern[str] | None = None) -> ApiList:
    """The packages whose title matches or is not given, by their text on govinfo.gov, which wants no key.

    `published` is `dateIssued`, the day of publication.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    answer = load_answer(body, _Answer, _API)
    candidates = tuple(
        Candidate(text_url(package.packageId), one_line(package.title), package.dateIssued)
        for package in load_entries(answer.packages, _Package, _API)
        if include is None or package.title is None or include.search(package.title)
    )
    dates = [parse_instant(item.get("lastModified")) for item in answer.packages if isinstance(item, dict)]
    last_at = next((found for found in reversed(dates) if found), None)
    return ApiList(candidates, answer.count, answer.nextPage, last_at, len(answer.packages))


def text_url(package_id: str) -> str:
    """Where the text of a package lies for everybody (govinfo.gov/features/link-service-overview)."""
    return f"https://www.govinfo.gov/content/pkg/{package_id}/html/{package_id}.htm"

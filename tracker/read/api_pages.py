"""Pages that are answers of an API in JSON: which reader makes a text of which."""

from __future__ import annotations

from urllib.parse import urlsplit

from tracker.errors import NotParsable
from tracker.read.congress import parse_bill_path, read_bill_page
from tracker.read.regulations_gov import read_document
from tracker.types import PageContent


def read_api_page(body: bytes, url: str) -> PageContent:
    """The text of a JSON answer that is a document of its own, by its address.

    Raises:
        NotParsable: no reader for this address, or another shape than the API documents.
    """
    if parse_bill_path(url) is not None:
        return read_bill_page(body, url)
    if urlsplit(url).path.startswith("/v4/documents/"):
        return read_document(body)
    raise NotParsable(f"{url} is not a text: application/json")

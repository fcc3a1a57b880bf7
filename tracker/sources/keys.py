"""Keys of APIs: they come from the environment, go out in headers, and stand in no address, log or file."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from tracker.errors import FetchFailed, KeyMissing
from tracker.ports import Ask
from tracker.sourcekinds import CourtListenerSource, KeyedSource, Source
from tracker.types import Response

_SIGN_UP = {
    "courtlistener": "https://www.courtlistener.com/help/api/rest/",
}
_DATA_GOV_SIGN_UP = "https://api.data.gov/signup/"


def auth_headers(source: Source, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The request headers by which a source's API knows us; empty for a source that wants no key.

    GovInfo, congress.gov and regulations.gov take `X-Api-Key` (api.data.gov/docs/developer-manual), CourtListener
    `Authorization: Token` (courtlistener.com/help/api/rest).

    Raises:
        KeyMissing: the environment variable is not set, or holds what cannot be a key; it is named.
    """
    if not isinstance(source, KeyedSource):
        return {}
    key = environ.get(source.key_env, "").strip()
    if not key:
        where = _SIGN_UP.get(source.kind, _DATA_GOV_SIGN_UP)
        raise KeyMissing(f"set the environment variable {source.key_env} to a key of the API (free, from {where})")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyMissing(f"the environment variable {source.key_env} holds characters that no key has")
    if isinstance(source, CourtListenerSource):
        return {"Authorization": f"Token {key}"}
    return {"X-Api-Key": key}


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are on one host: pages of an API's own host are fetched with its key too."""
    try:
        return urlsplit(url).hostname == urlsplit(other).hostname
    except ValueError:
        return False


def with_key(source: Source, ask: Ask, environ: Mapping[str, str]) -> Ask:
    """`ask`, with the source's key in every request; a refused key is told by the name of its variable.

    Raises:
        KeyMissing: see `auth_headers`.
    """
    own = auth_headers(source, environ)
    if not isinstance(source, KeyedSource):
        return ask
    variable = source.key_env

    async def ask_with_key(url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        try:
            return await ask(url, headers={**own, **(headers or {})})
        except FetchFailed as error:
            if error.reason != "key_refused":
                raise
            why = f"{error.detail}; check the key in the environment variable {variable}"
            told = FetchFailed(why, reason=error.reason, status=error.status)
            told.elapsed_ms = error.elapsed_ms
            raise told from error

    return ask_with_key

"""Keys of APIs: they come from the environment, go out in headers, and stand in no address, log or file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from tracker.errors import FetchError, FetchFailed, KeyMissing
from tracker.logs import MASK, SHORTEST_SECRET
from tracker.ports import Ask
from tracker.read.urls import keeps_to_origin
from tracker.sourcekinds import CourtListenerSource, KeyedSource, Source
from tracker.types import Response

_COURTLISTENER_SIGN_UP = "https://www.courtlistener.com/help/api/rest/"
_DATA_GOV_SIGN_UP = "https://api.data.gov/signup/"


def auth_headers(source: Source, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The request headers by which a source's API knows us; empty for a source that wants no key.

    GovInfo, congress.gov and regulations.gov take `X-Api-Key` (api.data.gov/docs/developer-manual), CourtListener
    `Authorization: Token` (courtlistener.com/help/api/rest).

    Raises:
        KeyMissing: the environment variable is not set, or holds what cannot be a key; it is named.
    """
    return _headers(source, _key_of(source, environ)) if isinstance(source, KeyedSource) else {}


def _key_of(source: KeyedSource, environ: Mapping[str, str]) -> str:
    key = environ.get(source.key_env, "").strip()
    if not key:
        where = _COURTLISTENER_SIGN_UP if isinstance(source, CourtListenerSource) else _DATA_GOV_SIGN_UP
        raise KeyMissing(f"set the environment variable {source.key_env} to a key of the API (free, from {where})")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyMissing(f"the environment variable {source.key_env} holds characters that no key has")
    return key


def _headers(source: KeyedSource, key: str) -> Mapping[str, str]:
    if isinstance(source, CourtListenerSource):
        return {"Authorization": f"Token {key}"}
    return {"X-Api-Key": key}


def with_key(source: Source, ask: Ask, environ: Mapping[str, str]) -> Ask:
    """`ask`, with the source's key in every request to the origin of the source's address; a refused key is told by the
    name of its variable, and a key that the answer repeats is masked in it.

    Raises:
        KeyMissing: see `auth_headers`.
    """
    if not isinstance(source, KeyedSource):
        return ask
    variable, key = source.key_env, _key_of(source, environ)
    own = _headers(source, key)

    async def ask_with_key(url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        sent = own if keeps_to_origin(url, source.url) else {}
        try:
            answer = await ask(url, headers={**sent, **(headers or {})})
            return replace(answer, body=_without(key, answer.body))
        except FetchError as error:
            error.detail = _without(key, error.detail.encode()).decode()
            if error.reason != "key_refused":
                raise
            why = f"{error.detail}; check the key in the environment variable {variable}"
            told = FetchFailed(why, reason=error.reason, status=error.status)
            told.elapsed_ms = error.elapsed_ms
            raise told from error

    return ask_with_key


def _without(key: str, text: bytes) -> bytes:
    """The text without the key, as it is written in words, in an address and in JSON: errors quote what an API says,
    and stand in the log, the database and on the published site."""
    if len(key) < SHORTEST_SECRET:
        return text
    for form in {key, quote(key, safe=""), json.dumps(key)[1:-1]}:
        text = text.replace(form.encode(), MASK.encode())
    return text

"""Objects in a store that speaks S3, read forward in ranges: s3://BUCKET/KEY.

Credentials, region and endpoint come from where they always do (AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION,
AWS_ENDPOINT_URL ...); where there are no credentials, objects are asked for anonymously, as open data is. A connection
that breaks is taken up at the byte where it broke; an object that changes in between is noticed.
"""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tracker.errors import FetchError, FetchFailed, InputError, Refused

SCHEME = "s3://"
_BLOCK_BYTES = 4 << 20
_BLOCK_TIMEOUT_S = 120.0
"""For one range: slower than 35 KB/s, an object is left for a later run."""
_PAUSES_S = (1.0, 2.0, 4.0, 8.0)
"""Before asking again for a range that did not come; the client has tried a few times by itself then."""
_LATER = "a later run goes on from here"


def _never() -> bool:
    return False


def check_installed(address: str) -> None:
    """Whether objects can be read here at all.

    Raises:
        InputError: the client of the store is not installed; says how to.
    """
    if importlib.util.find_spec("s3fs") is None:
        raise InputError(f"{address}: s3:// needs more than is installed: pip install 'tracker[s3]'")


def split_address(address: str) -> tuple[str, str]:
    """(bucket, key) of s3://BUCKET/KEY. Raises: ValueError: it is none."""
    bucket, _, key = address.removeprefix(SCHEME).partition("/")
    if not address.startswith(SCHEME) or not bucket or not key:
        raise ValueError(f"{address}: expected s3://BUCKET/KEY")
    return bucket, key


@dataclass
class StoredObject:
    """An object as a source of bytes, from one of its bytes on; holds a few megabytes of it."""

    address: str
    size: int
    """Of the whole object, in bytes."""
    _store: _Store
    _etag: str
    _at: int
    _is_stopped: Callable[[], bool]
    _block: bytes = b""
    _read: int = 0

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end.

        Raises:
            Refused, FetchFailed: it could not be had, also when asked for again; or it has changed.
        """
        if self._read == len(self._block):
            end = min(self._at + _BLOCK_BYTES, self.size)
            self._block, self._read = self._fetch(end) if self._at < end else b"", 0
            self._at = end
        part = self._block[self._read : self._read + size]
        self._read += len(part)
        return part

    def _fetch(self, end: int) -> bytes:
        for pause_s in (*_PAUSES_S, None):
            try:
                return self._store.fetch_range(self.address, self._etag, self._at, end)
            except FetchFailed as exc:
                if pause_s is None or self._is_stopped() or exc.reason not in ("connection", "timeout"):
                    raise
                time.sleep(pause_s)
        raise AssertionError("unreachable")


def open_object(address: str, start: int, max_bytes: int, is_stopped: Callable[[], bool] = _never) -> StoredObject:
    """An object from its byte `start` on.

    Raises:
        Refused, FetchFailed: there is none, it may not be read, its store does not answer, or it is larger than
            `max_bytes`; says what to do.
    """
    store = _store_with(tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_"))))
    size, etag = store.look_up(address)
    if size > max_bytes:
        why = f"{address} has {size:,} bytes, more than the {max_bytes:,} of max_file_bytes"
        raise FetchFailed(why, reason="too_large")
    return StoredObject(address, size, store, etag, min(start, size), is_stopped)


def load_object(address: str, max_bytes: int) -> bytes:
    """A small object, whole. Raises: as `open_object`."""
    source = open_object(address, 0, max_bytes)
    parts: list[bytes] = []
    while part := source.read(_BLOCK_BYTES):
        parts.append(part)
    return b"".join(parts)


@lru_cache(maxsize=1)
def _store_with(environment: tuple[tuple[str, str], ...]) -> _Store:
    """One client for all objects; to make one takes half a second."""
    return _Store(dict(environment))


class _Store:
    """The client, with the environment's settings."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        import aiohttp
        import botocore.exceptions
        import botocore.session
        import s3fs

        self._failures: tuple[type[Exception], ...] = (
            OSError,
            botocore.exceptions.BotoCoreError,
            aiohttp.ClientError,
        )
        try:
            self._is_anonymous = botocore.session.get_session().get_credentials() is None
        except botocore.exceptions.BotoCoreError as exc:
            raise FetchFailed(f"the settings of AWS in the environment cannot be used: {exc}", reason="failed") from exc
        endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
        region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
        self._files = s3fs.S3FileSystem(
            anon=self._is_anonymous,
            endpoint_url=endpoint,
            client_kwargs={"region_name": region} if region else {},
            config_kwargs={
                "connect_timeout": 10,
                "read_timeout": 30,
                "retries": {"max_attempts": 2},
                # Stores of one's own seldom have a host name for each bucket.
                **({"s3": {"addressing_style": "path"}} if endpoint else {}),
            },
            skip_instance_cache=True,
        )

    def look_up(self, address: str) -> tuple[int, str]:
        """(size in bytes, the version's mark) of an object."""
        answer = self._ask(address, self._head)
        return int(answer["ContentLength"]), str(answer.get("ETag", ""))

    def fetch_range(self, address: str, etag: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end`, of that version."""
        body: bytes = self._ask(address, self._get, etag, start, end)
        if len(body) != end - start:
            raise FetchFailed(f"{address}: {len(body):,} bytes came for {end - start:,}; {_LATER}", reason="connection")
        return body

    async def _head(self, bucket: str, key: str) -> Any:
        return await self._files._call_s3("head_object", Bucket=bucket, Key=key)

    async def _get(self, bucket: str, key: str, etag: str, start: int, end: int) -> bytes:
        only = {"IfMatch": etag} if etag else {}
        ranged = f"bytes={start}-{end - 1}"
        answer = await self._files._call_s3("get_object", Bucket=bucket, Key=key, Range=ranged, **only)
        async with answer["Body"] as body:
            found: bytes = await body.read()
            return found

    def _ask(self, address: str, call: Callable[..., Any], *given: Any) -> Any:
        from fsspec.asyn import sync

        try:
            return sync(self._files.loop, call, *split_address(address), *given, timeout=_BLOCK_TIMEOUT_S)
        except self._failures as exc:
            raise self._told(address, exc) from exc

    def _told(self, address: str, exc: Exception) -> FetchError:
        """A failure of the client in our words."""
        why = " ".join(str(exc).split())[:200]
        if isinstance(exc, FileNotFoundError):
            return FetchFailed(f"{address}: there is no such object ({why})", reason="no_file")
        if isinstance(exc, PermissionError):
            who = (
                "anonymously: set AWS_ACCESS_KEY_ID or AWS_PROFILE" if self._is_anonymous else "with these credentials"
            )
            return Refused(f"{address}: it may not be read {who}, or there is none ({why})", reason="forbidden")
        if "PreconditionFailed" in why or "pre-condition" in why.lower():
            return FetchFailed(f"{address} has changed while it was read", reason="damaged")
        if isinstance(exc, TimeoutError):
            return FetchFailed(f"{address}: its store is too slow; {_LATER}", reason="timeout")
        return FetchFailed(
            f"{address}: its store does not answer ({why or type(exc).__name__}); {_LATER}", reason="connection"
        )

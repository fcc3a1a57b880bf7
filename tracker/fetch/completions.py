"""The chat completions API: one question to a language model, one answer, within limits of time and size.

The shape is that of OpenAI's `POST /v1/chat/completions`, which llama.cpp, vLLM, Ollama, LM Studio and most hosted
models answer too: `messages`, `temperature`, `seed`, `max_completion_tokens` and `response_format` of type
`json_schema` go out; `choices[0]` with `message.content`, `message.refusal` and `finish_reason` comes back.

The address is the user's own setting, so private and loopback addresses are allowed here, and robots.txt, which
speaks to crawlers, is not asked for. Redirects are not followed: neither the text nor the key goes to a host that
nobody named.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, ValidationError

from tracker.errors import ConfigError, FetchFailed, NotParsable
from tracker.fetch.exchange import PASSING, Passing, named
from tracker.fetch.retry import backoff_s, parse_retry_after

# httpx would log each request.
logging.getLogger("httpx").setLevel(logging.WARNING)

MAX_ANSWER_BYTES = 2_000_000
"""Of the whole answer; the claims of the longest document are a tenth of it."""
MAX_ANSWER_TOKENS = 16_000
"""What the model may write; servers that do not know the field are held by time and size."""
SEED = 7
_TRANSIENT = PASSING | {408, 500}
"""Model servers answer 500 while they load or run out of memory: worth another try."""
_TELLING = frozenset({400, 404, 413, 422})
"""Statuses whose body says what to mend: the model's id, the length, a field that the server does not take."""
_KEPT_OF_ERROR = 200


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class ChatCompletions:
    """Asks one model at one address. Holds no connection between questions.

    `timeout_s` bounds one question with its retries and pauses. `api_key` is sent as a bearer token and appears in no
    message, log or `repr`. `transport` and `pause` replace the network's edge and the waiting in tests.

    Raises:
        ConfigError: the key cannot be sent.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        timeout_s: float = 120,
        max_retries: int = 2,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        backoff_base_s: float = 1.0,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if api_key is not None and not re.fullmatch(r"[!-~]+", api_key):
            # The HTTP library would show it in its error.
            raise ConfigError("the key for the model's server holds characters that a header cannot hold")
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._max_retries = max_retries
        self._max_answer_bytes = max_answer_bytes
        self._backoff_base_s = backoff_base_s
        self._transport = transport
        self._pause = pause

    @property
    def name(self) -> str:
        """The model and the host (with its port) that answers for it: "qwen3-32b@127.0.0.1:8080"."""
        parts = urlsplit(self._url)
        port = f":{parts.port}" if parts.port else ""
        return f"{self._model}@{parts.hostname}{port}"

    def __repr__(self) -> str:
        return f"ChatCompletions({self.name})"

    def ask(self, system: str, user: str, schema_name: str, schema: Mapping[str, Any]) -> str:
        """The model's answer, which the server was told to shape as JSON of the schema; it is not checked here.

        `schema_name` is at most 64 of a-z, A-Z, 0-9, _ and -. Both texts must be free of lone surrogates.

        Raises:
            FetchFailed: no server, no answer in time, an error status, a body over the limit.
            NotParsable: not the API's JSON, cut off at the length limit, refused or withheld, or empty.
        """
        body = self._request(system, user, schema_name, schema)
        return _content_of(self._post_patiently(body))

    def _request(self, system: str, user: str, schema_name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "temperature": 0,
            "seed": SEED,
            "max_completion_tokens": MAX_ANSWER_TOKENS,
            "stream": False,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": schema_name, "strict": True, "schema": dict(schema)},
            },
        }

    def _post_patiently(self, body: dict[str, Any]) -> bytes:
        deadline = time.monotonic() + self._timeout_s
        attempt = 0
        while True:
            try:
                return self._post(body, deadline)
            except Passing as exc:
                wait_s = max(
                    backoff_s(attempt, self._backoff_base_s, random.random()),  # noqa: S311
                    exc.after_s or 0.0,
                )
                if attempt >= self._max_retries or wait_s >= deadline - time.monotonic():
                    raise exc.error from exc
                self._pause(wait_s)
                attempt += 1

    def _post(self, body: dict[str, Any], deadline: float) -> bytes:
        left_s = max(deadline - time.monotonic(), 0.001)
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        try:
            with (
                httpx.Client(
                    transport=self._transport, timeout=left_s, follow_redirects=False, trust_env=False
                ) as client,
                client.stream("POST", self._url, json=body, headers=headers) as answer,
            ):
                content = self._read(answer, deadline)
        except httpx.TimeoutException as exc:
            raise FetchFailed(f"{self.name} gave no answer within {self._timeout_s:g} s (timeout_s)") from exc
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL) as exc:
            raise FetchFailed(f"{self.name}: {self._told(str(exc))}") from exc
        except httpx.HTTPError as exc:
            why = self._told(str(exc)) or type(exc).__name__
            raise Passing(FetchFailed(f"{self.name} cannot be reached: {why}")) from exc
        self._check(answer, content)
        return content

    def _read(self, answer: httpx.Response, deadline: float) -> bytes:
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            raise FetchFailed(f"{self.name} sent a compressed body, which we did not ask for")
        content = bytearray()
        for part in answer.iter_raw():
            content += part
            if len(content) > self._max_answer_bytes:
                raise FetchFailed(f"{self.name}: the answer is larger than {self._max_answer_bytes} bytes")
            if time.monotonic() > deadline:
                raise FetchFailed(f"{self.name}: the answer was not whole after {self._timeout_s:g} s (timeout_s)")
        return bytes(content)

    def _check(self, answer: httpx.Response, content: bytes) -> None:
        status = answer.status_code
        if status == 200:
            return
        why = f"{self.name} answered {named(status)}"
        if status in _TRANSIENT:
            after_s = parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
            raise Passing(FetchFailed(why), after_s)
        if status in _TELLING and (told := self._told(content[:2000].decode("utf-8", "replace"))):
            why = f"{why}: {told}"
        raise FetchFailed(why)

    def _told(self, text: str) -> str:
        """Somebody else's words for a message: one printable line, short, without the key."""
        if self._api_key:
            text = text.replace(self._api_key, "***")
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return line[:_KEPT_OF_ERROR]


def _content_of(body: bytes) -> str:
    """The text of the first choice, if it was written to its end.

    Raises:
        NotParsable: see `ChatCompletions.ask`.
    """
    try:
        choice = _Completion.model_validate_json(body).choices[0]
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise NotParsable(f"not an answer of the chat completions API: {where}: {first['msg'].lower()}") from exc
    if choice.finish_reason == "length":
        raise NotParsable("the answer is cut off: the model reached its length limit")
    if choice.message.refusal is not None:
        raise NotParsable("the model refuses to answer")
    if choice.finish_reason not in ("stop", None):
        raise NotParsable(f"the model did not finish: {choice.finish_reason[:40]!r}")
    if not choice.message.content:
        raise NotParsable("the answer is empty")
    return choice.message.content

"""What proves that somebody holds a link that we gave them: the one door for itsdangerous.

A token says for what it is, for whom (the subscriber's random id, which says nothing), and of which version of their
links; it is signed and not secret. Counting up `Subscriber.token_version` ends all links that were signed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, get_args

from itsdangerous import BadData, BadSignature, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from tracker.errors import InputError

Purpose = Literal["confirm", "manage", "unsubscribe", "feed", "digest"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
Refusal = Literal["missing", "incomplete", "forged", "purpose", "expired", "revoked"]
LIFETIMES: dict[Purpose, timedelta] = {"confirm": timedelta(days=7), "manage": timedelta(days=1)}
"""The others hold until the version is counted up: who leaves must be able to by the oldest mail they have."""
LONGEST_TOKEN = 500
_SALT = "tracker.digest.link"
_SIGNATURE_CHARS = 43
"""Of SHA-256 in base64 without padding."""
_TELL: dict[Refusal, str] = {
    "missing": "the link lacks its last part; open it from the mail once more, whole",
    "incomplete": "the link was cut off on its way; copy all of it from the mail",
    "forged": "the link was altered, or is none of ours; open it from the mail once more",
    "purpose": "the link is for something else; open the one that the mail gives for this",
    "expired": "the link has expired; ask for a new one",
    "revoked": "the link was replaced by a newer one, or the subscription it was for is gone",
}


class TokenRefused(InputError):
    """The link cannot be used."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(_TELL[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Token:
    """What a link proves."""

    purpose: Purpose
    subscriber_id: str
    version: int
    """Of the subscriber's links when it was signed; another one by now makes it worthless."""
    subject: str = ""
    """Of `digest` the digest's id."""


class Tokens:
    """Signs tokens with the first of its keys, and reads those signed with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)

    def sign(self, token: Token, at: datetime) -> str:
        """The token as it stands in a link: letters, digits, "-", "_" and "."; `at` is when its time begins."""
        said = [token.purpose, token.subscriber_id, token.version, *([token.subject] if token.subject else [])]
        return str(_serializer(self._keys, at).dumps(said))

    def read(self, text: str, purpose: Purpose, now: datetime) -> Token:
        """What the link proves. Its version is for the caller to compare.

        Raises:
            TokenRefused: it is not whole, not of ours, for another purpose or too old; `reason` says which.
        """
        if not text:
            raise TokenRefused("missing")
        signature = text.rpartition(".")[2]
        if len(text) > LONGEST_TOKEN or not text.isascii():
            raise TokenRefused("forged")
        if text.count(".") < 2 or len(signature) < _SIGNATURE_CHARS:
            raise TokenRefused("incomplete")
        said = self._verified(text, purpose, now)
        if not _is_token(said):
            raise TokenRefused("forged")
        token = Token(*said)
        if token.purpose != purpose:
            raise TokenRefused("purpose")
        return token

    def _verified(self, text: str, purpose: Purpose, now: datetime) -> Any:
        lifetime = LIFETIMES.get(purpose)
        serializer = _serializer(self._keys, now)
        try:  # the comparison of signatures takes the same time wherever they differ (hmac.compare_digest)
            return serializer.loads(text, max_age=int(lifetime.total_seconds()) if lifetime else None)
        except SignatureExpired as error:
            said: Any = serializer.load_payload(error.payload) if error.payload else None  # its signature holds
            is_of_ours = _is_token(said) and said[0] == purpose
            raise TokenRefused("expired" if is_of_ours else "purpose") from None
        except (BadSignature, BadData, ValueError, RecursionError):
            raise TokenRefused("forged") from None


def _is_token(said: Any) -> bool:
    if not (isinstance(said, list) and len(said) in (3, 4) and said[0] in PURPOSES):
        return False
    return isinstance(said[2], int) and all(isinstance(item, str) for item in (said[1], *said[3:]))


def _serializer(keys: Sequence[str], at: datetime) -> URLSafeTimedSerializer:
    class Signer(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(at.timestamp())

    return URLSafeTimedSerializer(
        list(reversed(keys)),  # it signs with the last
        salt=_SALT,
        signer=Signer,
        signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"},
    )

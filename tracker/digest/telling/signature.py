"""DKIM signatures (RFC 6376, RFC 8463): the one door for dkimpy."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

import dkim

from tracker.digestsettings import Dkim
from tracker.errors import ConfigError

SIGNED = (
    "from", "to", "reply-to", "subject", "date", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "references", "in-reply-to", "list-id", "list-unsubscribe", "list-unsubscribe-post",
    "auto-submitted",
)  # fmt: skip
"""RFC 8058, section 4, asks for the two of one click; those that a message lacks are signed as absent, so that nobody
adds them on the way."""
_MAX_KEY_BYTES = 20_000


def sign(message: bytes, settings: Dkim) -> bytes:
    """The message with a signature over its headers and body before it.

    Raises:
        ConfigError: the key cannot be read, or is neither RSA in PEM nor Ed25519 in base64.
    """
    key, algorithm = _load_key(settings.key_file)
    try:
        signature: bytes = dkim.sign(
            message,
            settings.selector.encode(),
            settings.domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=algorithm,
            include_headers=[name.encode() for name in SIGNED],
        )
    except dkim.NaClNotFoundError as error:
        raise ConfigError("digests.mail.dkim.key_file: an Ed25519 key needs PyNaCl: pip install pynacl") from error
    except (dkim.DKIMException, ValueError) as error:
        raise ConfigError(f"digests.mail.dkim.key_file: {settings.key_file}: {error}") from error
    return signature + message


@cache
def _load_key(path: Path) -> tuple[bytes, bytes]:
    """(the key as dkimpy takes it, its algorithm)."""
    try:
        text = path.read_bytes()[:_MAX_KEY_BYTES].strip()
    except OSError as error:
        raise ConfigError(f"digests.mail.dkim.key_file: {path}: {error.strerror or error}") from error
    if b"-----BEGIN" in text:
        return text, b"rsa-sha256"
    try:
        if len(base64.b64decode(text, validate=True)) == 32:
            return text, b"ed25519-sha256"
    except ValueError:
        pass
    raise ConfigError(
        f"digests.mail.dkim.key_file: {path}: expected an RSA key in PEM, or the 32 bytes of an Ed25519 key in base64 "
        "(`dknewkey --ktype ed25519 NAME` makes one)"
    )

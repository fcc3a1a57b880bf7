"""The key that signs the links of digests: from the environment, or a file of the data folder that is made once."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from tracker.config import Settings
from tracker.deliver.staging import sync
from tracker.errors import ConfigError, OutputUnusable

KEY_FILE = "digests.key"
SHORTEST_KEY = 32
"""Characters: 256 bits of hexadecimal are 64, 128 bits 32."""
_MOST_KEYS = 10
_MOST_BYTES = 10_000


def load_keys(settings: Settings, *, make: bool = True) -> tuple[str, ...]:
    """The keys of links: the first signs, and each is accepted.

    They are the words of the environment variable `digests.secret_env`, or else the lines of digests.key in data_dir;
    a new key is put before the old one, and the old one taken out when links signed with it may end. With `make`, a
    file that is not there is made.

    Raises:
        ConfigError: there is none, or one is too short; says where.
        OutputUnusable: the file can be neither read nor made.
    """
    name = settings.digests.secret_env
    if name is not None:
        where, text = f"the environment variable {name} (digests.secret_env)", os.environ.get(name, "")
        if not text.strip():
            raise ConfigError(f"{where} is not set; it holds the key of links, such as `openssl rand -hex 32` gives")
    else:
        path = settings.data_dir / KEY_FILE
        where = str(path)
        if make and not path.exists():
            _make_key_file(path)
        text = _read_key_file(path)
    return check_keys(text, where)


def check_keys(text: str, where: str) -> tuple[str, ...]:
    """The keys that a text holds, each a word of its own.

    Raises:
        ConfigError: it holds none or too many, or one is too short or not ASCII.
    """
    keys = tuple(dict.fromkeys(text.split()))
    if not keys:
        raise ConfigError(f"{where} holds no key; take the file away and one is made, or put one in, a line each")
    if len(keys) > _MOST_KEYS:
        raise ConfigError(f"{where} holds {len(keys)} keys; {_MOST_KEYS} are the most")
    for number, key in enumerate(keys, 1):
        if len(key) < SHORTEST_KEY or not key.isascii():
            raise ConfigError(f"{where}: key {number} must have {SHORTEST_KEY} characters of ASCII or more")
    return keys


def _read_key_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        return body.decode("ascii") if len(body) <= _MOST_BYTES else ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: expected keys of ASCII letters, a line each") from error
    except OSError as error:
        raise OutputUnusable(f"{path}: {error.strerror or error}; it holds the key of links") from error


def _make_key_file(path: Path) -> None:
    """Make it whole, for its owner alone, and only where there is none: of two who make it at once one wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        sync(path.parent)
    except OSError as error:
        raise OutputUnusable(f"{path}: {error.strerror or error}; it is to hold the key of links") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)

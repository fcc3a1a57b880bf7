"""JSON Lines with the number of each line, for messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.errors import UnreadableInput


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number, object) of each line that is not empty, lazily.

    Raises:
        UnreadableInput: the file cannot be read, or a line holds no JSON object; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UnreadableInput(f"{path}: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise UnreadableInput(f"{path}: not UTF-8 text (byte {exc.start})") from exc
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as exc:
                raise UnreadableInput(f"{path}, line {number}: not JSON: {exc}") from exc
            if not isinstance(record, dict):
                raise UnreadableInput(f"{path}, line {number}: expected an object")
            yield number, record

"""YAML with line numbers: the one door for ruamel.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tracker.errors import InputError, UnreadableInput

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class YamlFile:
    """Parsed YAML as plain values, and the way back from a value's place to its line in the file."""

    path: Path
    data: Any
    _text: str
    first_line: int = 1
    """The line of the file on which the parsed text begins."""

    @cached_property
    def _tree(self) -> Any:
        """The values with their places. Made where a place is asked for: it takes longer than reading the values."""
        try:
            return YAML(typ="rt", pure=True).load(self._text)
        except (YAMLError, ValueError, RecursionError):  # the values could be read, so a line is all that is missing
            return None

    def line_of(self, where: Path_) -> int:
        """The line (from 1) of the value at `where`, or of its nearest parent that is in the file."""
        node, line = self._tree, 1
        for key in where:
            try:
                if isinstance(node, CommentedMap):
                    line = node.lc.key(key)[0] + 1
                elif isinstance(node, CommentedSeq):
                    line = node.lc.item(key)[0] + 1
                else:
                    break
                node = node[key]
            except (KeyError, IndexError, TypeError):
                break
        return int(line) + self.first_line - 1


def load_yaml(path: Path, error: type[InputError] = UnreadableInput) -> YamlFile:
    """Parse one YAML 1.2 file (safe types only).

    Raises:
        error: the file is missing, not UTF-8, or not YAML; with path and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise error(f"{path}: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise error(f"{path}: not UTF-8 text (byte {exc.start})") from exc
    return parse_yaml(text, path, error=error)


def parse_yaml(text: str, path: Path, first_line: int = 1, error: type[InputError] = UnreadableInput) -> YamlFile:
    """Parse YAML 1.2 (safe types only) that stands in a file from `first_line` (from 1) on.

    Raises:
        error: the text is not YAML, or nested too deeply; with path and line.
    """
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as exc:
        line = exc.problem_mark.line if exc.problem_mark else 0
        raise error(f"{path}, line {line + first_line}: {exc.problem or exc.context}") from exc
    except YAMLError as exc:
        raise error(f"{path}, line {first_line}: not YAML: {str(exc).splitlines()[0]}") from exc
    except ValueError as exc:
        raise error(f"{path}, line {first_line}: a date or number that there is not ({exc})") from exc
    except RecursionError as exc:
        raise error(f"{path}, line {first_line}: nested too deeply") from exc
    return YamlFile(path, data, text, first_line)


def render_item(item: dict[str, Any]) -> str:
    """One item of a list of mappings as block YAML, with a line break at its end."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = 100_000  # a folded line ends in a blank, and a quote is easier to search for on one line
    yaml.allow_unicode = True
    buffer = StringIO()
    yaml.dump([item], buffer)
    return buffer.getvalue()


def set_scalar(file: YamlFile, where: Path_, key: str, value: str) -> str:
    """The text of the file with `key: value` in the mapping at `where`; everything else stays as it is written.

    Raises:
        InputError: it cannot be changed without changing something else; says where to do it by hand.
    """
    text = file.path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    node = file._tree
    for part in where:
        node = node[part]
    if key in node:
        line, column = node.lc.value(key)
        lines[line] = lines[line][:column] + re.sub(r"^[^\s,#}\]]+", value, lines[line][column:])
    elif node.fa.flow_style():
        line, column = node.lc.line, node.lc.col
        lines[line] = f"{lines[line][: column + 1]}{key}: {value}, {lines[line][column + 1 :]}"
    else:
        first = next(iter(node))
        line, column = node.lc.key(first)
        lines[line] = f"{lines[line].rstrip()}\n{' ' * column}{key}: {value}\n"
    changed = "".join(lines)
    if not _is_only_change(file, where, key, value, changed):
        raise InputError(f"{file.path}, line {file.line_of(where)}: write `{key}: {value}` there by hand")
    return changed


def _is_only_change(file: YamlFile, where: Path_, key: str, value: str, changed: str) -> bool:
    yaml = YAML(typ="safe", pure=True)
    try:
        after, expected = yaml.load(changed), yaml.load(file.path.read_text(encoding="utf-8"))
        node = expected
        for part in where:
            node = node[part]
        node[key] = yaml.load(value)
    except (YAMLError, KeyError, IndexError, TypeError):
        return False
    return bool(after == expected)

"""YAML with line numbers: the one door for ruamel.yaml."""

from __future__ import annotations

from dataclasses import dataclass
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
    _tree: Any

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
        return int(line)


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
    try:
        tree = YAML(typ="rt", pure=True).load(text)
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else 1
        raise error(f"{path}, line {line}: {exc.problem or exc.context}") from exc
    except YAMLError as exc:
        raise error(f"{path}: not YAML: {exc}") from exc
    return YamlFile(path, data, tree)

"""Compiled templates are kept beside their source, where Python keeps compiled modules, and never trusted blindly."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from tracker.render import compiled as keeping
from tracker.render.engine import load_engine


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    return tmp_path


def compiled_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled from now on, by a new process's engine."""
    names: list[str] = []
    compile_ = Environment.compile

    def noted(self: Environment, source: str, name: str, *rest: object) -> object:
        names.append(name)
        return compile_(self, source, name, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", noted)
    return names


def load_404() -> str:
    return type(load_engine.__wrapped__().get_template("404.html")).__name__


def test_a_template_is_compiled_once(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_by(monkeypatch)
    load_404()
    assert compiled == ["404.html"] and len(list(kept_in.rglob("*.jinja"))) == 1
    load_404()
    assert compiled == ["404.html"]


def test_another_state_of_the_program_compiles_anew(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compiled_by(monkeypatch)
    load_404()
    monkeypatch.setattr(keeping, "program_digest", lambda: "another")
    load_404()
    assert compiled == ["404.html", "404.html"] and len(list(kept_in.rglob("*.jinja"))) == 1


@pytest.mark.parametrize("spoil", [b"", b"nothing of ours", None])
def test_what_cannot_be_read_or_written_is_compiled(
    kept_in: Path, monkeypatch: pytest.MonkeyPatch, spoil: bytes | None
) -> None:
    compiled = compiled_by(monkeypatch)
    load_404()
    (file,) = kept_in.rglob("*.jinja")
    if spoil is None:
        file.unlink()
        file.parent.rmdir()
        file.parent.write_bytes(b"no folder")
    else:
        file.write_bytes(spoil)
    load_404()
    assert compiled == ["404.html", "404.html"]


def test_nothing_is_kept_where_python_is_told_to_keep_nothing(kept_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load_404()
    assert list(kept_in.rglob("*.jinja")) == []

"""docs/digests.md: its code runs, and the commands that it shows are there."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.main import get_command

from tracker.cli import app
from tracker.digest.asking import parse_rule
from tracker.digestsettings import Digests, Dkim, Mail
from tracker.fetch.posting import sign
from tracker.types.changes import CHANGE_KINDS

HANDBOOK = (Path(__file__).parents[2] / "docs" / "digests.md").read_text("utf-8")
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="


@pytest.fixture(scope="module")
def is_from_the_tracker() -> Callable[[str, Mapping[str, str], bytes], bool]:
    (code,) = re.findall(r"```python\n(.*?)```", HANDBOOK, re.DOTALL)
    scope: dict[str, Callable[[str, Mapping[str, str], bytes], bool]] = {}
    exec(code, scope)
    return scope["is_from_the_tracker"]


def headers(body: bytes, at: int) -> dict[str, str]:
    return {"webhook-id": "dg-8", "webhook-timestamp": str(at), "webhook-signature": sign(SECRET, "dg-8", at, body)}


def test_the_verification_takes_ours_and_nothing_else(is_from_the_tracker: Callable[..., bool]) -> None:
    body, now = b'{"version":1}', int(time.time())
    assert is_from_the_tracker(SECRET, headers(body, now), body)
    assert not is_from_the_tracker(SECRET, headers(body, now), body + b" ")
    assert not is_from_the_tracker("whsec_" + "QUJD", headers(body, now), body)
    assert not is_from_the_tracker(SECRET, headers(body, now - 301), body)
    assert not is_from_the_tracker(SECRET, headers(body, now) | {"webhook-id": "dg-9"}, body)


def test_every_kind_of_change_is_explained() -> None:
    table = HANDBOOK.partition("## What a digest says")[2].partition("\n\n")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(CHANGE_KINDS)


def test_the_commands_and_their_options_are_there() -> None:
    shown = [
        line.partition(" #")[0].partition(" > ")[0] for line in HANDBOOK.splitlines() if line.startswith("tracker ")
    ]
    assert len(shown) >= 14
    for line in shown:
        _, group, name, *words = shlex.split(line)
        commands = get_command(app).commands[group].commands
        options = {option for item in commands[name].params for option in item.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_who_is_told_is_said_once_with_the_keys_of_the_command() -> None:
    headings = re.findall(r"^## (Who is told.*)$", HANDBOOK, re.MULTILINE)
    assert headings == ["Who is told, of what, and when"]
    add = get_command(app).commands["subscribers"].commands["add"]
    options = {option.removeprefix("--").removeprefix("min-") for item in add.params for option in item.opts}
    rules = re.findall(r'--rule "([^"]+)"', HANDBOOK)
    assert rules
    for rule in rules:
        parse_rule(rule)
        assert {word.partition(":")[0] for word in rule.split()} <= options | {"entity", "children"}, rule


def test_the_settings_shown_are_settings() -> None:
    from ruamel.yaml import YAML

    (text,) = re.findall(r"```yaml\n(.*?)```", HANDBOOK, re.DOTALL)
    value = YAML(typ="safe").load(text)
    settings = Digests.model_validate(value["digests"])
    assert isinstance(settings.mail, Mail) and isinstance(settings.mail.dkim, Dkim)

"""Containerfile and compose.yaml say what the program, its settings and the handbook say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.postgres import _programs
from tools.check_container import steps_of
from tracker.cli import app
from tracker.cli.console import DATABASE_VARIABLE
from tracker.config import load_settings
from tracker.sourcekinds import SOURCE_MODELS
from tracker.store.addresses import parse_address
from tracker.yamlfile import load_yaml

ROOT = Path(__file__).parents[2]
COMPOSE = load_yaml(ROOT / "compose.yaml").data
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "tracker:local"}
HOME = steps_of("WORKDIR")[-1]
SETTINGS = load_settings(ROOT / "config.yaml")


def parsed(arguments: list[str]) -> tuple[str, dict[str, Any]]:
    """(the command, its options) as Typer reads a command line; nothing is run."""
    command: Any = typer.main.get_command(app)
    context = command.context_class(command)
    name, rest = "tracker", list(arguments)
    while hasattr(command, "resolve_command"):
        found_name, command, rest = command.resolve_command(context, rest)
        assert command is not None, arguments
        name = f"{name} {found_name}"
        context = command.context_class(command, parent=context, info_name=found_name)
    return name, command.make_context(name, rest, parent=context.parent).params


def filled(text: str) -> str:
    """With the values that .env would give: those of its example, else what compose.yaml has by itself."""
    given = dict(env_example())
    return re.sub(
        r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: given.get(found[1]) or found[2] or "", text
    )  # fmt: skip


def env_example() -> list[tuple[str, str]]:
    lines = (ROOT / "deploy/env.example").read_text().splitlines()
    return [
        (name, value)
        for name, mark, value in (line.lstrip("#").partition("=") for line in lines)
        if mark and " " not in name
    ]


def test_each_service_runs_a_command_of_ours() -> None:
    lines = {name: [filled(str(part)) for part in service["command"]] for name, service in OURS.items()}
    assert {name: parsed(line)[0] for name, line in lines.items()} == {
        "upgrade": "tracker db upgrade", "scheduler": "tracker schedule", "worker": "tracker worker",
        "serve": "tracker serve", "backup": "tracker backup",
    }  # fmt: skip
    assert parsed(json.loads(steps_of("CMD")[0]))[0] == "tracker schedule"
    assert json.loads(steps_of("ENTRYPOINT")[0]) == list(
        tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    )
    with pytest.raises(Exception, match=r"(?i)no such option"):
        parsed(["schedule", "--metrics-prot", "1"])


def test_ports_and_health_checks_fit_the_commands() -> None:
    exposed = set(steps_of("EXPOSE")[0].split())
    for name, service in OURS.items():
        command, options = parsed([filled(str(part)) for part in service["command"]])
        if service["healthcheck"].get("disable"):
            assert command in ("tracker db upgrade", "tracker backup"), "what ends by itself has no health"
            continue
        port = options.get("metrics_port") or options["port"]
        *probe, url = service["healthcheck"]["test"]
        assert probe == ["CMD", "python", "-m", "tracker.probe"] and str(port) in exposed, name
        assert re.fullmatch(rf"http://127\.0\.0\.1:{port}/(healthz|readyz)", url)
        assert options.get("metrics_address", options.get("host")) == "0.0.0.0", "the others are in other containers"
        for published in service.get("ports", ()):
            assert re.fullmatch(rf"127\.0\.0\.1:\d+:{port}", published), "for a proxy on this machine alone"
    of_image = json.loads(steps_of("HEALTHCHECK")[0].partition("CMD ")[2])
    assert of_image[-1].endswith(f":{parsed(json.loads(steps_of('CMD')[0]))[1]['metrics_port']}/healthz")


def test_who_stops_has_longer_than_the_program_takes() -> None:
    assert int(COMPOSE["x-tracker"]["stop_grace_period"].rstrip("s")) > SETTINGS.schedule.grace.total_seconds()


def test_paths_are_those_of_the_settings() -> None:
    assert steps_of("VOLUME") == [HOME]
    for name, service in OURS.items():
        places = dict(volume.split(":")[:2] for volume in service["volumes"])
        assert places["data"] == HOME, name
        assert places.get("./config.yaml", f"{HOME}/config.yaml") == f"{HOME}/config.yaml"
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    base = ROOT.resolve()
    for path in (SETTINGS.data_dir, SETTINGS.site.out, SETTINGS.curation):
        assert path.is_relative_to(base), "all that is written lies in the volume, beside config.yaml"
    site = parsed([filled(part) for part in SERVICES["serve"]["command"]])[1]["site"]
    assert site == Path(HOME) / SETTINGS.site.out.relative_to(base)


def test_each_variable_of_the_environment_is_one_that_somebody_reads() -> None:
    read = {DATABASE_VARIABLE, "PGPASSWORD"} | {
        model.model_fields["key_env"].default for model in SOURCE_MODELS.values() if "key_env" in model.model_fields
    }
    for service in OURS.values():
        assert set(service["environment"]) <= read
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    named = {name for name, _ in env_example()}
    assert asked <= named, "the example names what compose.yaml asks for"
    mail = {"SMTP_USER", "SMTP_PASSWORD"}  # whatever digests.mail names
    assert named <= read | asked | mail
    address = parse_address(OURS["scheduler"]["environment"][DATABASE_VARIABLE])
    assert (address.host, address.username, address.password) == (
        "db",
        SERVICES["db"]["environment"]["POSTGRES_USER"],
        None,
    )
    assert address.database == SERVICES["db"]["environment"]["POSTGRES_DB"]
    assert SERVICES["serve"]["environment"] == {} and SERVICES["serve"]["env_file"] == [], "who serves knows no secret"


def test_postgresql_is_the_one_that_is_tested() -> None:
    tested = subprocess.run([_programs() / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    (major,) = re.findall(r"\) (\d+)", tested)
    assert SERVICES["db"]["image"].endswith(f"/postgres:{major}")
    assert f"The tests run on PostgreSQL {major}" in (ROOT / "docs/postgresql.md").read_text()
    # from 18 on the image keeps its data a level below (hub: PGDATA), so that a later version can take them over
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]


def test_what_is_installed_is_pinned_as_everywhere_and_whole() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/container_pins.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    installs = [part for step in steps_of("RUN") for part in step.split(" && ") if " pip" in part or "/pip " in part]
    assert installs and all("--no-deps" in part for part in installs)
    assert all("--require-hashes" in part for part in installs if "requirements.txt" in part)
    assert not re.search(r"https?://(?!127\.0\.0\.1)", (ROOT / "Containerfile").read_text()), "no index is named"


def test_the_wheel_finds_all_that_it_carries_in_what_the_engine_is_sent() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    sent = [line.removeprefix("!") for line in lines if line.startswith("!")]
    left_out = [line for line in lines[1:] if not line.startswith("!")]
    for path in (*hatch["packages"], *hatch["force-include"], "README.md", "LICENSE", "pyproject.toml"):
        assert any(path == item or path.startswith(f"{item}/") for item in sent), path
        assert not any(path == item or path.startswith(f"{item}/") for item in left_out), path
    assert not any(item.startswith((".env", ".git", "var", "backup")) for item in sent), "no secret goes into an image"


def test_the_program_runs_as_nobody_in_particular() -> None:
    user, _, group = steps_of("USER")[0].partition(":")
    made = next(step for step in steps_of("RUN") if "useradd" in step)
    assert f"--uid {user}" in made and f"--gid {group}" in made and "--no-create-home" in made
    assert f"install -d -o {user} -g {group} -m 0750 {HOME}" in made
    assert int(user) > 0

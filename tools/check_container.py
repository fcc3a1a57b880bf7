"""Take the steps of the Containerfile without an engine: its own commands in folders of their own, then the program as
its user runs it: another user without a home, who may write the volume and nothing else.

An engine adds layers and isolation; commands, pins, paths, user, entry and health check are those of the file.
usage: check_container.py
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WITHIN_S = 1800
CONFIG = """
network: {retries: 0, allow_networks: [127.0.0.0/8], resolve: {'*.example': '127.0.0.1:9'}}
sources: [{name: wire, kind: feed, url: 'http://wire.example/feed', publisher: W, publisher_type: news}]
"""


def steps_of(instruction: str) -> list[str]:
    """What follows an instruction of the Containerfile, each time that it stands there; continued lines joined."""
    text = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
    named = [line.partition(" ") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [" ".join(rest.split()) for name, _, rest in named if name == instruction]


def is_right_python() -> bool:
    """Whether this is the image's version of Python: the pins are those for it."""
    return sys.version.startswith(steps_of("ARG")[0].partition("python:")[2].partition("-")[0] + ".")


def python_in_reach(here: Path) -> Path:
    """The folder of an interpreter that every user may run; one that lies in somebody's home is copied."""
    base = Path(sys.base_prefix)
    if all(parent.stat().st_mode & 0o001 for parent in (base, *base.parents)):
        return base
    library = f"lib/python{sys.version_info[0]}.{sys.version_info[1]}"
    left_out = shutil.ignore_patterns("test", "site-packages", "__pycache__", "idlelib", "tkinter", "config-*")
    shutil.copytree(base / library, here / "python" / library, ignore=left_out)
    (here / "python" / "bin").mkdir()
    shutil.copy(base / "bin" / Path(library).name, here / "python" / "bin" / "python3")
    for shared in (base / "lib").glob("libpython*.so*"):
        shutil.copy(shared, here / "python" / "lib")
    return here / "python"


def run(*command: object, **options: object) -> str:
    """What a command printed; it ends the check where it fails."""
    given = [str(part) for part in command]
    done = subprocess.run(given, capture_output=True, text=True, timeout=WITHIN_S, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"{' '.join(given)} exited {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return str(done.stdout)


def paths_of(python: Path, *others: str) -> dict[str, str]:
    """Where programs and the interpreter's own library are looked for."""
    return {
        "PATH": ":".join((*others, f"{python}/bin", "/usr/local/bin", "/usr/bin", "/bin")),
        "LD_LIBRARY_PATH": f"{python}/lib",
    }


def build(here: Path, python: Path) -> None:
    """The commands of the file's first stage, as they stand but for their folders."""
    shutil.copytree(ROOT / "deploy", here / "build" / "deploy")
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (here / "build" / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, here / "build" / "source" / name)
    for command in steps_of("RUN"):
        if "useradd" in command:  # users are taken by their numbers
            continue
        began = time.monotonic()
        moved = re.sub(r"(?<![\w.])/(build|opt/tracker)\b", rf"{here}/\1", command)
        run("/bin/sh", "-ec", moved, cwd=here / "build", env={**os.environ, **paths_of(python)})
        print(f"{time.monotonic() - began:6.1f} s  {command[:100]}", flush=True)


class Container:
    """The installed program, run by the image's user in the volume."""

    def __init__(self, here: Path, python: Path) -> None:
        self.volume = here / "var" / "lib" / "tracker"
        self.volume.mkdir(parents=True)
        self.options: dict[str, object] = {"cwd": self.volume}
        given = dict(item.split("=", 1) for rest in steps_of("ENV") for item in rest.split())
        self.options["env"] = {**given, **paths_of(python, f"{here}/opt/tracker/bin"), "HOME": "/nonexistent"}
        if os.geteuid() == 0:
            user, _, group = steps_of("USER")[0].partition(":")
            os.chown(self.volume, int(user), int(group))
            self.options |= {"user": int(user), "group": int(group), "extra_groups": []}

    def run(self, *command: object) -> str:
        return run(*command, **self.options)

    def start(self, *command: object) -> subprocess.Popen[bytes]:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([str(part) for part in command], **quiet, **self.options)  # type: ignore[call-overload,no-any-return]


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def check_service(container: Container, probe: Sequence[str], *command: str) -> None:
    """A service comes up, its health check says so, and SIGTERM ends it with 0."""
    service = container.start(*command)
    until = time.monotonic() + 120
    while True:
        asked = subprocess.run(probe, capture_output=True, text=True, check=False, **container.options)  # type: ignore[call-overload]
        if asked.returncode == 0:
            break
        if service.poll() is not None or time.monotonic() > until:
            sys.exit(f"{' '.join(command)} did not come up: {asked.stderr}")
        time.sleep(1)
    service.terminate()
    if code := service.wait(60):
        sys.exit(f"{' '.join(command)} ended with {code} after SIGTERM")


def check(here: Path, python: Path) -> None:
    """The demo, a service with the file's own entry, command and health check, and the site for readers."""
    container = Container(here, python)
    (entry,) = json.loads(steps_of("ENTRYPOINT")[0])
    if os.geteuid() == 0:
        forbidden = container.run("python", "-c", f"import os; print(os.access({str(here / 'opt')!r}, os.W_OK))")
        if forbidden.strip() != "False":
            sys.exit("the user may write where the program is installed")
    container.run(entry, "demo", "--dir", "demo")
    (container.volume / "config.yaml").write_text(CONFIG)
    port = str(free_port())
    asked = json.loads(steps_of("HEALTHCHECK")[0].partition("CMD ")[2])
    standard = [port if part == "9464" else part for part in json.loads(steps_of("CMD")[0])]
    check_service(container, [part.replace("9464", port) for part in asked], entry, *standard)
    ready = ["python", "-m", "tracker.probe", f"http://127.0.0.1:{port}/readyz"]
    check_service(container, ready, entry, "serve", "--site", "demo/site", "--port", port)


def main() -> None:
    if not is_right_python():
        print(f"not checked: this is Python {sys.version.split()[0]}, and the image's is another")
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        here = Path(folder)
        here.chmod(0o755)
        python = python_in_reach(here)
        build(here, python)
        check(here, python)
    print(
        "the Containerfile's steps give a program that runs as its user, writes its volume alone and tells its health"
    )


if __name__ == "__main__":
    main()

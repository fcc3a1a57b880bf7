"""Build the wheel, install it away from the checkout, and run the program from there.

A checkout finds its templates and data beside the package; only an installed wheel shows what was left out of it.
usage: check_wheel.py
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = {
    "id": "w1",
    "published": "2026-03-03",
    "language": "en",
    "title": "Labs trade accusations",
    "text": "Anthropic on Monday accused DeepSeek of copying its Claude models through more than 300 fake accounts.",
}


def run(*command: str | Path, cwd: Path) -> str:
    result = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))} exited {result.returncode}\n{result.stdout}{result.stderr}")
    return result.stdout


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", here, ROOT, cwd=here)
        (wheel,) = here.glob("tracker-*.whl")
        # The dependencies are those of the running environment; the package itself comes from the wheel alone.
        venv.create(here / "env", with_pip=False)
        python = here / "env" / "bin" / "python"
        site_packages = next((here / "env" / "lib").glob("python*/site-packages"))
        run(
            sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site_packages, wheel, cwd=here
        )  # fmt: skip
        shared = next(Path(path) for path in sys.path if path.endswith("site-packages"))
        (site_packages / "zz-dependencies.pth").write_text(f"{shared}\n")
        where = run(python, "-c", "import tracker; print(tracker.__file__)", cwd=here).strip()
        if not where.startswith(str(here)):
            sys.exit(f"the program ran from {where}, not from the wheel")
        (here / "in.jsonl").write_text(json.dumps(DOCUMENT) + "\n")
        extraction = json.loads(run(python, "-m", "tracker", "extract", "in.jsonl", cwd=here))
        if extraction["relevance"] != "relevant" or not extraction["claims"]:
            sys.exit(f"the installed program reads nothing out of a plain sentence: {extraction}")
        run(python, "-m", "tracker", "demo", "--dir", "demo", cwd=here)
        if not (here / "demo" / "site" / "index.html").exists():
            sys.exit("the installed program built no site")
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, extracts and builds the demo away from the checkout")


if __name__ == "__main__":
    main()

"""What pages the sample's site has, with their titles: tests/demo/site_tree.txt, which a test compares with a demo.

python tools/golden_site.py                       # runs the demo in a folder of its own and writes the list anew
python tools/golden_site.py tracker-demo/site     # from a site that is built already
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "demo" / "site_tree.txt"
UNLISTED = ("pagefind/",)
"""Folders of which the files have names made out of their bytes; one line says that they are there."""


def describe_site(site: Path) -> dict[str, str]:
    """Path of each file -> the title of a page, "" of another file."""
    described: dict[str, str] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if not path.is_file() or path.name.startswith("."):
            continue
        if folder := next((folder for folder in UNLISTED if name.startswith(folder)), ""):
            described[folder] = ""
        elif path.suffix == ".html":
            title = re.search(r"<title>(.*?)</title>", path.read_text("utf-8"), re.DOTALL)
            described[name] = " ".join(unescape(title[1]).split()) if title else ""
        else:
            described[name] = ""
    return described


def read_golden() -> dict[str, str]:
    """What the list says."""
    rows = (line.partition("\t") for line in GOLDEN.read_text("utf-8").splitlines())
    return {path: title for path, _, title in rows}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path, nargs="?", help="a built site of the sample; without it the demo is run")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = args.site or Path(folder) / "demo" / "site"
        if not args.site:
            command = [sys.executable, "-m", "tracker", "demo", "--dir", str(site.parent)]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        made = describe_site(site)
    if not made:
        sys.exit(f"{site}: no pages in it; `tracker demo` makes tracker-demo/site")
    lines = [f"{path}\t{title}".rstrip("\t") + "\n" for path, title in made.items()]
    GOLDEN.write_text("".join(lines), "utf-8")
    print(f"{len(lines)} lines in {GOLDEN.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where the files lie that travel with the program: in the checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled_path(name: str) -> Path:
    """The path of a bundled file or folder, such as "templates" or "data/gazetteer".

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for root in (_PACKAGE / "bundled", _PACKAGE.parent):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} did not come with this installation of the tracker; install it again")

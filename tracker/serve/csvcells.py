"""CSV on its way out: cells that a spreadsheet would run as formulas get an apostrophe (OWASP, CSV injection)."""

from __future__ import annotations

import re

from tracker.render.exports import FORMULA_STARTS

_CELL = re.compile(r'(?P<cell>"(?:[^"]|"")*"|[^",\r\n]*)(?P<end>,|\r\n)')
"""As Python's csv.writer has it: quoted where need be, quotes doubled, a line ends with CR LF."""
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
MOST_CHARS_OF_A_CELL = 1_000_000


class CsvCells:
    """Takes the pieces of a CSV as they come and gives each whole line back, made harmless."""

    def __init__(self) -> None:
        self._rest = ""

    def take(self, piece: str) -> str:
        """What can be passed on; what does not end with a line waits for the rest."""
        text = self._rest + piece
        end = 0
        lines: list[str] = []
        for match in _CELL.finditer(text):
            if match.start() != end:
                break
            lines.append(_harmless(match["cell"]) + match["end"])
            end = match.end()
        self._rest = text[end:]
        if len(self._rest) > MOST_CHARS_OF_A_CELL:
            raise ValueError("a line of CSV does not end")
        return "".join(lines)

    def finish(self) -> str:
        """What is left when there is no more: a message, where the rows broke off."""
        rest, self._rest = self._rest, ""
        return _harmless(rest)


def _harmless(cell: str) -> str:
    quote = '"' if cell.startswith('"') else ""
    inner = cell.removeprefix('"')
    if inner[:1] in FORMULA_STARTS and not _NUMBER.fullmatch(inner.removesuffix(quote)):
        return f"{quote}'{inner}"
    return cell

"""PDF documents: their text layer as paragraphs, by pypdfium2.

PDFium gives characters and line breaks; which lines make a paragraph is seen from where they stand on the page.
Not for use from several threads at once: PDFium is not made for that.
"""

from __future__ import annotations

import ctypes
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from tracker.errors import NotParsable
from tracker.read.dates import parse_published
from tracker.types import PageContent

_MAX_PAGES = 5_000
"""The longest bills have some four thousand. What is longer is refused, never cut."""
_MAX_CHARS = 5_000_000
_HEAD_PARAGRAPHS = 8
_HEAD_CHARS = 1_500
_LINE_GAP = 1.3
"""Times the usual distance of two lines: from there on it is the distance of two paragraphs."""
_SENTENCE_END = re.compile(r"[.!?:;。！？：；…][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•◦▪‣–—]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")
_CJK = re.compile(r"[　-鿿＀-￯]")
_SOFT_HYPHENS = ("\u00ad", "\u0002", "\ufffe")
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|powerpoint)\b.*|untitled.*|.*\.(?:docx?|indd|pdf|pptx?|rtf|wpd|tmp))$", re.I
)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    baseline: float
    size: float


def read_pdf(body: bytes, url: str) -> PageContent:
    """The text of a PDF: paragraphs joined across lines and pages and parted by a blank line, hyphenation undone,
    page numbers and running heads left out; `page_starts` says where each page begins in it.

    The title is the metadata's where that is one. Dates in the metadata are the file's, not the document's:
    `published` is the one date that stands on a line of its own at the head of the first page, as memos and
    letters have it.

    Raises:
        NotParsable: damaged, encrypted, or without a text layer.
    """
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as exc:
        raise NotParsable(f"{url}: the PDF cannot be opened ({' '.join(str(exc).split())[:120]})") from exc
    try:
        pages = _load_pages(document)
        title = " ".join((document.get_metadata_value("Title") or "").split())
        count = len(document)
    except pypdfium2.PdfiumError as exc:
        raise NotParsable(f"{url}: the PDF is damaged ({' '.join(str(exc).split())[:120]})") from exc
    finally:
        document.close()
    text, starts = _join_pages(_without_running_heads(pages))
    if not text:
        raise NotParsable(f"{url}: the PDF has no text layer ({count} pages, perhaps scanned)")
    return PageContent(
        text=text,
        title=None if not title or _NO_TITLE.match(title) else title,
        published=_find_dateline(text),
        page_starts=starts,
    )


def _find_dateline(text: str) -> date | None:
    head = text[:_HEAD_CHARS].split("\n\n")[:_HEAD_PARAGRAPHS]
    days = {day for paragraph in head if (day := parse_published(paragraph))}
    return days.pop() if len(days) == 1 else None


def _load_pages(document: pypdfium2.PdfDocument) -> list[list[_Line]]:
    pages, chars = [], 0
    if len(document) > _MAX_PAGES:
        raise NotParsable(f"the PDF has {len(document)} pages; no more than {_MAX_PAGES} are read")
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        try:
            chars += text_page.count_chars()
            if chars > _MAX_CHARS:
                raise NotParsable(f"the PDF has more than {_MAX_CHARS} characters")
            pages.append(_lines(text_page))
        finally:
            text_page.close()
            page.close()
    return pages


def _lines(text_page: pypdfium2.PdfTextPage) -> list[_Line]:
    lines: list[_Line] = []
    first = 0
    codes: list[str] = []
    total = text_page.count_chars()
    for index in range(total + 1):
        code = pdfium.FPDFText_GetUnicode(text_page, index) if index < total else 10
        if code not in (10, 13):
            codes.append(chr(code) if code < 0x110000 else "\ufffd")
            continue
        if codes and (line := _measure(text_page, codes, first)):
            lines.append(line)
        codes, first = [], index + 1
    return lines


def _measure(text_page: pypdfium2.PdfTextPage, codes: list[str], first: int) -> _Line | None:
    inked = [first + at for at, char in enumerate(codes) if not char.isspace() and char != "\x00"]
    # Characters beyond the Basic Multilingual Plane come as two UTF-16 units.
    joined = "".join(codes).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = " ".join(joined.replace("\x00", "").split())
    if not inked or not text:
        return None
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page, inked[0], x, y)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, inked[-1], left, right, bottom, top)
    size = float(pdfium.FPDFText_GetFontSize(text_page, inked[0]))
    return _Line(text, x.value, right.value, y.value, size)


def _without_running_heads(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Pages without page numbers, and without first and last lines that stand on most pages of three or more."""
    edges = Counter(key for page in pages for key in {_edge_key(line) for line in page[:1] + page[-1:]})
    common = {key for key, count in edges.items() if len(pages) >= 3 and count > len(pages) / 2}
    kept = []
    for page in pages:
        for at in (0, -1):
            if page and (_PAGE_NUMBER.fullmatch(page[at].text) or _edge_key(page[at]) in common):
                page = page[1:] if at == 0 else page[:-1]
        kept.append(page)
    return kept


def _edge_key(line: _Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _join_pages(pages: list[list[_Line]]) -> tuple[str, tuple[int, ...]]:
    known = {word.lower() for page in pages for line in page for word in re.findall(r"\w+-\w+", line.text)}
    text, starts = "", []
    previous: _Line | None = None
    for page in pages:
        pitch, width = _pitch(page), max((line.right for line in page), default=0.0)
        starts.append(len(text))
        for number, line in enumerate(page):
            same_page = number > 0
            if previous is None:
                text = line.text
            elif _begins_paragraph(previous, line, pitch, width, same_page):
                text = f"{_dehyphen_end(text)}\n\n{line.text}"
            else:
                text = _join_line(text, line.text, known)
            if not same_page:
                starts[-1] = len(text) - len(line.text)
            previous = line
    return text.strip(), tuple(min(start, len(text)) for start in starts)


def _pitch(page: list[_Line]) -> float:
    """The usual distance of two lines on a page, in points."""
    steps = [above.baseline - below.baseline for above, below in pairwise(page)]
    steps = [step for step in steps if step > 1]
    return statistics.median_low(steps) if steps else 0.0


def _begins_paragraph(previous: _Line, line: _Line, pitch: float, width: float, same_page: bool) -> bool:
    if _BULLET.match(line.text) or abs(line.size - previous.size) > 0.1 * max(line.size, previous.size):
        return True
    short = previous.right < width - 0.2 * (width - min(previous.left, line.left))
    if not same_page or line.baseline > previous.baseline + pitch:
        return short or bool(_SENTENCE_END.search(previous.text) and line.text[:1].isupper() and short)
    if previous.baseline - line.baseline > _LINE_GAP * pitch:
        return True
    indented = line.left > previous.left + 0.8 * line.size
    return (indented and bool(_SENTENCE_END.search(previous.text))) or (
        short and bool(_SENTENCE_END.search(previous.text)) and not line.text[:1].islower()
    )


def _dehyphen_end(text: str) -> str:
    return text[:-1] + "-" if text.endswith(_SOFT_HYPHENS) else text


def _join_line(text: str, line: str, known: set[str]) -> str:
    """One line after another: a hyphen at the end that only parts a word goes, one that the document also writes
    within a line stays."""
    if text.endswith((*_SOFT_HYPHENS, "-", "‐")) and len(text) > 1 and text[-2].isalnum():
        head, tail = re.search(r"(\w+)\W$", text), re.match(r"\w+", line)
        hard = not tail or not line[0].islower() or (head and f"{head[1]}-{tail[0]}".lower() in known)
        return f"{text[:-1]}-{line}" if hard else f"{text[:-1]}{line}"
    if text and _CJK.match(text[-1]) and _CJK.match(line[:1]):
        return text + line
    return f"{text} {line}"

"""Bytes to text when the declarations of their charset contradict each other, as they do."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
# What browsers take these labels for (WHATWG Encoding Standard, section 4.2).
_LABELS = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "iso-8859-9": "cp1254", "tis-620": "cp874", "utf8": "utf-8",
}  # fmt: skip
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 200_000
_SURE_OF_UTF_8 = 4
"""So many characters beyond ASCII in valid UTF-8 are no accident of another charset."""


def decode_text(body: bytes, content_type: str | None = None) -> str:
    """The text of a body, without NULs: by byte order mark; else as UTF-8 if it plainly is that, whatever is declared;
    else as its own declaration (meta, XML) or the header's says; else as detected.

    A declaration that the bytes contradict loses. What no charset explains becomes U+FFFD.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _without_nuls(body[len(mark) :].decode(codec, "replace"))
    text = _strictly(body, "utf-8")
    if text is not None and _is_plainly_utf_8(body, text):
        return _without_nuls(text)
    declared = _declared(body, content_type)
    if text is None or (declared and "utf-8" not in declared):
        text = None
        for codec in declared:
            text = _strictly(body, codec)
            if text is not None:
                break
    if text is None:
        text = body.decode("utf-8", "replace") if declared[:1] == ["utf-8"] else _detected(body)
    return _without_nuls(text)


def utf_8_form(body: bytes, content_type: str | None = None) -> bytes:
    """The text of a body as `decode_text` gives it, in UTF-8: the body itself where it is just that."""
    if b"\x00" not in body and not body.startswith(codecs.BOM_UTF8):
        text = _strictly(body, "utf-8")
        if text is not None and _is_plainly_utf_8(body, text):
            return body
    return decode_text(body, content_type).encode("utf-8", "replace")


def _without_nuls(text: str) -> str:
    return text.replace("\x00", "") if "\x00" in text else text


def _is_plainly_utf_8(body: bytes, text: str) -> bool:
    """Whether what can be read as UTF-8 is that, whatever is declared."""
    if len(text) == len(body):
        return b"\x1b" not in body and b"\x00" not in body  # ISO-2022 and UTF-16 look like ASCII
    if len(body) - len(text) > 3 * _SURE_OF_UTF_8:  # a character has at most three bytes more than one
        return True
    return sum(1 for char in text if ord(char) > 127) >= _SURE_OF_UTF_8


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Codecs by declaration, the document's own before the header's."""
    head = body[:_HEAD_BYTES]
    found = [match[1].decode("ascii") for form in (_XML, _META) if (match := form.search(head))]
    if stated := _HEADER.search(content_type or ""):
        found.append(stated[1])
    names: list[str] = []
    for label in found:
        try:
            name = codecs.lookup(_LABELS.get(label.lower(), label)).name
        except LookupError:
            continue
        # A label that could be read at all as ASCII is not UTF-16 (WHATWG HTML, 13.2.3.2).
        names.append("utf-8" if name.startswith(("utf-16", "utf-32")) and b"\x00" not in head else name)
    return [name for name in dict.fromkeys(names) if name not in _NOT_CHARSETS]


_NOT_CHARSETS = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "idna", "punycode", "unicode_escape",
     "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"}
)  # fmt: skip


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _detected(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE_BYTES]).best()
    return body.decode(best.encoding if best else "cp1252", "replace")

"""HTML pages: the main text by trafilatura, and what the page states of itself."""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from lxml import etree, html
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from tracker.errors import NotParsable
from tracker.read.bylines import find_byline
from tracker.read.canonical import bare_host, find_address
from tracker.read.origins import find_marked_origin
from tracker.read.overrides import Selected, apply_override, find_override
from tracker.read.statements import find_language, find_published, find_title, load_json_ld
from tracker.read.texts import clean_text, on_one_line, without_controls
from tracker.types import PageContent

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # its warnings of empty pages are our NotParsable
_MAX_DEPTH = 250
_MAX_ELEMENTS = 200_000
_FURNITURE = (
    "foot", "footer", "site-footer", "page-footer", "site-foot", "page-foot", "colophon", "show_author",
    "cookie-banner", "cookie-consent", "newsletter-signup", "comments", "comment", "share", "related",
    "related-stories",
)  # fmt: skip
"""Classes of what is not the document, where trafilatura's own lists let it through."""
_FURNITURE_XPATH = " | ".join(
    f'//body//*[contains(concat(" ", normalize-space(@class), " "), " {name} ")]' for name in _FURNITURE
)
_KEPT_SPACES = "\u00a0\u202f\u2009\u3000\u2007\u200a"
_INNER_SPACE = re.compile(rf"(?<=\S)[{_KEPT_SPACES}]|[{_KEPT_SPACES}](?=\S)")
_STAND_INS = 0x10350  # Old Permic
_MAX_FURNITURE_SHARE = 0.3
"""An element with more of the page's text than this is no furniture, whatever its class says."""
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = frozenset({"p", "head", "item", "quote", "code", "ab", "cell"})
_CONTAINERS = frozenset({"list", "quote", "div", "body", "main", "table", "row", "fw"})


def read_html(text: str, url: str) -> PageContent:
    """The main text of a decoded HTML page, and the page's own statements.

    For a publisher with an override its selectors say where the text is; where they match nothing any more, and for
    everybody else, the general reader finds it.

    Raises:
        NotParsable: no main text, or nested or repeated beyond reason.
    """
    tree = _parse(text, url)
    json_ld = load_json_ld(tree)
    title = find_title(tree, json_ld)
    address = find_address(tree, json_ld, url)
    # Read before trafilatura prunes its tree.
    content = PageContent(
        text="",
        title=title,
        published=find_published(tree, json_ld, url),
        language=find_language(tree, json_ld),
        canonical_url=address.canonical,
        byline=find_byline(tree, json_ld),
        syndicated_from=bare_host(address.elsewhere) if address.elsewhere else find_marked_origin(tree),
    )
    override = find_override(url)
    if override and (selected := apply_override(override, text)):
        return _overridden(content, selected)
    _remove_furniture(tree)
    return replace(content, text=_main_text(tree, url, title))


def _overridden(content: PageContent, selected: Selected) -> PageContent:
    return replace(
        content,
        text=_without_headline(selected.text.split("\n\n"), selected.title or content.title),
        title=selected.title or content.title,
        byline=selected.byline or content.byline,
        published=selected.published or content.published,
    )


def _parse(text: str, url: str) -> HtmlElement:
    # libxml2 wants bytes whose charset it is told; an XML declaration within would contradict it.
    data = _XML_DECLARATION.sub("", without_controls(text)).encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as exc:
        raise NotParsable(f"{url}: nothing to read in the page ({on_one_line(str(exc))[:80]})") from exc
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > _MAX_DEPTH or count > _MAX_ELEMENTS:
            raise NotParsable(f"{url}: the page is nested or repeated beyond reason")
    return tree


def _remove_furniture(tree: HtmlElement) -> None:
    limit = _MAX_FURNITURE_SHARE * len(tree.text_content())
    for element in tree.xpath(_FURNITURE_XPATH):
        if element.getparent() is not None and len(element.text_content()) < limit:
            element.drop_tree()


def _protect_spaces(tree: HtmlElement) -> dict[int, str]:
    """Put a stand-in for each no-break, thin or ideographic space between words, which trafilatura would turn into a
    plain one; gives the way back. The stand-ins are letters of a dead script, in no page that is not about it."""
    page = tree.text_content()
    stand_ins = {space: chr(_STAND_INS + number) for number, space in enumerate(_KEPT_SPACES) if space in page}
    if not stand_ins or any(letter in page for letter in stand_ins.values()):
        return {}
    for element in tree.iter():
        for part in ("text", "tail"):
            text = getattr(element, part)
            if text and not text.isascii() and isinstance(element.tag, str):
                setattr(element, part, _INNER_SPACE.sub(lambda found: stand_ins[found[0]], text))
    return {ord(letter): space for space, letter in stand_ins.items()}


def _main_text(tree: HtmlElement, url: str, title: str | None) -> str:
    spaces = _protect_spaces(tree)
    try:
        found = bare_extraction(
            tree, url=url, include_comments=False, include_tables=False, deduplicate=False, with_metadata=False
        )
    except (RecursionError, etree.Error, ValueError, TypeError, AttributeError, IndexError) as exc:
        raise NotParsable(f"{url}: the page cannot be read ({type(exc).__name__})") from exc
    body = getattr(found, "body", None)
    paragraphs = [] if body is None else [text.translate(spaces).strip() for text in _paragraphs(body)]
    text = _without_headline(paragraphs, title)
    if not text:
        raise NotParsable(f"{url}: no main text found in the page")
    return text


def _without_headline(paragraphs: list[str], title: str | None) -> str:
    """The headline is the title, not a sentence of the text."""
    while paragraphs and title and _same_words(paragraphs[0], title):
        del paragraphs[0]
    return clean_text("\n\n".join(paragraphs))


def _same_words(one: str, other: str) -> bool:
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


def _paragraphs(body: etree._Element) -> list[str]:
    """The blocks of trafilatura's tree, in order: one text each, on one line but for code."""
    found: list[str] = []
    _collect(body, found)
    return [text for text in found if text]


def _collect(element: etree._Element, found: list[str]) -> None:
    nested = [child for child in element if isinstance(child.tag, str) and child.tag in _BLOCKS | _CONTAINERS]
    if not nested:
        found.extend(_block_texts(element))
        return
    found.append(on_one_line(element.text or ""))
    inline: list[str] = []
    for child in element:
        if child in nested:
            found.append(on_one_line("".join(inline)))
            inline = []
            _collect(child, found)
        else:
            inline.append("".join(child.itertext()))
        inline.append(child.tail or "")
    found.append(on_one_line("".join(inline)))


def _block_texts(element: etree._Element) -> list[str]:
    """A block's text; line breaks (`lb`) part it into lines, two in a row into paragraphs."""
    parts: list[str] = [element.text or ""]
    for child in element.iterdescendants():
        if child.tag == "lb":
            parts.append("\x1e")
        elif child.text:
            parts.append(child.text)
        if child.tail:
            parts.append(child.tail)
    joined = "".join(parts)
    if element.tag == "code":
        return [joined.replace("\x1e", "\n").strip("\n")]
    return [
        "\n".join(filter(None, (on_one_line(line) for line in block.split("\x1e"))))
        for block in re.split(r"(?:\x1e\s*){2,}", joined)
    ]

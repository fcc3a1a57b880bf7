"""A digest as plain text that can be read alone: every quote, speaker, figure and address is in it."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.digest.telling.lines import COLUMNS, width_of, wrap
from tracker.digest.telling.shown import ShownDigest, ShownItem, ShownQuote
from tracker.digest.telling.wording import plain_name


def text_of(shown: ShownDigest) -> str:
    """The text part of a digest's mail."""
    return "\n".join(_lines(shown)) + "\n"


def _lines(shown: ShownDigest) -> Iterator[str]:
    yield from wrap(shown.site)
    yield from wrap(f"Digest {shown.number} for {shown.name}")
    yield from wrap(shown.summary)
    number = 0
    if shown.corrections:
        yield from _heading("Corrections to what we reported")
        for number, item in enumerate(shown.corrections, 1):
            yield from _item(item, number)
    for group in shown.groups:
        yield from _heading(group.heading)
        if group.page:
            yield group.page
        for item in group.items:
            number += 1
            yield from _item(item, number)
    if shown.left_out:
        yield ""
        yield from wrap(f"... {shown.left_words}{': ' if shown.digest_url else ', kept with this digest.'}")
        if shown.digest_url:
            yield shown.digest_url
    yield from foot_lines(shown)


def _heading(words: str) -> Iterator[str]:
    yield ""
    lines = wrap(plain_name(words))
    yield from lines
    yield "=" * min(COLUMNS, max(map(width_of, lines)))


def _item(item: ShownItem, number: int) -> Iterator[str]:
    yield ""
    head = f"{number}. "
    indent = " " * len(head)
    yield from wrap(f"[{item.label}] {item.sentence}", head)
    if item.facts:
        yield from wrap(item.facts, indent)
    for quote in item.quotes:
        yield ""
        yield from _quote(quote, indent)
    yield ""
    if item.quotes_left:
        yield f"{indent}... and {item.quotes_left} more on its page"
    if item.page:
        yield f"{indent}Record: {item.page}"
    if item.told_page:
        yield f"{indent}What we sent then: {item.told_page}"
    if item.why:
        yield from wrap(f"Why you are told: {'; '.join(item.why)}", indent)


def _quote(quote: ShownQuote, indent: str) -> Iterator[str]:
    label = f"{quote.label}: " if quote.label else ""
    yield from wrap(f"{label}“{quote.words}”", f"{indent}> ", f"{indent}> ")
    yield from wrap(f"{quote.speaker}, {quote.via} {quote.where}", f"{indent}  -- ")
    if quote.accused_as:
        yield from wrap(f"the page calls the accused “{quote.accused_as}”", f"{indent}     ")
    if quote.link:
        yield f"{indent}     {quote.link}"
    if quote.page:
        yield f"{indent}     Kept as read: {quote.page}"


def foot_lines(shown: ShownDigest) -> Iterator[str]:
    """The foot: where this comes from, and how to change or leave it. Behind "-- ", as signatures stand."""
    yield ""
    yield "-- "
    if shown.digest_url:
        yield f"This digest: {shown.digest_url}"
    if shown.manage_url:
        yield f"Change what you are told: {shown.manage_url}"
        yield f"  (holds for a day; a fresh link: {shown.form_url})"
    if shown.unsubscribe_url:
        yield f"Leave: {shown.unsubscribe_url}"
    else:
        yield from wrap(shown.leave_words)
    yield from wrap(f"Cut {shown.cut} from edition {shown.edition}.")
    yield from wrap(
        "An allegation here is somebody's word, in the words of the page that reports it; quotes are their publishers'."
    )
    yield from wrap(f"Our own words and data: {shown.licence}")
    yield shown.licence_url
    if shown.site_url:
        yield shown.site_url

"""A digest for Slack's incoming webhooks: Block Kit (docs.slack.dev/reference/block-kit).

A message has 50 blocks at most, a section's text 3,000 characters, a header's 150. All texts together may not be much
over 13,000, which is written nowhere but answered with `msg_blocks_too_long` (slackapi/bolt-js, issue 2509).
"""

from __future__ import annotations

from typing import Any

from tracker.digest.telling.shown import ShownDigest, ShownGroup, ShownItem, ShownQuote
from tracker.render.wording import shorten

MAX_BLOCKS = 50
MAX_SECTION = 3_000
MAX_HEADER = 150
MAX_ALL = 12_000
_QUOTE = 300
_TAIL = 600
"""Kept free for the last two blocks."""

Block = dict[str, Any]


def slack_message(shown: ShownDigest, subject: str) -> dict[str, Any]:
    """The message; what does not fit is counted, with the link to all of it."""
    blocks: list[Block] = [_header(subject), _section(_escape(shown.summary))]
    used, left = len(subject) + len(shown.summary), shown.left_out
    groups = [ShownGroup("Corrections to what we reported", "", shown.corrections)] if shown.corrections else []
    for group in (*groups, *shown.groups):
        for position, item in enumerate(group.items):
            made = [_section(_item(item))]
            if position == 0:
                made.insert(0, _section(f"*{_link(group.page, group.heading)}*"))
            size = sum(len(block["text"]["text"]) for block in made)
            if left > shown.left_out or len(blocks) + len(made) > MAX_BLOCKS - 2 or used + size > MAX_ALL - _TAIL:
                left += 1
                continue
            blocks += made
            used += size
    if left:
        blocks.append(_section(f"*{_link(shown.digest_url, f'and {left:,} more')}*"))
    return {"text": _escape(subject), "blocks": [*blocks, _foot(shown)], "unfurl_links": False, "unfurl_media": False}


def slack_text(words: str) -> dict[str, Any]:
    """Some lines of ours."""
    return {"text": _escape(words)[:MAX_SECTION]}


def _item(item: ShownItem) -> str:
    lines = [f"*{_escape(item.label)}:* {_escape(item.sentence)}"]
    lines += [_escape(item.facts)] if item.facts else []
    for quote in item.quotes[:2]:
        lines += _quote(quote)
    links = [_link(item.page, "Record")] if item.page else []
    links += [_link(item.told_page, "What we sent then")] if item.told_page else []
    lines += [" · ".join(links)] if links else []
    lines += [f"_Why you are told: {_escape('; '.join(item.why))}_"] if item.why else []
    while len("\n".join(lines)) > MAX_SECTION and len(lines) > 2:  # the last go first: the sentence stays
        lines.pop()
    return "\n".join(lines)


def _quote(quote: ShownQuote) -> list[str]:
    label = f"{quote.label}: " if quote.label else ""
    lesser = f"; the page calls the accused “{_escape(shorten(quote.accused_as, 80))}”" if quote.accused_as else ""
    link = f" · {_link(quote.link, 'these words')}" if quote.link else ""
    said = f"{_escape(quote.speaker)}, {quote.via} {_escape(quote.where)}"
    return [f"> {label}“{_escape(shorten(quote.words, _QUOTE))}”", f"> {said}{lesser}{link}"]


def _escape(text: str) -> str:
    """The three characters that have a meaning everywhere; no mention and no link can come out of a page's words."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(url: str, words: str) -> str:
    return f"<{_escape(url)}|{_escape(words)}>" if url else _escape(words)


def _header(words: str) -> Block:
    words = words.replace("<", "‹").replace(">", "›")  # plain text has no escapes that can be relied on
    return {"type": "header", "text": {"type": "plain_text", "text": shorten(words, MAX_HEADER), "emoji": False}}


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words[:MAX_SECTION], "verbatim": True}}


def _foot(shown: ShownDigest) -> Block:
    words = f"{_link(shown.site_url, shown.site)} · cut {_escape(shown.cut)} from edition {shown.edition}"
    words += f" · {_link(shown.licence_url, shown.licence)}"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}

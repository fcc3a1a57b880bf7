"""A digest for the workflow webhooks of Microsoft Teams: an Adaptive Card 1.4 in a message.

A message may have about 28 KB (learn.microsoft.com/connectors/teams). Texts from outside stand in text runs, which know
no Markdown: `TextBlock` would make links and lists of a page's words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tracker.digest.telling.shown import ShownDigest, ShownGroup, ShownItem, ShownQuote
from tracker.render.wording import shorten

MAX_BYTES = 26_000
_TAIL = 1_500
_QUOTE = 300

Element = dict[str, Any]


def teams_message(shown: ShownDigest, subject: str) -> dict[str, Any]:
    """The message; what does not fit is counted, with the link to all of it."""
    body: list[Element] = [_words(_run(subject, weight="Bolder", size="Large")), _words(_run(shown.summary))]
    used, left = _size(body), shown.left_out
    groups = [ShownGroup("Corrections to what we reported", "", shown.corrections)] if shown.corrections else []
    for group in (*groups, *shown.groups):
        for position, item in enumerate(group.items):
            made = _item(item)
            if position == 0:
                made.insert(0, _words(_run(group.heading, weight="Bolder", size="Medium"), separator=True))
            size = _size(made)
            if left > shown.left_out or used + size > MAX_BYTES - _TAIL:
                left += 1
                continue
            body += made
            used += size
    if left:
        body.append(_words(_run(f"and {left:,} more", weight="Bolder")))
    body.append(
        _words(_run(f"{shown.site} · cut {shown.cut} from edition {shown.edition} · {shown.licence}", small=True))
    )
    actions = [_open("Whole digest", shown.digest_url)] if shown.digest_url else []
    actions += [_open("Site", shown.site_url)] if shown.site_url else []
    return _message(subject, body, actions)


def teams_text(subject: str, lines: Sequence[str]) -> dict[str, Any]:
    """Some lines of ours."""
    return _message(subject, [_words(_run(subject, weight="Bolder")), *(_words(_run(line)) for line in lines)], [])


def _message(subject: str, body: list[Element], actions: list[Element]) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": subject,
        "msteams": {"width": "Full"},
        "body": body,
        "actions": actions,
    }
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _item(item: ShownItem) -> list[Element]:
    made = [_words(_run(f"{item.label}: ", weight="Bolder"), _run(item.sentence), spaced=True)]
    if item.facts:
        made.append(_words(_run(item.facts, small=True)))
    actions: list[Element] = []
    for quote in item.quotes[:2]:
        made.append(_quote(quote))
        if quote.link:
            actions.append(_open(f"Words {quote.label.lower()}" if quote.label else "These words", quote.link))
    actions += [_open("Record", item.page)] if item.page else []
    actions += [_open("What we sent then", item.told_page)] if item.told_page else []
    if item.why:
        made.append(_words(_run(f"Why you are told: {'; '.join(item.why)}", small=True)))
    return [*made, {"type": "ActionSet", "actions": actions[:6]}] if actions else made


def _quote(quote: ShownQuote) -> Element:
    label = f"{quote.label}: " if quote.label else ""
    lesser = f"; the page calls the accused “{shorten(quote.accused_as, 80)}”" if quote.accused_as else ""
    return _words(
        _run(f"{label}“{shorten(quote.words, _QUOTE)}”", italic=True),
        _run(f" {quote.speaker}, {quote.via} {quote.where}{lesser}", small=True),
    )


def _run(text: str, *, small: bool = False, **style: Any) -> Element:
    return {"type": "TextRun", "text": text, **style, **({"size": "Small", "isSubtle": True} if small else {})}


def _words(*runs: Element, separator: bool = False, spaced: bool = False) -> Element:
    made: Element = {"type": "RichTextBlock", "inlines": list(runs)}
    return made | ({"separator": True, "spacing": "Large"} if separator else {"spacing": "Medium"} if spaced else {})


def _open(title: str, url: str) -> Element:
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def _size(body: list[Element]) -> int:
    """Bytes of JSON as it is sent."""
    return len(json.dumps(body, ensure_ascii=True, separators=(",", ":")))

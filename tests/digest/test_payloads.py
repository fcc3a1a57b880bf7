"""What webhooks send: to the schema, within the limits of Slack and Teams, and nothing of a page's words is markup."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest

from tests.digest.telling_world import (
    CHANGES,
    CUT,
    LINKS,
    SETTINGS,
    SUBSCRIBER,
    WHY,
    all_clear,
    hostile_digest,
    whole_digest,
)
from tracker.digest.telling import NoticeKind, render_message, render_notice
from tracker.resources import bundled_path
from tracker.types.digests import Digest, DigestGroup, DigestItem
from tracker.types.watching import PayloadShape

SCHEMA = json.loads(bundled_path("templates/digest/payload.schema.json").read_text("utf-8"))
MANY = replace(
    whole_digest(),
    groups=tuple(DigestGroup(f"Party {n}", "", tuple(DigestItem(one, WHY) for one in CHANGES * 3)) for n in range(8)),
    left_out=14,
)


def sent(shape: PayloadShape, digest: Digest) -> Any:
    return json.loads(render_message(replace(SUBSCRIBER, channel="webhook", shape=shape), digest, SETTINGS, LINKS).body)


@pytest.mark.parametrize("make", [whole_digest, hostile_digest, all_clear, lambda: MANY])
def test_json_follows_its_schema(make: Any) -> None:
    value = sent("json", make())
    jsonschema_rs.validator_for(SCHEMA).validate(value)
    assert value["version"] == 1


@pytest.mark.parametrize("notice", ["welcome", "manage", "paused", "left", "disabled"])
@pytest.mark.parametrize("shape", ["json", "slack", "teams"])
def test_notices_have_the_shape_of_their_webhook(notice: NoticeKind, shape: PayloadShape) -> None:
    to = replace(SUBSCRIBER, channel="webhook", shape=shape)
    value = json.loads(render_notice(to, notice, SETTINGS, LINKS, CUT, "404 from the host").body)
    if shape == "json":
        jsonschema_rs.validator_for(SCHEMA).validate(value)
    assert ("attachments" in value) == (shape == "teams")
    assert ("404 from the host" in json.dumps(value)) == (notice in ("paused", "left", "disabled"))


def test_the_schema_refuses_what_it_should() -> None:
    value = sent("json", whole_digest())
    for wrong in ({"version": 2}, {"extra": 1}, {"cut_at": "yesterday"}):
        assert not jsonschema_rs.validator_for(SCHEMA).is_valid(value | wrong)


@pytest.mark.parametrize("make", [whole_digest, hostile_digest, all_clear, lambda: MANY])
def test_slack_messages_are_within_their_limits(make: Any) -> None:
    value = sent("slack", make())
    blocks = value["blocks"]
    assert 0 < len(blocks) <= 50
    texts = [block["text"]["text"] for block in blocks if "text" in block]
    assert all(0 < len(text) <= 3000 for text in texts) and sum(map(len, texts)) <= 13_000
    assert all(len(block["text"]["text"]) <= 150 for block in blocks if block["type"] == "header")
    assert "<!channel" not in json.dumps(value) and "<img" not in json.dumps(value)


@pytest.mark.parametrize("make", [whole_digest, hostile_digest, all_clear, lambda: MANY])
def test_teams_messages_are_within_their_limit(make: Any) -> None:
    value = sent("teams", make())
    assert len(json.dumps(value, separators=(",", ":"))) <= 28_000
    (attachment,) = value["attachments"]
    assert (value["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {element["type"] for element in card["body"]} <= {"RichTextBlock", "ActionSet"}


@pytest.mark.parametrize("shape", ["slack", "teams"])
def test_what_does_not_fit_is_counted_and_linked(shape: PayloadShape) -> None:
    text = json.dumps(sent(shape, MANY), ensure_ascii=False)
    total = len(CHANGES) * 3 * 8 + 1 + 14
    shown = text.count("Why you are told: ")
    assert 0 < shown < total
    assert f"and {total - shown:,} more" in text
    assert "subscriptions/digest?t=" in text

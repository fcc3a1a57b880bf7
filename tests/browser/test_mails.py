"""Our mails in a real browser: read by axe-core, in light and dark, narrow and wide, fetching nothing."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, cast

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import STICKING_OUT
from tests.browser.test_accessibility import AXE

GOLDEN = Path(__file__).parent.parent / "digest" / "golden"
# a mail stands in the page of a mail program, which has the landmarks
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def html_of(name: str) -> str:
    message = cast(EmailMessage, message_from_bytes((GOLDEN / f"{name}.eml").read_bytes(), policy=policy.default))
    return str(cast(EmailMessage, message.get_body(("html",))).get_content())


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 700])
def test_mails_can_be_read_by_everybody(browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("whole", "hostile", "all_clear", "confirmation", "welcome"):
        page.set_content(html_of(name))
        page.evaluate(AXE)
        answer = page.evaluate("(rules) => axe.run(document, rules)", RULES)
        assert any(item["id"] == "color-contrast" for item in answer["passes"])
        found = [f"{item['id']}: {[node['html'][:200] for node in item['nodes'][:3]]}" for item in answer["violations"]]
        assert not found, f"{name}: {found}"
        assert page.evaluate(STICKING_OUT) == [], name
        dark = page.evaluate("getComputedStyle(document.querySelector('.sheet')).backgroundColor")
        assert dark == ("rgb(27, 31, 35)" if scheme == "dark" else "rgb(255, 255, 255)")
    context.close()
    assert asked == []

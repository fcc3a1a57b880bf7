"""Subscribing, confirming and leaving over a real server, with a real database of subscribers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.serve.conftest import running
from tracker.config import Settings, Site
from tracker.digest.enrolling import LEFT, confirmed, new_subscriber
from tracker.digest.links import Links, load_links
from tracker.digest.tokens import Token
from tracker.digestsettings import Digests, Mail
from tracker.serve.serving import Serving
from tracker.store.subscriptions import open_subscriptions
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions
from tracker.types.watching import Subscriber, SubscriberState, WatchRule

PUBLIC = "https://serve.tracker.example/"


class World:
    """A server, its database, and a reader without cookies."""

    def __init__(self, server: str, settings: Settings, store: SqlSubscriptions) -> None:
        links = load_links(settings)
        assert links is not None
        self.server, self.settings, self.store, self.links = server, settings, store, links
        self.client = httpx.Client(base_url=server, timeout=30)
        self.made = 0

    def subscriber(self, state: SubscriberState = "active", address: str = "") -> Subscriber:
        self.made += 1
        now = datetime.now(UTC)
        rules = (WatchRule(entities=("kestrel",)),)
        one = new_subscriber(f"reader {self.made}", "mail", address or f"r{self.made}@mail.example", rules, now)
        one = one if state == "pending" else replace(confirmed(one, now, "of the test"), state=state)
        self.store.save_subscriber(one)
        return one

    def state(self, one: Subscriber) -> SubscriberState:
        found = self.store.find_subscriber(one.id)
        assert found is not None
        return found.state

    def at(self, url: str) -> str:
        """A link's path and query, as the reader's browser asks here."""
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture(scope="module")
def world(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("people")
    mail = Mail(host="localhost", sender="Digests <digests@tracker.example>", security="none")
    settings = Settings(data_dir=folder, site=Site(out=site), digests=Digests(mail=mail, public_url=PUBLIC))
    with (
        running(Serving(site, subscriptions=settings)) as server,
        open_subscriptions(settings.subscriptions_url) as store,
    ):
        yield World(server, settings, store)


def now() -> datetime:
    return datetime.now(UTC)


def test_only_a_post_confirms_and_says_so_again(world: World) -> None:
    one = world.subscriber("pending")
    link = world.at(world.links.confirm_url(one, now()))
    shown = world.client.get(link)
    assert shown.status_code == 200
    assert "Kestrel AI" in shown.text
    assert '<form method="post">' in shown.text
    assert world.client.head(link).status_code == 200
    assert world.state(one) == "pending"
    assert "are confirmed" in world.client.post(link, data={}).text
    assert world.state(one) == "active"
    assert "are confirmed" in world.client.get(link).text
    kinds = [item.message.kind for item in world.store.load_deliveries(subscriber_id=one.id)]
    assert kinds == ["notice"]


def test_an_address_that_is_told_already_is_not_told_twice(world: World) -> None:
    first = world.subscriber("active")
    second = world.subscriber("pending", first.address)
    answer = world.client.post(world.at(world.links.confirm_url(second, now())), data={})
    assert answer.status_code == 409
    assert world.state(second) == "pending"


@pytest.mark.parametrize(
    "form",
    [{"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}, {}],
    ids=["urlencoded", "multipart", "none"],
)
def test_one_click_leaves_without_cookies_and_twice(world: World, form: dict[str, object]) -> None:
    one = world.subscriber()
    link = world.at(world.links.unsubscribe_url(one, now() - timedelta(days=800)))
    assert world.client.get(link).status_code == 200
    assert world.state(one) == "active"
    for _ in range(2):
        answer = world.client.post(link, **form)  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert not answer.has_redirect_location
        assert "set-cookie" not in answer.headers
    found = world.store.find_subscriber(one.id)
    assert found is not None
    assert (found.state, found.state_why) == ("disabled", LEFT)


def test_who_has_left_is_not_confirmed_by_an_old_link(world: World) -> None:
    one = world.subscriber("pending")
    confirm = world.at(world.links.confirm_url(one, now()))
    world.client.post(confirm, data={})
    world.client.post(world.at(world.links.unsubscribe_url(one, now())))
    assert world.client.post(confirm, data={}).status_code == 403
    assert world.state(one) == "disabled"


def test_links_that_do_not_hold_say_why_and_change_nothing(world: World) -> None:
    one = world.subscriber("pending")
    good = world.at(world.links.confirm_url(one, now()))
    other_key = Links(PUBLIC, type(world.links.tokens)(["another key of the tests, of 40 letters"]))
    old = world.links.tokens.sign(Token("confirm", one.id, one.token_version + 1), now())
    for link, word in [
        ("/subscriptions/confirm", "lacks"),
        (good[:-20], "cut off"),
        (world.at(other_key.confirm_url(one, now())), "altered"),
        (world.at(world.links.unsubscribe_url(one, now())).replace("unsubscribe", "confirm"), "something else"),
        (world.at(world.links.confirm_url(one, now() - timedelta(days=8))), "expired"),
        (f"/subscriptions/confirm?t={old}", "replaced"),
    ]:
        for answer in (world.client.get(link), world.client.post(link, data={})):
            assert answer.status_code == 403, link
            assert word in answer.text
    assert world.state(one) == "pending"


def test_no_page_of_these_is_kept_or_leads_its_address_on(world: World) -> None:
    one = world.subscriber()
    for link in (
        world.at(world.links.unsubscribe_url(one, now())),
        "/subscriptions/confirm?t=x",
    ):
        headers = world.client.get(link).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert "form-action 'self'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
    assert "form-action 'none'" in world.client.get("/").headers["content-security-policy"]
    assert "form-action 'none'" in world.client.get("/").text


def test_a_form_is_read_within_limits(world: World) -> None:
    one = world.subscriber("pending")
    link = world.at(world.links.confirm_url(one, now()))
    assert world.client.post(link, content=b"a=" + b"x" * 70_000).status_code == 413
    assert world.client.post(link, json={"a": 1}).status_code == 415
    assert world.client.post(link, data={f"f{n}": "1" for n in range(500)}).status_code == 400
    typed = {"content-type": "application/x-www-form-urlencoded"}
    assert world.client.post(link, content=b"a=%ff", headers=typed).status_code == 400
    assert world.state(one) == "pending"


def test_without_the_setting_there_are_no_such_pages(server: str) -> None:
    assert httpx.get(f"{server}/subscriptions/").status_code == 404
    assert httpx.get(f"{server}/subscriptions/unsubscribe?t=x").status_code == 404

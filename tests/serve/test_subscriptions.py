"""The pages of subscribers over a real server and a real database: to subscribe, confirm, change and leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.serve.conftest import running
from tracker.app import SystemClock
from tracker.config import Digests, Settings
from tracker.digest.links import Links, load_links
from tracker.digestsettings import Mail
from tracker.serve.serving import Serving
from tracker.store.subscriptions import open_subscriptions
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions
from tracker.types.watching import Subscriber

NOW = SystemClock().now()
FORM = {"mail": "kate@mail.example", "watch": "kestrel", "cadence": "daily", "hour": "8", "zone": "UTC"}


class Served:
    def __init__(self, address: str, settings: Settings, store: SqlSubscriptions, links: Links) -> None:
        self.store, self.links = store, links
        self.client = httpx.Client(base_url=f"{address}/subscriptions/", timeout=60)

    def path(self, url: str) -> str:
        return url.rpartition("/subscriptions/")[2]

    def kate(self) -> Subscriber:
        (found,) = self.store.find_subscribers_at("mail", "kate@mail.example")
        return found

    def confirmed(self) -> Subscriber:
        self.client.post("", data=FORM)
        link = self.path(self.links.confirm_url(self.kate(), NOW))
        assert self.client.post(link).status_code == 200
        return self.kate()


@pytest.fixture
def served(site: Path, tmp_path: Path) -> Iterator[Served]:
    mail = Mail(host="127.0.0.1", sender="digests@tracker.example")
    digests = Digests(public_url="https://tracker.example/", mail=mail)
    settings = Settings(data_dir=tmp_path, digests=digests)
    links = load_links(settings)
    assert links is not None
    with open_subscriptions(settings.subscriptions_url) as store, running(Serving(site, subscriptions=settings)) as at:
        yield Served(at, settings, store, links)


def test_pages_are_private_and_their_forms_go_nowhere_else(served: Served) -> None:
    answer = served.client.get("")
    assert answer.status_code == 200 and "Subscribe" in answer.text
    assert answer.headers["cache-control"] == "no-store" and answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"] and "set-cookie" not in answer.headers
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy and "default-src 'none'" in policy and "script-src" not in policy


def test_only_a_press_of_the_button_confirms(served: Served) -> None:
    answer = served.client.post("", data=FORM)
    assert answer.status_code == 200 and served.kate().state == "pending"
    (waiting,) = served.store.load_deliveries()
    found = re.search(
        rb"/subscriptions/confirm\?t=([\w.-]+)", waiting.message.body.replace(b"=\r\n", b"").replace(b"=3D", b"=")
    )
    assert found
    link = f"confirm?t={found[1].decode()}"
    assert "Kestrel AI" in served.client.get(link).text and served.kate().state == "pending"
    assert served.client.post("confirm", data={"t": found[1].decode()}).status_code == 200
    assert served.kate().state == "active" and "link" in served.kate().consent


def test_the_answer_does_not_tell_who_is_known_and_a_mailbox_is_not_flooded(served: Served) -> None:
    first = served.client.post("", data=FORM).text
    for _ in range(6):
        assert served.client.post("", data=FORM).text == first
    assert len(served.store.load_deliveries()) == 3
    known = served.client.post("link", data={"mail": "kate@mail.example"}).text
    assert known == served.client.post("link", data={"mail": "nobody@mail.example"}).text


def test_one_click_leaves_and_opening_the_link_does_not(served: Served) -> None:
    kate = served.confirmed()
    link = served.path(served.links.unsubscribe_url(kate, NOW))
    assert "Send me nothing more" in served.client.get(link).text and served.kate().state == "active"
    answer = served.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and served.kate().state == "disabled"
    assert served.client.post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200


def test_who_holds_the_link_changes_pauses_takes_and_erases(served: Served) -> None:
    kate = served.confirmed()
    link = served.path(served.links.manage_url(kate, NOW))
    token = link.partition("t=")[2]
    assert "Kestrel AI with what belongs to it" in served.client.get(link).text
    served.client.post(link, data={"t": token, "do": "pause"})
    assert served.kate().state == "paused"
    served.client.post(link, data={"t": token, "do": "resume"})
    changed = {"t": token, "do": "save", "watch": "Northwind Labs", "hour": "6", "zone": "berlin"}
    served.client.post(link, data=changed)
    now = served.kate()
    assert (now.rules[0].entities, now.at_hour, now.timezone) == (("northwind",), 6, "Europe/Berlin")
    exported = served.client.post(link, data={"t": token, "do": "export"}).json()
    assert exported["subscriber"]["address"] == "kate@mail.example"
    served.client.post(link, data={"t": token, "do": "erase"})
    assert served.store.load_subscribers() == () and served.client.get(link).status_code == 403


@pytest.mark.parametrize("name", ["confirm", "unsubscribe", "manage", "feed", "digest"])
def test_forged_cut_wrong_and_expired_links_are_refused(served: Served, name: str) -> None:
    kate = served.confirmed()
    good = served.path(served.links.unsubscribe_url(kate, NOW)).partition("t=")[2]
    told = {good[:-10]: "cut off", good.replace(good[5], "A" if good[5] != "A" else "B", 1): "altered", "": "lacks"}
    if name != "unsubscribe":
        told[good] = "something else"
    old = datetime(2026, 1, 1, tzinfo=UTC)
    if name in ("confirm", "manage"):
        url = served.links.confirm_url(kate, old) if name == "confirm" else served.links.manage_url(kate, old)
        told[url.partition("t=")[2]] = "expired"
    for token, why in told.items():
        answer = served.client.get(f"{name}?t={token}")
        assert answer.status_code == 403 and why in answer.text, answer.text
    assert served.client.post(f"{name}?t=x").status_code == 403 and served.kate().state == "active"


def test_the_feed_is_of_its_holder_in_two_formats(served: Served) -> None:
    link = served.path(served.links.feed_url(served.confirmed(), NOW))
    assert b"<feed" in served.client.get(link).content
    assert served.client.get(f"{link}&format=json").json()["version"].startswith("https://jsonfeed.org")


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("mail", "kate@mail.example\nBcc: x", "alone"), ("mail", "kаte@mail.example", "before the @"),
        ("watch", "kestrell", "did you mean"), ("watch", "\n".join(["kestrel"] * 1000), "at the most"),
        ("zone", "Mars/Base", "time zone"), ("hour", "00099", "0 to 23"), ("hour", "-1", "0 to 23"), ("watch", "", "nothing is named"), ("watch", "<script>", "&lt;script&gt;"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_form_is_told_in_it_and_nothing_is_kept(
    served: Served, field: str, value: str, why: str
) -> None:
    answer = served.client.post("", data={**FORM, field: value})
    assert answer.status_code == 400 and why in answer.text and "<script>" not in answer.text
    assert served.store.load_subscribers() == ()


def test_what_programs_fill_in_and_floods_of_forms_are_held_off(served: Served) -> None:
    assert served.client.post("", data={**FORM, "website": "x"}).status_code == 200
    assert served.store.load_subscribers() == ()
    assert served.client.post("", content=b"a" * 70_000).status_code == 413
    many = [served.client.post("link", data={"mail": "a@mail.example"}).status_code for _ in range(31)]
    assert many[0] == 200 and many[-1] == 429


def test_one_clicks_of_a_mail_providers_one_address_all_count(served: Served) -> None:
    link = served.path(served.links.unsubscribe_url(served.confirmed(), NOW))
    one_click = {"List-Unsubscribe": "One-Click"}
    assert {served.client.post(link, data=one_click).status_code for _ in range(40)} == {200}


def test_without_the_settings_there_are_no_such_pages(server: str) -> None:
    assert httpx.get(f"{server}/subscriptions/").status_code == 404

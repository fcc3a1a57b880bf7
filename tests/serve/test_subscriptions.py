"""The pages of subscribers over a real server and a real database: to subscribe, confirm, change and leave."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.digest import telling_world
from tests.serve.conftest import running
from tracker.app import SystemClock
from tracker.config import Digests, Settings
from tracker.digest.enrolling import new_subscriber
from tracker.digest.links import Links, load_links
from tracker.digestsettings import Mail
from tracker.ports.subscriptions import Cut
from tracker.serve.serving import Serving
from tracker.store.subscriptions import open_subscriptions
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions
from tracker.types.digests import Message
from tracker.types.watching import Subscriber, WatchRule

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
    assert served.client.post(link).status_code == 200
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
    assert "Stop these digests" in served.client.get(link).text and served.kate().state == "active"
    answer = served.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and served.kate().state == "disabled"
    assert served.client.post(link, files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200


def test_who_holds_the_link_changes_pauses_takes_and_erases(served: Served) -> None:
    kate = served.confirmed()
    link = served.path(served.links.manage_url(kate, NOW))
    shown = served.client.get(link).text
    assert "Kestrel AI with what belongs to it" in shown
    for wish, state in (("pause", "paused"), ("resume", "active")):
        answer = served.client.post(link, data={"do": wish}, follow_redirects=True)
        assert served.kate().state == state and 'role="status"' in answer.text
    served.client.post(
        link, data={"do": "times", "hour": "6", "zone": "berlin", "cadence": "weekly", "weekday": "friday"}
    )
    now = served.kate()
    assert (now.cadence, now.weekday, now.at_hour, now.timezone) == ("weekly", 4, 6, "Europe/Berlin")
    exported = served.client.post(link, data={"do": "export"}).json()
    assert exported["subscriber"]["address"] == "kate@mail.example" and "secret" not in exported["subscriber"]
    assert served.client.post(link, data={"do": "erase"}).status_code == 400 and served.kate()
    served.client.post(link, data={"do": "erase", "sure": "yes"})
    assert served.store.load_subscribers() == () and served.client.get(link).status_code == 403


def test_rules_are_added_and_taken_out_one_by_one(served: Served) -> None:
    link = served.path(served.links.manage_url(served.confirmed(), NOW))
    (key,) = re.findall(r'name="drop" value="(\w+)"', served.client.get(link).text)
    answer = served.client.post(link, data={"do": "rules", "drop": key})
    assert answer.status_code == 400 and "nothing would be left" in answer.text
    more = 'entity:"Northwind Labs" type:denial sources:2\nquery:weights'
    added = {"do": "rules", "watch": ["umbra", "", "borealis"], "type": ["allegation"], "more": more}
    assert served.client.post(link, data=added).status_code == 303
    first, second, third, fourth = served.kate().rules
    assert (first.entities, second.entities, second.types) == (("kestrel",), ("umbra", "borealis"), ("allegation",))
    assert (third.entities, third.min_sources, fourth.query) == (("northwind",), 2, "weights")
    served.client.post(link, data={"do": "rules", "drop": key})
    assert served.kate().rules == (second, third, fourth)
    assert "nobody is called" in served.client.post(link, data={"do": "rules", "watch": "zzzz"}).text
    assert served.client.post(link, data={"do": "wipe"}).status_code == 400 and len(served.kate().rules) == 3


def test_a_form_that_strangers_send_changes_nothing_of_who_is_kept(served: Served) -> None:
    kate = served.confirmed()
    served.client.post("", data={**FORM, "watch": "umbra", "cadence": "at_once"})
    assert served.kate() == kate
    kinds = [item.message.subject for item in served.store.load_deliveries(subscriber_id=kate.id)]
    assert kinds[0] == "Your link to change your digests"


def test_everything_is_asked_for_alone_or_from_some_sources_on(served: Served) -> None:
    assert "either name" in served.client.post("", data={**FORM, "all": "yes"}).text
    served.client.post("", data={"mail": FORM["mail"], "all": "yes", "sources": "2"})
    assert served.kate().rules == (WatchRule(min_sources=2),)


def test_who_has_left_comes_back_by_the_form_as_somebody_new(served: Served) -> None:
    kate = served.confirmed()
    served.client.post(served.path(served.links.unsubscribe_url(kate, NOW)))
    served.client.post("", data={**FORM, "watch": "umbra"})
    left, anew = sorted(served.store.load_subscribers(), key=lambda one: one.state)
    assert (left.state, left.rules, anew.state) == ("disabled", kate.rules, "pending")


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
    refused = 405 if name in ("feed", "digest") else 403
    assert served.client.post(f"{name}?t=x").status_code == refused and served.kate().state == "active"


def test_the_feed_is_of_its_holder_in_two_formats(served: Served) -> None:
    kate = served.confirmed()
    link = served.path(served.links.feed_url(kate, NOW))
    assert b"<feed" in served.client.get(link).content
    assert served.client.get(f"{link}&format=json").json()["feed_url"].endswith("&format=json")
    shown = re.search(
        r'href="(feed\?t=[\w.-]+)"', served.client.get(served.path(served.links.manage_url(kate, NOW))).text
    )
    assert shown and served.client.get(shown[1]).status_code == 200


def test_a_digest_is_shown_whole_and_gives_no_key_to_who_is_shown_it(served: Served) -> None:
    kate, made = served.confirmed(), telling_world.whole_digest()
    held = replace(
        made, subscriber_id=kate.id, groups=(), rest=made.groups[0].items, left_out=len(made.groups[0].items)
    )
    message = Message("digest", "mail", kate.address, "<1@tracker.example>", b"words", "Changes")
    served.store.save_cuts([Cut(kate.id, kate.cursor, kate.cursor, kate.slot_at, NOW, held, message)])
    answer = served.client.get(served.path(served.links.digest_url(kate, held.id, NOW)))
    assert answer.status_code == 200 and "style-src 'unsafe-inline'" in answer.headers["content-security-policy"]
    for item in held.rest:
        assert html.escape(item.change.title[:30]) in answer.text
    assert "manage?t=" not in answer.text and "unsubscribe?t=" not in answer.text and "<script" not in answer.text
    other = served.links.digest_url(kate, "dig-of-nobody", NOW)
    assert served.client.get(served.path(other)).status_code == 403


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


def test_no_log_holds_a_link(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    kate = served.confirmed()
    with caplog.at_level("DEBUG"):
        for url in (served.links.manage_url(kate, NOW), served.links.digest_url(kate, "x", NOW)):
            served.client.get(served.path(url))
        served.client.post(served.path(served.links.manage_url(kate, NOW)), data={"do": "pause"})
        served.client.post(served.path(served.links.unsubscribe_url(kate, NOW)))
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in ours if "?t=" in line or kate.address in line or kate.id in line]


def test_without_an_edition_one_can_leave_and_the_rest_is_told_later(tmp_path: Path) -> None:
    digests = Digests(public_url="https://tracker.example/", mail=Mail(host="127.0.0.1", sender="d@tracker.example"))
    settings = Settings(data_dir=tmp_path, digests=digests)
    kate = replace(new_subscriber("kate", "mail", FORM["mail"], (WatchRule(),), NOW), state="active")
    links = load_links(settings)
    assert links is not None
    with open_subscriptions(settings.subscriptions_url) as store:
        store.save_subscriber(kate)
        with running(Serving(tmp_path / "nothing", subscriptions=settings)) as at:
            form = httpx.get(f"{at}/subscriptions/")
            assert form.status_code == 503 and form.headers["retry-after"] and str(tmp_path) not in form.text
            leave = urlsplit(links.unsubscribe_url(kate, NOW))
            assert httpx.get(f"{at}{leave.path}?{leave.query}").status_code == 200
            assert httpx.post(f"{at}{leave.path}?{leave.query}").status_code == 200
        found = store.find_subscriber(kate.id)
        assert found is not None and found.state == "disabled"


def test_without_mail_the_feed_is_there_and_the_form_is_not(site: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, digests=Digests(public_url="https://tracker.example/"))
    feed = replace(new_subscriber("desk", "feed", "", (WatchRule(),), NOW), state="active")
    links = load_links(settings)
    assert links is not None
    with open_subscriptions(settings.subscriptions_url) as store, running(Serving(site, subscriptions=settings)) as at:
        store.save_subscriber(feed)
        where = urlsplit(links.feed_url(feed, NOW))
        assert httpx.get(f"{at}{where.path}?{where.query}").status_code == 200
        assert httpx.get(f"{at}/subscriptions/").status_code == 404
        assert httpx.post(f"{at}/subscriptions/", data=FORM).status_code == 404


def test_without_the_settings_there_are_no_such_pages(server: str) -> None:
    assert httpx.get(f"{server}/subscriptions/").status_code == 404

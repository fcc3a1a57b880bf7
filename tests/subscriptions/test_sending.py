"""Sending what waits over a real mail server and a real webhook, with a clock that a test moves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_httpserver import HTTPServer

from tests.loopback import SetClock, loopback_network
from tests.subscriptions.made import NOW, change, cut, message, subscriber
from tests.subscriptions.mailserver import MailSink, drop, leave, mail_server
from tracker.deliver.mail import MailServer
from tracker.digestsettings import Mail
from tracker.errors import ConfigError, StoreLocked
from tracker.fetch.posting import WebhookDoor
from tracker.pipeline.sending import send_due
from tracker.ports.channels import Way
from tracker.store import SendLock
from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions
from tracker.types import StageReport
from tracker.types.digests import Delivery
from tracker.types.watching import Channel

GIVE_UP = timedelta(days=5)


class Post:
    """An outbox, a mail server, a webhook's server and a clock."""

    def __init__(self, store: SqlSubscriptions, sink: MailSink, mail: Mail, web: HTTPServer) -> None:
        self.store, self.sink, self.mail, self.web, self.clock = store, sink, mail, web, SetClock(NOW)
        store.save_edition("e0", NOW, [], [], [], compared_with=None)

    def subscribe(self, *numbers: int, channel: Channel = "mail") -> None:
        for number in numbers:
            address = {"address": f"http://hook.example/{number}"} if channel == "webhook" else {}
            self.store.save_subscriber(subscriber(number, channel, **address))

    def cut(self, digests: int = 1) -> None:
        """So many digests for each."""
        for _ in range(digests):
            last = self.store.load_edition()
            assert last is not None
            edition = f"e{last.up_to_seq + 1}"
            self.store.save_edition(
                edition, self.clock.at, [], [], [change(last.up_to_seq + 1)], compared_with=last.sha256
            )
            for person in self.store.load_subscribers():
                news = self.store.load_changes(person.cursor)
                numbers = self.store.load_last_digests([person.id])
                number = numbers[person.id][0] + 1 if person.id in numbers else 1
                self.store.save_cuts([cut(person, news, self.clock.at, number)])

    def send(self, after: timedelta = timedelta(0), mail: Mail | None = None, chance: float = 0.5) -> StageReport:
        self.clock.at += after
        ways = {
            "mail": Way(MailServer(mail or self.mail).open, (mail or self.mail).connections),
            "webhook": Way(lambda: WebhookDoor(loopback_network(self.web.port), self.clock), 2),
        }
        return asyncio.run(send_due(self.store, ways, self.clock, GIVE_UP, chance=lambda: chance))  # type: ignore[arg-type]

    def states(self) -> list[str]:
        return [item.state for item in reversed(self.store.load_deliveries())]

    def outcomes(self, delivery_id: int = 1) -> list[str]:
        return [item.outcome for item in self.store.load_attempts(delivery_id)]

    def only(self) -> Delivery:
        (found,) = self.store.load_deliveries()
        return found


@pytest.fixture(scope="module")
def running() -> Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as made:
        yield made


@pytest.fixture
def post(tmp_path: Path, running: HTTPServer) -> Iterator[Post]:
    running.clear()
    sink = MailSink()
    with mail_server(sink, timeout_s=2) as mail, open_subscriptions(f"sqlite:///{tmp_path / 's.db'}") as store:
        yield Post(store, sink, mail, running)


def test_each_subscribers_digests_go_out_in_their_order(post: Post) -> None:
    post.subscribe(1, 2, 3)
    post.cut(3)
    report = post.send(mail=post.mail.model_copy(update={"connections": 3}))
    assert (report.given, report.done, report.problems) == (9, 9, ())
    assert post.states() == ["sent"] * 9 and post.sink.sessions <= 3
    for number in (1, 2, 3):
        kept = [item.message.message_id for item in reversed(post.store.load_deliveries(subscriber_id=f"s-{number}"))]
        assert [item[0] for item in post.sink.taken if item[1] == f"reader-{number}@desk.example"] == kept
    again = post.send()
    assert (again.given, len(post.sink.taken)) == (0, 9)


def test_what_failed_for_now_is_tried_later_and_holds_back_what_comes_after_it(post: Post) -> None:
    post.subscribe(1)
    post.cut(2)
    post.sink.plans["rcpt"].append("450 4.2.0 greylisted")
    report = post.send()
    assert (report.given, report.done, post.sink.taken) == (1, 0, [])
    assert "450 4.2.0 greylisted; tried again from 2026-06-24 08:01" in report.problems[0].why
    assert post.send().given == 0, "not before its time"
    assert post.send(timedelta(minutes=1)).done == 2
    assert post.outcomes() == ["temporary", "sent"] and post.states() == ["sent", "sent"]


def test_what_may_have_arrived_is_sent_again_as_it_was_under_the_same_id(post: Post) -> None:
    post.subscribe(1)
    post.cut()
    post.sink.plans["data"].append(drop)
    assert post.send().done == 0
    assert post.send(timedelta(minutes=2)).done == 1
    first, second = post.sink.taken
    assert first == second and post.outcomes() == ["unknown", "sent"]


def test_a_refused_address_disables_its_subscriber_and_no_other(post: Post) -> None:
    post.subscribe(1, 2)
    post.cut(2)
    post.sink.at_address["reader-1@desk.example"].append("550 5.1.1 no such user")
    report = post.send()
    assert (report.given, report.done) == (3, 2)
    (problem,) = report.problems
    assert problem.where == "reader 1" and "refused: 550 5.1.1 no such user; the subscriber is disabled" in problem.why
    left = post.store.find_subscriber("s-1")
    assert left is not None and (left.state, left.state_why) == ("disabled", "550 5.1.1 no such user")
    assert sorted(post.states()) == ["pending", "refused", "sent", "sent"]
    assert post.send(timedelta(days=30)).given == 0, "nothing goes to who is disabled"


def test_a_message_that_is_refused_for_what_it_says_leaves_its_subscriber_active(post: Post) -> None:
    post.subscribe(1)
    post.cut(2)
    post.sink.plans["data"].append("554 5.6.0 looks like spam")
    report = post.send()
    assert (report.done, post.states()) == (1, ["refused", "sent"])
    assert "refused: 554" in report.problems[0].why and "disabled" not in report.problems[0].why


def test_a_mail_server_that_is_down_for_a_day_costs_nobody_anything(post: Post, tmp_path: Path) -> None:
    post.subscribe(*range(6))
    post.cut()
    down = post.mail.model_copy(update={"port": 1})
    for _ in range(24):
        report = post.send(timedelta(hours=1), down)
        assert (report.given, report.done) == (0, 0)
        (problem,) = report.problems
        assert problem.where == "mail server" and "what is to be sent waits" in problem.why
    assert post.states() == ["pending"] * 6 and post.outcomes() == []
    assert {item.state for item in post.store.load_subscribers()} == {"active"}
    assert post.send(timedelta(days=30)).done == 6
    assert sorted(post.sink.ids) == sorted(item.message.message_id for item in post.store.load_deliveries())


def test_one_message_that_the_server_will_not_begin_holds_back_no_other(post: Post) -> None:
    post.subscribe(1, 2, 3)
    post.cut()
    post.sink.plans["mail"].extend(["550 5.7.1 not this one", "250 ok"])
    report = post.send()
    assert (report.given, report.done) == (3, 2)
    assert post.states() == ["pending", "sent", "sent"] and post.outcomes() == ["temporary"]


def test_messages_that_no_server_takes_do_not_come_first_in_every_turn(post: Post) -> None:
    sink = Choosy()
    for number in range(20):
        person = subscriber(number)
        post.store.save_subscriber(person)
        made = message(person, "t")
        post.store.save_message(person.id, replace(made, body=made.body + b"x" * 5_000) if number < 8 else made, NOW)
    with mail_server(sink) as mail:
        for _ in range(6):
            post.send(timedelta(minutes=1), mail)
        assert len(sink.taken) == 12 and post.states() == ["pending"] * 8 + ["sent"] * 12
        late = subscriber(30)
        post.store.save_subscriber(late)
        post.store.save_message(late.id, message(late, "t"), post.clock.at)
        post.send(timedelta(minutes=1), mail)
        post.send(timedelta(minutes=1), mail)
        assert len(sink.taken) == 13, "nor before what comes later"


class Choosy(MailSink):
    """Begins no long message, and does not say why."""

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        size = next((int(item[5:]) for item in options if item.startswith("SIZE=")), 0)
        return "554 no" if size > 5_000 else await super().handle_MAIL(server, session, envelope, address, options)


def test_a_server_that_leaves_after_every_message_still_takes_them_all(post: Post) -> None:
    post.subscribe(*range(5))
    post.cut()
    for _ in range(5):
        post.sink.plans["mail"].extend(["250 ok", leave])
    assert post.send().done == 5 and len(set(post.sink.ids)) == len(post.sink.ids) == 5


def test_what_fails_for_days_is_given_up_and_told_and_may_be_tried_again(post: Post) -> None:
    post.subscribe(1)
    post.cut()
    tries = 0
    while post.only().state == "pending" and tries < 200:
        post.sink.plans["rcpt"].append("451 4.3.0 try later")
        report = post.send(max(post.only().next_at - post.clock.at, timedelta(minutes=1)), chance=0.9)
        tries += 1
    dead = post.only()
    assert (dead.state, dead.attempts) == ("dead", tries) and GIVE_UP <= post.clock.at - NOW < GIVE_UP + timedelta(
        hours=5
    )
    assert f"given up after {tries} tries since 2026-06-24: 451 4.3.0 try later" in report.problems[0].why
    assert 30 < tries < 100, "it grew to hours"
    left = post.store.find_subscriber("s-1")
    assert left is not None and left.state == "disabled" and "given up after" in left.state_why
    post.store.save_subscriber(replace(left, state="active", state_why=""))
    assert post.store.retry(dead.id, post.clock.at)
    post.sink.plans["rcpt"].append("451 4.3.0 try later")
    post.send()
    assert post.only().state == "pending", "the days are counted anew"
    assert post.send(timedelta(hours=5)).done == 1


@pytest.mark.parametrize(("takes_one", "disabled"), [(False, 0), (True, 3)])
def test_a_server_that_takes_nobodys_mail_for_days_disables_nobody(post: Post, takes_one: bool, disabled: int) -> None:
    post.subscribe(1, 2, 3)
    post.cut()
    for turn in range(60):
        if takes_one and turn == 40:
            post.subscribe(4)
            post.store.save_message("s-4", post.store.load_deliveries()[0].message, post.clock.at)
            assert post.send().done == 1
        post.sink.plans["rcpt"].extend(["451 4.3.0 try later"] * 3)
        report = post.send(timedelta(hours=4), chance=0.9)
    assert sum(one.state == "disabled" for one in post.store.load_subscribers()) == disabled
    if not takes_one:
        assert (
            post.states() == ["pending"] * 3 and "taken no mail of anybody's since 2026-06-24" in report.problems[0].why
        )
        post.sink.plans["rcpt"].clear()
        assert post.send(timedelta(hours=4)).done == 3


def test_a_clock_that_was_a_year_ahead_holds_nothing_back(post: Post) -> None:
    post.subscribe(1)
    post.cut()
    post.sink.plans["rcpt"].append("451 4.3.0 try later")
    post.send(timedelta(days=365))
    assert post.send(-timedelta(days=365)).done == 1
    sent = post.only()
    assert sent.state == "sent" and sent.sent_at == NOW


def test_webhooks_are_sent_put_off_as_asked_and_ended_by_gone(post: Post) -> None:
    post.subscribe(1, 2, channel="webhook")
    post.cut()
    post.web.expect_ordered_request("/1").respond_with_data("", status=429, headers={"Retry-After": "7200"})
    post.web.expect_ordered_request("/2").respond_with_data("", status=410)
    post.web.expect_ordered_request("/1").respond_with_data("", status=200)
    ways = Way(lambda: WebhookDoor(loopback_network(post.web.port), post.clock), 1)
    first = asyncio.run(send_due(post.store, {"webhook": ways}, post.clock, GIVE_UP))
    assert (first.given, first.done) == (2, 0)
    assert post.send(timedelta(minutes=119)).given == 0
    assert post.send(timedelta(minutes=2)).done == 1
    asked = [item[0] for item in post.web.log]
    assert [item.path for item in asked] == ["/1", "/2", "/1"]
    assert (
        asked[0].headers["webhook-id"] == asked[2].headers["webhook-id"] and asked[0].get_data() == asked[2].get_data()
    )
    assert asked[0].headers["webhook-signature"] != asked[2].headers["webhook-signature"], "the time is signed"
    gone = post.store.find_subscriber("s-2")
    assert gone is not None and gone.state == "disabled" and "410" in gone.state_why


def test_a_channel_that_is_not_set_up_is_told_where_something_waits_for_it(post: Post) -> None:
    post.subscribe(1, 2)
    error = ConfigError("digests.mail is not set")
    quiet = asyncio.run(send_due(post.store, {"mail": error}, post.clock, GIVE_UP))
    assert quiet.problems == ()
    post.cut()
    report = asyncio.run(send_due(post.store, {"mail": error}, post.clock, GIVE_UP))
    (problem,) = report.problems
    assert problem.where == "mail: 2 wait" and "digests.mail is not set" in problem.why
    assert post.states() == ["pending", "pending"]


def test_a_confirmation_goes_to_who_is_not_active_yet(post: Post) -> None:
    asked = subscriber(7, state="pending")
    post.store.save_subscriber(asked)
    post.store.save_message("s-7", replace(message(asked, "Confirm"), kind="confirmation"), NOW)
    assert post.send().done == 1


def test_an_erased_subscriber_is_sent_nothing(post: Post) -> None:
    post.subscribe(1, 2)
    post.cut(2)
    post.store.erase_subscriber("s-1", NOW)
    assert post.send().done == 2
    assert {to for _, to, _ in post.sink.taken} == {"reader-2@desk.example"}


def test_a_second_sender_is_told_who_sends(tmp_path: Path) -> None:
    lock, second = (SendLock(tmp_path, f"sqlite:///{tmp_path / 's.db'}") for _ in range(2))
    with lock.hold(), pytest.raises(StoreLocked, match="process"), second.hold():
        pass
    with second.hold():
        assert (tmp_path / "deliver.lock").exists()


def test_what_was_taken_is_recorded_though_another_program_writes(post: Post, tmp_path: Path) -> None:
    post.subscribe(1)
    post.cut()
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with open_subscriptions(f"sqlite:///{tmp_path / 's.db'}") as other, other._writing():
            held.set()
            done.wait(1.0)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(10)
    report = post.send()
    writer.join()
    assert report.done == 1 and post.states() == ["sent"]

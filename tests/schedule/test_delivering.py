"""The schedule tells subscribers beside collecting, and where there are none it leaves no trace of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tests.schedule.conftest import Start, wait_for
from tests.subscriptions.made import message, subscriber
from tests.subscriptions.mailserver import MailSink, mail_server
from tracker.store.subscriptions import open_subscriptions


def test_what_waits_goes_out_beside_collecting(start: Start) -> None:
    sink = MailSink()
    with mail_server(sink) as mail:
        service = start({"fast": "1h"})
        service.stop()
        assert not (service.folder / "var" / "subscribers.db").exists()
        with open_subscriptions(f"sqlite:///{service.folder / 'var' / 'subscribers.db'}") as store:
            store.save_subscriber(subscriber(1))
            waits = replace(message(subscriber(1), "Your link"), kind="notice")
            store.save_message("s-1", waits, datetime(2026, 6, 1, tzinfo=UTC))
            config = service.folder / "config.yaml"
            written = (
                f"digests: {{mail: {{host: 127.0.0.1, port: {mail.port}, security: none, sender: {mail.sender}}}}}"
            )
            again = start({"fast": "1h"}, more=written)
            assert written in config.read_text()
            wait_for(lambda: sink.ids)
            wait_for(lambda: again.events("send"))
            (sent,) = store.load_deliveries()
            assert (sent.state, sink.taken[0][2]) == ("sent", waits.body)
        (told,) = again.events("send")
        assert (told["done"], told["failed"]) == (1, 0)
        assert again.stop() == 0

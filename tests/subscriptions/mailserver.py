"""A real SMTP server on loopback that does as a test says: what it took, it has written down before it answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tracker.digestsettings import Mail

Act = str | Callable[[SMTP], Any]
"""What is answered at a stage: a reply, or something that is done to the connection (`drop`, `hang`)."""


async def drop(server: SMTP) -> str:
    """The connection ends without an answer."""
    assert server.transport is not None
    server.transport.abort()
    return "250 nobody hears this"


async def hang(server: SMTP) -> str:
    """No answer, and no end."""
    await asyncio.sleep(600)
    return "250 too late"


async def leave(server: SMTP) -> str:
    """421 and the end (RFC 5321, section 3.8)."""
    await server.push("421 4.3.2 we are closing")
    return await drop(server)


class MailSink:
    """What the server took, and what it is to do at MAIL, RCPT and DATA: each is done once, then it takes again."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, bytes]] = []
        """(Message-ID, recipient, message)."""
        self.plans: dict[str, deque[Act]] = defaultdict(deque)
        self.at_address: dict[str, deque[Act]] = defaultdict(deque)
        """At RCPT, by address."""
        self.sessions = 0
        self.on_data: Callable[[str, str, bytes], None] = lambda *_: None

    @property
    def ids(self) -> list[str]:
        return [item[0] for item in self.taken]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._act(self.plans["mail"], server) or "250 2.1.0 sender"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._act(self.at_address[address], server) or await self._act(self.plans["rcpt"], server)
        if reply is None or reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply or "250 2.1.5 recipient"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        plan = self.plans["data"]
        if plan and isinstance(plan[0], str) and not plan[0].startswith("250"):
            return plan.popleft()  # type: ignore[return-value]
        body = envelope.content
        assert isinstance(body, bytes)
        message_id = str(message_from_bytes(body)["Message-ID"])
        for address in envelope.rcpt_tos:
            self.on_data(message_id, address, body)
            self.taken.append((message_id, address, body))
        return await self._act(plan, server) or "250 2.0.0 taken"

    async def _act(self, plan: deque[Act], server: SMTP) -> str | None:
        if not plan:
            return None
        act = plan.popleft()
        return act if isinstance(act, str) else str(await act(server))


@contextmanager
def mail_server(
    sink: MailSink, *, tls: ssl.SSLContext | None = None, security: str = "none", login: tuple[str, str] | None = None,
    **settings: Any,
) -> Iterator[Mail]:  # fmt: skip
    """Run it in a thread; gives the settings that lead there."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == login, handled=False)

    loop = asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", 0))

    def make() -> SMTP:
        return SMTP(
            sink, loop=loop, enable_SMTPUTF8=bool(settings.get("utf8")), hostname="mx.example",
            tls_context=tls if security == "starttls" else None, authenticator=authenticate if login else None,
            auth_required=login is not None, auth_require_tls=security == "starttls",
        )  # fmt: skip

    server = loop.run_until_complete(loop.create_server(make, sock=listener, ssl=tls if security == "tls" else None))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    env = {"username_env": "MAIL_USER", "password_env": "MAIL_PASSWORD"} if login else {}
    try:
        yield Mail.model_validate({
            "host": "localhost" if tls else "127.0.0.1", "port": listener.getsockname()[1], "security": security,
            "sender": "Tracker <news@tracker.example>", "timeout_s": settings.get("timeout_s", 5),
            "connections": settings.get("connections", 1), **env,
        })  # fmt: skip
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        loop.call_soon_threadsafe(lambda: loop.call_later(0.02, loop.stop))
        thread.join(10)
        with contextlib.suppress(RuntimeError):
            loop.close()

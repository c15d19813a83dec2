"""A real SMTP server on loopback that keeps what it is sent, and can behave as badly as any relay does.

It runs in a thread of its own, so that tests with an event loop, tests without one and processes that a test
started all reach it over its port. It takes no mail anywhere.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Literal, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.lab.machine import LOOPBACK

PATIENCE = 30.0  # seconds until a mail that doesn't come counts as lost

Mode = Literal[
    "accept",
    "later",  # 451 to the recipient
    "never",  # 550 to the recipient
    "never_content",  # 554 to the content
    "hang",  # never answers to the recipient
    "hang_content",  # has the content, never answers
    "drop",  # cuts the connection at the recipient
    "drop_content",  # keeps the content, then cuts the connection instead of saying so
    "delay",  # keeps the content, and says so when it is let
]


@dataclass(frozen=True)
class Mail:
    """What arrived: when, from and for whom by the envelope, and the bytes."""

    at: datetime
    sender: str
    to: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


@dataclass
class Mailbox:
    """`with Mailbox() as box:` listens on `box.url`. `mode` is for everybody, `modes` for one address.

    `tls` makes it insist on STARTTLS; with it, `account` (name, password) must be given by whoever sends.
    """

    mode: Mode = "accept"
    modes: dict[str, Mode] = field(default_factory=dict)
    account: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    mails: list[Mail] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Every recipient that was named, in order, also of what was not taken."""

    def __enter__(self) -> Self:
        self.news = threading.Condition()
        self.loop = asyncio.new_event_loop()
        self.let = asyncio.Event()
        self.thread = threading.Thread(target=self.loop.run_forever, name="mailbox")
        self.thread.start()
        opening = self.loop.create_server(self.protocol, LOOPBACK, 0)
        self.server = asyncio.run_coroutine_threadsafe(opening, self.loop).result(PATIENCE)
        self.port: int = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.close(), self.loop).result(PATIENCE)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(PATIENCE)
        self.loop.close()

    @property
    def url(self) -> str:
        who = f"{self.account[0]}:{self.account[1]}@" if self.account else ""
        return f"smtp://{who}{LOOPBACK}:{self.port}{'?tls=starttls' if self.tls else ''}"

    def let_go(self) -> None:
        """What is delayed is answered."""
        self.loop.call_soon_threadsafe(self.let.set)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    def wait_for(self, count: int, patience: float = PATIENCE) -> list[Mail]:
        """The mails, once there are so many. From a test with a loop: `await asyncio.to_thread(…)`."""
        return self._wait(lambda: len(self.mails) >= count, patience)

    def wait_for_one(self, to: str, subject: str, patience: float = PATIENCE) -> Mail:
        """The newest mail to an address with this subject, once there is one."""

        def found() -> list[Mail]:
            return [m for m in self.to(to) if m.message["Subject"] == subject]

        self._wait(lambda: bool(found()), patience)
        return found()[-1]

    def wait_until_asked(self, count: int, patience: float = PATIENCE) -> list[Mail]:
        return self._wait(lambda: len(self.asked) >= count, patience)

    def _wait(self, there: Callable[[], bool], patience: float) -> list[Mail]:
        with self.news:
            if not self.news.wait_for(there, patience):
                raise TimeoutError(f"{len(self.mails)} mails came, for {len(self.asked)} who were named")
            return list(self.mails)

    def protocol(self) -> SMTP:
        return SMTP(
            _Clerk(self),
            hostname="mailbox.example",
            ident="mailbox",
            loop=self.loop,
            enable_SMTPUTF8=True,
            tls_context=self.tls,
            require_starttls=self.tls is not None,
            authenticator=self.knows if self.account else None,
            auth_required=self.account is not None,
        )

    def knows(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, given: object
    ) -> AuthResult:
        assert self.account is not None
        who = (given.login.decode(), given.password.decode()) if isinstance(given, LoginPassword) else None
        return AuthResult(success=who == self.account, handled=False)

    def kept(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        with self.news:
            for to in envelope.rcpt_tos:
                self.mails.append(Mail(datetime.now(UTC), envelope.mail_from or "", to, content))
            self.news.notify_all()

    async def close(self) -> None:
        """Cuts every connection, and lets each of them notice."""
        self.server.close()
        others = asyncio.all_tasks() - {cast("asyncio.Task[object]", asyncio.current_task())}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)
        await self.server.wait_closed()


class _Clerk:
    """Answers as the mode of an address says."""

    def __init__(self, box: Mailbox) -> None:
        self.box = box

    def mode(self, address: str) -> Mode:
        return self.box.modes.get(address, self.box.mode)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self.box.news:
            self.box.asked.append(address)
            self.box.news.notify_all()
        match self.mode(address):
            case "later":
                return f"451 4.3.0 <{address}> try again later"
            case "never":
                return f"550 5.1.1 <{address}> nobody of this name"
            case "hang":
                await asyncio.Event().wait()
            case "drop":
                cut(server)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mode = self.mode(envelope.rcpt_tos[0])
        if mode == "never_content":
            return f"554 5.7.1 <{envelope.rcpt_tos[0]}> this is not wanted here"
        self.box.kept(envelope)
        match mode:
            case "hang_content":
                await asyncio.Event().wait()
            case "drop_content":
                cut(server)
            case "delay":
                await self.box.let.wait()
        return "250 2.0.0 OK"


def cut(server: SMTP) -> None:
    """As a relay that is killed: a reset, and not a word."""
    transport = server.transport
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()

"""Hands one mail to the relay and says what came of it, and when it is to be tried again.

What a relay says back may quote an address or a mail: only its code is kept, and nothing of it, of a person
or of a mail stands in any log line or error.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from ipaddress import ip_address
from types import MappingProxyType
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

LIMIT = 30.0
"""Seconds from the first byte to the last."""

Result = Literal["accepted", "try_again", "unsure", "refused"]

TRIES = 6
BACKOFF: Mapping[Result, tuple[timedelta, ...]] = MappingProxyType(
    {
        "try_again": (
            timedelta(minutes=1),
            timedelta(minutes=5),
            timedelta(minutes=15),
            timedelta(hours=1),
            timedelta(hours=4),
        ),
        "unsure": (timedelta(minutes=1),) * (TRIES - 1),
    }
)
"""How long after which try. What was accepted or refused isn't tried again, what is unsure once."""


class Outcome(NamedTuple):
    """What came of one try.

    `accepted`: the relay has it. `try_again`: it certainly has not. `unsure`: the connection went while it
    was being handed over, so it may have it. `refused`: never for this address. `reply` is the relay's
    code, if it said one.
    """

    result: Result
    reply: int | None = None


def next_try(outcome: Outcome, tries: int, now: datetime, *, repeated: bool = False) -> datetime | None:
    """When to try again after the `tries`th try; None where it is accepted, or counts as failed.

    `repeated`: an earlier try was unsure already. One repeat may reach somebody twice, a second one mustn't.
    """
    waits = BACKOFF.get(outcome.result, ())
    if tries > len(waits) or (repeated and outcome.result == "unsure"):
        return None
    return now + waits[tries - 1]


class UnfitRelay(ValueError):
    """The address of the relay is none, or would send what is secret in the clear. Says nothing of it."""


class Relay(NamedTuple):
    """Where mail is handed over. `how` the connection is kept secret: from the start, by STARTTLS, or not."""

    host: str
    port: int
    how: Literal["tls", "starttls", "plain"]
    user: str | None = None
    password: str | None = None


def relay(url: str) -> Relay:
    """`smtp://user:password@host:587?tls=starttls`, `smtps://host`; `smtp://127.0.0.1:1025` on this machine.

    Raises `UnfitRelay`.
    """
    try:
        parts = urlsplit(url)
        port, asked = parts.port, parse_qs(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise UnfitRelay("cannot be read as an address") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or set(asked) - {"tls"}:
        raise UnfitRelay("must be like smtp://user:password@host:587?tls=starttls or smtps://host")
    tls = asked.get("tls", ["plain"])[-1]
    if tls not in ("starttls", "plain") or ("tls" in asked and tls == "plain"):
        raise UnfitRelay("knows tls=starttls and no other")
    how: Literal["tls", "starttls", "plain"] = "tls" if parts.scheme == "smtps" else "plain"
    if how == "plain" and tls == "starttls":
        how = "starttls"
    if how == "plain" and not on_this_machine(parts.hostname):
        raise UnfitRelay(
            "would send mail, and any password, in the clear: add ?tls=starttls, or begin with smtps://"
        )
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Relay(parts.hostname, port or {"tls": 465, "starttls": 587, "plain": 25}[how], how, user, password)


def on_this_machine(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


class Smtp:
    """The way to the relay. Each mail has a connection of its own: one that breaks takes no other with it."""

    def __init__(self, url: str, *, limit: float = LIMIT, tls: ssl.SSLContext | None = None) -> None:
        """`tls` decides which certificates are believed; without it, those that the machine believes."""
        self._relay = relay(url)
        self._limit = limit
        self._tls = tls

    async def send(self, message: EmailMessage, to: str) -> Outcome:
        """Hands `message` over for `to`, within the limit. Never raises for what a relay or network does."""
        client = self._client()
        going = _Going()
        try:
            async with asyncio.timeout(self._limit):
                await self._hand_over(client, message, to, going)
                await client.quit()
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            return going.outcome(error)
        finally:
            client.close()
        return going.outcome(None)

    def _client(self) -> aiosmtplib.SMTP:
        at = self._relay
        return aiosmtplib.SMTP(
            hostname=at.host,
            port=at.port,
            username=at.user,
            password=at.password,
            use_tls=at.how == "tls",
            start_tls=at.how == "starttls",
            tls_context=self._tls if at.how != "plain" else None,
            timeout=None,  # the one limit over everything
        )

    @staticmethod
    async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage, to: str, going: _Going) -> None:
        plain = to.isascii()
        sender = message["From"].addresses[0].addr_spec
        content = message.as_bytes(policy=SMTP if plain else SMTPUTF8)
        await client.connect()
        if not plain:
            await client.ehlo()
            if not client.supports_extension("smtputf8"):
                going.stage = "unreachable"
                raise aiosmtplib.SMTPNotSupported("an address that this relay cannot write to")
        await client.mail(
            sender, options=[] if plain else ["SMTPUTF8"], encoding="ascii" if plain else "utf-8"
        )
        going.stage = "recipient"
        await client.rcpt(to, encoding="ascii" if plain else "utf-8")
        going.stage = "content"
        going.reply = (await client.data(content)).code
        going.stage = "over"


class _Going:
    """How far a mail has come, which decides what an error means."""

    def __init__(self) -> None:
        self.stage: Literal["greeting", "recipient", "content", "over", "unreachable"] = "greeting"
        self.reply: int | None = None

    def outcome(self, error: Exception | None) -> Outcome:
        if self.stage == "over":
            return Outcome("accepted", self.reply)  # whatever came of the farewell
        if self.stage == "unreachable":
            return Outcome("refused")
        code = getattr(error, "code", None)
        if isinstance(error, aiosmtplib.SMTPResponseException) and code and code > 0:
            # A refusal before the recipient was named is about us (a password, a sender), not about them.
            final = code >= 500 and self.stage != "greeting"
            return Outcome("refused" if final else "try_again", code)
        return Outcome("unsure" if self.stage == "content" else "try_again")

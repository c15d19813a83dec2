"""Sends one mail: takes it in hand, looks what is still true, hands it over, records what became of it.

At least once, and at most one repeat: where a process ends between the relay's yes and the record of it, the
mail is sent again under the same Message-ID and says that it may have come already.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

import structlog

from server.chasing import outbox
from server.chasing.commands import NoteFailure
from server.chasing.facts import CANARY, NoticeRef, Why, post_of
from server.chasing.ics import key_from
from server.chasing.items import Item
from server.chasing.letters import compose, message
from server.chasing.notices import LADDERS, Carrying, carrying, digest, item
from server.chasing.outbox import Held
from server.chasing.post import TRIES, Outcome, next_try
from server.chasing.recording import RecordFailed, RecordSent, RecordShown, RecordWithheld
from server.deadlines.facts import Failure
from server.people.links import Links
from server.people.partnership import partnership
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM, Command
from server.record.ledger import Ledger
from server.record.store import Store
from server.settings import Settings

log = structlog.get_logger()

CAN_WAIT = frozenset({"before", "due", "accept", "asked", "digest", "invited", "moved", "uninvited"})
"""What somebody may choose to be told on the page and in their calendar. The rest always goes by mail."""


class Post(Protocol):
    """Hands a mail over: a relay, or the demonstration's postbox."""

    async def send(self, message: EmailMessage, to: str) -> Outcome: ...


async def nothing(_: str) -> None:
    """The product does nothing between a relay's yes and the record of it."""


class Sending:
    """Sends mails by their ids."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        ledger: Ledger,
        post: Post,
        clock: Callable[[], datetime],
        *,
        after_accepted: Callable[[str], Awaitable[None]] = nothing,
    ) -> None:
        self._settings = settings
        self._store = store
        self._ledger = ledger
        self._post = post
        self._clock = clock
        self._after_accepted = after_accepted
        self._links = Links(store)
        self._key = key_from(settings.secret_key.get_secret_value().encode())

    async def deliver(self, mail: str, *, queued: bool = False) -> bool:
        """Send it, unless somebody else has it in hand or it was settled. Whether this did anything."""
        held = await self._store.write(lambda c: outbox.take(c, mail, self._clock(), queued=queued))
        if held is None:
            return False
        known = await self._store.read(lambda c: carrying(c, mail, held.person, self._clock()))
        state = await partnership(self._ledger.books)
        true = [each for each in known if each.holds and each.mine]
        if held.tries > TRIES:  # whatever it is that ends this before anything can be recorded
            await self._fail(held, true, "gave_up")
            return True
        if not true or (held.person != CANARY and state.here(held.person) is None):
            await self._withhold(held, known, gone=bool(true))
            return True
        items = await self._items(held, true, state)
        if not items:
            await self._withhold(held, known, gone=False)
            return True
        if self._waits(held, items, state):
            await self._record(held, RecordShown(person=held.person, mail=mail, notices=refs(true)))
            return True
        outcome = await self._send(held, items, state)
        await self._settle(held, true, outcome)
        return True

    async def early(self, mail: str) -> bool:
        """Whether the clock here has yet to reach the moment at which this was handed over."""
        return await self._store.read(lambda c: outbox.early(c, mail, self._clock()))

    async def _items(self, held: Held, true: list[Carrying], state: PartnershipState) -> list[Item]:
        now = self._clock()
        items = [item(each, now, state.zone, self._key) for each in true if each.kind != "digest"]
        if len(items) < len(true):
            items += await self._store.read(lambda c: digest(c, held.person, now))
        return items

    def _waits(self, held: Held, items: list[Item], state: PartnershipState) -> bool:
        """Whether it is shown on the page and not mailed: as they chose, or because there is no relay."""
        if self._settings.smtp_url is None and not self._settings.demo:
            return True
        channel = state.channels.get(held.person, "email")
        return channel != "email" and not any(i.urgent or i.kind not in CAN_WAIT for i in items)

    async def _send(self, held: Held, items: list[Item], state: PartnershipState) -> Outcome:
        who = state.here(held.person)
        now = self._clock()
        link = ""
        if items[0].kind == "link":
            token = await self._links.make(held.person, now)
            link = f"{self._settings.base_url.rstrip('/')}/welcome/{token}"
        letter = compose(
            who.name if who else "",
            items,
            at=now.astimezone(state.zone),
            base_url=self._settings.base_url,
            help_line=self._settings.help_line,
            repeat=held.repeat,
            account_link=link,
        )
        to = who.email if who else self._settings.canary_to or self._settings.mail_from
        mail = message(letter, to, mail_from=self._settings.mail_from, mail_id=held.mail, at=now)
        return await self._post.send(mail, to)

    async def _settle(self, held: Held, known: list[Carrying], outcome: Outcome) -> None:
        again = next_try(outcome, held.tries, self._clock(), repeated=held.repeat)
        if outcome.result == "accepted":
            await self._after_accepted(held.mail)
            sent = RecordSent(
                person=held.person,
                mail=held.mail,
                notices=refs(known),
                tries=held.tries,
                repeat=held.repeat,
            )
            await self._record(held, sent)
        elif again is None:
            await self._fail(held, known, "refused" if outcome.result == "refused" else "gave_up")
        else:
            told = {"result": outcome.result, "reply": outcome.reply, "tries": held.tries}
            log.info("mail.again", mail=held.mail, **told)
            unsure = outcome.result == "unsure" or held.repeat
            await self._store.write(lambda c: outbox.put_back(c, held.mail, again, unsure=unsure))

    async def _fail(self, held: Held, known: list[Carrying], how: Failure) -> None:
        """Others are told first: what is recorded last is that nothing more is to be done."""
        log.warning("mail.failed", mail=held.mail, how=how, tries=min(held.tries, TRIES))
        for each in known:
            await note_failure(self._ledger, each, held.person, how)
        failed = RecordFailed(
            person=held.person, mail=held.mail, notices=refs(known), how=how, tries=held.tries
        )
        await self._record(held, failed)

    async def _withhold(self, held: Held, known: list[Carrying], *, gone: bool) -> None:
        moved = any(each.holds and not each.mine for each in known)
        why: Why = "gone" if gone else "not_theirs" if moved else "settled"
        withheld = RecordWithheld(person=held.person, mail=held.mail, notices=refs(known), why=why)
        await self._record(held, withheld)

    async def _record(self, held: Held, command: Command) -> None:
        key = f"{command.verb()} {held.mail}"
        await self._ledger.record(post_of(held.person), command, THE_SYSTEM, key=key)


async def note_failure(ledger: Ledger, each: Carrying, person: str, how: Failure) -> None:
    """In the record of what is owed: this did not reach somebody."""
    subject, version, rung = each.ref
    if each.row.kind not in LADDERS or each.row.book == PARTNERSHIP:
        return
    step = int(rung.partition(" ")[0])
    command = NoteFailure(
        deadline=subject, stream=each.row.stream, version=version, step=step, person=person, how=how
    )
    key = f"failed {subject} {version} {rung} {command.digest()[:16]}"
    await ledger.record(each.row.book, command, THE_SYSTEM, key=key)


def refs(known: list[Carrying]) -> tuple[NoticeRef, ...]:
    return tuple(NoticeRef(*each.ref) for each in known)

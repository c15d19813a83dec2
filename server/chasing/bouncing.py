"""A mail that came back: its reader sees it when they sign in; whoever stands in for them is told at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from server.chasing.bounces import read
from server.chasing.facts import NoticeRef, post_of
from server.chasing.letters import mail_id_of
from server.chasing.notices import Carrying
from server.chasing.recording import RecordFailed
from server.chasing.sending import note_failure
from server.chasing.tables import notice, this
from server.record.commands import THE_SYSTEM
from server.record.ledger import Ledger
from server.record.store import Store


async def take_in(store: Store, ledger: Ledger, raw: bytes) -> bool:
    """Record the failure that a delivery report tells. Whether it told one of a mail of ours."""
    bounce = read(raw)
    mail = mail_id_of(bounce.message_id) if bounce and bounce.for_good else ""
    sent = await store.read(lambda c: sent_as(c, mail)) if mail else None
    if sent is None:
        return False
    person, refs = sent
    for each in await store.read(lambda c: standing(c, person, refs)):
        await note_failure(ledger, each, person, "bounced")
    failed = RecordFailed(person=person, mail=mail, notices=refs, how="bounced")
    await ledger.record(post_of(person), failed, THE_SYSTEM, key=f"bounced {mail}")
    return True


def sent_as(connection: Connection, mail: str) -> tuple[str, tuple[NoticeRef, ...]] | None:
    """To whom a mail went and what it carried, if it is known to have left."""
    n = notice.c
    query = select(n.person, n.subject, n.version, n.rung).where(n.mail == mail, n.outcome == "sent")
    rows = connection.execute(query).all()
    if not rows:
        return None
    return str(rows[0].person), tuple(NoticeRef(row.subject, row.version, row.rung) for row in rows)


def standing(connection: Connection, person: str, refs: tuple[NoticeRef, ...]) -> list[Carrying]:
    found: list[Row[Any]] = []
    for ref in refs:
        found += connection.execute(select(notice).where(*this(ref, person))).all()
    return [Carrying((row.subject, row.version, row.rung), row, True, True, row.kind) for row in found]

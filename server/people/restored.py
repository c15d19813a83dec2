"""What follows from a restore: nobody is still signed in, and every record says what may be missing from it.

What was ended or taken away since the backup is alive again in it: sessions and links are ended here, and
people see for themselves where to look for what they said in the time that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, select

from server.people import links, signed_in
from server.record import epoch, tables
from server.record.commands import THE_SYSTEM, Command, Draft, Hand
from server.record.facts import RecordRestored
from server.record.ledger import Ledger
from server.record.store import Store


class NoteRestore(Command):
    """Say in a record that what was recorded after `until` is missing."""

    may: ClassVar[str] = "note_restore"
    until: datetime

    def follows(self, hand: Hand) -> Iterable[Draft]:
        yield Draft(hand.book, RecordRestored(until=self.until, at=hand.now))


async def renew(owner: Store, ledger: Ledger, until: datetime, now: datetime) -> str:
    """Make a database that came out of a backup of the moment `until` one to work with. Its new epoch."""
    value = await owner.write(lambda connection: _begin_anew(connection, now))
    books = select(tables.book.c.id).where(tables.book.c.version > 0).order_by(tables.book.c.id)
    for book in await owner.read(lambda connection: connection.scalars(books).all()):
        await ledger.record(book, NoteRestore(until=until), THE_SYSTEM, key=f"restored {value}", now=now)
    return value


def _begin_anew(connection: Connection, now: datetime) -> str:
    signed_in.end_everybody(connection, now)
    links.end_every_link(connection, now)
    return epoch.renew(connection)

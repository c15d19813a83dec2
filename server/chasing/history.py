"""What somebody was told of one thing before: a newer notice of it takes an older one's place."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, select

from server.chasing.items import HUDDLES
from server.chasing.outbox import outgoing, outgoing_notice
from server.chasing.tables import notice
from server.huddles.tables import huddle_index

NUMBERED = frozenset({"link", *HUDDLES})
"""Of these the newest alone is true: somebody's account link, and what they are told of one huddle."""
HEARD = ("sent", "shown", "failed")
"""A mail that came back may have been read all the same."""


class History(NamedTuple):
    """Of one notice: whether none came after it, whether any came before, whether any of those was heard."""

    newest: bool
    earlier: bool
    heard: bool


def history(connection: Connection, mail: str, row: Row[Any]) -> History:
    """The others to the same person about the same thing.

    What another mail carries that somebody took in hand counts as heard: it may leave at this moment.
    """
    n, o, out = notice.c, outgoing_notice.c, outgoing.c
    same = and_(o.subject == n.subject, o.version == n.version, o.rung == n.rung, o.person == n.person)
    query = (
        select(n.version, n.outcome, o.mail, out.tries)
        .outerjoin_from(notice, outgoing_notice, same)
        .outerjoin(outgoing, out.mail == o.mail)
        .where(n.subject == row.subject, n.person == row.person, n.kind.in_(sorted(NUMBERED)))
    )
    others = connection.execute(query).all()
    before = [other for other in others if other.version < row.version]
    return History(
        newest=all(other.version <= row.version for other in others),
        earlier=bool(before),
        heard=any(b.outcome in HEARD or (b.mail not in (None, mail) and b.tries) for b in before),
    )


def over(connection: Connection, huddle: str) -> bool:
    """Whether a huddle was closed or abandoned."""
    h = huddle_index.c
    return bool(connection.execute(select(h.over).where(h.huddle == huddle)).scalar())

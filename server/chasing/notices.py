"""What a mail is about, at the moment of sending: out of the notices that it carries and are still true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, and_, select

from server.chasing.history import NUMBERED, history, over
from server.chasing.ics import named
from server.chasing.items import HUDDLES, Item, Kind, Meeting, Part
from server.chasing.outbox import Carried, outgoing_notice
from server.chasing.tables import notice
from server.deadlines.tables import deadline, deadline_owner
from server.record.chain import micros, moment

LADDERS = ("action", "critical_action", "request", "acceptance", "new_owner", "check")
ABOUT = {"request": "request", "asked": "request"}
PARTS: dict[str, Part] = {
    "owner": "owner",
    "cover": "owner",
    "line_manager": "manager",
    "safeguarding_lead": "lead",
    "chair": "chair",
    "deputy": "chair",
    "plan_owner": "plan_owner",
    "reader": "chair",
}
TO_THE_OWNER: dict[str, Kind] = {"acceptance": "accept", "new_owner": "reassign", "check": "verify"}
TO_OTHERS: dict[str, Kind] = {"acceptance": "reassign", "new_owner": "reassign", "check": "verify"}
OWNERS = ("owner", "cover")
PROMISED = ("action", "critical_action", "request")
WEEK = timedelta(days=7)


class Carrying(NamedTuple):
    """A notice in a mail. `holds`: what it says is still true; `mine`: of its owner, it still is theirs.

    `kind` is what it is to be told as: whoever never heard that they are asked to a huddle hears that, and
    not that it moved.
    """

    ref: Carried
    row: Row[Any]
    holds: bool
    mine: bool
    kind: str


def carrying(connection: Connection, mail: str, person: str, now: datetime) -> list[Carrying]:
    """The notices of a mail, and whether each is still to be told: checked here, seconds before it leaves."""
    n, o, d, own = notice.c, outgoing_notice.c, deadline.c, deadline_owner.c
    same = and_(o.subject == n.subject, o.version == n.version, o.rung == n.rung, o.person == n.person)
    query = (
        select(notice, d.version.label("standing"), own.person.label("owned_by"))
        .join_from(outgoing_notice, notice, same)
        .outerjoin(deadline, d.deadline == n.subject)
        .outerjoin(deadline_owner, and_(own.deadline == n.subject, own.person == person))
        .where(o.mail == mail, n.outcome.is_(None))
        .order_by(n.at, n.subject, n.rung)
    )
    return [carried(connection, mail, row, now) for row in connection.execute(query).all()]


def carried(connection: Connection, mail: str, row: Row[Any], now: datetime) -> Carrying:
    """A notice as it stands now."""
    ref = (row.subject, row.version, row.rung)
    if row.kind in NUMBERED:
        return Carrying(ref, row, *told_as(connection, mail, row, now))
    holds = row.standing == row.version if row.kind in (*LADDERS, "canary", "asked") else True
    mine = row.owned_by is not None if row.part == "owner" and row.kind in LADDERS else True
    return Carrying(ref, row, holds, mine, row.kind)


def told_as(connection: Connection, mail: str, row: Row[Any], now: datetime) -> tuple[bool, bool, str]:
    """Of an account link, and of a huddle: whether it holds and is theirs, and what it is to be told as."""
    known = history(connection, mail, row)
    if row.kind == "link":
        return known.newest, True, "link"
    unheard = known.earlier and not known.heard
    kind = "invited" if row.kind == "moved" and unheard else str(row.kind)
    in_time = now < moment(row.due) + timedelta(minutes=row.minutes)
    true = not unheard if kind == "uninvited" else not over(connection, row.subject)
    return known.newest and in_time and true, True, kind


def item(known: Carrying, now: datetime, zone: ZoneInfo, key: bytes) -> Item:
    """One notice as the words of a mail need it. `key` is that of the names in calendars."""
    row = known.row
    due = moment(row.due).astimezone(zone) if row.due is not None else None
    kind = cast(Kind, known.kind) if known.kind in HUDDLES else kind_of(row, due, now.astimezone(zone))
    return Item(
        kind=kind,
        about=ABOUT.get(row.kind, "action"),  # type: ignore[arg-type]  # from the table above
        part=PARTS[row.part],
        due=due,
        urgent=bool(row.urgent) and kind in ("due", "overdue", "climbed", *HUDDLES),
        told=others(row) if kind == "overdue" else (),
        meeting=meeting(row, key) if kind in HUDDLES else None,
    )


def meeting(row: Row[Any], key: bytes) -> Meeting:
    return Meeting(named(row.person, "huddle", row.subject, key), row.version, row.minutes)


def digest(connection: Connection, person: str, now: datetime) -> list[Item]:
    """What somebody owes at the beginning of a day, in counts."""
    d, own = deadline.c, deadline_owner.c
    query = (
        select(d.kind, d.due)
        .join_from(deadline_owner, deadline, d.deadline == own.deadline)
        .where(own.person == person, d.due < micros(now + WEEK))
    )
    rows = connection.execute(query).all()
    return [
        Item(
            kind="digest",
            about="request" if row.kind == "request" else "action",
            standing="overdue" if row.due < micros(now) else "week",
        )
        for row in rows
        if row.kind in PROMISED
    ]


def kind_of(row: Row[Any], due: datetime | None, local: datetime) -> Kind:
    """By how things stand now: what was due yesterday when it was written is overdue when it is sent."""
    if row.kind not in PROMISED:
        table = TO_THE_OWNER if row.part in OWNERS else TO_OTHERS
        return table.get(row.kind) or cast(Kind, row.kind)
    if row.part not in OWNERS:
        return "climbed"
    if due is None or due < local:
        return "overdue"
    return "due" if due.date() == local.date() else "before"


def others(row: Row[Any]) -> tuple[Part, ...]:
    """Who else was told by the same step."""
    told = dict.fromkeys(PARTS[part] for part in row.others.split())
    return tuple(part for part in told if part != "owner")


def waiting_since(connection: Connection, before: datetime) -> Sequence[Row[Any]]:
    """Notices that were made before a moment and have no outcome."""
    n = notice.c
    return connection.execute(select(notice).where(n.outcome.is_(None), n.at <= micros(before))).all()

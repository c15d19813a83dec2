"""What somebody owes, as a calendar: times, and words that are the same for everything.

It leaves the service, is kept by others and is shown on locked screens. So it is made of constants, moments
and keyed hashes, and of nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from server.actions.dues import END_OF_DAY
from server.chasing.state import Kind, Owed

SUMMARY = "Safeguarding work"
HUDDLE = "Safeguarding huddle"
AGAIN = timedelta(hours=1)
"""How often a calendar is asked to look again."""
BEFORE = timedelta(days=1)
REMEMBERED = timedelta(days=30)
"""For this long what is over stands as cancelled, so that every calendar takes it out; and a huddle that took
place as it was."""


def calendar(things: Iterable[Owed], base_url: str, secret: bytes, zone: ZoneInfo, now: datetime) -> bytes:
    """The whole feed: the same bytes until something of it changes, or is forgotten."""
    made = Calendar()
    made.add("prodid", "-//Huddle//Safeguarding work//EN")
    made.add("version", "2.0")
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    made.add("x-wr-calname", SUMMARY)
    key = key_from(secret)
    words = f"Sign in to see details. {base_url.rstrip('/')}/work"
    shown = (event(owed, words, key, zone) for owed in things if is_shown(owed, zone, now))
    # In the order of names that are random to everybody else: the record's own order says what stood between.
    for each in sorted(shown, key=lambda event: str(event["uid"])):
        made.add_component(each)
    content: bytes = made.to_ical()
    return content


def is_shown(owed: Owed, zone: ZoneInfo, now: datetime) -> bool:
    """What is owed, however late; what is over, and a huddle that is past, for thirty days."""
    if owed.over:
        return now - owed.at < REMEMBERED
    return owed.kind != "huddle" or now - due(owed, zone) < REMEMBERED


def event(owed: Owed, words: str, key: bytes, zone: ZoneInfo) -> Event:
    made, starts = Event(), due(owed, zone)
    is_huddle = owed.kind == "huddle"
    made.add("uid", uid(owed, key))
    made.add("dtstamp", owed.at.astimezone(UTC))
    made.add("last-modified", owed.at.astimezone(UTC))
    made.add("sequence", owed.changes)
    made.add("dtstart", starts)
    if is_huddle:
        made.add("dtend", starts + timedelta(minutes=owed.minutes))
    made.add("summary", HUDDLE if is_huddle else SUMMARY)
    made.add("description", words)
    made.add("class", "PRIVATE")
    made.add("status", "CANCELLED" if owed.over else "CONFIRMED")
    made.add("transp", "OPAQUE" if is_huddle and not owed.over else "TRANSPARENT")
    if not owed.over:
        made.add_component(alarm())
    return made


def alarm() -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", SUMMARY)
    made.add("trigger", -BEFORE)
    return made


def due(owed: Owed, zone: ZoneInfo) -> datetime:
    """The moment in UTC. A day without an hour: the end of that working day by the partnership's clock."""
    if isinstance(owed.due, datetime):
        return owed.due.astimezone(UTC)
    return datetime.combine(owed.due, time(END_OF_DAY.hour), zone).astimezone(UTC)


def key_from(secret: bytes) -> bytes:
    """The key of every name, drawn from the service's secret."""
    return hmac.digest(secret, b"huddle calendar feed", hashlib.sha256)


def uid(owed: Owed, key: bytes) -> str:
    return named(owed.person, owed.kind, owed.id, key)


def named(person: str, kind: Kind, id: str, key: bytes) -> str:
    """The name of a calendar entry, in a feed and in a mail: the same for as long as the thing exists, and
    random to everybody without the key.

    The person is in it: two people's calendars do not tell that they owe the same.
    """
    named = "\n".join((person, kind, id)).encode()
    return hmac.digest(key, named, hashlib.sha256).hex()[:32]

"""A huddle as an entry in somebody's calendar: when, and that there is one. The rest is behind the sign-in.

Nobody is named as attending, so no calendar answers to anybody; the same entry is replaced by a higher
sequence and taken out by a cancellation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from icalendar import Calendar, Event

from server.chasing.items import HUDDLES, Item

Method = Literal["PUBLISH", "CANCEL"]


class Entry(NamedTuple):
    """One huddle: from `start` for `minutes`, or taken out."""

    uid: str
    sequence: int
    start: datetime
    minutes: int
    address: str
    cancelled: bool


def entries(items: Iterable[Item], address: str) -> tuple[Entry, ...]:
    """Those of `items` that are about a huddle; of one that was changed twice, the last."""
    found: dict[str, Entry] = {}
    for item in items:
        if item.kind in HUDDLES and item.meeting and item.due:
            uid, sequence, minutes = item.meeting
            entry = Entry(uid, sequence, item.due, minutes, address, item.kind == "uninvited")
            found[uid] = max(entry, found.get(uid, entry), key=lambda each: each.sequence)
    return tuple(found.values())


def calendars(found: Iterable[Entry], mail_from: str, at: datetime) -> Iterator[tuple[Method, str]]:
    """One of those that take place, one of those that are taken out: a method is said of a whole calendar."""
    found = tuple(found)
    methods: tuple[tuple[Method, bool], ...] = (("PUBLISH", False), ("CANCEL", True))
    for method, cancelled in methods:
        if chosen := [entry for entry in found if entry.cancelled is cancelled]:
            yield method, calendar(method, chosen, mail_from, at)


def calendar(method: Method, chosen: Iterable[Entry], mail_from: str, at: datetime) -> str:
    made = Calendar()
    made.add("prodid", "-//Huddle//Huddle//EN")
    made.add("version", "2.0")
    made.add("method", method)
    for entry in chosen:
        made.add_component(event(entry, mail_from, at))
    return str(made.to_ical(), "utf-8")


def event(entry: Entry, mail_from: str, at: datetime) -> Event:
    made = Event()
    made.add("uid", entry.uid)
    made.add("sequence", entry.sequence)
    made.add("dtstamp", at.astimezone(UTC))
    made.add("dtstart", entry.start.astimezone(UTC))
    made.add("dtend", (entry.start + timedelta(minutes=entry.minutes)).astimezone(UTC))
    made.add("summary", "Safeguarding huddle")
    made.add("description", f"Sign in to see details. {entry.address}")
    made.add("class", "PRIVATE")
    made.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("organizer", f"mailto:{mail_from}")  # the service itself: both methods ask for one
    return made

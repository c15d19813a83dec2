"""When something is due, out of the words in which people say it: "fri 3pm", "27 March", "5 working days".

Everything here takes the local moment `now` and answers with a local moment and how many words were read.
A day without a time means the end of the working day, 5pm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from server.deadlines.calendar import working_days_after
from server.families.when import day_words, time_words
from server.web.fields import MONTHS, Unreadable, clock

END_OF_DAY = time(17)
LAST_MINUTE = time(23, 59)
FURTHEST = 366
"""Days ahead that "in … days" may reach."""

DAYS = {
    name[:length]: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
    for length in (3, 4, 5, len(name))
}
_hour = re.compile(r"\d{1,2}(?:[:.]\d{2})?(?:am|pm)|\d{1,2}[:.]\d{2}|midday|noon")
_slashed = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
_iso = re.compile(r"\d{4}-\d{2}-\d{2}")


class Due(NamedTuple):
    """A local moment, and the number of words from which it was read."""

    at: datetime
    length: int


def said_by(words: Sequence[str], now: datetime, nation: str) -> Due | None:
    """The moment that the words after "by" begin with: a day, a date, perhaps a time; or a time alone."""
    for read in (end_of_week, on_a_day, on_a_date):
        found = read(words, now)
        if found is not None:
            return found
    alone = hour(words, 0)
    return Due(datetime.combine(now.date(), alone[0], now.tzinfo), alone[1]) if alone else None


def said_in(words: Sequence[str], now: datetime, nation: str) -> Due | None:
    """The moment that the words after "in" begin with: a number of days, working days or weeks."""
    if len(words) < 2 or not (words[0].isascii() and words[0].isdigit() and 0 < len(words[0]) < 4):
        return None
    count = int(words[0])
    if not 0 < count <= FURTHEST:
        return None
    if words[1] in ("day", "days"):
        return Due(at_end(now.date() + timedelta(days=count), now), 2)
    if words[1] in ("week", "weeks"):
        return Due(at_end(now.date() + timedelta(weeks=count), now), 2)
    if words[1] == "working" and words[2:3] in (["day"], ["days"]):
        return Due(at_end(working_days_after(now.date(), count, nation), now), 3)
    return None


def end_of_week(words: Sequence[str], now: datetime) -> Due | None:
    if list(words[:3]) != ["end", "of", "week"]:
        return None
    return Due(next_weekday(DAYS["friday"], END_OF_DAY, now), 3)


def on_a_day(words: Sequence[str], now: datetime) -> Due | None:
    """ "today", "tomorrow 9am", "fri 3pm": the next such day whose time has not passed."""
    if not words:
        return None
    at, length = hour(words, 1) or (END_OF_DAY, 0)
    if words[0] in ("today", "tomorrow"):
        day = now.date() + timedelta(days=words[0] == "tomorrow")
        if words[0] == "today" and not length and now.time() >= END_OF_DAY:
            at = LAST_MINUTE
        return Due(datetime.combine(day, at, now.tzinfo), 1 + length)
    if words[0] in DAYS:
        return Due(next_weekday(DAYS[words[0]], at, now), 1 + length)
    return None


def on_a_date(words: Sequence[str], now: datetime) -> Due | None:
    """ "27/3", "27 March 2026 3pm", "2026-03-27". Without a year: the next such day."""
    read: tuple[Callable[[Sequence[str], date], tuple[date, int] | None], ...] = (numbered, named)
    for reading in read:
        found = reading(words, now.date())
        if found is not None:
            day, length = found
            at, more = hour(words, length) or (END_OF_DAY, 0)
            return Due(datetime.combine(day, at, now.tzinfo), length + more)
    return None


def numbered(words: Sequence[str], today: date) -> tuple[date, int] | None:
    if not words:
        return None
    try:
        if _iso.fullmatch(words[0]):
            return date.fromisoformat(words[0]), 1
        found = _slashed.fullmatch(words[0])
        return (dated(int(found[1]), int(found[2]), found[3] or "", today), 1) if found else None
    except ValueError:
        return None


def named(words: Sequence[str], today: date) -> tuple[date, int] | None:
    """A number and a month's name, perhaps a year."""
    if len(words) < 2 or not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 2:
        return None
    month = MONTHS.get(words[1][:3]) if words[1].isalpha() and len(words[1]) >= 3 else None
    if month is None:
        return None
    year = words[2] if len(words) > 2 and re.fullmatch(r"20\d{2}", words[2]) else ""
    try:
        return dated(int(words[0]), month, year, today), 3 if year else 2
    except ValueError:
        return None


def dated(day: int, month: int, year: str, today: date) -> date:
    if year:
        return date(int(year), month, day)
    found = date(today.year, month, day)
    return found if found >= today else date(today.year + 1, month, day)


def hour(words: Sequence[str], at: int) -> tuple[time, int] | None:
    """The time that stands at a place, perhaps after "at"; with how many words it took."""
    skip = 1 if words[at : at + 1] == ["at"] else 0
    written = words[at + skip : at + skip + 1]
    if not written or not _hour.fullmatch(written[0]):
        return None
    try:
        return clock(written[0]), 1 + skip
    except Unreadable:
        return None


def next_weekday(number: int, at: time, now: datetime) -> datetime:
    day = now.date() + timedelta(days=(number - now.weekday()) % 7)
    found = datetime.combine(day, at, now.tzinfo)
    return found if found > now else found + timedelta(days=7)


def at_end(day: date, now: datetime) -> datetime:
    return datetime.combine(day, END_OF_DAY, now.tzinfo)


def due_words(at: datetime) -> str:
    """As it is shown and read back: "Friday 27 November 2026, 3pm". `at` is local."""
    return f"{at:%A} {day_words(at.date())}, {time_words(at)}"

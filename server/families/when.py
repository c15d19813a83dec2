"""When something happened, as precisely as it is known, in the partnership's own time."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name, monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.families.facts import Precision

LATE = timedelta(hours=24)
"""Recorded later than this after it happened is shown as late (R40)."""

EARLIEST_YEAR = 1900

_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_month = re.compile(r"[0-9]{4}-[0-9]{2}")
_moment = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_typed = re.compile(
    r"(?:(?P<day>[0-9]{1,2})[/. -])?(?P<month>[0-9]{1,2}|[a-z]{3,9})[/. -](?P<year>[0-9]{4})"
    r"(?:,?(?: at)? (?P<time>.+))?"
)
_clock = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))? ?(?P<half>am|pm)?")


class NotADate(ValueError):
    """The text is no ISO date, date and time, or month."""


class Span:
    """The local days and times that `happened` may mean: from `first` to `last`, both aware."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first = first
        self.last = last


def span(happened: str, zone: ZoneInfo) -> Span:
    """The earliest and latest moment of an ISO date, a local date and time, or a month."""
    try:
        first, last = _days(happened)
        if first.year < EARLIEST_YEAR:
            raise NotADate(happened)
        if first is last and isinstance(first, datetime):
            moment = first if first.tzinfo else first.replace(tzinfo=zone)
            return Span(moment.astimezone(UTC), moment.astimezone(UTC))
        begin, end = datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)
        return Span(begin.astimezone(UTC), end.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise NotADate(happened) from error


def _days(happened: str) -> tuple[date, date]:
    if _month.fullmatch(happened):
        first = date.fromisoformat(happened + "-01")
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    if _day.fullmatch(happened):
        day = date.fromisoformat(happened)
        return day, day
    if not _moment.fullmatch(happened):
        raise NotADate(happened)
    moment = datetime.fromisoformat(happened)
    return moment, moment


def read(typed: str, zone: ZoneInfo) -> str:
    """What somebody typed as it is kept: "12/3/2026 8:50am", "3/2026" or ISO. Raises `NotADate`.

    A moment is kept without its offset, in `zone`, to the minute.
    """
    happened = " ".join(typed.split())
    found = _typed.fullmatch(happened.lower())
    if found:
        happened = _iso(found["day"], found["month"], found["year"], found["time"])
    first = span(happened, zone).first
    if "T" not in happened and ":" not in happened:
        return happened
    return first.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")


def _iso(day: str | None, month: str, year: str, clock: str | None) -> str:
    written = f"{year}-{_month_number(month):0>2}" + (f"-{day:0>2}" if day else "")
    return f"{written}T{_time(clock)}" if clock else written


def _month_number(month: str) -> str:
    for number in range(1, 13):
        if month in (month_name[number].lower(), month_abbr[number].lower()):
            return str(number)
    return month


def _time(clock: str) -> str:
    found = _clock.fullmatch(clock.strip())
    if found is None or not (found["minute"] or found["half"]):
        raise NotADate(clock)
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise NotADate(clock)
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return f"{hour:02d}:{found['minute'] or '00'}"


def precision_of(happened: str) -> Precision:
    """How exact what was entered is, where nobody said."""
    if not happened:
        return "unknown"
    if _month.fullmatch(happened):
        return "month"
    return "day" if _day.fullmatch(happened) else "exact"


def suits(happened: str, precision: Precision) -> bool:
    """Whether what was entered is exactly as exact as `precision` claims. About is as exact as anything."""
    return precision in ("approximate", precision_of(happened))


def as_at(happened: str, recorded: datetime, zone: ZoneInfo) -> datetime:
    """When it happened, for order and for age: the latest it can have been, never after `recorded`."""
    if not happened:
        return recorded
    try:
        return min(span(happened, zone).last, recorded)
    except NotADate:
        return recorded


def is_late(happened: str, recorded: datetime, zone: ZoneInfo) -> bool:
    return recorded - as_at(happened, recorded, zone) > LATE


def day_words(day: date) -> str:
    """As GOV.UK writes it: 27 November 2026."""
    return f"{day.day} {day:%B %Y}"


def day_words_near(day: date, now: date) -> str:
    """Without the year where it is this one."""
    return f"{day.day} {day:%B}" if day.year == now.year else day_words(day)


def time_words(moment: datetime) -> str:
    """As GOV.UK writes it: 3pm, 11:40pm, midday."""
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midnight" if moment.hour == 0 else "midday"
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def words(happened: str, precision: Precision) -> str:
    """`happened` for a person to read; empty where it is not known."""
    if not happened or precision == "unknown":
        return ""
    try:
        said = _words(happened)
    except ValueError:
        return happened
    return f"about {said}" if precision == "approximate" else said


def _words(happened: str) -> str:
    if _month.fullmatch(happened):
        return f"{date.fromisoformat(happened + '-01'):%B %Y}"
    if _day.fullmatch(happened):
        return day_words(date.fromisoformat(happened))
    moment = datetime.fromisoformat(happened)
    return f"{day_words(moment)} at {time_words(moment)}"

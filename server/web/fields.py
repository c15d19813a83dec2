"""One field of a form, by the type that its command gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec

from server.people.words import visible

PARTS = frozenset({"day", "month", "year", "time"})
"""A day may be asked for in three boxes ("due-day", "due-month", "due-year"), a moment with a fourth."""

TICKED = {"on", "yes", "true", "1"}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_DAY = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.,-]+(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)

Sent = Mapping[str, list[str]]


class Unreadable(Exception):
    """A field is empty that must not be, or says something else than it is asked for."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def read_field(sent: Sent, field: msgspec.structs.FieldInfo, zone: ZoneInfo) -> Any:
    """The value of a field; `UNSET` where nothing was sent and the command has a default."""
    kind = one_kind(field.type)
    if kind is bool:
        if field.required and field.name not in sent:
            raise Unreadable(choose(field.name))
        return last(sent, field.name).lower() in TICKED
    if get_origin(kind) in (tuple, frozenset, list):
        return converted([code(v) for v in sent.get(field.name, []) if code(v)], kind, choose(field.name))
    if kind is str:
        return text(sent, field)
    if kind in (date, datetime):
        value: Any = day(sent, field.name) if kind is date else moment(sent, field.name, zone)
    else:
        value = code(last(sent, field.name)) or None
    if value is None:
        if field.required:
            raise Unreadable(choose(field.name) if is_choice(kind) else f"Enter {spoken(field.name)}")
        return msgspec.UNSET
    return converted(value, kind, choose(field.name) if is_choice(kind) else "Enter a number")


def text(sent: Sent, field: msgspec.structs.FieldInfo) -> Any:
    """Text as it was written, without space around it. An empty one is for the command to judge."""
    if field.name not in sent:
        return "" if field.required else msgspec.UNSET
    written = last(sent, field.name).replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\0" in written:
        raise Unreadable("Take out the character that cannot be shown, then send it again")
    return written


def day(sent: Sent, name: str) -> date | None:
    """A day in three boxes, or in one: 2026-03-27, 27/3/2026, 27 March 2026. None where nothing was typed."""
    parts = [code(last(sent, f"{name}-{part}")) for part in ("day", "month", "year")]
    typed = " ".join(parts) if any(parts) else visible(last(sent, name)).strip()
    if not typed:
        return None
    found = _DAY.fullmatch(typed)
    try:
        if not found:
            return date.fromisoformat(typed)
        number, month, year = found.groups()
        return date(int(year), MONTHS[month[:3].lower()] if month.isalpha() else int(month), int(number))
    except (ValueError, KeyError) as error:
        raise Unreadable("Enter a date, like 27 3 2026") from error


def moment(sent: Sent, name: str, zone: ZoneInfo) -> datetime | None:
    """A day and a time by the partnership's clock, or one whole moment as a browser's own field sends it."""
    whole = code(last(sent, name))
    if "T" in whole:
        try:
            at = datetime.fromisoformat(whole)
        except ValueError as error:
            raise Unreadable("Enter a date and a time, like 27 3 2026 at 3:30pm") from error
        return at if at.tzinfo else at.replace(tzinfo=zone)
    on, at_time = day(sent, name), visible(last(sent, f"{name}-time")).strip()
    if on is None and not at_time:
        return None
    if on is None:
        raise Unreadable("Enter a date, like 27 3 2026")
    return datetime.combine(on, clock(at_time), zone)


def clock(typed: str) -> time:
    """3pm, 3:30 pm, 15:30, midday."""
    if typed.lower() in ("midday", "noon"):
        return time(12)
    found = _TIME.fullmatch(typed)
    try:
        if not found:
            raise ValueError
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValueError
        return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)
    except ValueError as error:
        raise Unreadable("Enter a time, like 3:30pm") from error


def one_kind(kind: Any) -> Any:
    """`int` of `int | None`."""
    choices = [arg for arg in get_args(kind) if arg is not NoneType]
    return choices[0] if NoneType in get_args(kind) and len(choices) == 1 else kind


def is_choice(kind: Any) -> bool:
    return get_origin(kind) is Literal


def converted(value: Any, kind: Any, words: str) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable(words) from error


def last(sent: Sent, name: str) -> str:
    return sent.get(name, [""])[-1]


def code(typed: str) -> str:
    """What was chosen or copied, without spaces and invisible marks."""
    return "".join(visible(typed).split())


def choose(name: str) -> str:
    return f"Choose {spoken(name)}"


def spoken(name: str) -> str:
    return name.replace("_", " ")

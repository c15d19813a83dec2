"""The next ten working days as something to look at: what lies on each of them, by kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from server.deadlines.calendar import is_working_day, working_days_after
from server.desk.owed import Kind

DAYS = 10
KINDS: dict[Kind, tuple[str, str]] = {
    "action": ("Actions", "action"),
    "question": ("Questions", "question"),
    "review": ("Reviews", "review"),
    "sign_off": ("Sign-offs", "sign-off"),
    "huddle": ("Huddles", "huddle"),
}
"""What a row is called, and one of it."""
ALWAYS: frozenset[Kind] = frozenset({"action", "review"})
"""Rows that stand there empty too."""
MOST_MARKS = 3
"""More than this in one place is a mark and a number."""

Thing = tuple[Kind, date, bool]
"""What it is, on which day, and whether it is late."""


class Cell(msgspec.Struct, frozen=True):
    """How much of one kind lies in one column; `words` say it aloud."""

    count: int
    words: str


class Column(msgspec.Struct, frozen=True):
    """One day, or some of them. `top` and `under` are its head: "Thu" and "26 Mar"."""

    top: str
    under: str
    aloud: str
    today: bool = False
    late: bool = False


class Line(msgspec.Struct, frozen=True):
    """One kind with a cell for each column."""

    kind: Kind
    label: str
    cells: tuple[Cell, ...]


class Grid(msgspec.Struct, frozen=True):
    """A table: heads and lines."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def last_day(today: date, nation: str) -> date:
    """The tenth working day, today counted where it is one."""
    return working_days_after(today, DAYS - is_working_day(today, nation), nation)


def days(things: Sequence[Thing], today: date, nation: str) -> list[date]:
    """Today, the working days until there are ten, and any other day between on which something lies."""
    last, lying = last_day(today, nation), {day for _, day, _ in things}
    between = (today + timedelta(days=n) for n in range((last - today).days + 1))
    return [day for day in between if day == today or is_working_day(day, nation) or day in lying]


def by_day(things: Sequence[Thing], today: date, nation: str) -> Grid:
    """A column for each day; before them one for what is late, where something is."""
    columns = [(day_column(day, today), {day}) for day in days(things, today, nation)]
    return grid(things, columns)


def by_week(things: Sequence[Thing], today: date, nation: str) -> Grid:
    """Today, the rest of this week, and what follows: for a screen too narrow for days."""
    known = days(things, today, nation)
    sunday = today + timedelta(days=6 - today.weekday())
    week = {day for day in known if today < day <= sunday}
    later = {day for day in known if day > sunday}
    columns = [
        (Column("Today", short(today), f"Today, {today:%A}", today=True), {today}),
        (Column("This week", f"to {short(sunday)}", "The rest of this week"), week),
        (Column("After", f"to {short(max(known))}", f"After this week, to {long(max(known))}"), later),
    ]
    return grid(things, columns)


def grid(things: Sequence[Thing], columns: list[tuple[Column, set[date]]]) -> Grid:
    late = [thing for thing in things if thing[2]]
    heads = [column for column, _ in columns]
    places = [[t for t in things if t[1] in lying and not t[2]] for _, lying in columns]
    if late:
        heads, places = [Column("Late", "", "Late", late=True), *heads], [late, *places]
    there = ALWAYS | {kind for place in places for kind, _, _ in place}
    shown = [kind for kind in KINDS if kind in there]
    lines = (
        Line(kind, KINDS[kind][0], tuple(cell(kind, sum(k == kind for k, _, _ in p)) for p in places))
        for kind in shown
    )
    return Grid(tuple(heads), tuple(lines))


def cell(kind: Kind, count: int) -> Cell:
    one = KINDS[kind][1]
    return Cell(count, "nothing" if not count else f"{count} {one}{'' if count == 1 else 's'}")


def day_column(day: date, today: date) -> Column:
    if day == today:
        return Column("Today", short(day), f"Today, {long(day)}", today=True)
    return Column(f"{day:%a}", short(day), long(day))


def headline(late: int, due: int, others: int, ahead: Iterable[date]) -> str:
    """What stands below, in a few words: one's own that is late or due, the number of every page; then how
    much waits that others owe; where nothing of one's own is due, what comes next."""
    own = ([f"{late} late"] if late else []) + ([f"{due} due today"] if due else [])
    following = None if own else min(ahead, default=None)
    parts = [", ".join(own) or ("Nothing of yours is due" if others else "Nothing is due")]
    parts += [f"{others} {'waits' if others == 1 else 'wait'} with others"] if others else []
    parts += [f"Next: {long(following)}"] if following else []
    return ". ".join(parts)


def short(day: date) -> str:
    return f"{day.day} {day:%b}"


def long(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"

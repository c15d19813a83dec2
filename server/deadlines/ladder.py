"""Who hears of what is owed, and when: a ladder for each kind of deadline, as data.

A ladder is climbed from before the due time until a named human settles the matter; it never gives up (R31).
After an extension it begins anew, one rung higher for each one that was granted (R27). Moments are local and
aware; working days are those of the partnership's nation. Why it is so: docs/decisions/0017-ladders.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from server.deadlines.calendar import is_working_day, working_days_after, working_days_before

MORNING, AFTERNOON = time(9), time(14)
SLOTS = (MORNING, AFTERNOON)
"""The times of a working day at which an urgent ladder climbs on."""

OWNER, MANAGER, LEAD, CHAIR, QUEUE = range(5)
"""The rungs, by whom they add: the owner, their line manager, the safeguarding lead of the owner's agency,
the huddle's chair with the plan owner, and the queue in which a named human must settle it."""
ROLES: tuple[tuple[str, ...], ...] = (
    ("owner",),
    ("line_manager",),
    ("safeguarding_lead",),
    ("chair", "plan_owner"),
    (),
)
"""Who stands on each rung. The queue is nobody's mail: its entry is the notice."""


class Moment(NamedTuple):
    """What a step's time depends on: the due time, the step before it, and whose working days count."""

    due: datetime
    before: datetime
    nation: str


When = Callable[[Moment], datetime]


With = Literal["alone", "owner", "below"]
"""A rung is told alone, with whoever owes it, or with everybody who stands below."""


class Step(NamedTuple):
    """One step of a ladder."""

    when: When
    rung: int
    told: With = "alone"


class Chase(NamedTuple):
    """One step as it falls: its place in the ladder, when, who is told, and whether the queue takes it."""

    step: int
    at: datetime
    roles: tuple[str, ...]
    queued: bool


def working_day(count: int, at: time = MORNING) -> When:
    """That many working days after the due day, or before it."""

    def when(moment: Moment) -> datetime:
        day = moment.due.date()
        return on(days_from(day, count, moment.nation), at, moment.due)

    return when


def due_day(at: time) -> When:
    return lambda moment: on(moment.due.date(), at, moment.due)


def due(moment: Moment) -> datetime:
    return moment.due


def at_once(moment: Moment) -> datetime:
    return moment.before


def next_slot(moment: Moment) -> datetime:
    """The first time after the step before at which somebody at work is told."""
    day = moment.before.date()
    while True:
        if is_working_day(day, moment.nation):
            for slot in SLOTS:
                if (found := on(day, slot, moment.due)) > moment.before:
                    return found
        day += timedelta(days=1)


LADDERS: dict[str, tuple[Step, ...]] = {
    "action": (
        Step(working_day(-1), OWNER, "below"),
        Step(due, OWNER, "below"),
        Step(working_day(1), MANAGER, "below"),
        Step(working_day(2), LEAD),
        Step(working_day(3), CHAIR),
        Step(working_day(5), QUEUE),
    ),
    "critical_action": (
        Step(working_day(-1), OWNER, "below"),
        Step(due_day(MORNING), OWNER, "below"),
        Step(due, MANAGER, "below"),
        Step(next_slot, LEAD),
        Step(next_slot, CHAIR),
        Step(next_slot, QUEUE),
    ),
    "request": (
        Step(working_day(-1), OWNER),
        Step(due, LEAD, "owner"),
        Step(working_day(1), CHAIR),
        Step(working_day(3), QUEUE),
    ),
    "acceptance": (
        Step(due, CHAIR, "owner"),
        Step(working_day(1), CHAIR),
        Step(working_day(2), QUEUE),
    ),
    "new_owner": (
        Step(at_once, OWNER),
        Step(due, CHAIR),
        Step(working_day(1), QUEUE),
    ),
    "check": (
        Step(due, OWNER),
        Step(working_day(1), CHAIR),
        Step(working_day(3), QUEUE),
    ),
}
"""By kind. A child's safety rests on what is critical: its ladder takes hours and not days.

Besides actions and requests: an action that its owner has not read back, one that needs another owner, and
one that was done and that somebody else must check.
"""


def chases(kind: str, due_at: datetime, begun: datetime, nation: str, extensions: int = 0) -> list[Chase]:
    """The steps after `begun`, a moment before `due_at`, in order. The queue takes it once, and last."""
    climbed: list[Chase] = []
    before, passed = begun, False
    for number, step in enumerate(LADDERS[kind]):
        at = step.when(Moment(due_at, before, nation))
        passed = passed or step.when is due
        rung = min(step.rung + extensions, QUEUE)
        if instant(begun) <= instant(at) and (passed or instant(at) < instant(due_at)):
            climbed.append(Chase(number, at, roles_at(rung, step.told), rung == QUEUE))
            before = at
        if rung == QUEUE:
            break
    return climbed


def roles_at(rung: int, told: With) -> tuple[str, ...]:
    if told == "below":
        return tuple(role for each in ROLES[: rung + 1] for role in each)
    return (*(ROLES[OWNER] if told == "owner" and rung != OWNER else ()), *ROLES[rung])


def instant(at: datetime) -> datetime:
    """Moments of one zone are otherwise compared by the clock on the wall, which shows some hours twice."""
    return at.astimezone(UTC)


def days_from(day: date, count: int, nation: str) -> date:
    if count < 0:
        return working_days_before(day, -count, nation)
    return working_days_after(day, count, nation)


def on(day: date, at: time, like: datetime) -> datetime:
    """A wall-clock time on a day, in the zone of `like`: across a change of the clocks it stays that time."""
    return datetime.combine(day, at, like.tzinfo)

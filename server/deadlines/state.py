"""What is owed in the streams that one audience reads, and how far each ladder was climbed."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.deadlines.facts import NoticeFailed, OwnerChased, QueueSettled
from server.deadlines.owing import Climb, Over, Owed, Owing
from server.record.facts import Entry

change = msgspec.structs.replace


class Settlement(msgspec.Struct, frozen=True):
    """What somebody decided, by name, about what had climbed to the queue."""

    by: str
    at: datetime
    said: QueueSettled


class Deadline(msgspec.Struct, frozen=True):
    """One deadline. `climbed` counts the steps that were taken of its present ladder."""

    owed: Owed
    stream: str
    at: datetime
    over: bool = False
    climbed: int = 0
    chased: tuple[OwnerChased, ...] = ()
    failed: tuple[NoticeFailed, ...] = ()
    queued_at: datetime | None = None
    again: datetime | None = None
    """When it comes back to the queue, after somebody settled that it is still owed."""
    settled: tuple[Settlement, ...] = ()
    elsewhere: bool = False
    """It is over because somebody settled that it is done elsewhere."""

    @property
    def came_back(self) -> int:
        """How often it was settled that what is owed on its present terms is still owed."""
        present = (self.owed.deadline, self.owed.version)
        facts = (each.said for each in self.settled)
        return sum((fact.deadline, fact.ladder) == present for fact in facts if fact.again)

    @property
    def next(self) -> Climb | None:
        """The step that comes next."""
        climbs = self.owed.climbs
        return climbs[self.climbed] if self.climbed < len(climbs) else None


class DeadlinesState(msgspec.Struct, frozen=True):
    """By id. What is over stays, with how it was chased."""

    by_id: immutables.Map[str, Deadline] = immutables.Map()

    def open(self) -> tuple[Deadline, ...]:
        return tuple(each for each in self.by_id.values() if not each.over)


def apply(state: DeadlinesState, entry: Entry) -> DeadlinesState:
    """What is owed after one more fact."""
    fact = entry.fact
    if isinstance(fact, NoticeFailed) and fact.deadline in state.by_id:
        known = state.by_id[fact.deadline]
        return with_(state, change(known, failed=(*known.failed, fact)))
    if not isinstance(fact, Owing):
        return state
    for owes in fact.owes():
        known_ = state.by_id.get(owes.deadline)
        if isinstance(owes, Owed):
            state = with_(state, begun(known_, owes, entry))
        elif known_ is None:
            continue
        elif isinstance(owes, Over):
            state = with_(state, change(after(known_, fact, entry), over=True, queued_at=None))
        else:
            state = with_(state, after(known_, fact, entry))
    return state


def begun(known: Deadline | None, owed: Owed, entry: Entry) -> Deadline:
    """A new ladder. What was chased of an earlier one stays."""
    if known is None:
        return Deadline(owed=owed, stream=entry.stream, at=entry.at)
    return change(
        known,
        owed=owed,
        stream=entry.stream,
        at=entry.at,
        over=False,
        climbed=0,
        queued_at=None,
        again=None,
        elsewhere=False,
    )


def after(known: Deadline, fact: Owing, entry: Entry) -> Deadline:
    if isinstance(fact, OwnerChased):
        return change(
            known,
            climbed=known.climbed + 1,
            chased=(*known.chased, fact),
            queued_at=entry.at if fact.queued else known.queued_at,
            again=None,
        )
    if isinstance(fact, QueueSettled):
        return change(
            known,
            settled=(*known.settled, Settlement(entry.author, entry.at, fact)),
            queued_at=None,
            again=fact.again,
            elsewhere=fact.disposition == "taken_elsewhere",
        )
    return known


def with_(state: DeadlinesState, known: Deadline) -> DeadlinesState:
    return DeadlinesState(state.by_id.set(known.owed.deadline, known))

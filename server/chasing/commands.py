"""What the service records when it chases, and what a person records to settle what reached the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar

from server.chasing.recipients import instead_of, told_by
from server.deadlines.facts import Disposition, Ended, Failure, NoticeFailed, OwnerChased, QueueSettled, Told
from server.deadlines.owing import Climb
from server.deadlines.state import Deadline, DeadlinesState
from server.families.written import LONGEST_REASON, problem_with, refuse
from server.people.permissions import NotYours
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound, Refused

AGAIN = 100
"""The steps after a ladder: each time that something comes back to the queue is one."""


class NotInTheQueue(Refused):
    """This no longer waits for anybody: it was settled, or somebody has recorded what is to happen."""

    code = "not_in_the_queue"


class Chase(Command):
    """Climb what is due of these deadlines of one stream: record who is told, step by step."""

    may: ClassVar[str] = "chase"
    stream: str
    deadlines: tuple[str, ...]

    def beside_main(self) -> str:
        return self.stream

    def follows(self, hand: Hand) -> Iterator[Draft]:
        for id in self.deadlines:
            known = hand.state[DeadlinesState].by_id.get(id)
            if known is not None and not known.over and known.stream == self.stream:
                for chased in due_of(known, hand):
                    yield Draft(known.stream, chased)


def due_of(known: Deadline, hand: Hand) -> Iterator[OwnerChased]:
    """The steps that should have been climbed by now, in order; after an outage there may be several."""
    if known.again is not None:
        if known.again <= hand.now:
            yield back_in_the_queue(known, known.again, hand)
        return
    climbs = known.owed.climbs
    for number in range(known.climbed, len(climbs)):
        climb = climbs[number]
        if climb.at > hand.now:
            return
        following = climbs[number + 1].at if number + 1 < len(climbs) else None
        told = told_by(climb.roles, known.owed, known.stream, hand) if climb.roles else ()
        yield chased(known, climb, told, following)


def back_in_the_queue(known: Deadline, at: datetime, hand: Hand) -> OwnerChased:
    """What somebody settled as still owed comes back at the moment that they named."""
    told = told_by(("owner",), known.owed, known.stream, hand)
    return chased(known, Climb(AGAIN + known.came_back, at, queued=True), told, None)


def chased(known: Deadline, climb: Climb, told: tuple[Told, ...], following: datetime | None) -> OwnerChased:
    owed = known.owed
    return OwnerChased(
        deadline=owed.deadline,
        ladder=owed.version,
        step=climb.step,
        kind_owed=owed.kind,
        owner=owed.owners[0],
        due=owed.due,
        planned=climb.at,
        told=told,
        queued=climb.queued,
        urgent=climb.urgent,
        next=following,
        label=owed.label,
    )


class NoteFailure(Command):
    """A notice did not reach somebody: whoever stands in for them is told at once."""

    may: ClassVar[str] = "note_failure"
    deadline: str
    stream: str
    version: int
    step: int
    person: str
    how: Failure

    def beside_main(self) -> str:
        return self.stream

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = hand.state[DeadlinesState].by_id.get(self.deadline)
        if known is None:
            return
        noted = {(f.ladder, f.step, f.person) for f in known.failed}
        if (self.version, self.step, self.person) in noted:
            return
        parts = [
            told.part
            for chased in known.chased
            for told in chased.told
            if (chased.ladder, chased.step, told.person) == (self.version, self.step, self.person)
        ]
        part = parts[0] if parts else "owner"
        current = not known.over and known.owed.version == self.version
        instead = instead_of(self.person, part, known.owed, known.stream, hand) if current else ()
        yield Draft(
            known.stream,
            NoticeFailed(
                deadline=self.deadline,
                ladder=self.version,
                step=self.step,
                kind_owed=known.owed.kind,
                due=known.owed.due,
                person=self.person,
                how=self.how,
                instead=instead,
                label=known.owed.label,
            ),
        )


PARTS_ALONE = ("acceptance", "check")
NEEDED = {
    "still_required": "Enter why this is still needed, and what happens now",
    "taken_elsewhere": "Enter who does this now, and where that is recorded",
}


def belonging(known: Deadline, deadlines: DeadlinesState) -> tuple[Deadline, ...]:
    """What is no longer owed where this is done elsewhere. That somebody else does an action ends all that is
    owed of it; that it was read back or checked elsewhere ends nothing but that."""
    if known.owed.kind in PARTS_ALONE:
        return ()
    whole = known.owed.about or known.owed.deadline
    return tuple(
        each
        for each in deadlines.open()
        if whole in (each.owed.about, each.owed.deadline) and each.owed.deadline != known.owed.deadline
    )


class SettleQueue(Command):
    """Say what becomes of something owed that nobody settled, by name and with a reason.

    Still required, it comes back at the moment that is named here. Taken elsewhere, neither it nor what
    belongs to it is chased any more.
    """

    may: ClassVar[str] = "settle_queue"
    asks: ClassVar[dict[str, str]] = {
        "disposition": "Choose what becomes of this",
        "again": "Enter when this comes back to the queue, for example 27 3 2026 and 9am",
    }
    deadline: str
    disposition: Disposition
    words: str
    again: datetime | None = None

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = hand.state[DeadlinesState].by_id.get(self.deadline)
        if known is None:
            raise NotFound
        if known.over or known.queued_at is None:
            raise NotInTheQueue
        still = self.disposition == "still_required"
        ended = () if still else belonging(known, hand.state[DeadlinesState])
        if any(hand.who.person in each.owed.owners for each in (known, *ended)):
            raise NotYours("Somebody else settles this: it is you who owes it. Ask the plan owner.")
        words = problem_with(self.words, NEEDED[self.disposition], LONGEST_REASON)
        refuse({"words": words, "again": self._when(hand)})
        yield Draft(
            known.stream,
            QueueSettled(
                deadline=self.deadline,
                ladder=known.owed.version,
                disposition=self.disposition,
                words=self.words,
                again=self.again.astimezone(UTC) if still and self.again else None,
                label=known.owed.label,
                ended=tuple(Ended(each.owed.deadline, each.owed.kind) for each in ended),
            ),
        )

    def _when(self, hand: Hand) -> str:
        if self.disposition != "still_required":
            return ""
        if self.again is None or self.again.tzinfo is None:
            return self.asks["again"]
        return "" if self.again > hand.now else "This must be later than now"

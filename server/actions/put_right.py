"""What is owed of promises, brought into step with them by the service, where nobody did anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import msgspec

from server.actions.action import NEEDS_OWNER, Action
from server.actions.answerable import checkers, deciders
from server.actions.owing import next_ladder, of_action, owed_for
from server.actions.state import ActionsState
from server.deadlines.facts import ChaseBegun
from server.deadlines.owing import Owed, ladder
from server.deadlines.state import Deadline, DeadlinesState
from server.families.request_state import Request, RequestsState
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand


class PutRight(Command):
    """Give what was promised in one stream the ladder that it lacks, as it stands at this moment.

    What has one already, or was settled, stays as it is. So this may be asked at any time, by any process,
    however often.
    """

    may: ClassVar[str] = "put_right"
    stream: str

    def beside_main(self) -> str:
        return self.stream

    def follows(self, hand: Hand) -> Iterator[Draft]:
        for known in hand.state[ActionsState].all():
            if known.stream == self.stream:
                yield from action(known, hand)
        if self.stream == hand.book:
            for asked in hand.state[RequestsState].in_order():
                yield from request(asked, hand)


def action(known: Action, hand: Hand) -> Iterator[Draft]:
    standing = {each.owed.deadline: each for each in of_action(known.id, hand.state[DeadlinesState])}
    if nobody_decides(known, hand):
        return
    wanted = {} if elsewhere(known, standing) else {owed.deadline: owed for owed in owed_for(known, hand)}
    owed = tuple(
        next_ladder(calm(each, hand), standing.get(id))
        for id, each in wanted.items()
        if lacks(each, standing.get(id))
    )
    over = tuple(id for id, each in standing.items() if id not in wanted and not each.over)
    if owed or over:
        begun = ChaseBegun(kind_owed="action", label=str(known.number), owed=owed, over=over)
        yield Draft(known.stream, begun)


def elsewhere(known: Action, standing: Mapping[str, Deadline]) -> bool:
    """Whether somebody settled that others do it: then nothing of it is owed here, until it is claimed."""
    return known.id in standing and standing[known.id].elsewhere and known.claim is None


def nobody_decides(known: Action, hand: Hand) -> bool:
    """Nobody is left who could check it, or say who does it: nothing of it can be put to anybody."""
    if known.claim:
        return not checkers(known, hand)
    return known.stage in NEEDS_OWNER and not deciders(known, hand)


def lacks(owed: Owed, standing: Deadline | None) -> bool:
    """Whether this is to be owed and is not."""
    return standing is None


def request(known: Request, hand: Hand) -> Iterator[Draft]:
    if known.answers or known.id in hand.state[DeadlinesState].by_id:
        return
    owed = Owed(
        deadline=known.id,
        kind="request",
        version=1,
        owners=known.asked,
        due=known.due,
        climbs=ladder("request", known.due, hand.now, hand.partnership[PartnershipState]),
        first_due=known.due,
        huddle=known.huddle,
    )
    yield Draft(hand.book, ChaseBegun(kind_owed="request", owed=(calm(owed, hand),)))


def calm(owed: Owed, hand: Hand) -> Owed:
    """What is overdue since long ago waits for working hours, unless a child's safety rests on it."""
    if owed.due > hand.now or owed.kind == "critical_action":
        return owed
    climbs = tuple(msgspec.structs.replace(climb, urgent=False) for climb in owed.climbs)
    return msgspec.structs.replace(owed, climbs=climbs)

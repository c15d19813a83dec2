"""What is owed of promises, brought into step with them by the service, where nobody did anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

import msgspec

from server.actions.action import NEEDS_OWNER, Action
from server.actions.answerable import audience_of, checkers, deciders, reads
from server.actions.facts import OwnerLost
from server.actions.owing import next_ladder, of_action, owed_for, owing
from server.actions.state import ActionsState
from server.deadlines.facts import ChaseBegun
from server.deadlines.owing import Owed, ladder
from server.deadlines.state import Deadline, DeadlinesState
from server.families.request_facts import answer_owed
from server.families.request_state import Request, RequestsState
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand

Standing = Mapping[str, Deadline]
"""What is or was owed of one action, by id."""


class PutRight(Command):
    """Give what was promised in one stream the ladder that it lacks, as it stands at this moment; and put
    what is owed by who reads it no more to whoever names the next owner.

    What has its ladder already, or was settled, stays as it is. So this may be asked at any time, by any
    process, however often.
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
    if owner_gone(known, standing, hand):
        yield from lose_owner(known, hand)
    elif not nobody_decides(known, hand):
        yield from align(known, standing, hand)


def owner_gone(known: Action, standing: Standing, hand: Hand) -> bool:
    """Whether its owner reads it no more, and nothing says so yet."""
    owner = known.terms.owner
    promised = known.open and owner and known.terms.due and not known.claim
    if not promised or elsewhere(known, standing) or reads(hand, known.stream, owner):
        return False
    if known.stream == hand.book:
        return not known.lost
    next_owner = standing.get(f"{known.id}:owner")  # here nothing follows from what happens in main but this
    return next_owner is None or next_owner.over


def lose_owner(known: Action, hand: Hand) -> Iterator[Draft]:
    """It is put to whoever names the next owner, if anybody is left who could."""
    if not deciders(known, hand):
        return
    gone = OwnerLost(action=known.id, number=known.number, person=known.terms.owner, huddle=known.huddle)
    lost = owing(gone, known.stream, hand)
    owed = tuple(calm(each, hand) for each in lost.owed)
    yield Draft(known.stream, msgspec.structs.replace(lost, owed=owed))


def align(known: Action, standing: Standing, hand: Hand) -> Iterator[Draft]:
    wanted = {} if elsewhere(known, standing) else {owed.deadline: owed for owed in owed_for(known, hand)}
    owed = tuple(
        next_ladder(calm(each, hand), standing.get(id))
        for id, each in wanted.items()
        if lacks(each, standing.get(id), known, hand)
    )
    stays = {*wanted, *kept(known)}
    over = tuple(id for id, each in standing.items() if not each.over and id not in stays)
    if owed or over:
        begun = ChaseBegun(kind_owed="action", label=str(known.number), owed=owed, over=over)
        yield Draft(known.stream, begun)


def kept(known: Action) -> Iterator[str]:
    """Who asks for a change before they have read it back still has to."""
    if known.stage == "change_asked" and not known.accepted:
        yield f"{known.id}:accept"


def elsewhere(known: Action, standing: Standing) -> bool:
    """Whether somebody settled that others do it: then nothing of it is owed here, until it is claimed."""
    return known.id in standing and standing[known.id].elsewhere and known.claim is None


def nobody_decides(known: Action, hand: Hand) -> bool:
    """Nobody is left who could check it, or say who does it: nothing of it can be put to anybody."""
    if known.claim:
        return not checkers(known, hand)
    return known.stage in NEEDS_OWNER and not deciders(known, hand)


def lacks(owed: Owed, standing: Deadline | None, known: Action, hand: Hand) -> bool:
    """Whether this is to be owed and is not, or not by somebody who can do it."""
    if standing is None or standing.over:
        return standing is None or not standing.elsewhere
    before = standing.owed
    if owed.kind in ("new_owner", "check") or known.stage in NEEDS_OWNER:
        return owed.kind != before.kind or before.owners[0] not in audience_of(known, hand)
    return (owed.kind, owed.owners) != (before.kind, before.owners)


def request(known: Request, hand: Hand) -> Iterator[Draft]:
    if known.answers or known.id in hand.state[DeadlinesState].by_id:
        return
    climbs = ladder("request", known.due, hand.now, hand.partnership[PartnershipState])
    owed = answer_owed(known.id, known.asked, known.due, climbs, known.huddle)
    yield Draft(hand.book, ChaseBegun(kind_owed="request", owed=(calm(owed, hand),)))


def calm(owed: Owed, hand: Hand) -> Owed:
    """What is overdue since long ago waits for working hours, unless a child's safety rests on it."""
    if owed.due > hand.now or owed.kind == "critical_action":
        return owed
    climbs = tuple(msgspec.structs.replace(climb, urgent=False) for climb in owed.climbs)
    return msgspec.structs.replace(owed, climbs=climbs)

"""What a fact about an action changes about what is owed: the action; that it is read back; another owner for
it; that somebody else checks it. Each has its own ladder.

It is worked out once, where the fact is made, from the action as it then stands, and kept in the fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from server.actions.action import NEEDS_OWNER, RUNNING, Action
from server.actions.answerable import checkers, deciders
from server.actions.facts import AboutOwed, ActionAgreed, ActionChanged, ActionReopened
from server.actions.state import ActionsState, apply
from server.deadlines.calendar import working_days_after
from server.deadlines.owing import Owed, ladder
from server.deadlines.state import Deadline, DeadlinesState
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.facts import Entry

SOON = timedelta(hours=4)
"""What is due today is read back within four hours; everything else within a working day (R34)."""
READ_ANEW = (ActionAgreed, ActionChanged, ActionReopened)

F = TypeVar("F", bound=AboutOwed)


def owing(fact: F, stream: str, hand: Hand) -> F:
    """`fact` with what it changes about what is owed."""
    known = as_it_will_stand(fact, stream, hand)
    standing = {each.owed.deadline: each for each in of_action(known.id, hand.state[DeadlinesState])}
    wanted = {owed.deadline: owed for owed in owed_for(known, hand)}
    changed = tuple(
        next_ladder(owed, standing.get(id))
        for id, owed in wanted.items()
        if not stands(owed, standing.get(id), fact)
    )
    over = tuple(id for id, each in standing.items() if id not in wanted and not each.over)
    return msgspec.structs.replace(fact, owed=changed, over=over)


def as_it_will_stand(fact: AboutOwed, stream: str, hand: Hand) -> Action:
    """The action after this fact."""
    entry = Entry(
        book=hand.book,
        stream=stream,
        seq=0,
        position=0,
        kind=fact.kind(),
        author=hand.who.person,
        agency=hand.who.agency,
        at=hand.now,
        fact=fact,
    )
    return apply(hand.state[ActionsState], entry).by_id[fact.action]


def of_action(action: str, deadlines: DeadlinesState) -> Iterator[Deadline]:
    """What is or was owed of it."""
    for id in (action, *(f"{action}:{part}" for part in ("accept", "owner", "check"))):
        if id in deadlines.by_id:
            yield deadlines.by_id[id]


def stands(owed: Owed, known: Deadline | None, fact: AboutOwed) -> bool:
    """Whether this is owed already, on the same terms; or somebody settled that it is done elsewhere, and
    nothing has put it to anybody anew."""
    anew = isinstance(fact, READ_ANEW)
    if known is None or (known.over and (anew or not known.elsewhere)):
        return False
    before = known.owed
    if owed.kind == "acceptance" and anew:
        return False
    same_due = owed.about != "" or owed.due == before.due
    return (owed.kind, owed.owners) == (before.kind, before.owners) and same_due


def next_ladder(owed: Owed, known: Deadline | None) -> Owed:
    return msgspec.structs.replace(owed, version=known.owed.version + 1) if known else owed


def owed_for(known: Action, hand: Hand) -> Iterator[Owed]:
    """Everything that is owed of an action as it stands."""
    due = known.terms.due
    needs_owner = known.stage in NEEDS_OWNER and bool(known.terms.owner)
    if not known.open or due is None or not (needs_owner or known.stage in RUNNING or known.claim):
        return
    if known.claim:
        yield one(known, "check", "check", chosen(checkers(known, hand), known, hand), next_day(hand), hand)
        return
    owner = known.terms.owner
    if needs_owner:
        owner = chosen(deciders(known, hand), known, hand)
        yield one(known, "new_owner", "owner", owner, next_day(hand), hand)
    elif known.stage == "waiting":
        yield one(known, "acceptance", "accept", owner, to_read_back(due, hand), hand)
    yield one(known, "critical_action" if known.terms.critical else "action", "", owner, due, hand)


def one(known: Action, kind: str, part: str, owner: str, due: datetime, hand: Hand) -> Owed:
    partnership = hand.partnership[PartnershipState]
    return Owed(
        deadline=f"{known.id}:{part}" if part else known.id,
        kind=kind,
        version=1,
        owners=(owner,),
        due=due,
        climbs=ladder(kind, due, hand.now, partnership, 0 if part else known.extensions),
        first_due=due if part else known.first_due or due,
        huddle=known.huddle,
        about=known.id if part else "",
        label=str(known.number),
    )


def chosen(people: frozenset[str], known: Action, hand: Hand) -> str:
    """One of them: the chair, else the plan owner, else whoever comes first."""
    chairs = hand.main.holders("chair", known.huddle) if known.huddle else frozenset()
    owners = hand.main.holders("plan_owner")
    return min(people, key=lambda person: (person not in chairs, person not in owners, person))


def next_day(hand: Hand) -> datetime:
    """The same time on the next working day."""
    partnership = hand.partnership[PartnershipState]
    local = hand.now.astimezone(partnership.zone)
    day = working_days_after(local.date(), 1, partnership.nation)
    return datetime.combine(day, local.time(), partnership.zone).astimezone(hand.now.tzinfo)


def to_read_back(due: datetime, hand: Hand) -> datetime:
    """By when the owner reads it back; never after it is due."""
    zone = hand.partnership[PartnershipState].zone
    today = due.astimezone(zone).date() == hand.now.astimezone(zone).date()
    return min(hand.now + SOON if today else next_day(hand), max(due, hand.now))

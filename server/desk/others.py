"""What waits for somebody and is not theirs to do: what they check, and what needs an owner from them.

Pure: hands, people and the clock come in as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from server.actions.action import Action
from server.actions.answerable import checkers, deciders
from server.actions.state import ActionsState
from server.actions.views import action_view
from server.deadlines.state import DeadlinesState
from server.desk.owed import Owed, Task, mark_of, order
from server.families.late import late_words
from server.people.state import PartnershipState
from server.record.commands import Hand


def waiting_for(person: str, hands: Iterable[Hand], now: datetime) -> tuple[Owed, ...]:
    """Every action that `person` may check, or for which they decide who does it next; the soonest first."""
    found = (
        waits(person, task, known, hand, now)
        for hand in hands
        for known in hand.state[ActionsState].owed()
        for task in tasks(person, known, hand)
    )
    return tuple(sorted(found, key=order))


def tasks(person: str, known: Action, hand: Hand) -> Iterator[Task]:
    if known.claim and person in checkers(known, hand):
        yield "check"
    elif known.stage in ("declined", "owner_lost") and person in deciders(known, hand):
        yield "owner"


def waits(person: str, task: Task, known: Action, hand: Hand, now: datetime) -> Owed:
    """By when that is to be; where nobody is held to it, by when the action is due."""
    partnership = hand.partnership[PartnershipState]
    deadlines = hand.state[DeadlinesState]
    step = deadlines.by_id.get(f"{known.id}:{task}")
    by = step.owed.due if step and not step.over else known.terms.due or known.at
    due = by.astimezone(partnership.zone)
    return Owed(
        kind="action",
        id=known.id,
        at=due,
        day=due.date(),
        late=late_words(due, now.astimezone(due.tzinfo), partnership.nation),
        family=mark_of(hand),
        action=action_view(known, partnership, hand.book, deadlines),
        task=task,
        held=step is not None and person in step.owed.owners,
    )

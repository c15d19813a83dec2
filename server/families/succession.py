"""What follows for families when somebody no longer works with them: a colleague takes over, at once (R1).

The partnership says who (`WorkPassed`), without a word about any family. In each family in whose team they
were, the service then names the next plan owner, where they were that, and ends their place in the team.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from typing import ClassVar

import structlog

from server.families.facts import PlanOwnerNamed, TeamMemberAdded, TeamMemberRemoved
from server.families.queries import teams_of
from server.families.state import FamilyState
from server.people.facts import PRACTISING
from server.people.partnership import partnership
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import THE_SYSTEM, Command, Draft, Hand
from server.record.ledger import Ledger
from server.record.store import Store, is_outage

log = structlog.get_logger()

LOOK_EVERY = 0.5
LOOK_ANYWAY = 60.0
"""Seconds after which everything is looked at again: what an interrupted process left is put right."""


class PassWork(Command):
    """Take somebody who no longer works with families out of this team; who takes over owns the plan."""

    may: ClassVar[str] = "pass_work"
    person: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        family, people = hand.state[FamilyState], hand.partnership[PartnershipState]
        if self.person not in family.team or self.person not in people.passed:
            return
        reason = "No longer works here" if people.here(self.person) is None else "Works in another role"
        if family.plan_owner == self.person:
            owner = next(next_owners(hand, self.person), None)
            if owner is None:
                log.error("succession.nobody", book=hand.book)
                return
            yield from own_the_plan(hand, owner.person, self.person)
        yield Draft(hand.book, TeamMemberRemoved(person=self.person, reason=reason))


def own_the_plan(hand: Hand, person: str, instead_of: str) -> Iterator[Draft]:
    """`person` owns the plan from here on, and is let into the team first if they are not in it."""
    member = hand.state[FamilyState].team.get(person)
    if member is None or member.guest_of:
        yield Draft(hand.book, TeamMemberAdded(person=person, reason="Takes over the plan"))
    yield Draft(hand.book, PlanOwnerNamed(person=person, instead_of=instead_of))


def next_owners(hand: Hand, person: str) -> Iterator[Practitioner]:
    """Who may own the plan after `person`: who took over their work, the line above both, then the team's
    supervisors, the highest first, and then anybody else of it."""
    family, people = hand.state[FamilyState], hand.partnership[PartnershipState]
    passed = people.passed.get(person)
    to = people.here(passed.to) if passed else None
    line = [*([to] if to else ()), *people.line_above(passed.to if passed else person)]
    team = [known for m in family.team.values() if not m.guest_of and (known := people.here(m.person))]
    team.sort(key=lambda known: (-known.tier, known.registered))
    for known in (*line, *people.line_above(person), *team):
        if known.person != person and known.roles & PRACTISING and known.person not in hand.main.barred:
            yield known


class Succession:
    """Watches the partnership, and passes on what was somebody's who left."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger

    async def watch(self) -> None:
        """Look whenever the partnership has moved, and once a minute, for ever."""
        version, looked_at = -1, 0.0
        while True:
            people = await self._ledger.books.open(PARTNERSHIP)
            if people.version != version or time.monotonic() - looked_at > LOOK_ANYWAY:
                seen, looked_at = people.version, time.monotonic()
                try:
                    await self.look()
                    version = seen
                except Exception as error:
                    if not is_outage(error):
                        raise
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> int:
        """Pass on all that is somebody's who no longer works with families. In how many families that was."""
        passed = (await partnership(self._ledger.books)).passed
        places = await teams_of(self._store, list(passed))
        for person, book in places:
            key = f"pass {person} {passed[person].seq}"
            await self._ledger.record(book, PassWork(person=person), THE_SYSTEM, key=key)
        return len(places)

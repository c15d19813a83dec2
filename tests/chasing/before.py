"""Records as they were written before anything was chased: facts that carry no ladder."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import select

from server.actions.facts import ActionAccepted, ActionAgreed, Terms
from server.chasing.to_put_right import to_put_right
from server.deadlines.facts import ChaseBegun
from server.families.facts import CompartmentOpened
from server.families.request_facts import InformationRequested
from server.record.commands import Command, Draft, Hand
from server.record.facts import Entry, Fact
from server.record.reading import every_entry
from server.record.store import Store
from tests.actions.promises import DENISE
from tests.chasing.chaser import local
from tests.lab.town import Town


class Recorded(Command):
    """What was recorded, as it was."""

    may: ClassVar[str] = "agree_action"
    stream: str
    facts: tuple[Any, ...]

    def follows(self, hand: Hand) -> Iterator[Draft]:
        return (Draft(self.stream, fact) for fact in self.facts)


async def recorded(town: Town, *facts: Fact, stream: str = "", who: str = DENISE) -> None:
    await town.do(who, Recorded(stream=stream or town.book, facts=facts))


async def agreed_before(
    town: Town, owner: str, due: str, *, stream: str = "", read_back: bool = True, critical: bool = False
) -> str:
    """An action of that time; its id."""
    id = secrets.token_hex(16)
    terms = Terms(words="See to the stair gate", owner=owner, due=local(due), critical=critical)
    agreed = ActionAgreed(action=id, number=70, terms=terms, huddle=town.huddle, chair=DENISE)
    accepted = ActionAccepted(action=id, number=70, person=owner, huddle=town.huddle)
    await recorded(town, agreed, *((accepted,) if read_back else ()), stream=stream)
    return id


async def asked_before(town: Town, *asked: str, due: str) -> str:
    """A question of that time; its id."""
    id = secrets.token_hex(16)
    question = InformationRequested(
        request=id, question="When was Remi weighed?", agency="SAP", asked=asked, due=local(due)
    )
    await recorded(town, question)
    return id


async def compartment(town: Town, *people: str) -> str:
    """Something was shared with these people."""
    stream = secrets.token_hex(16)
    opened = CompartmentOpened(people=people, named=tuple(f"person:{each}" for each in people))
    await recorded(town, opened, stream=stream)
    return stream


async def begun(store: Store) -> list[Entry]:
    """What was taken into chasing."""
    kinds = (ChaseBegun.kind(),)
    return await store.read(lambda c: list(every_entry(c, kinds=kinds)))


async def waits(store: Store) -> list[str]:
    """The families that are still to be looked through."""
    query = select(to_put_right.c.book).order_by(to_put_right.c.at)
    return [row.book for row in await store.read(lambda c: c.execute(query).all())]

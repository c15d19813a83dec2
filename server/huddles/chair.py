"""The chair's place: a named deputy may take it, with a reason; nobody is promoted silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from server.huddles.commands import find
from server.huddles.facts import ChairAssumed
from server.huddles.positions import name
from server.huddles.state import Huddle
from server.record.commands import Command, Draft, Hand
from server.record.refusals import Incomplete, NotFound, Refused


class ChairMoved(Refused):
    """Somebody else holds the chair now. Decide whether you still want to take it, then try again."""

    code = "chair_moved"


WHAT_NOW = "Decide whether you still want to take it, then try again."


class AssumeChair(Command):
    """The named deputy takes the chair, at any time, with a reason. `instead_of` is whom they saw in it."""

    may: ClassVar[str] = "assume_chair"
    huddle: str
    instead_of: str
    reason: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        yield from pass_chair(hand, find(hand, self.huddle), self.instead_of, self.reason)


class TakeBackChair(Command):
    """The appointed chair, back again, takes the chair from the deputy."""

    may: ClassVar[str] = "take_back_chair"
    huddle: str
    instead_of: str
    reason: str = "The appointed chair is back"

    def follows(self, hand: Hand) -> Iterator[Draft]:
        huddle = find(hand, self.huddle)
        if hand.who.person != huddle.appointed_chair:
            raise NotFound
        yield from pass_chair(hand, huddle, self.instead_of, self.reason)


def pass_chair(hand: Hand, huddle: Huddle, instead_of: str, reason: str) -> Iterator[Draft]:
    if not reason.strip():
        raise Incomplete(reason="Enter why you are taking the chair")
    if huddle.chair == hand.who.person:
        return
    if huddle.chair != instead_of:
        raise ChairMoved(f"{name(hand, huddle.chair)} holds the chair now. {WHAT_NOW}")
    yield Draft(
        hand.book,
        ChairAssumed(
            huddle=huddle.id, person=hand.who.person, instead_of=huddle.chair, reason=reason.strip()
        ),
    )

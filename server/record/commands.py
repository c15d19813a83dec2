"""What every command has in common: who asks, what they may see of the state, and what would follow.

A command is a typed request named by a verb. `follows` is pure: it looks at its hand (state, people, the
clock as a value) and answers with drafts of facts, or refuses in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import ClassVar, dataclass_transform

import msgspec

from server.record.facts import SYSTEM, Entry, Fact, Ref
from server.record.state import State
from server.record.streams import ASKED, Audience, OpenStream


class Actor(msgspec.Struct, frozen=True):
    """Who acts, and for which agency."""

    person: str
    agency: str = ""


THE_SYSTEM = Actor(SYSTEM)


class Draft(msgspec.Struct, frozen=True):
    """A fact that should be appended to a stream of the command's book."""

    stream: str
    fact: Fact
    cause: Ref | None = None


class Hand(msgspec.Struct, frozen=True):
    """All that a decision may look at: exactly what its author may read, and the moment."""

    who: Actor
    now: datetime
    book: str
    audience: Audience
    streams: dict[str, OpenStream]
    state: State
    partnership: State
    standing: OpenStream
    """The partnership's stream: who holds which role in the partnership."""
    new_id: Callable[[], str]
    begun: bool = True
    """Whether anything stands in this book already, read or not."""

    @property
    def main(self) -> OpenStream:
        return self.streams.get(self.book) or OpenStream(self.book)

    def compartment_of(self, people: frozenset[str]) -> OpenStream | None:
        """The compartment whose readers are exactly `people`, if the author reads it."""
        for id in self.audience:
            asked = (ASKED, "") in self.streams[id].roles
            if id != self.book and not asked and self.streams[id].readers_at(self.now) == people:
                return self.streams[id]
        return None


@dataclass_transform(frozen_default=True)
class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a person asks to be done, once."""

    may: ClassVar[str]
    """The row of the permission table that guards it."""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        """The facts that follow, or a refusal in words."""
        return ()

    def beside_main(self) -> str:
        """The one stream over which the service itself decides this, besides main. Of others nothing follows:
        people decide over what they read."""
        return ""

    @classmethod
    def verb(cls) -> str:
        """The name by which programs ask for it."""
        return "".join("-" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("-")

    def digest(self) -> str:
        """What this request is: its kind, its audience and its content. The same key may carry no other."""
        return hashlib.sha256(msgspec.json.encode([self.verb(), self])).hexdigest()


Reaction = Callable[[Hand, Entry], Iterable[Draft]]
"""What follows from a fact that has just been decided, whoever caused it."""

May = Callable[[Hand, Command], None]
"""Raises a refusal where the author may not do this."""

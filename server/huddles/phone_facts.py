"""What can happen when somebody takes part by phone, in the main stream of the family."""

from __future__ import annotations

from server.record.facts import Fact


class PhoneCodeGiven(Fact):
    """Somebody was given a code of six digits, once, to be let in by phone.

    The code keeps out a stranger who rings in, not a colleague who reads this record: for the voice, a
    colleague who knows it vouches.
    """

    huddle: str
    person: str
    code: str

    def concerns(self) -> tuple[tuple[str, str], ...]:
        return (("chair", self.huddle), ("scribe", self.huddle))


class PhoneVouched(Fact):
    """A colleague in the huddle said that they know the voice on the phone."""

    huddle: str
    person: str
    by: str

    def names(self) -> tuple[str, ...]:
        return (self.person,)

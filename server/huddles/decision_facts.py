"""What can happen to a decision of a huddle, in the main stream of its family."""

from __future__ import annotations

from typing import Literal

import msgspec

from server.record.facts import Fact

Rung = Literal["E1", "E2", "E3", "E4", "E5"]
"""How far a concern is taken: consult, huddle, referral, strategy discussion today, emergency now."""

Chosen = Literal["E1", "E2", "E3", "E4", "E5", "none_yet"]

Position = Literal["agree", "dissent", "abstain"]

OwnDuty = Literal["relies_on_plan", "referring_separately", "disagrees"]


class Option(msgspec.Struct, frozen=True):
    """Something that could have been decided, and what spoke for it and against it."""

    rung: Rung
    words: str
    pro: str = ""
    contra: str = ""


class AboutChild(msgspec.Struct, frozen=True):
    """What the decision says about one child, and that child's own voice or why it is not here."""

    child: str
    statement: str
    voice: str = ""
    no_voice: str = ""


class Answer(msgspec.Struct, frozen=True):
    """Why something that an absent reader would miss (`missing`, in words) is not there."""

    item: str
    words: str
    missing: str = ""


class DecisionRecorded(Fact):
    """The chair recorded what the huddle decided, why, on what it rests, and what else was considered."""

    huddle: str
    decision: str
    number: int
    words: str
    chosen: Chosen
    rationale: str
    options: tuple[Option, ...]
    rests_on: tuple[int, ...]
    """The numbers in this stream of the fragments that it rests on."""
    children: tuple[AboutChild, ...]
    asked: tuple[str, ...]
    """Who was in the huddle at that moment: each is asked for a position and for their own duty."""
    answers: tuple[Answer, ...] = ()
    replaces: str = ""
    why_replaced: str = ""
    quorate: bool | None = None
    """Whether the huddle was quorate at that moment. None: recorded before that was counted."""
    missing: str = ""
    """What it lacked to be quorate, in words."""
    present: tuple[str, ...] = ()
    """Everybody who was in the huddle at that moment, also those who were not asked."""

    def names(self) -> tuple[str, ...]:
        return self.asked


class PositionTaken(Fact):
    """Somebody said where they and their agency stand on a decision, in their own words."""

    huddle: str
    decision: str
    number: int
    person: str
    position: Position
    words: str = ""
    on_behalf_of: str = ""
    """The person, where the scribe recorded it for them; else empty."""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class DutyStated(Fact):
    """Somebody answered for their own duty: rely on the plan, refer separately, or disagree."""

    huddle: str
    decision: str
    number: int
    person: str
    choice: OwnDuty
    words: str = ""
    on_behalf_of: str = ""
    """The person, where the scribe recorded it for them; else empty."""

    def names(self) -> tuple[str, ...]:
        return (self.person,)


class DecisionFinalised(Fact):
    """The chair closed the round of positions and duties; who had not answered is named, with the reason."""

    huddle: str
    decision: str
    number: int
    unanswered: tuple[str, ...]
    reason: str = ""
    asked: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        return self.asked

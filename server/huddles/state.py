"""The huddles of a family as its main stream tells them."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.huddles.closing_facts import HuddleClosed, MinutesCorrected
from server.huddles.decision_facts import Answer
from server.huddles.facts import (
    ChairAssumed,
    HuddleConvened,
    Mode,
    ParticipantJoined,
    ParticipantLeft,
    PersonInvited,
    Phase,
    PhaseChanged,
)
from server.record.facts import Entry


class Participant(msgspec.Struct, frozen=True):
    """Somebody who has joined the huddle; `left` is when they left it, until they join again."""

    person: str
    mode: Mode
    joined: datetime
    left: datetime | None = None


class Huddle(msgspec.Struct, frozen=True):
    """One sitting. `began` is the number in main of the fact that called it: its page starts there."""

    id: str
    purpose: str
    starts: datetime
    minutes: int
    called_by: str
    began: int
    chair: str
    deputy: str
    scribe: str
    appointed_chair: str
    invited: tuple[str, ...]
    phase: Phase = "check_in"
    participants: immutables.Map[str, Participant] = immutables.Map()
    closed: datetime | None = None
    closing: int = 0
    """The position of the fact that closed it: what its minutes rest on. Never sent."""
    left_open: tuple[Answer, ...] = ()
    corrections: tuple[tuple[str, datetime, str], ...] = ()
    """(who, when, words) that were added to the minutes."""

    def present(self) -> frozenset[str]:
        return frozenset(p.person for p in self.participants.values() if p.left is None)


Huddles = immutables.Map[str, Huddle]


class HuddlesState(msgspec.Struct, frozen=True):
    """Every huddle of one family, by id, in the order in which they were called."""

    by_id: Huddles = immutables.Map()
    order: tuple[str, ...] = ()

    def called_by_fact(self, seq: int) -> Huddle:
        """The huddle that the fact with this number in main called."""
        return next(huddle for huddle in self.by_id.values() if huddle.began == seq)


def apply(state: HuddlesState, entry: Entry) -> HuddlesState:
    """The huddles after one more entry."""
    fact = entry.fact
    match fact:
        case HuddleConvened():
            order = (*state.order, fact.huddle)
            return HuddlesState(state.by_id.set(fact.huddle, called(fact, entry)), order)
        case (
            PersonInvited()
            | ParticipantJoined()
            | ParticipantLeft()
            | PhaseChanged()
            | ChairAssumed()
            | HuddleClosed()
            | MinutesCorrected()
        ):
            huddle = state.by_id.get(fact.huddle)
            if huddle is None:
                return state
            return HuddlesState(state.by_id.set(huddle.id, after(huddle, entry)), state.order)
    return state


def called(fact: HuddleConvened, entry: Entry) -> Huddle:
    return Huddle(
        id=fact.huddle,
        purpose=fact.purpose,
        starts=fact.starts,
        minutes=fact.minutes,
        called_by=entry.author,
        began=entry.seq,
        chair=fact.chair,
        deputy=fact.deputy,
        scribe=fact.scribe,
        appointed_chair=fact.chair,
        invited=fact.invited,
    )


def after(huddle: Huddle, entry: Entry) -> Huddle:
    change = msgspec.structs.replace
    match entry.fact:
        case PersonInvited(person=person):
            return change(huddle, invited=(*huddle.invited, person))
        case ParticipantJoined(person=person, mode=mode):
            joined = Participant(person, mode, entry.at)
            return change(huddle, participants=huddle.participants.set(person, joined))
        case ParticipantLeft(person=person):
            here = huddle.participants[person]
            left = msgspec.structs.replace(here, left=entry.at)
            return change(huddle, participants=huddle.participants.set(person, left))
        case PhaseChanged(phase=phase):
            return change(huddle, phase=phase)
        case ChairAssumed(person=person):
            return change(huddle, chair=person)
        case HuddleClosed(answers=answers):
            gone = {
                who: change(seat, left=seat.left or entry.at) for who, seat in huddle.participants.items()
            }
            return change(
                huddle,
                participants=immutables.Map(gone),
                closed=entry.at,
                closing=entry.position,
                left_open=answers,
            )
        case MinutesCorrected(words=words):
            return change(huddle, corrections=(*huddle.corrections, (entry.author, entry.at, words)))
    return huddle

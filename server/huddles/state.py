"""The huddles of a family as its main stream tells them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import immutables
import msgspec

from server.huddles.closing_facts import HuddleClosed, MinutesCorrected
from server.huddles.course_facts import HuddleAbandoned, HuddleAdjourned, HuddleResumed
from server.huddles.decision_facts import Answer
from server.huddles.facts import (
    ApologiesSent,
    ChairAssumed,
    HuddleConvened,
    HuddleMoved,
    InvitationAccepted,
    ParticipantJoined,
    ParticipantLeft,
    PersonInvited,
    PersonUninvited,
    Phase,
    PhaseChanged,
)
from server.huddles.invitation_state import Answers
from server.huddles.participants import Participant, Participants, emptied
from server.huddles.phone_facts import PhoneCodeGiven, PhoneVouched
from server.huddles.telling import NOBODY_YET, Telling, Told, counted
from server.record.facts import Entry

change = msgspec.structs.replace


Course = Literal["on", "adjourned", "abandoned", "closed"]
"""Where a huddle stands as a whole. Whether it sits is asked of `sitting.is_on`."""


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
    required: tuple[str, ...] = ()
    phase: Phase = "check_in"
    participants: Participants = immutables.Map()
    answers: Answers = Answers()
    closed: datetime | None = None
    closing: int = 0
    """The position of the fact that closed it: what its minutes rest on. Never sent."""
    left_open: tuple[Answer, ...] = ()
    corrections: tuple[tuple[str, datetime, str], ...] = ()
    """(who, when, words) that were added to the minutes."""
    course: Course = "on"
    why: str = ""
    """Why it is adjourned or abandoned."""
    turned_by: str = ""
    resumes: datetime | None = None
    """When an adjourned huddle goes on."""
    went_on: datetime | None = None
    lacked: str = ""
    """What it lacked to be quorate when it was adjourned, in words."""
    inquorate_before: bool = False
    """Whether it was without a quorum when it was last adjourned."""
    codes: immutables.Map[str, str] = immutables.Map()
    """The code by which somebody may be let in by phone, until it is used."""
    told: Told = NOBODY_YET

    @property
    def ends(self) -> datetime:
        """When it is planned to end."""
        return self.sits_from + timedelta(minutes=self.minutes)

    @property
    def sits_from(self) -> datetime:
        """When this part of it began, or is planned to."""
        return self.resumes or self.went_on or self.starts

    @property
    def begun(self) -> bool:
        """Whether anybody has come in, or its course was changed."""
        return bool(self.participants) or self.went_on is not None or self.course != "on"

    def present(self) -> frozenset[str]:
        return frozenset(p.person for p in self.participants.values() if p.left is None)

    def voices(self) -> frozenset[str]:
        """Who is in it and speaks for their agency. Who only left a report does not; nor does who writes."""
        here = (p for p in self.participants.values() if p.left is None and p.mode != "report_only")
        return frozenset(p.person for p in here if p.person != self.scribe and p.known)

    def callers(self) -> tuple[Participant, ...]:
        """Who is in it by phone, in the order of their ids."""
        here = (p for p in self.participants.values() if p.left is None and p.mode == "phone")
        return tuple(sorted(here, key=lambda p: p.person))

    def asked(self) -> tuple[str, ...]:
        """Who is asked for a position: everybody in it, but for a voice that nobody knows."""
        here = (p for p in self.participants.values() if p.left is None and p.known)
        return tuple(sorted(p.person for p in here))


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
            | PersonUninvited()
            | HuddleMoved()
            | InvitationAccepted()
            | ApologiesSent()
            | ParticipantJoined()
            | ParticipantLeft()
            | PhaseChanged()
            | ChairAssumed()
            | HuddleClosed()
            | MinutesCorrected()
            | PhoneCodeGiven()
            | PhoneVouched()
            | HuddleAdjourned()
            | HuddleResumed()
            | HuddleAbandoned()
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
        required=fact.required,
        told=counted(NOBODY_YET, fact.tells),
    )


def after(huddle: Huddle, entry: Entry) -> Huddle:
    if isinstance(entry.fact, Telling):
        huddle = change(huddle, told=counted(huddle.told, entry.fact.tells))
    match entry.fact:
        case PersonInvited(person=person):
            return change(huddle, invited=(*huddle.invited, person))
        case PersonUninvited(person=person):
            return without(huddle, person)
        case HuddleMoved(starts=starts, minutes=minutes):
            author = huddle.answers.coming & {entry.author}
            return change(huddle, starts=starts, minutes=minutes, answers=Answers(author))
        case InvitationAccepted(person=person):
            return change(huddle, answers=huddle.answers.accepts(person))
        case ApologiesSent(person=person, reason=reason):
            return change(huddle, answers=huddle.answers.apologises(person, reason))
        case ParticipantJoined(person=person, mode=mode, let_in_by=by):
            joined = Participant(person, mode, entry.at, let_in_by=by)
            codes = huddle.codes.delete(person) if person in huddle.codes else huddle.codes
            came = huddle.answers.accepts(person)
            seats = huddle.participants.set(person, joined)
            return change(huddle, participants=seats, codes=codes, answers=came)
        case PhoneCodeGiven(person=person, code=code):
            return change(huddle, codes=huddle.codes.set(person, code))
        case PhoneVouched(person=person, by=by):
            caller = huddle.participants.get(person)
            vouched = huddle.participants.set(person, change(caller, vouched_by=by)) if caller else None
            return change(huddle, participants=vouched) if vouched else huddle
        case ParticipantLeft(person=person):
            here = huddle.participants[person]
            left = change(here, left=entry.at)
            return change(huddle, participants=huddle.participants.set(person, left))
        case PhaseChanged(phase=phase):
            return change(huddle, phase=phase)
        case ChairAssumed(person=person):
            return change(huddle, chair=person)
        case HuddleClosed(answers=answers):
            return change(
                huddle,
                participants=emptied(huddle.participants, entry.at),
                course="closed",
                closed=entry.at,
                closing=entry.position,
                left_open=answers,
            )
        case MinutesCorrected(words=words):
            return change(huddle, corrections=(*huddle.corrections, (entry.author, entry.at, words)))
        case HuddleAdjourned() | HuddleResumed() | HuddleAbandoned():
            return turned(huddle, entry, entry.fact)
    return huddle


def without(huddle: Huddle, person: str) -> Huddle:
    """After somebody is no longer asked to it. Whoever held the chair is followed by the deputy, by act."""
    invited = tuple(each for each in huddle.invited if each != person)
    held = {role: "" for role in ("deputy", "scribe") if getattr(huddle, role) == person}
    return change(huddle, invited=invited, answers=huddle.answers.forgets(person), **held)


def turned(huddle: Huddle, entry: Entry, fact: HuddleAdjourned | HuddleResumed | HuddleAbandoned) -> Huddle:
    """After its course changed. Who was in it when it stopped is in it no longer."""
    if isinstance(fact, HuddleResumed):
        return change(huddle, course="on", resumes=None, went_on=entry.at, minutes=fact.minutes, why="")
    gone = emptied(huddle.participants, entry.at)
    stopped = change(huddle, participants=gone, why=fact.reason, turned_by=entry.author, resumes=None)
    if isinstance(fact, HuddleAbandoned):
        return change(stopped, course="abandoned")
    return change(
        stopped,
        course="adjourned",
        resumes=fact.resumes,
        lacked=fact.missing,
        inquorate_before=not fact.quorate,
    )

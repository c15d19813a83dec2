"""What the room shows of a huddle. None of it says who looks or when."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.actions.action import NEEDS_OWNER, Action
from server.actions.state import ActionsState
from server.actions.views import ActionView, views
from server.deadlines.state import DeadlinesState
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.huddles.decision_state import DecisionsState
from server.huddles.decision_views import OwnView, own_view
from server.huddles.facts import Mode, Phase
from server.huddles.judgement_state import JudgementsState
from server.huddles.labels import COURSES, PHASES
from server.huddles.sitting import is_on
from server.huddles.spoken import SpokenState
from server.huddles.state import Course, Huddle, HuddlesState
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.record.state import State


class PhaseView(msgspec.Struct, frozen=True):
    """A step of the phase bar: done, now or later."""

    code: Phase
    label: str
    state: str


class AttendanceView(msgspec.Struct, frozen=True):
    """Somebody invited to the huddle. `mode` is empty until they have joined."""

    person: PersonView
    mode: Mode | str
    joined: bool
    left: datetime | None
    chair: bool
    deputy: bool
    scribe: bool
    vouched_by: str = ""
    """Who knows this voice on the phone, by name."""
    unvouched: bool = False
    """A voice on the phone that nobody has vouched for: it takes no position."""
    coming: bool = False
    """Said that they will come, and are not here yet."""
    apologies: str = ""
    """Why they do not come, if they said so."""


class HuddleView(msgspec.Struct, frozen=True):
    """The huddle's head, its phases and the people around the table (chair first, then by agency)."""

    id: str
    purpose: str
    starts: datetime
    minutes: int
    ends: datetime
    """When it is planned to end. Nothing ends by itself."""
    phase: Phase
    phase_label: str
    phases: tuple[PhaseView, ...]
    people: tuple[AttendanceView, ...]
    on: bool
    course: Course
    course_label: str
    why: str = ""
    """Why it is adjourned or abandoned, and by whom."""
    turned_by: str = ""
    resumes: datetime | None = None
    lacked: str = ""
    """What it lacked to be quorate when it was adjourned, in words."""


def huddle_view(huddle: Huddle, partnership: PartnershipState) -> HuddleView:
    return HuddleView(
        huddle.id,
        huddle.purpose,
        huddle.starts,
        huddle.minutes,
        huddle.ends,
        huddle.phase,
        dict(PHASES)[huddle.phase],
        phases(huddle),
        people(huddle, partnership),
        is_on(huddle),
        huddle.course,
        COURSES[huddle.course],
        huddle.why,
        person_view(partnership, huddle.turned_by).name if huddle.turned_by else "",
        huddle.resumes,
        huddle.lacked,
    )


def phases(huddle: Huddle) -> tuple[PhaseView, ...]:
    codes = [code for code, _ in PHASES]
    here = codes.index(huddle.phase)
    states = {**dict.fromkeys(codes[:here], "done"), huddle.phase: "now"}
    return tuple(PhaseView(code, label, states.get(code, "later")) for code, label in PHASES)


def people(huddle: Huddle, partnership: PartnershipState) -> tuple[AttendanceView, ...]:
    everybody = dict.fromkeys((huddle.chair, *huddle.invited, *huddle.participants))
    seats = [seat(huddle, person_view(partnership, person), partnership) for person in everybody]
    return tuple(sorted(seats, key=lambda s: (not s.chair, s.person.agency_short, s.person.name)))


def seat(huddle: Huddle, person: PersonView, partnership: PartnershipState) -> AttendanceView:
    joined = huddle.participants.get(person.person)
    return AttendanceView(
        person=person,
        mode=joined.mode if joined else "",
        joined=joined is not None and joined.left is None,
        left=joined.left if joined else None,
        chair=person.person == huddle.chair,
        deputy=person.person == huddle.deputy,
        scribe=person.person == huddle.scribe,
        vouched_by=person_view(partnership, joined.vouched_by).name if joined and joined.vouched_by else "",
        unvouched=joined is not None and not joined.known,
        coming=person.person in huddle.answers.coming,
        apologies=huddle.answers.apologies.get(person.person, ""),
    )


class YoursView(msgspec.Struct, frozen=True):
    """What one person can do in the huddle. The only part of the room that depends on who looks."""

    person: PersonView
    role_words: str
    joined: bool
    chair: bool
    next_phase: PhaseView | None
    may_assume: bool
    may_take_back: bool
    may_invite: bool
    turn: int = 0
    """The turn in which this person may judge for themselves now, or 0."""
    judged: bool = False
    may_reveal: bool = False
    may_let_in: bool = False
    writes: bool = False
    to_confirm: int = 0
    """How much was recorded on this person's behalf that they have neither confirmed nor disputed."""
    to_answer: tuple[OwnView, ...] = ()
    """Decisions for which this person was asked and that are not final yet."""
    to_accept: tuple[ActionView, ...] = ()
    """Actions of this family that this person owns and has not read back."""
    owed: tuple[ActionView, ...] = ()
    """Actions of this family that this person accepted and has not settled."""
    to_settle: tuple[ActionView, ...] = ()
    """For the chair: this huddle's actions that need an owner, an answer to one, or a check."""


ROLE_WORDS = (
    ("chair", "You chair this huddle"),
    ("deputy", "You are the named deputy"),
    ("scribe", "You write"),
)


def yours_view(state: State, huddle: Huddle, partnership: PartnershipState, person: str) -> YoursView:
    """`state` is what this person reads."""
    held = {role for role in ("chair", "deputy", "scribe") if getattr(huddle, role) == person}
    chair = "chair" in held
    later = [phase for phase in phases(huddle) if phase.state == "later"]
    judgements, decisions = state[JudgementsState].of(huddle.id), state[DecisionsState].of(huddle.id)
    actions, deadlines, main = state[ActionsState], state[DeadlinesState], state[FamilyState].book
    owned = actions.owed_by(person)
    waiting = (a for a in actions.of(huddle.id) if chair and needs(a, person))
    return YoursView(
        person=person_view(partnership, person),
        role_words=next((words for role, words in ROLE_WORDS if role in held), ""),
        joined=person in huddle.present(),
        chair=chair,
        next_phase=later[0] if later and chair and is_on(huddle) else None,
        may_assume="deputy" in held and not chair,
        may_take_back=person == huddle.appointed_chair and not chair,
        may_invite=chair,
        turn=0 if judgements.over or not is_on(huddle) else judgements.turn,
        judged=person in judgements.who(judgements.turn),
        may_reveal=chair and is_on(huddle) and bool(judgements.who(judgements.turn)),
        may_let_in=is_on(huddle) and bool(held & {"chair", "scribe"}),
        writes="scribe" in held and not chair,
        to_confirm=len(state[SpokenState].unconfirmed(huddle.id, person)),
        to_answer=tuple(
            own for d in decisions if person in d.said.asked and (own := own_view(d, person)).open
        ),
        to_accept=views((a for a in owned if a.stage == "waiting"), partnership, main, deadlines),
        owed=views(
            (a for a in owned if a.stage in ("accepted", "in_progress")), partnership, main, deadlines
        ),
        to_settle=views(waiting, partnership, main, deadlines),
    )


def needs(action: Action, chair: str) -> bool:
    """Whether an action waits for its chair."""
    if action.claim and action.open:
        return chair not in (action.claim.by, action.terms.owner)
    return action.stage in NEEDS_OWNER or action.stage == "change_asked"


class SittingView(msgspec.Struct, frozen=True):
    """A huddle in a list. `sits_from` is when it began, begins or goes on."""

    id: str
    purpose: str
    course: Course
    course_label: str
    why: str
    sits_from: datetime
    minutes: int
    closed: datetime | None


def sittings(hand: Hand) -> tuple[SittingView, ...]:
    """The huddles of a family, the newest first."""
    found = sorted(hand.state[HuddlesState].by_id.values(), key=lambda h: h.began, reverse=True)
    return tuple(
        SittingView(h.id, h.purpose, h.course, COURSES[h.course], h.why, h.sits_from, h.minutes, h.closed)
        for h in found
    )

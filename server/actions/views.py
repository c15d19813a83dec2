"""What is shown of actions. None of it says who looks or when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from server.actions.action import Action, Stage
from server.actions.dues import due_words
from server.actions.facts import Outcome
from server.actions.owing import of_action
from server.deadlines.state import DeadlinesState
from server.families.labels import DOMAINS
from server.families.late import late_words
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState

STAGES: dict[Stage, str] = {
    "proposed": "No owner yet",
    "waiting": "Waiting for read-back",
    "declined": "Declined. Needs another owner",
    "owner_lost": "Its owner has left. Needs another owner",
    "change_asked": "A change is asked for",
    "accepted": "Accepted",
    "in_progress": "In progress",
    "claimed_done": "Done, waiting to be checked",
    "done": "Done",
    "not_done": "Not done",
    "not_needed": "No longer needed",
}

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "done": ("Done", "Say what was done, and where that can be seen"),
    "not_done": ("Not done", "Say why. The chair is told, and it stands in the next huddle"),
    "not_needed": ("No longer needed", "Say why. The owner cannot say this alone"),
}


class ActionView(msgspec.Struct, frozen=True):
    """One action. `seen` is what a form about it carries, so that it answers what was read."""

    id: str
    label: str
    words: str
    owner: PersonView | None
    due: datetime | None
    due_words: str
    domain: str
    critical: bool
    stage: Stage
    stage_words: str
    detail: str
    """What was said at this stage: the change asked for, why it was declined, what was done."""
    reopened: str
    """Why it is owed again, after it was settled or claimed."""
    accepted: datetime | None
    asked_until: str
    checked: str
    """How somebody else knows that it was done."""
    claimed_by: str
    claimed_at: datetime | None
    settled_by: str
    settled_at: datetime | None
    first_due_words: str
    """When it was first due, where that is earlier than now stands."""
    extensions: int
    late: str
    """"8 working days late", once it is done or settled. It never gets less (R27)."""
    restricted: bool
    chased: datetime | None
    """When somebody was last told of it after it was due, as it is owed now."""
    huddle: str
    seen: int

    @property
    def open(self) -> bool:
        return self.settled_at is None


def action_view(
    known: Action, partnership: PartnershipState, main: str, deadlines: DeadlinesState
) -> ActionView:
    """`main` is the id of the family's main stream: what stands elsewhere is restricted."""
    terms, claim, ending = known.terms, known.claim, known.settled
    restricted = known.stream != main

    def by(moment: datetime | None) -> str:
        return due_words(moment.astimezone(partnership.zone)) if moment else ""

    def name(person: str) -> str:
        return person_view(partnership, person).name if person else ""

    moved = known.first_due and terms.due and terms.due > known.first_due
    return ActionView(
        id=known.id,
        label=f"{'R' if restricted else 'A'}{known.number}",
        words=terms.words,
        owner=person_view(partnership, terms.owner) if terms.owner else None,
        due=terms.due,
        due_words=by(terms.due),
        domain=next((words for code, words in DOMAINS.items() if code == terms.domain), ""),
        critical=terms.critical,
        stage=known.stage,
        stage_words=stage_words(known),
        detail=detail(known),
        reopened=known.reopened,
        accepted=known.accepted,
        asked_until=by(known.asked_due),
        checked=ending.checked if ending else "",
        claimed_by=name(claim.by) if claim else "",
        claimed_at=claim.at if claim else None,
        settled_by=name(known.settled_by),
        settled_at=known.settled_at,
        first_due_words=by(known.first_due) if moved else "",
        extensions=known.extensions,
        late=lateness(known, known.finished, partnership),
        restricted=restricted,
        chased=chased(known, deadlines),
        huddle=known.huddle,
        seen=known.seen,
    )


def chased(known: Action, deadlines: DeadlinesState) -> datetime | None:
    """When a step of a ladder that still stands was last climbed for it, once it was due."""
    owed = (each for each in of_action(known.id, deadlines) if not each.over)
    steps = (fact for each in owed for fact in each.chased if fact.ladder == each.owed.version)
    return max((fact.planned for fact in steps if fact.planned >= fact.due), default=None)


def stage_words(known: Action) -> str:
    if known.stage == "owner_lost" and known.lost_until:
        return "Its owner’s access ends before it is due. Needs another owner"
    return STAGES[known.stage]


def detail(known: Action) -> str:
    """The words that belong to the stage in which an action is."""
    if known.settled is not None:
        return known.settled.words
    if known.claim is not None:
        return known.claim.words
    return {"declined": known.declined, "change_asked": known.asked}.get(known.stage, "")


def lateness(known: Action, until: datetime | None, partnership: PartnershipState) -> str:
    """How late an action was at a moment, from the first due time that somebody owned; else empty."""
    if known.first_due is None or until is None:
        return ""
    due, at = (moment.astimezone(partnership.zone) for moment in (known.first_due, until))
    return late_words(due, at, partnership.nation, settled=known.finished is not None)


def views(
    known: Iterable[Action], partnership: PartnershipState, main: str, deadlines: DeadlinesState
) -> tuple[ActionView, ...]:
    return tuple(action_view(action, partnership, main, deadlines) for action in known)

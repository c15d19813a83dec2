"""What is shown of actions. None of it says who looks or when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from server.actions.dues import due_words
from server.actions.facts import Outcome
from server.actions.state import Action, Stage
from server.families.labels import DOMAINS
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState

STAGES: dict[Stage, str] = {
    "proposed": "No owner yet",
    "waiting": "Waiting for read-back",
    "change_asked": "A change is asked for",
    "accepted": "Accepted",
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
    accepted: datetime | None
    asked: str
    outcome_words: str
    settled_by: str
    settled_at: datetime | None
    moved: bool
    """Whether it was first due earlier than now stands."""
    restricted: bool
    huddle: str
    seen: int

    @property
    def open(self) -> bool:
        return self.settled_at is None


def action_view(known: Action, partnership: PartnershipState, main: str) -> ActionView:
    """`main` is the id of the family's main stream: what stands elsewhere is restricted."""
    terms = known.terms
    restricted = known.stream != main
    return ActionView(
        id=known.id,
        label=f"{'R' if restricted else 'A'}{known.number}",
        words=terms.words,
        owner=person_view(partnership, terms.owner) if terms.owner else None,
        due=terms.due,
        due_words=due_words(terms.due.astimezone(partnership.zone)) if terms.due else "",
        domain=next((words for code, words in DOMAINS.items() if code == terms.domain), ""),
        critical=terms.critical,
        stage=known.stage,
        stage_words=STAGES[known.stage],
        accepted=known.accepted,
        asked=known.asked,
        outcome_words=known.settled.words if known.settled else "",
        settled_by=person_view(partnership, known.settled_by).name if known.settled_by else "",
        settled_at=known.settled_at,
        moved=bool(known.first_due and terms.due and terms.due > known.first_due),
        restricted=restricted,
        huddle=known.huddle,
        seen=known.seen,
    )


def views(known: Iterable[Action], partnership: PartnershipState, main: str) -> tuple[ActionView, ...]:
    return tuple(action_view(action, partnership, main) for action in known)

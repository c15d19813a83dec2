"""The actions that one audience reads: on which terms each stands, and what became of it."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.actions.action import Action, Claim, Ending
from server.actions.facts import (
    ActionAccepted,
    ActionAgreed,
    ActionChanged,
    ActionDeclined,
    ActionExtended,
    ActionReopened,
    ActionSettled,
    ActionStarted,
    ActionVerified,
    ChangeAsked,
    DoneClaimed,
    OwnerLost,
)
from server.families.facts import GuestAdmitted, TeamMemberAdded, TeamMemberRemoved
from server.record.facts import Entry, Fact

change = msgspec.structs.replace


class ActionsState(msgspec.Struct, frozen=True):
    """Every action of a family that this audience reads, in the order in which they were agreed."""

    by_id: immutables.Map[str, Action] = immutables.Map()
    order: tuple[str, ...] = ()

    def all(self) -> tuple[Action, ...]:
        return tuple(self.by_id[id] for id in self.order)

    def of(self, huddle: str) -> tuple[Action, ...]:
        """Those that were agreed in one huddle."""
        return tuple(action for action in self.all() if action.huddle == huddle)

    def owed(self) -> tuple[Action, ...]:
        """What is not settled, whoever owns it."""
        return tuple(action for action in self.all() if action.open)

    def owed_by(self, person: str) -> tuple[Action, ...]:
        """What one person owns and has not settled."""
        return tuple(action for action in self.owed() if action.terms.owner == person)

    def next_number(self, stream: str) -> int:
        """Counted within one stream, so that a number tells nothing of another."""
        return 1 + sum(action.stream == stream for action in self.by_id.values())


About = (
    ActionChanged
    | ActionAccepted
    | ActionDeclined
    | ActionStarted
    | ChangeAsked
    | ActionExtended
    | OwnerLost
    | DoneClaimed
    | ActionVerified
    | ActionReopened
    | ActionSettled
)


def apply(state: ActionsState, entry: Entry) -> ActionsState:
    """The actions after one more fact."""
    fact = entry.fact
    if isinstance(fact, ActionAgreed):
        known = agreed(fact, entry)
        return ActionsState(state.by_id.set(known.id, known), (*state.order, known.id))
    if isinstance(fact, About):
        before = state.by_id.get(fact.action)
        if before is None:
            return state
        known = after(change(before, seen=entry.seq), fact, entry)
        return change(state, by_id=state.by_id.set(known.id, known))
    return with_the_team(state, fact)


def with_the_team(state: ActionsState, fact: Fact) -> ActionsState:
    """Who leaves the team owns nothing that they can still do, also of what stands in a compartment, to which
    nothing may follow from main as a fact; who comes back reads their actions back anew."""
    if isinstance(fact, TeamMemberRemoved):
        gone = (lost(action) for action in state.owed_by(fact.person))
    elif isinstance(fact, TeamMemberAdded | GuestAdmitted):
        owned = (action for action in state.owed_by(fact.person) if action.lost)
        gone = (change(action, lost=False, lost_until=None) for action in owned)
    else:
        return state
    by_id = state.by_id
    for action in gone:
        by_id = by_id.set(action.id, action)
    return change(state, by_id=by_id)


def agreed(fact: ActionAgreed, entry: Entry) -> Action:
    due = fact.terms.due if fact.terms.owner else None
    return Action(
        id=fact.action,
        stream=entry.stream,
        number=fact.number,
        terms=fact.terms,
        huddle=fact.huddle,
        chair=fact.chair,
        by=entry.author,
        at=entry.at,
        seen=entry.seq,
        first_due=due,
        owed_due=due,
    )


def after(known: Action, fact: About, entry: Entry) -> Action:
    match fact:
        case ActionChanged():
            return changed(known, fact, entry)
        case ActionAccepted():
            return change(known, accepted=entry.at, declined="", asked="", asked_due=None)
        case ActionDeclined():
            return change(unread(known), declined=fact.words)
        case ActionStarted():
            return change(known, started=entry.at)
        case ChangeAsked():
            return change(known, asked=fact.words, asked_due=fact.due)
        case ActionExtended():
            return extended(known, fact)
        case OwnerLost():
            return lost(known, fact.until)
        case DoneClaimed():
            return change(known, claim=Claim(fact.words, entry.author, entry.at), reopened="")
        case ActionVerified():
            words = known.claim.words if known.claim else ""
            return ended(known, Ending("done", words, fact.words), entry)
        case ActionReopened():
            return change(
                known,
                settled=None,
                settled_by="",
                settled_at=None,
                claim=None,
                started=None,
                reopened=fact.words,
            )
        case ActionSettled():
            return ended(known, Ending(fact.outcome, fact.words), entry)


def changed(known: Action, fact: ActionChanged, entry: Entry) -> Action:
    before, terms = known.terms, fact.terms
    owned = terms.due if terms.owner else None
    lowered = entry.author if before.critical and not terms.critical else known.lowered_by
    return change(
        unread(known),
        terms=terms,
        first_due=known.first_due or owned,
        owed_due=owned or known.owed_due,
        extensions=known.extensions + bool(fact.extension),
        reassigned=known.reassigned + bool(before.owner and before.owner != terms.owner),
        lowered_by="" if terms.critical else lowered,
        lost=False,
        lost_until=None,
    )


def extended(known: Action, fact: ActionExtended) -> Action:
    """Time that was asked for by its day is granted with this; other words still wait for an answer."""
    asked = "" if known.asked_due else known.asked
    terms = change(known.terms, due=fact.due)
    return change(
        known, terms=terms, owed_due=fact.due, extensions=known.extensions + 1, asked=asked, asked_due=None
    )


def unread(known: Action) -> Action:
    """To be read back anew."""
    return change(known, accepted=None, started=None, declined="", asked="", asked_due=None)


def lost(known: Action, until: datetime | None = None) -> Action:
    return change(unread(known), lost=True, lost_until=until)


def ended(known: Action, ending: Ending, entry: Entry) -> Action:
    return change(known, settled=ending, settled_by=entry.author, settled_at=entry.at, reopened="")

"""Actions that were agreed in the room, and what is said of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.actions.action import Action
from server.actions.agreeing import AgreeAction, ChangeAction
from server.actions.commands import AcceptAction, SettleAction
from server.actions.extending import ExtendAction
from server.actions.facts import Outcome
from server.actions.state import ActionsState
from server.families.request_state import RequestsState
from server.families.requests import AnswerRequest
from tests.lab.town import Town

DENISE, PRIYA, FARAH, GRACE = "denise-hallam", "priya-nair", "farah-siddiqui", "grace-lindqvist"


def agree(town: Town, line: str, **more: Any) -> AgreeAction:
    return AgreeAction(huddle=town.huddle, line=line, **more)


async def actions(town: Town, who: str = DENISE) -> tuple[Action, ...]:
    hand = await town.house.ledger.look(town.book, await town.actor(who))
    return hand.state[ActionsState].all()


async def agreed(
    town: Town, line: str = "Share attendance @farah in 2 days", who: str = DENISE, **more: Any
) -> Action:
    """The action that somebody has just agreed."""
    await town.do(who, agree(town, line, **more))
    return (await actions(town, who))[-1]


def change(known: Action, **more: Any) -> ChangeAction:
    """Its terms as they stand, but for what is named."""
    terms = known.terms
    same: dict[str, Any] = {
        "action": known.id,
        "seen": known.seen,
        "words": terms.words,
        "owner": terms.owner,
        "due": terms.due,
        "critical": terms.critical,
    }
    return ChangeAction(**same | more)


async def accepted(town: Town, line: str = "Share attendance @farah in 2 days", who: str = FARAH) -> Action:
    """One that its owner has just accepted."""
    known = await agreed(town, line)
    await town.do(who, AcceptAction(action=known.id, seen=known.seen))
    return await newest(town, known)


async def claimed(town: Town, who: str = FARAH) -> Action:
    """A critical one of Farah's that somebody has just recorded as done."""
    known = await agreed(town, "Weigh Remi @farah in 2 days !critical")
    await town.do(who, settle(known, "Weighed, 4.1 kg"))
    return await newest(town, known)


async def newest(town: Town, known: Action, who: str = DENISE) -> Action:
    """The action as it stands."""
    return next(action for action in await actions(town, who) if action.id == known.id)


def settle(known: Action, words: str = "It was sent", outcome: Outcome = "done") -> SettleAction:
    return SettleAction(action=known.id, seen=known.seen, outcome=outcome, words=words)


def extend(town: Town, known: Action, days: float, reason: str = "She is in court") -> ExtendAction:
    """More time, until so many days from this moment."""
    until = town.clock() + timedelta(days=days)
    return ExtendAction(action=known.id, seen=known.seen, due=until, reason=reason)


async def settle_all(town: Town) -> None:
    """Whatever the plan owner reads that is owed is no longer needed; every question has an answer."""
    for known in await actions(town, PRIYA):
        if known.open:
            await town.do(DENISE, settle(known, "Seen to", "not_done"))
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    for asked in hand.state[RequestsState].in_order():
        if not asked.answers:
            nothing = AnswerRequest(request=asked.id, answer="nil_return", searched="Everything")
            await town.do(asked.asked[0], nothing)

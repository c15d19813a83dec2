"""Actions that were agreed in the room, and what is said of them."""

from __future__ import annotations

from typing import Any

from server.actions.agreeing import AgreeAction, ChangeAction
from server.actions.state import Action, ActionsState
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

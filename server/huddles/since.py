"""Since last huddle: what was promised before this one, and what became of it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from server.actions.action import Action
from server.actions.state import ActionsState
from server.actions.views import ActionView, views
from server.deadlines.state import DeadlinesState
from server.families.state import FamilyState
from server.huddles.state import Huddle, HuddlesState
from server.people.state import PartnershipState
from server.record.state import State


class SinceView(msgspec.Struct, frozen=True):
    """The huddle before this one, and the actions that were open when it ended or were settled since."""

    huddle: str
    ended: datetime
    done: int
    undone: tuple[ActionView, ...]
    """Not done, still owed, without an owner: what this huddle has to speak about."""
    settled: tuple[ActionView, ...]


def since_view(state: State, huddle: Huddle, partnership: PartnershipState) -> SinceView | None:
    """None where no huddle about this family ended before this one was called."""
    before = last_before(state[HuddlesState], huddle)
    if before is None or before.closed is None:
        return None
    owed = [action for action in state[ActionsState].all() if was_owed(action, before)]
    main, deadlines = state[FamilyState].book, state[DeadlinesState]
    undone = (a for a in owed if a.stage not in ("done", "not_needed"))
    settled = (a for a in owed if a.stage in ("done", "not_needed"))
    return SinceView(
        huddle=before.id,
        ended=before.closed,
        done=sum(a.stage == "done" for a in owed),
        undone=views(undone, partnership, main, deadlines),
        settled=views(settled, partnership, main, deadlines),
    )


def last_before(huddles: HuddlesState, huddle: Huddle) -> Huddle | None:
    """The one that was closed last, of those that were called before this one."""
    closed = [h for h in huddles.by_id.values() if h.closed and h.began < huddle.began]
    return max(closed, key=lambda h: (h.closing, h.id), default=None)


def was_owed(action: Action, before: Huddle) -> bool:
    """Whether it was promised by then, and not settled before that huddle ended."""
    ended = before.closed
    if ended is None:
        return False
    return action.at <= ended and (action.settled_at is None or action.settled_at >= ended)

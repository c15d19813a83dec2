"""What became of the mails to one person, out of the stream that is theirs, the newest first. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from server.chasing.facts import MailFailed, MailReplaced, MailSent
from server.record.facts import Entry

MOST = 20
"""So many mails are kept to be shown. All of them stand in the record."""

Outcome = Literal["sent", "shown", "failed"]
OUTCOMES: dict[type, Outcome] = {MailSent: "sent", MailReplaced: "shown", MailFailed: "failed"}


class Mailed(msgspec.Struct, frozen=True):
    """One mail. `things`: how much it was about; none, where it is the list of a day."""

    mail: str
    at: datetime
    things: int
    outcome: Outcome


class MailedState(msgspec.Struct, frozen=True):
    """The newest mails, the newest first. `came_back`: the last that left did not arrive."""

    mails: tuple[Mailed, ...] = ()
    came_back: bool = False


def apply(state: MailedState, entry: Entry) -> MailedState:
    """The mails after one more fact. What was sent and comes back is one mail, which did not arrive."""
    fact = entry.fact
    if not isinstance(fact, MailSent | MailReplaced | MailFailed):
        return state
    outcome = OUTCOMES[type(fact)]
    things = 0 if any(ref.rung == "digest" for ref in fact.notices) else len(fact.notices)
    before = next((each for each in state.mails if each.mail == fact.mail), None)
    one = Mailed(fact.mail, entry.at, things or (before.things if before else 0), outcome)
    others = tuple(each for each in state.mails if each.mail != fact.mail)
    came_back = state.came_back if outcome == "shown" else outcome == "failed"
    return MailedState((one, *others)[:MOST], came_back)

"""Who is or was in a huddle."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.huddles.facts import Mode


class Participant(msgspec.Struct, frozen=True):
    """Somebody who has joined the huddle; `left` is when they left it, until they join again.

    Who was let in by phone may take a position once somebody has vouched for their voice.
    """

    person: str
    mode: Mode
    joined: datetime
    left: datetime | None = None
    let_in_by: str = ""
    vouched_by: str = ""

    @property
    def known(self) -> bool:
        """Whether it is certain who this is: they signed in, or a colleague knows their voice."""
        return not self.let_in_by or bool(self.vouched_by)


Participants = immutables.Map[str, Participant]


def emptied(participants: Participants, at: datetime) -> Participants:
    """Whoever was in it has left it."""
    gone = {p: msgspec.structs.replace(s, left=s.left or at) for p, s in participants.items()}
    return immutables.Map(gone)

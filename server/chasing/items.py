"""What a mail is made of: kinds, counts, days and parts. There is no field in which a name could stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal[
    "before",  # due soon
    "due",  # due today
    "overdue",
    "climbed",  # late, and owed by somebody for whom the recipient answers
    "accept",  # waits to be accepted
    "reassign",  # needs another owner
    "verify",  # done, waits to be checked
    "asked",  # a question was put to the recipient
    "queue",  # a named person must settle it
    "failed",  # a mail could not be delivered
    "invited",
    "moved",
    "uninvited",
    "digest",
    "link",  # to choose a password; goes alone
    "canary",  # proves that mail leaves; goes alone
]
About = Literal["action", "request", "sign-off", "review"]
Part = Literal["owner", "manager", "lead", "chair", "plan_owner"]
"""As what somebody hears of something: its owner, or the owner's line manager, safeguarding lead, …"""

Standing = Literal["week", "overdue", "waiting"]
"""Where the things that a digest counts stand: due this week, overdue, waiting for the recipient."""

ALONE = frozenset({"link", "canary"})
HUDDLES = frozenset({"invited", "moved", "uninvited"})


class Meeting(NamedTuple):
    """A huddle in a calendar: the same `uid` for good, a `sequence` that grows with each change."""

    uid: str
    sequence: int
    minutes: int


@dataclass(frozen=True)
class Item:
    """One thing, or `count` alike, for one person. `due` is local and aware; of a huddle it is the start.

    `part` is as what the recipient is told, `told` who else has been (said of what is overdue).
    `meeting` belongs to a huddle, `standing` to a digest.
    """

    kind: Kind
    about: About = "action"
    part: Part = "owner"
    due: datetime | None = None
    urgent: bool = False
    told: tuple[Part, ...] = ()
    count: int = 1
    standing: Standing = "week"
    meeting: Meeting | None = None


def gathered(items: Iterable[Item]) -> list[Item]:
    """Those that differ in nothing counted together; what is urgent first, then as they came."""
    found: dict[Item, int] = {}
    for item in items:
        alike = replace(item, count=1)
        found[alike] = found.get(alike, 0) + item.count
    counted = [replace(item, count=count) for item, count in found.items()]
    return sorted(counted, key=lambda item: not item.urgent)

"""The people who are named when a family's record is opened: up to six, and what may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from server.families.facts import MemberAdded
from server.families.written import LONGEST_NAME, problem_with
from server.people.words import name_from

EARLIEST = date(1900, 1, 1)
MOST = 6


class Newcomer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A child or an adult of a family that is being opened."""

    name: str
    child: bool
    born: date | None = None
    due: date | None = None

    def added(self, member: str) -> MemberAdded:
        return MemberAdded(
            member=member, name=name_from(self.name), child=self.child, born=self.born, due=self.due
        )


def problems_of(people: Sequence[Newcomer], on: date) -> dict[str, str]:
    """What is wrong with each of them, by field: `name_1`, `born_1`, `due_1` are the first one's."""
    found: dict[str, str] = {}
    for number, person in enumerate(people, 1):
        found |= problems_with_row(number, person.name, person.born, person.due, on)
    if len(people) > MOST:
        found["people"] = f"Name {MOST} people at most. Add the others once the record is open"
    return found


def problems_with_row(
    number: int, name: str, born: date | None, due: date | None, on: date
) -> dict[str, str]:
    return {
        f"name_{number}": problem_with(name, f"Enter the name of person {number}", LONGEST_NAME),
        f"born_{number}": problem_with_birth(born, on, f"Date of birth of person {number}"),
        f"due_{number}": problem_with_both(born, due, f"person {number} was born or is"),
    }


def problem_with_birth(born: date | None, on: date, what: str = "Date of birth") -> str:
    return f"{what} must be today or in the past" if born and not EARLIEST <= born <= on else ""


def problem_with_both(
    born: date | None, due: date | None, who: str = "they were born or when they are"
) -> str:
    return f"Enter when {who} due, not both" if born and due else ""

"""What the story is written in: one line for one act of one person, which becomes a command of the product.

A line names people of the family by their first name and dates by the story's calendar; the scene says who
and when that is in the record.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from server.demo.clock import Calendar
from server.families.state import FamilyState
from server.record.commands import Command
from server.record.facts import Ref


class Scene(msgspec.Struct, frozen=True):
    """Where an act takes place. `recorded` says where the earlier acts stand, by their code."""

    calendar: Calendar
    family: FamilyState = FamilyState()
    recorded: Mapping[str, Ref] = {}
    huddle: str = ""

    def member(self, first_name: str) -> str:
        """The id of somebody of the family."""
        return next(m.member for m in self.family.members.values() if m.name.partition(" ")[0] == first_name)

    def members(self, first_names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.member(name) for name in first_names)

    def contact(self, practitioner: str) -> str:
        """The id of the planned contact of one practitioner."""
        contacts = self.family.contacts.values()
        return next(c.contact for c in contacts if c.practitioner == practitioner)


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """`code` names the act for good, `at` is when the story tells it, `who` does it."""

    code: str
    at: str
    who: str

    def command(self, scene: Scene) -> Command:
        """The same in the product's words."""
        raise NotImplementedError

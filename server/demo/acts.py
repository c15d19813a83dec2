"""What the cast writes about a family and its plan."""

from __future__ import annotations

from datetime import date
from typing import Literal

from server.demo.scene import Act, Scene
from server.families import commands as family
from server.families import plan
from server.families.conflicts import ExcludePerson
from server.families.facts import ContactOutcome, Domain, Level
from server.record.commands import Command

Responsibility = Literal["yes", "no", "unknown"]


class Opens(Act, frozen=True, kw_only=True):
    """Opens the family's record."""

    reference: str
    name: str
    level: Level
    team: tuple[str, ...]

    def command(self, scene: Scene) -> Command:
        return family.OpenFamily(reference=self.reference, name=self.name, level=self.level, team=self.team)


class Adds(Act, frozen=True, kw_only=True):
    """Adds somebody to the family."""

    name: str
    born: str
    child: bool = False
    about: str = ""

    def command(self, scene: Scene) -> Command:
        born = scene.calendar.day(date.fromisoformat(self.born))
        return family.AddMember(
            name=self.name, child=self.child, born=born, about=scene.calendar.words(self.about)
        )


class Houses(Act, frozen=True, kw_only=True):
    """Records who lives together."""

    name: str
    members: tuple[str, ...]

    def command(self, scene: Scene) -> Command:
        return family.RecordHousehold(name=self.name, members=scene.members(self.members))


class Relates(Act, frozen=True, kw_only=True):
    """Records that `one` is `relation` of `other`. `responsibility` is parental responsibility."""

    one: str
    relation: str
    other: str
    quality: family.Quality = "unknown"
    responsibility: Responsibility | None = None

    def command(self, scene: Scene) -> Command:
        return family.RecordRelationship(
            one=scene.member(self.one),
            other=scene.member(self.other),
            relation=self.relation,
            quality=self.quality,
            parental_responsibility=self.responsibility,
        )


class Excludes(Act, frozen=True, kw_only=True):
    """Records that somebody knows the family personally."""

    person: str
    reason: str

    def command(self, scene: Scene) -> Command:
        return ExcludePerson(person=self.person, reason=self.reason)


class Wants(Act, frozen=True, kw_only=True):
    """Sets what should be different for a child, and how that will be seen."""

    child: str
    different: str
    seen_by: str

    def command(self, scene: Scene) -> Command:
        return plan.SetOutcome(child=scene.member(self.child), different=self.different, seen_by=self.seen_by)


class Expects(Act, frozen=True, kw_only=True):
    """Sets what an agency is expected to know about."""

    agency: str
    domains: tuple[Domain, ...]

    def command(self, scene: Scene) -> Command:
        return plan.ExpectKnowledge(agency=self.agency, domains=self.domains)


class Plans(Act, frozen=True, kw_only=True):
    """Plans that a practitioner sees some children every so many days."""

    practitioner: str
    children: tuple[str, ...]
    every_days: int
    first_day: str

    def command(self, scene: Scene) -> Command:
        return plan.PlanContact(
            practitioner=self.practitioner,
            children=scene.members(self.children),
            every_days=self.every_days,
            first_day=scene.calendar.day(date.fromisoformat(self.first_day)),
        )


class Visits(Act, frozen=True, kw_only=True):
    """Records what came of a planned contact of one's own, on the day of the act."""

    outcome: ContactOutcome
    note: str = ""

    def command(self, scene: Scene) -> Command:
        return plan.RecordContact(
            contact=scene.contact(self.who),
            on=date.fromisoformat(scene.calendar.happened(self.at[:10])),
            outcome=self.outcome,
            note=self.note,
        )


class Reviews(Act, frozen=True, kw_only=True):
    """Sets when the plan is next reviewed."""

    on: str

    def command(self, scene: Scene) -> Command:
        return plan.SetReviewDate(on=scene.calendar.day(date.fromisoformat(self.on)))

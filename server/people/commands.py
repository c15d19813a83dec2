"""What can be asked about the partnership's people: found, register, manage, cover, hand out a link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import ClassVar, Literal

from server.people.facts import (
    AgencyKind,
    AgencyRegistered,
    Channel,
    ChannelChosen,
    CoverArranged,
    ManagerNamed,
    Nation,
    PartnershipFounded,
    PractitionerRegistered,
    Role,
    RoleGranted,
    SignInLinkMade,
)
from server.people.rules import (
    is_zone,
    refuse,
    somebody_here,
    taken,
    tier_problem,
)
from server.people.state import PartnershipState
from server.people.words import code_from, email_from, name_from
from server.record.books import PARTNERSHIP
from server.record.commands import Command, Draft, Hand
from server.record.facts import Fact
from server.record.refusals import Refused

LINK_EVERY = timedelta(hours=1)


class AlreadyFounded(Refused):
    """This partnership already keeps its record here."""

    code = "already_founded"


class FoundPartnership(Command):
    """Begin the partnership's record."""

    may: ClassVar[str] = "found_partnership"
    name: str
    nation: Nation
    time_zone: str = "Europe/London"

    def follows(self, hand: Hand) -> Iterable[Draft]:
        if hand.partnership[PartnershipState].founded:
            raise AlreadyFounded
        refuse(
            name=not name_from(self.name) and "Enter the name of the partnership",
            time_zone=not is_zone(self.time_zone) and "Enter a time zone, like Europe/London",
        )
        yield draft(
            PartnershipFounded(name=name_from(self.name), nation=self.nation, time_zone=self.time_zone)
        )


class RegisterAgency(Command):
    """An agency joins the partnership."""

    may: ClassVar[str] = "register_agency"
    asks: ClassVar[dict[str, str]] = {"sort": "Choose what kind of agency it is"}
    code: str
    name: str
    sort: AgencyKind
    short: str = ""
    out_of_hours: str = ""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        code = code_from(self.code).upper()
        known = code in hand.partnership[PartnershipState].agencies
        refuse(
            code=(not code and "Enter a short code for the agency, like NCS")
            or (known and "Enter a code that no other agency here has"),
            name=not name_from(self.name) and "Enter the name of the agency",
        )
        yield draft(
            AgencyRegistered(
                code=code,
                name=name_from(self.name),
                sort=self.sort,
                short=name_from(self.short),
                out_of_hours=name_from(self.out_of_hours),
            )
        )


class RegisterPractitioner(Command):
    """Somebody begins to work here, in a first role. `person` is made up where it is not given."""

    may: ClassVar[str] = "register_practitioner"
    name: str
    email: str
    agency: str
    job_title: str
    manager: str = ""
    role: Role = "practitioner"
    tier: int = 0
    person: str = ""
    link_by_mail: bool = False
    """Whether they are sent a link by which they choose their password."""

    def follows(self, hand: Hand) -> Iterable[Draft]:
        state = hand.partnership[PartnershipState]
        person = code_from(self.person) if self.person else hand.new_id()
        email = email_from(self.email)
        refuse(
            name=not name_from(self.name) and "Enter their name",
            email=(not email and "Enter an email address in the correct format, like name@example.com")
            or (email in state.emails and "Enter an email address that nobody else here signs in with"),
            agency=code_from(self.agency) not in state.agencies and "Choose the agency they work for",
            job_title=not name_from(self.job_title) and "Enter their job title",
            manager=bool(self.manager) and not state.here(self.manager) and "Choose a manager who works here",
            tier=tier_problem(self.role, self.tier),
            person=taken(state, person) and "Enter an id that nobody else here has",
        )
        yield draft(
            PractitionerRegistered(
                person=person,
                name=name_from(self.name),
                email=email,
                agency=code_from(self.agency),
                job_title=name_from(self.job_title),
                manager=self.manager,
            )
        )
        yield draft(RoleGranted(person=person, role=self.role, tier=self.tier))
        if self.link_by_mail:
            yield draft(SignInLinkMade(person=person, how="mailed"))


class NameManager(Command):
    """Somebody gets a line manager; an empty one means that they have none."""

    may: ClassVar[str] = "name_manager"
    person: str
    manager: str

    def follows(self, hand: Hand) -> Iterable[Draft]:
        state = hand.partnership[PartnershipState]
        known = somebody_here(state, self.person)
        stranger = bool(self.manager) and not state.here(self.manager)
        circle = self.manager == self.person or state.reports_to(self.manager, self.person)
        refuse(
            manager=(stranger and "Choose a manager who works here")
            or (circle and f"Choose a manager who does not report to {known.name}")
        )
        if known.manager != self.manager:
            yield draft(ManagerNamed(person=self.person, manager=self.manager))


class ArrangeCover(Command):
    """Somebody's work is covered by a colleague, first and last day included."""

    may: ClassVar[str] = "arrange_cover"
    asks: ClassVar[dict[str, str]] = {
        "first_day": "Enter the first day of the cover, like 27 3 2026",
        "last_day": "Enter the last day of the cover, like 27 3 2026",
    }
    person: str
    covered_by: str
    first_day: date
    last_day: date

    def follows(self, hand: Hand) -> Iterable[Draft]:
        state = hand.partnership[PartnershipState]
        known = somebody_here(state, self.person)
        today = hand.now.astimezone(state.zone).date()
        nobody = self.covered_by == self.person or not state.here(self.covered_by)
        refuse(
            covered_by=nobody and f"Choose who will cover for {known.name}. It must be one person",
            last_day=(self.last_day < self.first_day and "Last day must be the first day or later")
            or (self.last_day < today and "Last day must be today or later"),
        )
        yield draft(
            CoverArranged(
                person=self.person,
                covered_by=self.covered_by,
                first_day=self.first_day,
                last_day=self.last_day,
            )
        )


class MakeSignInLink(Command):
    """Say that somebody got a link by which to choose a new password. The link itself is never recorded."""

    may: ClassVar[str] = "make_sign_in_link"
    person: str
    how: Literal["shown", "mailed"] = "shown"

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = somebody_here(hand.partnership[PartnershipState], self.person)
        yield draft(SignInLinkMade(person=known.person, how=self.how))


class MakeLinkAskedFor(Command):
    """Somebody who cannot sign in asked for a link. They get one by mail, once an hour at the most."""

    may: ClassVar[str] = "make_link_asked_for"
    person: str

    def follows(self, hand: Hand) -> Iterator[Draft]:
        state = hand.partnership[PartnershipState]
        made = state.links.get(self.person)
        if state.here(self.person) and (made is None or hand.now - made.at >= LINK_EVERY):
            yield draft(SignInLinkMade(person=self.person, how="asked"))


def draft(fact: Fact) -> Draft:
    return Draft(PARTNERSHIP, fact)


class ChooseChannel(Command):
    """Choose how you are reminded of what is not yet late. What is late or urgent always comes by mail."""

    may: ClassVar[str] = "choose_channel"
    asks: ClassVar[dict[str, str]] = {"channel": "Choose how you are reminded"}
    channel: Channel

    def follows(self, hand: Hand) -> Iterable[Draft]:
        known = hand.partnership[PartnershipState].channels.get(hand.who.person, "email")
        if known != self.channel:
            yield draft(ChannelChosen(person=hand.who.person, channel=self.channel))

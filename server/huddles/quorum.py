"""Whether enough of the right people are in the huddle to tolerate a risk. Pure.

Lead social care, two other agencies in direct contact with the family, and every agency without which
this huddle was called not to be quorate (docs/rules.md, R6). Counted are people who are in it at this moment:
who has left, who only sent a report, and who writes for the others count for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.families.audience import listed
from server.families.state import FamilyState
from server.huddles.state import Huddle
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState

OTHERS = 2
"""How many agencies besides social care must be here."""
SOCIAL_CARE = "childrens_services"


class Quorum(msgspec.Struct, frozen=True):
    """What is missing: agencies by code; `others` is how many more in direct contact must come."""

    social_care: bool
    others: int
    required: tuple[str, ...]

    @property
    def quorate(self) -> bool:
        return self.social_care and not self.others and not self.required


def quorum(huddle: Huddle, family: FamilyState, people: PartnershipState) -> Quorum:
    """How the huddle stands at this moment."""
    here = [known for person in sorted(huddle.voices()) if (known := people.practitioner(person))]
    agencies = {known.agency for known in here}
    others = {code for code in agencies & in_contact(family, people) if not social_care(code, people)}
    return Quorum(
        social_care=any(leads_social_care(known, family, people) for known in here),
        others=max(0, OTHERS - len(others)),
        required=tuple(code for code in huddle.required if code not in agencies),
    )


def leads_social_care(person: Practitioner, family: FamilyState, people: PartnershipState) -> bool:
    """Somebody of children's services who works with this family: a guest of theirs does not count."""
    return social_care(person.agency, people) and person.person in workers(family)


def social_care(agency: str, people: PartnershipState) -> bool:
    known = people.agencies.get(agency)
    return known is not None and known.sort == SOCIAL_CARE


def workers(family: FamilyState) -> frozenset[str]:
    """Who works with the family: its team without guests, and whoever sees the children by plan."""
    team = (member.person for member in family.team.values() if not member.guest_of)
    return frozenset((*team, *(contact.practitioner for contact in family.contacts.values())))


def in_contact(family: FamilyState, people: PartnershipState) -> frozenset[str]:
    """The agencies of which somebody works with the family."""
    found = (people.practitioner(person) for person in workers(family))
    return frozenset(known.agency for known in found if known)


def words(found: Quorum, people: PartnershipState) -> str:
    """What is missing, like "Northmere Constabulary and lead social care are missing"; nothing if nothing."""
    missing = [named(code, people) for code in found.required]
    if not found.social_care:
        missing.append("lead social care")
    if found.others:
        more = "one more agency" if found.others == 1 else f"{found.others} more agencies"
        missing.append(f"{more} in direct contact with the family")
    several = len(missing) > 1 or found.others > 1
    return f"{listed(missing)} {'are' if several else 'is'} missing" if missing else ""


def to_ring(
    found: Quorum, huddle: Huddle, family: FamilyState, people: PartnershipState
) -> dict[str, tuple[str, ...]]:
    """Whom to ring, by agency: who was invited or works with the family, else its safeguarding lead."""
    wanted = dict.fromkeys(found.required)
    team = in_contact(family, people)
    if not found.social_care:
        wanted |= dict.fromkeys(sorted(code for code in team if social_care(code, people)))
    if found.others:
        wanted |= dict.fromkeys(sorted(code for code in team if not social_care(code, people)))
    present = {known.agency for p in huddle.voices() if (known := people.practitioner(p))}
    lacking = (code for code in wanted if code not in present or social_care(code, people))
    return {code: whom(code, huddle, family, people) for code in lacking}


def whom(agency: str, huddle: Huddle, family: FamilyState, people: PartnershipState) -> tuple[str, ...]:
    """The people of an agency who would be rung first, by id."""
    known: Iterable[Practitioner] = people.in_agency(agency)
    asked = {*huddle.invited, *workers(family)} - huddle.present()
    near = tuple(p.person for p in known if p.person in asked)
    return near or tuple(p.person for p in known if "safeguarding_lead" in p.roles)


def named(agency: str, people: PartnershipState) -> str:
    known = people.agencies.get(agency)
    return known.name if known else agency

"""What a line is read against, out of somebody's hand: who may be named, and what the time is here."""

from __future__ import annotations

from datetime import datetime

from server.actions.quick import Known, Setting, plain
from server.families import audience
from server.people.state import PartnershipState
from server.record.commands import Hand


def setting(hand: Hand, huddle: str = "") -> Setting:
    """The people are those who read main now; audiences are their agencies, roles and themselves."""
    partnership = hand.partnership[PartnershipState]
    found = (partnership.here(person) for person in sorted(audience.team(hand)))
    here = [person for person in found if person]
    agencies = {p.agency: partnership.agencies[p.agency] for p in here if p.agency in partnership.agencies}
    people = [Known(p.person, p.name, agencies[p.agency].short if p.agency in agencies else "") for p in here]
    meant = {"plan-owner": ("role:plan_owner", "the plan owner")}
    if huddle:
        meant["chair"] = (f"role:chair:{huddle}", "the chair")
    for code, agency in agencies.items():
        for word in (code.lower(), agency.short.lower().replace(" ", "-")):
            meant[word] = (f"agency:{code}", agency.name)
    for known in people:
        names = plain(known.name)
        meant[f"{names[0]}.{names[-1]}"] = (f"person:{known.person}", known.name)
    return Setting(local(hand.now, hand), partnership.nation, people, meant)


def local(moment: datetime, hand: Hand) -> datetime:
    """By the partnership's clock."""
    return moment.astimezone(hand.partnership[PartnershipState].zone)

"""The box in which somebody writes what their agency knows, and with whom it may be shared."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from server.families.audience import readers, team
from server.families.labels import BASES, BEARINGS, CONFIDENCES, DOMAINS, PRECISIONS, ROLES
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.people.state import PartnershipState
from server.record.commands import Hand


class AudienceChoice(msgspec.Struct, frozen=True):
    """With whom to share only: `value` is a name ("agency:NPC"), `people` whom it means at this moment."""

    value: str
    label: str
    people: tuple[PersonView, ...]


class Audiences(msgspec.Struct, frozen=True):
    """With whom a fragment may be shared, short of everybody in the team."""

    agencies: tuple[AudienceChoice, ...]
    roles: tuple[AudienceChoice, ...]
    people: tuple[AudienceChoice, ...]


Choices = tuple[tuple[str, str], ...]
"""Pairs of value and label."""


class ComposerView(msgspec.Struct, frozen=True, kw_only=True):
    """The box in which somebody writes what their agency knows. It is made for one person, never shared."""

    action: str
    draft: str
    reopen: str
    """What stands before the name of a browser, to open this page with that browser's draft."""
    me: str
    key: str
    audiences: Audiences
    children: Choices
    adults: Choices
    domains: Choices
    bases: Choices
    bearings: Choices
    precisions: Choices
    confidences: Choices


def composer_view(
    hand: Hand, action: str, key: str, huddle: str = "", *, presenting: bool = False
) -> ComposerView:
    """For one author. In a huddle, its own chair, deputy and scribe can be named as such."""
    family = hand.state[FamilyState]
    children = family.children()
    adults = sorted((m for m in family.members.values() if not m.child), key=lambda m: m.name)
    return ComposerView(
        action=action,
        draft=f"/families/{family.reference}/draft{query(huddle, presenting)}",
        reopen=f"?huddle={huddle}&draft=" if huddle else "?draft=",
        me=hand.who.person,
        key=key,
        audiences=audiences(hand, huddle),
        children=tuple((m.member, m.name) for m in children),
        adults=tuple((m.member, m.name) for m in adults),
        domains=tuple(DOMAINS.items()),
        bases=tuple(BASES.items()),
        bearings=tuple(BEARINGS.items()),
        precisions=tuple(PRECISIONS.items()),
        confidences=tuple(CONFIDENCES.items()),
    )


def query(huddle: str, presenting: bool) -> str:
    """Where a draft is written, as its address says it."""
    said = [f"huddle={huddle}"] if huddle else []
    return f"?{'&'.join(said + ['presenting=yes'] * presenting)}".removesuffix("?")


def audiences(hand: Hand, huddle: str = "") -> Audiences:
    """Whom the author can name, and whom each name means now. Names that mean nobody else are left out."""
    partnership = hand.partnership[PartnershipState]
    people = who_reads(team(hand) - {hand.who.person}, hand)
    agencies = sorted({p.agency: p.agency_name for p in people}.items(), key=lambda pair: pair[1])
    roles = [
        (f"role:{role}" + (f":{huddle}" if hand.main.holders(role, huddle) and huddle else ""), label)
        for role, label in ROLES.items()
    ]
    return Audiences(
        agencies=choices(((f"agency:{code}", name) for code, name in agencies), hand),
        roles=choices(roles, hand),
        people=choices(
            ((f"person:{p.person}", person_view(partnership, p.person).name) for p in people), hand
        ),
    )


def choices(names: Iterable[tuple[str, str]], hand: Hand) -> tuple[AudienceChoice, ...]:
    meant = ((value, label, readers([value], hand) - {hand.who.person}) for value, label in names)
    return tuple(
        AudienceChoice(value, label, who_reads(people, hand)) for value, label, people in meant if people
    )


def who_reads(people: Iterable[str], hand: Hand) -> tuple[PersonView, ...]:
    """The list that the author is shown before anything is sent, by agency and name."""
    partnership = hand.partnership[PartnershipState]
    views = (person_view(partnership, person) for person in people)
    return tuple(sorted(views, key=lambda p: (p.agency_name, p.name, p.person)))

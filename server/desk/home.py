"""The first page: which huddles are on, and the families on whose team somebody is."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.desk.hands import hands_of, questions_of
from server.desk.meetings import has_part
from server.desk.reminders import post_to
from server.families.labels import LEVELS
from server.families.looking import is_guest
from server.families.request_views import request_view
from server.families.state import FamilyState
from server.families.views import PersonView, person_view
from server.huddles.labels import COURSES
from server.huddles.queries import starting_between
from server.huddles.sitting import is_over
from server.huddles.state import Course, Huddle, HuddlesState
from server.people.facts import PRACTISING
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.stewards.pages import waiting_for
from server.web.answers import page
from server.web.house import house
from server.web.viewer import Viewer, viewer

LIVE_FOR = timedelta(hours=2)
"""For this long after its planned end a huddle is still shown as on."""
AHEAD = timedelta(days=10)
TOLD_FOR = timedelta(days=7)
"""For this long somebody is told on their first page that a sign-in link was made for them."""


class HuddleCard(msgspec.Struct, frozen=True):
    """A huddle on the first page."""

    id: str
    family_name: str
    reference: str
    purpose: str
    starts: object
    minutes: int
    people: int
    live: bool
    course: Course
    course_label: str
    why: str
    answer: str = ""
    """What the viewer may still say: "asked", "accepted" or "apologies"; empty where that is nothing."""


class FamilyCard(msgspec.Struct, frozen=True):
    """A family on the first page. `lines` counts what this person reads."""

    reference: str
    name: str
    level_label: str
    plan_owner: PersonView | None
    lines: int


async def home(request: Request) -> Response:
    """Context: live_huddles, upcoming (HuddleCard), families (FamilyCard), questions, link_made, may_report;
    `came_back`, whether the last mail to the viewer did not arrive;
    `queue`, how much waits for a data steward (None for everybody else)."""
    who = await viewer(request)
    hands = await hands_of(request, who)
    questions = await questions_of(request, who)
    partnership = await house(request).partnership()
    cards = await huddle_cards(request, hands)
    families = sorted((family_card(hand) for hand in hands.values()), key=lambda card: card.name)
    return page(
        request,
        "desk/home.html",
        live_huddles=[card for card in cards if card.live],
        upcoming=[card for card in cards if not card.live],
        families=families,
        questions=[request_view(known, partnership) for _, known in questions],
        came_back=(await post_to(request, who)).came_back,
        link_made=await link_made(request, who),
        queue=await waiting_for(request) if "steward" in who.roles else None,
        may_report=bool(who.roles & PRACTISING),
    )


class LinkNote(msgspec.Struct, frozen=True):
    """A sign-in link was made for the viewer: by an administrator; `asked`: by whoever gave their address."""

    by: str
    at: datetime
    asked: bool


async def link_made(request: Request, who: Viewer) -> LinkNote | None:
    """A sign-in link made for the viewer in the last days: nobody takes over an account unseen."""
    state = await house(request).partnership()
    made = state.links.get(who.person)
    if made is None or house(request).clock() - made.at > TOLD_FOR:
        return None
    asked = made.how == "asked"
    return LinkNote("" if asked else person_view(state, made.by).name, made.at, asked)


async def huddle_cards(request: Request, hands: dict[str, Hand]) -> list[HuddleCard]:
    """The huddles of somebody's own families; of one that they read as a guest, those that expect them."""
    here = house(request)
    now = here.clock()
    found = await starting_between(here.store, list(hands), now - timedelta(days=1), now + AHEAD)
    cards = []
    for huddle_id, stream in found:
        hand = hands[stream]
        huddle, person = hand.state[HuddlesState].by_id[huddle_id], hand.who.person
        theirs = has_part(person, huddle) or not is_guest(hand, person)
        if theirs and huddle.course != "closed" and now < huddle.ends + LIVE_FOR:
            cards.append(huddle_card(hand, huddle, live=huddle.sits_from <= now))
    return cards


def huddle_card(hand: Hand, huddle: Huddle, *, live: bool) -> HuddleCard:
    family = hand.state[FamilyState]
    return HuddleCard(
        id=huddle.id,
        family_name=family.name,
        reference=family.reference,
        purpose=huddle.purpose,
        starts=huddle.sits_from,
        minutes=huddle.minutes,
        people=len(huddle.present()),
        live=live,
        course=huddle.course,
        course_label=COURSES[huddle.course],
        why=huddle.why,
        answer=answer_of(huddle, hand.who.person),
    )


def answer_of(huddle: Huddle, person: str) -> str:
    """Whether somebody was invited, and what they answered. Whoever is in the room has come."""
    if person not in huddle.invited or person in huddle.present() or is_over(huddle):
        return ""
    if person in huddle.answers.apologies:
        return "apologies"
    return "accepted" if person in huddle.answers.coming else "asked"


def family_card(hand: Hand) -> FamilyCard:
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    return FamilyCard(
        reference=family.reference,
        name=family.name,
        level_label=LEVELS[family.level],
        plan_owner=person_view(partnership, family.plan_owner) if family.plan_owner else None,
        lines=sum(stream.seq for stream in hand.streams.values()),
    )


routes = [Route("/", home)]

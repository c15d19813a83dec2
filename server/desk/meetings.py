"""The huddles that somebody is expected at, soon enough to be seen beside what they owe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import msgspec
from starlette.requests import Request

from server.desk.owed import FamilyMark, mark_of
from server.families.when import time_words
from server.huddles.labels import COURSES
from server.huddles.queries import starting_between
from server.huddles.state import Huddle, HuddlesState
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.web.house import house

SOON = timedelta(hours=1)
"""From this long before it begins a huddle can be joined from My work."""
LIVE_FOR = timedelta(hours=2)
"""For this long after its planned end a huddle is still shown as on."""
OVER = frozenset({"closed", "abandoned"})


class Meeting(msgspec.Struct, frozen=True):
    """A huddle ahead, or on. `state` says more in words: adjourned; `soon`: it can be joined from here."""

    id: str
    day: date
    time: str
    minutes: int
    family: FamilyMark
    live: bool
    soon: bool
    inside: bool
    state: str


async def meetings(request: Request, hands: Mapping[str, Hand], until: date) -> list[Meeting]:
    """The soonest first, to the end of the day `until`."""
    here = house(request)
    now, zone = here.clock(), (await here.partnership()).zone
    last = datetime.combine(until, time.max, zone)
    found = await starting_between(here.store, list(hands), now - timedelta(days=1), last)
    known = ((hands[stream], hands[stream].state[HuddlesState].by_id[huddle]) for huddle, stream in found)
    shown = (meeting(hand, huddle, now) for hand, huddle in known if expected(hand, huddle, now))
    return sorted(shown, key=lambda one: (one.day, not one.live))


def expected(hand: Hand, huddle: Huddle, now: datetime) -> bool:
    """Whether the viewer has a part in it, has not sent apologies, and it is not over."""
    person = hand.who.person
    on = huddle.course not in OVER and now < huddle.ends + LIVE_FOR
    return on and has_part(person, huddle) and person not in huddle.answers.apologies


def has_part(person: str, huddle: Huddle) -> bool:
    return person in huddle.invited or person in (huddle.chair, huddle.deputy, huddle.scribe)


def meeting(hand: Hand, huddle: Huddle, now: datetime) -> Meeting:
    zone = hand.partnership[PartnershipState].zone
    begins = huddle.sits_from.astimezone(zone)
    live = huddle.sits_from <= now and huddle.course == "on"
    today = now.astimezone(zone).date()
    return Meeting(
        id=huddle.id,
        day=max(begins.date(), today),
        time=time_words(begins),
        minutes=huddle.minutes,
        family=mark_of(hand),
        live=live,
        soon=huddle.sits_from - SOON <= now,
        inside=hand.who.person in huddle.present(),
        state="" if huddle.course == "on" else COURSES[huddle.course],
    )

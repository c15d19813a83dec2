"""Who is asked to a huddle, to another time of it or no longer is told once, without a word of the family."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from server.chasing.ics import key_from, named
from server.chasing.tables import index
from server.core import INDEX_TABLES, INDEXES
from server.families.conflicts import ExcludePerson
from server.families.state import FamilyState
from server.families.team import RemoveFromTeam
from server.huddles.chair import AssumeChair
from server.huddles.closing import CloseHuddle
from server.huddles.commands import Convene, Invite
from server.huddles.course import Abandon, Adjourn
from server.huddles.decision_facts import Answer
from server.huddles.facts import HuddleConvened
from server.huddles.moving import MoveHuddle, Uninvite
from server.huddles.state import HuddlesState
from server.huddles.unfinished import left_open
from server.record.facts import Entry
from server.record.reindex import reindex
from tests.chasing.chaser import Chaser, local, people, subjects
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.town import BY_ID, SECRET, Town
from tests.realtime.conftest import served

PRIYA, FARAH, GRACE, OWEN, MARTIN = (
    "priya-nair",
    "farah-siddiqui",
    "grace-lindqvist",
    "owen-blake",
    "martin-yeo",
)
THEN = local("2026-03-26T14:00")
PURPOSE = "Tamsin is afraid of Kieran"


@pytest.fixture(params=["sqlite", "postgresql"])
async def told(request: pytest.FixtureRequest, box: Mailbox) -> AsyncIterator[Chaser]:
    """Over both databases, with nothing more to be told of what was before."""
    async with served(request, request.param) as town:
        with Mailbox() as earlier:
            await Chaser(town, earlier).look()
        yield Chaser(town, box)


async def convened(town: Town, *invited: str, **more: Any) -> str:
    """A huddle in a week, called and chaired by Priya."""
    asked: dict[str, Any] = {
        "purpose": PURPOSE,
        "starts": THEN,
        "chair": PRIYA,
        "invited": invited,
        "confirmed": invited,
    }
    receipt = await town.do(PRIYA, Convene(**(asked | more)))
    hand = await town.house.ledger.look(town.book, await town.actor(PRIYA))
    return hand.state[HuddlesState].called_by_fact(receipt.seq).id


def entries(mail: Mail) -> tuple[str, list[icalendar.Event]]:
    """The method and the entries of the calendar in a mail."""
    (part,) = [p for p in mail.message.walk() if p.get_content_type() == "text/calendar"]
    assert isinstance(part, EmailMessage)
    calendar = icalendar.Calendar.from_ical(part.get_content())
    return str(calendar["method"]), list(calendar.walk("VEVENT"))


def entry(mail: Mail) -> tuple[str, icalendar.Event]:
    method, (event,) = entries(mail)
    return method, event


async def test_who_is_invited_hears_of_it_and_who_called_it_does_not(told: Chaser) -> None:
    await convened(told.town, FARAH, GRACE)
    sent = await told.look()
    assert people(sent) == [FARAH, GRACE]
    assert set(subjects(sent)) == {"Safeguarding huddle, Thursday 26 March 2pm, 20 minutes"}
    assert people(await told.look()) == []


async def test_j10_the_mail_says_when_and_nothing_of_whom_it_is_about(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    (mail,) = [m for m in await told.look() if m.to == BY_ID[FARAH].email]
    hand = await told.town.house.ledger.look(told.town.book, await told.town.actor(PRIYA))
    family = hand.state[FamilyState]
    names = {word for member in family.members.values() for word in member.name.split()}
    secret = {
        *names,
        family.name,
        family.reference,
        PURPOSE,
        huddle,
        told.town.book,
        "Priya",
        "Nair",
        "Siddiqui",
    }
    written = mail.content.decode() + "".join(
        str(p.get_content()) for p in mail.message.walk() if not p.is_multipart()
    )
    assert len(names) > 3 and "Hello Farah" in written
    assert {
        word for word in secret if re.search(rf"\b{re.escape(word)}\b", written.replace(mail.to, ""))
    } == set()
    assert re.findall(r"https?://\S+?(?=[\s\"<])", mail.text) == [f"{told.town.address}/work"]


async def test_j15_the_entry_moves_and_goes_under_the_name_that_it_has_in_the_feed(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    method, invited = entry((await told.look())[0])
    assert (method, invited["uid"]) == ("PUBLISH", named(FARAH, "huddle", huddle, key_from(SECRET.encode())))
    later = THEN + timedelta(days=1)
    await told.town.do(
        PRIYA, MoveHuddle(huddle=huddle, starts=later, minutes=30, reason="The police cannot come")
    )
    (mail,) = await told.look()
    method, moved = entry(mail)
    assert (method, moved["uid"], moved["dtstart"].dt) == ("PUBLISH", invited["uid"], later.astimezone(UTC))
    assert moved["dtend"].dt - moved["dtstart"].dt == timedelta(minutes=30)
    assert subjects([mail]) == ["Safeguarding huddle moved: Friday 27 March 2pm, 30 minutes"]
    await told.town.do(PRIYA, Uninvite(huddle=huddle, person=FARAH, reason="Grace comes for both"))
    method, gone = entry((await told.look())[0])
    assert (method, gone["uid"], gone["status"]) == ("CANCEL", invited["uid"], "CANCELLED")
    assert [e["sequence"] for e in (invited, moved, gone)] == [1, 2, 3]


async def test_whoever_is_no_longer_asked_before_they_heard_hears_nothing(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    await told.town.do(PRIYA, Uninvite(huddle=huddle, person=FARAH, reason="A mistake"))
    assert people(await told.look()) == []
    assert {n.outcome for n in await told.notices() if n.subject == huddle} == {"withheld"}


async def test_whoever_had_not_heard_when_it_moved_hears_that_they_are_invited(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    await told.town.do(PRIYA, MoveHuddle(huddle=huddle, starts=THEN + timedelta(days=1), minutes=20))
    sent = await told.look()
    assert subjects(sent) == ["Safeguarding huddle, Friday 27 March 2pm, 20 minutes"]
    await told.look()
    assert sorted(str(n.outcome) for n in await told.notices() if n.subject == huddle) == ["sent", "withheld"]


async def test_j8_a_mail_that_is_on_its_way_counts_as_heard(told: Chaser) -> None:
    """The relay did not say whether it took the invitation: the entry may stand in their calendar."""
    huddle = await convened(told.town, FARAH)
    told.box.modes[BY_ID[FARAH].email] = "drop_content"
    await told.look()
    told.box.modes.clear()
    await told.town.do(PRIYA, Uninvite(huddle=huddle, person=FARAH, reason="A mistake"))
    assert [entry(mail)[0] for mail in await told.look() if mail.to == BY_ID[FARAH].email] == ["CANCEL"]


async def test_who_is_invited_later_and_a_guest_hear_too(told: Chaser) -> None:
    huddle = await convened(told.town)
    await told.town.do(PRIYA, Invite(huddle=huddle, person=MARTIN, confirmed=True))
    assert people(await told.look()) == [MARTIN]


async def test_what_begins_within_a_day_waits_for_no_working_hours(told: Chaser) -> None:
    told.town.clock.at = local("2026-03-21T23:00")
    await convened(told.town, FARAH, starts=local("2026-03-22T09:00"))
    await convened(told.town, GRACE, starts=local("2026-03-25T09:00"))
    sent = await told.look()
    assert people(sent) == [FARAH]
    assert subjects(sent) == ["Urgent: Safeguarding huddle, Sunday 9am, 20 minutes"]
    assert people(await told.at("2026-03-23T09:00")) == [GRACE]


async def test_what_was_to_be_today_and_moves_is_told_today(told: Chaser) -> None:
    told.town.clock.at = local("2026-03-21T23:00")
    huddle = await convened(told.town, FARAH, starts=local("2026-03-22T09:00"))
    await told.look()
    await told.town.do(PRIYA, MoveHuddle(huddle=huddle, starts=local("2026-03-30T09:00"), minutes=20))
    assert people(await told.look()) == [FARAH]


async def test_to_adjourn_tells_when_it_goes_on_and_to_abandon_that_it_does_not(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    await told.look()
    on = THEN + timedelta(days=2)
    await told.town.do(PRIYA, Adjourn(huddle=huddle, reason="The school is shut", resumes=on))
    sent = await told.look()
    assert [(m, e["dtstart"].dt) for m, e in map(entry, sent)] == [("PUBLISH", on.astimezone(UTC))]
    await told.town.do(PRIYA, Abandon(huddle=huddle, reason="Another was called"))
    assert [entry(mail)[0] for mail in await told.look()] == ["CANCEL"]


async def test_nobody_is_asked_to_what_is_over(told: Chaser) -> None:
    told.town.clock.at = local("2026-03-19T19:00")
    huddle = await convened(told.town, FARAH)
    hand = await told.town.house.ledger.look(told.town.book, await told.town.actor(PRIYA))
    found = left_open(hand, hand.state[HuddlesState].by_id[huddle])
    answers = tuple(Answer(each.code, "Nobody came.") for each in found)
    await told.town.do(PRIYA, CloseHuddle(huddle=huddle, answers=answers))
    assert people(await told.at("2026-03-20T09:00")) == []


async def test_nobody_is_asked_to_what_is_past(told: Chaser) -> None:
    """The relay was away for days."""
    await convened(told.town, FARAH)
    assert people(await told.at("2026-03-27T09:00")) == []


@pytest.mark.parametrize("out", ["removed", "excluded"])
async def test_whose_access_ends_is_asked_no_longer(told: Chaser, out: str) -> None:
    huddle = await convened(told.town, FARAH, GRACE)
    await told.look()
    kind = RemoveFromTeam if out == "removed" else ExcludePerson
    await told.town.do(PRIYA, kind(person=FARAH, reason="She knows them"))
    (mail,) = await told.look()
    method, gone = entries(mail)
    assert (mail.to, method) == (BY_ID[FARAH].email, "CANCEL")
    both = {named(FARAH, "huddle", each, key_from(SECRET.encode())) for each in (huddle, told.town.huddle)}
    assert {str(event["uid"]) for event in gone} == both, "from the one that is on, too"
    hand = await told.town.house.ledger.look(told.town.book, await told.town.actor(PRIYA))
    assert hand.state[HuddlesState].by_id[huddle].invited == (PRIYA, GRACE)


async def test_who_called_it_and_was_never_told_hears_only_of_what_others_do(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH, deputy=OWEN)
    await told.look()
    await told.town.do(OWEN, AssumeChair(huddle=huddle, instead_of=PRIYA, reason="Priya is ill"))
    await told.town.do(OWEN, MoveHuddle(huddle=huddle, starts=THEN + timedelta(days=1), minutes=20))
    assert people(await told.look()) == [FARAH, OWEN, PRIYA], (
        "Owen's own calendar holds it, so it moves there"
    )


async def test_a_fact_of_an_earlier_release_tells_nobody(told: Chaser) -> None:
    old = HuddleConvened(huddle="h", purpose="p", starts=THEN, minutes=20, chair=PRIYA, invited=(FARAH,))
    row = Entry(
        book="b", stream="b", seq=1, position=1, kind=old.kind(), author=PRIYA, agency="", at=THEN, fact=old
    )
    assert list(index(row)) == []


async def test_what_is_told_is_made_again_out_of_the_record(told: Chaser) -> None:
    huddle = await convened(told.town, FARAH)
    await told.look()
    await told.town.do(PRIYA, MoveHuddle(huddle=huddle, starts=THEN + timedelta(days=1), minutes=20))
    assert await reindex(told.town.house.store, INDEXES, INDEX_TABLES) == []

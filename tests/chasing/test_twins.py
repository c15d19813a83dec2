"""What is chased where somebody does not read changes no byte of what they are sent: mails, pages, frames.

INV-5 and I13. In one world the police promise something that two people read; it is late, nobody settles it,
and it comes to the queue. In the other it never was. Everything else is the same in both.
"""

from __future__ import annotations

import re

import pytest

from server.actions.agreeing import AgreeAction
from server.families.requests import RequestInformation
from server.realtime.frames import HTML
from tests.chasing.chaser import Chaser, local, people
from tests.lab.canary import CANARY, sightings
from tests.lab.mailbox import Mail, Mailbox
from tests.lab.town import BY_ID, ROWE
from tests.realtime.test_twin_worlds import Worlds, everybody_joins, nothing_happens_by_itself, same, worlds
from tests.realtime.twin import STRANGERS, World

__all__ = ["nothing_happens_by_itself", "worlds"]

DENISE, HANNAH, OWEN, FARAH = "denise-hallam", "hannah-pike", "owen-blake", "farah-siddiqui"
INSIDE = (HANNAH, OWEN)
OUTSIDE = (DENISE, "priya-nair", FARAH, "leo-marsh", "grace-lindqvist", "tom-okafor", *STRANGERS)
MARTIN = "martin-yeo"
"""He is asked something, and is not of the team."""
ONLY = {"named": tuple(f"person:{person}" for person in INSIDE), "expected_readers": INSIDE}
MOMENTS = (
    *("2026-03-20T09:00", "2026-03-20T15:00", "2026-03-23T09:00", "2026-03-24T09:00", "2026-03-25T09:00"),
    *("2026-03-26T09:00", "2026-03-27T09:00", "2026-03-30T09:00", "2026-03-31T09:00", "2026-04-01T09:00"),
)
PAGES = ("/work", "/work/calendar", "/work/reminders", "/queue", "/families", f"/families/{ROWE}")
DUE = local("2026-03-20T15:00")


async def promised(world: World, *, restricted: bool) -> None:
    """Farah and Hannah owe something that the team reads; Hannah owes more, which the team does not."""
    for number, owner in enumerate((FARAH, HANNAH)):
        open_one = AgreeAction(
            huddle=world.huddle, words="Share attendance", owner=owner, due=DUE, critical=True
        )
        await world.do(DENISE, open_one, key=f"open-act-{number}")
    question = RequestInformation(
        question="When was Remi last weighed?", due=DUE, person=MARTIN, huddle=world.huddle
    )
    await world.do(DENISE, question, key="open-question")
    if restricted:
        secret = AgreeAction(
            huddle=world.huddle, words=f"Ask after {CANARY}", owner=HANNAH, due=DUE, critical=True, **ONLY
        )
        await world.do(OWEN, secret, key="secret-act")


async def lived(world: World, box: Mailbox, *, restricted: bool) -> list[str]:
    """Until long after it was due. The addresses of what is owed where only the two read."""
    chaser = Chaser(world.nodes[0], box)
    await everybody_joins(world)
    feeds = {person: await subscribed(world, person) for person in OUTSIDE}
    async with world.open:
        await world.enter((DENISE, FARAH, "priya-nair", HANNAH), (HTML,))
        await world.tell_presence()
        await promised(world, restricted=restricted)
        for moment in MOMENTS:
            world.begin(moment)
            await chaser.at(moment)
            await world.calm()
            for person in OUTSIDE:
                for path in PAGES:
                    await world.get(person, path)
                world.answers[person].append(await read(world, person, feeds[person]))
    assert (await chaser.prove()).trouble == ""
    return [n.subject for n in await chaser.notices() if n.person == OWEN]


async def subscribed(world: World, person: str) -> str:
    """The address of somebody's own calendar, which nobody can guess and which is another each time."""
    browser = await world.node_of(person).browser(person)
    page = (await browser.post("/work/calendar", data={"key": "calendar"})).text
    address = re.search(r"/calendar/[\w-]+\.ics", page)
    assert address is not None
    return address[0]


async def read(world: World, person: str, feed: str) -> str:
    return (await (await world.node_of(person).browser("")).get(feed)).text


def told(box: Mailbox, person: str) -> list[str]:
    """Each mail to somebody, but for its name and what parts its parts: both are drawn by lot."""
    return [without_lots(mail) for mail in box.to(BY_ID[person].email)]


def without_lots(mail: Mail) -> str:
    lots = {str(mail.message["Message-ID"]), str(mail.message.get_boundary())}
    text = mail.content.decode()
    for lot in lots:
        text = text.replace(lot, "(lot)")
    return text


@pytest.mark.slow
async def test_i5_i13_what_is_chased_elsewhere_changes_no_byte_for_who_does_not_read_it(
    worlds: Worlds,
) -> None:
    with Mailbox() as one, Mailbox() as other:
        async with worlds.another() as told_world:
            owed = await lived(told_world, one, restricted=True)
        async with worlds.another() as untold:
            await lived(untold, other, restricted=False)
    assert owed, "what is restricted was chased"
    assert len(one.to(BY_ID[HANNAH].email)) >= len(other.to(BY_ID[HANNAH].email)) > 2
    for person in OUTSIDE:
        assert len(told_world.sent_to(person)) > len(PAGES)
        same(person, told_world.sent_to(person), untold.sent_to(person))
    for person in (*OUTSIDE, MARTIN):
        same(person, told(one, person), told(other, person))
        assert not sightings([*told_world.sent_to(person), *told(one, person)])
    assert {FARAH, DENISE, "priya-nair", MARTIN, "tom-okafor"} <= set(people(one.mails))
    assert told_world.sent_to(HANNAH) != untold.sent_to(HANNAH), "who is inside sees it"

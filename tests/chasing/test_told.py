"""Who hears of what, and when: the right people at the right time, and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from server.actions.action import Action
from server.actions.commands import AcceptAction
from server.actions.declining import DeclineAction
from server.families.team import AddToTeam, RemoveFromTeam
from server.people.commands import ArrangeCover, ChooseChannel
from server.record.books import PARTNERSHIP
from server.record.commands import Command
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, agree, change, newest, settle
from tests.actions.promises import actions as actions_of
from tests.chasing.chaser import Chaser, local, people, subjects
from tests.chasing.test_chase import MARTIN, asked
from tests.lab.town import Town

SAM, NADIA, GWEN, OWEN, IMRAN = "sam-whitlock", "nadia-petrov", "gwen-abbott", "owen-blake", "imran-sethi"
NIGHT, MORNING = "2026-03-21T23:30", "2026-03-23T09:00"
"""A Saturday, and the Monday after it."""


async def promised(
    town: Town, owner: str, due: str, *, accept: bool = True, critical: bool = False, **more: Any
) -> Action:
    """Something that somebody has agreed to do by then, and has read back."""
    words, when = "See to the stair gate", local(due)
    line = agree(town, "", words=words, owner=owner, due=when, critical=critical, **more)
    await town.do(DENISE, line)
    known = (await actions_of(town))[-1]
    if accept:
        await town.do(owner, AcceptAction(action=known.id, seen=known.seen))
    return await newest(town, known)


async def of_partnership(town: Town, person: str, command: Command) -> None:
    await town.house.ledger.record(PARTNERSHIP, command, await town.actor(person), key=command.digest()[:20])


async def told(chaser: Chaser, subject: str) -> list[tuple[str, str, str]]:
    """Person, part and kind of every notice of one deadline."""
    return [(n.person, n.part, n.kind) for n in await chaser.notices() if n.subject == subject]


async def quiet_until(chaser: Chaser, *moments: str) -> None:
    for moment in moments:
        assert people(await chaser.at(moment)) == [], moment


async def test_j9_whoever_left_the_team_hears_nothing_and_who_decides_is_told(chaser: Chaser) -> None:
    town = chaser.town
    await town.do(PRIYA, AddToTeam(person=NADIA))
    known = await promised(town, SAM, "2026-03-25T17:00")
    await chaser.look()
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Another officer has the tenancy"))
    sent = await chaser.look()
    assert DENISE in people(sent), "she chairs, so it is she who names the next owner"
    assert ("denise-hallam", "owner", "new_owner") in await told(chaser, f"{known.id}:owner")
    before = len(chaser.box.to("sam.whitlock@northmere.example"))
    for day in ("20T15:00", "24T09:00", "25T17:00", "26T09:00", "27T09:00", "30T09:00", "31T09:00"):
        await chaser.at(f"2026-03-{day}")
    assert len(chaser.box.to("sam.whitlock@northmere.example")) == before
    due = local("2026-04-10T12:00")
    passed_on = change(await newest(town, known), owner=FARAH, due=due, reason="Sam has left")
    await town.do(DENISE, passed_on)
    assert (await chaser.deadline(f"{known.id}:owner")).over
    assert (await chaser.deadline(known.id)).owed.owners == (FARAH,)


@pytest.mark.parametrize("critical", [False, True], ids=["normal", "critical"])
async def test_j12_what_is_due_today_is_told_today_also_on_a_saturday_night(
    chaser: Chaser, critical: bool
) -> None:
    await promised(chaser.town, FARAH, NIGHT, critical=critical)
    await chaser.look()
    await chaser.at("2026-03-20T16:00")
    assert FARAH in people(await chaser.at(NIGHT))
    assert people(await chaser.at("2026-03-22T12:00")) == []


@pytest.mark.parametrize(
    ("asked_at", "told_at"),
    [
        ("2026-03-20T16:59", "2026-03-20T16:59"),
        ("2026-03-20T17:00", MORNING),
        ("2026-03-20T23:30", MORNING),
        ("2026-03-22T09:30", MORNING),
        ("2026-03-24T08:59", "2026-03-24T09:00"),
        ("2026-04-03T12:00", "2026-04-07T09:00"),
    ],
    ids=["a minute before five", "at five", "a night", "a Sunday", "before nine", "Good Friday"],
)
async def test_j12_what_is_not_for_today_waits_for_working_hours(
    chaser: Chaser, asked_at: str, told_at: str
) -> None:
    await chaser.stand_at(asked_at)
    await asked(chaser.town, "2026-04-20T12:00")
    await chaser.look()
    if asked_at != told_at:
        assert await heard(chaser) == []
        await chaser.stand_at(told_at)
        await chaser.look()
    assert await heard(chaser) == [MARTIN]


async def heard(chaser: Chaser) -> list[str]:
    """Who was sent a mail that they were asked something."""
    return [n.person for n in await chaser.notices() if (n.kind, n.outcome) == ("asked", "sent")]


async def left(chaser: Chaser, known: Action, rung: int) -> list[str]:
    """Who was sent the mail of that step of an action."""
    return [
        n.person
        for n in await chaser.notices()
        if (n.subject, n.rung, n.outcome) == (known.id, str(rung), "sent")
    ]


async def test_j12_who_covers_is_told_as_well(chaser: Chaser) -> None:
    town = chaser.town
    cover = ArrangeCover(
        person=PRIYA, covered_by=OWEN, first_day=date(2026, 3, 23), last_day=date(2026, 3, 27)
    )
    await of_partnership(town, IMRAN, cover)
    known = await promised(town, cover.person, "2026-03-24T12:00")
    await chaser.look()
    assert people(await chaser.at("2026-03-23T09:00")) == sorted({cover.person, cover.covered_by})
    assert people(await chaser.at("2026-03-24T12:00")) == sorted({cover.person, cover.covered_by})
    assert {(p, part) for p, part, _ in await told(chaser, known.id)} == {
        (cover.person, "owner"),
        (cover.covered_by, "cover"),
    }


async def test_j13_the_ladder_of_an_action_is_climbed_rung_by_rung_and_each_is_a_fact(chaser: Chaser) -> None:
    town = chaser.town
    await town.do(PRIYA, AddToTeam(person=NADIA))
    await town.do(PRIYA, AddToTeam(person=GWEN))
    known = await promised(town, SAM, "2026-03-25T12:00")
    await chaser.look()
    rungs: list[tuple[str, list[str]]] = [
        ("2026-03-24T09:00", [SAM]),
        ("2026-03-25T12:00", [SAM]),
        ("2026-03-26T09:00", [NADIA, SAM]),
        ("2026-03-27T09:00", [GWEN]),
        ("2026-03-30T09:00", [DENISE, PRIYA]),
        ("2026-04-01T09:00", []),
    ]
    for number, (at, who) in enumerate(rungs):
        await chaser.at(at)
        climbed = (await chaser.deadline(known.id)).chased
        assert [chased.step for chased in climbed] == list(range(number + 1)), at
        assert sorted(each.person for each in climbed[-1].told) == who, at
        assert climbed[-1].planned == local(at)
        assert [person for person in who if person in await left(chaser, known, number)] == who, at
    assert (await chaser.deadline(known.id)).queued_at == local("2026-04-01T09:00")
    assert (await newest(town, known)).open, "it never gives up: only somebody settles it"
    chaser.town.clock.pass_by(minutes=10)
    assert (await chaser.prove()).missing == ()


async def test_j14_a_day_on_which_nothing_is_owed_has_no_digest(chaser: Chaser) -> None:
    assert people(await chaser.at("2026-03-20T07:29")) == []
    sent = await chaser.at("2026-03-20T07:30")
    assert GWEN not in people(sent)
    assert len(people(sent)) == len(set(people(sent)))
    assert all("due" in subject for subject in subjects(sent))


async def test_j14_something_owed_is_counted_once_each_working_day(chaser: Chaser) -> None:
    known = await promised(chaser.town, GRACE, "2026-03-26T12:00")
    await chaser.look()

    async def counted(day: str, at: str = "07:30") -> list[str]:
        sent = await chaser.at(f"2026-03-{day}T{at}")
        return [m for m in people(sent) if m == GRACE]

    assert await counted("20") == [GRACE]
    assert people(await chaser.look()) == [] and await counted("20", "08:30") == []
    assert await counted("21") == await counted("22") == [], "a weekend"
    assert await counted("23") == [GRACE]
    await chaser.town.do(GRACE, settle(await newest(chaser.town, known)))
    mine = [n for n in await chaser.notices() if n.person == GRACE and n.kind == "digest"]
    assert len(mine) == 3, "with the day on which it was promised"


async def test_r34_what_is_not_read_back_in_a_working_day_goes_to_the_chair(chaser: Chaser) -> None:
    known = await promised(chaser.town, FARAH, "2026-03-27T17:00", accept=False)
    await chaser.look()
    await quiet_until(chaser, "2026-03-20T14:19")
    assert people(await chaser.at("2026-03-20T14:20")) == [DENISE, FARAH, PRIYA]
    notices = {(person, part) for person, part, _ in await told(chaser, f"{known.id}:accept")}
    assert notices == {(DENISE, "chair"), (FARAH, "owner"), (PRIYA, "plan_owner")}


async def test_r34_what_is_declined_is_told_to_the_chair_at_once(chaser: Chaser) -> None:
    known = await promised(chaser.town, FARAH, "2026-03-27T17:00", accept=False)
    await chaser.look()
    await chaser.town.do(FARAH, DeclineAction(action=known.id, seen=known.seen, words="Not my pupil"))
    assert people(await chaser.look()) == [DENISE]


async def test_i10_of_what_is_restricted_its_readers_alone_hear(chaser: Chaser) -> None:
    """Sam's manager does not read it; who does is told where she would stand."""
    town = chaser.town
    known = await promised(town, SAM, "2026-03-25T12:00", critical=True, only_for=(SAM, PRIYA))
    readers = {DENISE, SAM, PRIYA}
    await chaser.look()
    for at in ("24T09:00", "25T09:00", "25T12:00", "25T14:00", "26T09:00", "26T14:00"):
        await chaser.at(f"2026-03-{at}")
    assert (await chaser.deadline(known.id)).queued_at is not None
    heard = {person for person, _, _ in await told(chaser, known.id)}
    assert SAM in heard and heard <= readers
    assert not heard & {NADIA, GWEN}


async def test_r29_who_chose_the_page_is_told_there_until_it_is_late(chaser: Chaser) -> None:
    """Nobody can choose not to be told."""
    town = chaser.town
    await of_partnership(town, FARAH, ChooseChannel(channel="page"))
    known = await promised(town, FARAH, "2026-03-25T12:00")
    await chaser.look()
    assert people(await chaser.at("2026-03-24T09:00")) == []
    shown = [n.outcome for n in await chaser.notices() if (n.subject, n.rung) == (known.id, "0")]
    assert shown == ["shown"]
    assert FARAH in people(await chaser.at("2026-03-26T09:00")), "late"

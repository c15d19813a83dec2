"""The chair's place (R7): one holder at every moment, handed over by an act with a reason, not by itself."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from server.families.knowledge import Contribute
from server.huddles.chair import AssumeChair, ChairMoved, TakeBackChair
from server.huddles.commands import ChangePhase, Join, NoteAbsence
from server.huddles.facts import ChairAssumed
from server.huddles.labels import PHASES
from server.huddles.state import Huddle, HuddlesState
from server.people.permissions import NotYours
from server.realtime.absence import AWAY_AFTER, Absences
from server.record.commands import THE_SYSTEM, Command
from server.record.verify import verify
from tests.huddles.meeting import DENISE, FARAH, GRACE
from tests.lab.town import Town, running

RUTH, CAL = "ruth-adeyemi", "cal-moss"
TURNS = 200


async def huddle(town: Town) -> Huddle:
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    return hand.state[HuddlesState].by_id[town.huddle]


def takes(town: Town, who: str, instead_of: str, why: str = "Lost connection") -> Command:
    kind = AssumeChair if who == RUTH else TakeBackChair
    return kind(huddle=town.huddle, instead_of=instead_of, reason=why)


async def holders(town: Town) -> frozenset[str]:
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    return hand.main.holders("chair", town.huddle)


async def test_e6_of_two_who_take_the_chair_one_has_it_and_the_other_is_told_who(town_wherever: Town) -> None:
    """Two hundred times: each acts on what they saw, and each handover follows from the one before it."""
    town = town_wherever
    for turn in range(TURNS):
        sits = (await huddle(town)).chair
        saw = {RUTH: DENISE, DENISE: RUTH}
        pair = [town.do(who, takes(town, who, saw[who], f"{turn} {who}")) for who in (RUTH, DENISE)]
        answers = await asyncio.gather(*pair[:: 1 if turn % 2 else -1], return_exceptions=True)
        assert all(isinstance(a, ChairMoved) for a in answers if isinstance(a, Exception)), answers
        assert await holders(town) == {(await huddle(town)).chair}, (turn, sits)
    book = town.house.books.known(town.book)
    assert book
    handed = [e.fact for e in await town.house.books.since(book, (book.id,), ((book.id, 0),))]
    passed = [fact for fact in handed if isinstance(fact, ChairAssumed)]
    assert len(passed) >= TURNS
    assert all(one.person == other.instead_of for one, other in pairwise(passed))
    assert await verify(town.house.store) == []


async def test_e6_who_saw_somebody_else_in_it_is_told_who_it_is(town: Town) -> None:
    with pytest.raises(ChairMoved) as moved:
        await town.do(RUTH, takes(town, RUTH, GRACE))
    assert moved.value.message.startswith("Denise Hallam holds the chair now.")
    assert (await huddle(town)).chair == DENISE


async def test_nobody_becomes_chair_by_the_chairs_absence(sqlite_town: str) -> None:
    """Not after a minute and not after five; the others go on writing, and the chair comes back as chair."""
    async with running(sqlite_town, demo=False) as town:
        absences = Absences(town.live.node, town.house.books, town.house.ledger)
        async with town.socket(RUTH), town.socket(FARAH) as farah:
            await farah.caught_up()
            await absences.look(0.0)
            await absences.look(60.0)
            assert DENISE in (await huddle(town)).present(), "a minute is no absence"
            await absences.look(AWAY_AFTER + 1)
            known = await huddle(town)
            assert DENISE not in known.present() and known.chair == DENISE
            assert await holders(town) == {DENISE}
            line = Contribute(domain="home", basis="observed_fact", text="Seen.", bearing="concern")
            await town.do(FARAH, line)
        await town.do(DENISE, ChangePhase(huddle=town.huddle, phase="discussion"))


@pytest.mark.parametrize("phase", [code for code, _ in PHASES])
async def test_the_deputy_takes_it_in_every_phase_and_the_chair_gets_it_back(town: Town, phase: str) -> None:
    """G5.37."""
    if (await huddle(town)).phase != phase:
        await town.do(DENISE, ChangePhase(huddle=town.huddle, phase=phase))  # type: ignore[arg-type]
    note = NoteAbsence(huddle=town.huddle, person=DENISE)
    await town.house.ledger.record(town.book, note, THE_SYSTEM, key="gone")
    for who in (FARAH, CAL, GRACE):
        with pytest.raises(NotYours):
            await town.do(who, AssumeChair(huddle=town.huddle, instead_of=DENISE, reason="I want to"))
    await town.do(RUTH, takes(town, RUTH, DENISE))
    assert (await huddle(town)).phase == phase and await holders(town) == {RUTH}
    await town.do(DENISE, takes(town, DENISE, RUTH))
    assert await holders(town) == {DENISE}


async def test_every_page_holds_the_offer_and_says_nothing_of_who_is_there(town: Town) -> None:
    """What presence shows the browser puts there: the page is the same with and without the chair."""
    ruth, farah = await town.browser(RUTH), await town.browser(FARAH)
    alone = (await farah.get(f"/huddles/{town.huddle}")).text
    assert "nobody else becomes chair by it" in alone and "Ruth Adeyemi can take the chair" in alone
    assert "You were named deputy" not in alone
    await town.do(RUTH, Join(huddle=town.huddle, accepted=True))
    assert "You were named deputy" in (await ruth.get(f"/huddles/{town.huddle}")).text

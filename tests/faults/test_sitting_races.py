"""Races over one sitting (E5, E7, E10): no words are lost, no act overwrites another, everybody is told.

Each on both databases, and with every act on another node than the one before it.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server.families.knowledge import Contribute
from server.huddles.behalf import ConfirmWords, DisputeWords, LineFor
from server.huddles.chair import AssumeChair
from server.huddles.commands import Join, Leave
from server.huddles.course import Abandon, Adjourn, Resume
from server.huddles.decisions import DecidedMeanwhile
from server.huddles.positions import FinaliseDecision, RoundClosed, TakePosition
from server.huddles.sitting import NotSitting
from server.huddles.spoken import SpokenState
from server.huddles.state import HuddlesState
from server.record.verify import verify
from tests.huddles.meeting import DENISE, FARAH, GRACE, REASON, decided, decision, decisions
from tests.lab.town import Town
from tests.realtime import conftest as towns

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town = towns.town_wherever

CAL = "cal-moss"
STOPS = {
    "adjourned": lambda town: Adjourn(
        huddle=town.huddle, reason="Alarm", resumes=town.clock() + timedelta(days=1)
    ),
    "abandoned": lambda town: Abandon(huddle=town.huddle, reason="Alarm"),
}


async def at_once(town: Town, *acts: tuple[str, Any]) -> list[Any]:
    """All acts at the same moment; what came of each."""
    return await asyncio.gather(*(town.do(who, act) for who, act in acts), return_exceptions=True)


def kinds(town: Town) -> list[str]:
    book = town.house.books.known(town.book)
    assert book
    return [entry.kind for entry in book.tail]


def line(text: str) -> Contribute:
    return Contribute(domain="home", basis="observed_fact", text=text, bearing="concern")


async def test_e5_opposite_decisions_by_chair_and_deputy_are_never_both_unseen(town: Town) -> None:
    """Two people in the chair one after the other, each with a form that had seen nothing."""
    base = await decision(town)
    hers = await decision(town, rests_on=base.rests_on, chosen="E4", rationale=f"Not so: {REASON[::-1]}")
    takes = AssumeChair(huddle=town.huddle, instead_of=DENISE, reason="Lost connection")
    answers = await at_once(town, (DENISE, base), ("ruth-adeyemi", takes), ("ruth-adeyemi", hers))
    found = await decisions(town)
    assert len(found) == 1, answers
    assert any(isinstance(a, Exception) for a in answers), "whoever came second was told"
    late = [a for a in answers if isinstance(a, DecidedMeanwhile)]
    assert all("recorded a decision at" in a.message for a in late)


async def test_e7_a_position_and_the_end_of_its_round_at_once(town: Town) -> None:
    """Either it is in the round, or its author is told that it is over and the record names them."""
    last, rests_on = "", (await decision(town)).rests_on
    for turn in range(20):
        new = " ".join(f"reason{turn}because{n}" for n in range(9))
        made = await decided(town, last=last, rests_on=rests_on, rationale=new)
        position = TakePosition(huddle=town.huddle, decision=made, position="abstain")
        final = FinaliseDecision(huddle=town.huddle, decision=made, reason="Time")
        acts = [(GRACE, position), (DENISE, final)]
        answers = await at_once(town, *(acts if turn % 2 else acts[::-1]))
        newest = (await decisions(town))[-1]
        assert newest.finalised
        taken = GRACE in newest.positions
        refused = any(isinstance(a, RoundClosed) for a in answers)
        assert taken != refused, (turn, answers)
        assert GRACE in newest.finalised.unanswered, "her duty at least is not answered"
        last = made
    assert await verify(town.house.store) == []


async def test_e7_she_confirms_while_she_disputes_from_another_screen(town: Town) -> None:
    """Both are kept, in one order; the later one holds for everybody."""
    await town.do(GRACE, Leave(huddle=town.huddle))
    await town.do(GRACE, Join(huddle=town.huddle, accepted=True, mode="phone"))
    for turn in range(20):
        said = LineFor(
            huddle=town.huddle,
            person=GRACE,
            domain="health",
            basis="observed_fact",
            text=f"Weighed {turn}.",
            bearing="concern",
        )
        seq = (await town.do(CAL, said)).seq
        await at_once(
            town,
            (GRACE, ConfirmWords(huddle=town.huddle, seq=seq)),
            (GRACE, DisputeWords(huddle=town.huddle, seq=seq, words="Not so.")),
        )
        hand = await town.house.ledger.look(town.book, await town.actor(FARAH))
        known = hand.state[SpokenState].by_seq[seq]
        newest = kinds(town)[-2:]
        assert sorted(newest) == ["WordsConfirmed/1", "WordsDisputed/1"]
        assert bool(known.disputed) == (newest[-1] == "WordsDisputed/1")
        assert bool(known.confirmed) != bool(known.disputed)


@pytest.mark.parametrize("course", list(STOPS))
async def test_e10_a_line_in_flight_when_the_huddle_stops_is_kept(town: Town, course: str) -> None:
    """It never depends on the huddle: whichever comes first, both are recorded."""
    async with town.socket(FARAH) as farah:
        await farah.caught_up()
        key = await farah.say(
            "contribute", domain="home", basis="observed_fact", text="In flight.", bearing="concern"
        )
        answers = await at_once(town, (DENISE, STOPS[course](town)), (GRACE, line("At that moment.")))
        assert not [a for a in answers if isinstance(a, Exception)]
        assert (await farah.next("saved"))["key"] == key
        assert kinds(town).count("FragmentContributed/1") >= 2
        await town.do(FARAH, line("And after it."))


@pytest.mark.parametrize("course", list(STOPS))
async def test_e10_a_decision_in_flight_is_recorded_before_or_refused_in_words(
    town: Town, course: str
) -> None:
    asked = await decision(town)
    answers = await at_once(town, (DENISE, asked), (DENISE, STOPS[course](town)))
    found = await decisions(town)
    refused = [a for a in answers if isinstance(a, NotSitting)]
    assert len(found) + len(refused) == 1
    assert all(course in a.message for a in refused)


async def test_e7_adjourned_and_gone_on_with_at_once(town: Town) -> None:
    """The chair in two tabs: one order, one course, and nobody left in a seat of a huddle that stopped."""
    for _ in range(10):
        await town.do("hannah-pike", Join(huddle=town.huddle, accepted=True))
        for who in ("priya-nair", FARAH, GRACE, DENISE):
            await town.do(who, Join(huddle=town.huddle, accepted=True))
        await at_once(town, (DENISE, STOPS["adjourned"](town)), (DENISE, Resume(huddle=town.huddle)))
        hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
        known = hand.state[HuddlesState].by_id[town.huddle]
        assert known.course in ("on", "adjourned")
        assert known.present() == set(), "whoever was in it comes in anew"
        if known.course == "adjourned":
            await town.do(DENISE, Resume(huddle=town.huddle))
    assert await verify(town.house.store) == []

"""An action has one owner and one due time, is read back, and comes to one of three ends, each with words."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from server.actions.agreeing import AgreeAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction
from server.actions.finding import ActionMoved, ActionOver
from server.families.audience import AudienceGrew
from server.people.permissions import NotYours
from server.record.refusals import Incomplete, NotFound
from server.record.verify import verify
from tests.actions.promises import DENISE, FARAH, GRACE, PRIYA, actions, agree, agreed, change
from tests.lab.town import Town, running
from tests.realtime.conftest import ONE_AND_TWO


async def refused(town: Town, who: str, command: Any) -> Exception:
    with pytest.raises(Exception) as found:
        await town.do(who, command)
    return found.value


async def words_of(town: Town, who: str, command: Any) -> dict[str, str]:
    found = await refused(town, who, command)
    assert isinstance(found, Incomplete), found
    return found.problems


async def test_one_line_is_an_action_that_waits_for_its_owner(town: Town) -> None:
    known = await agreed(town, "Share attendance @farah by tomorrow 3pm #education !critical")
    assert (known.terms.words, known.terms.owner, known.terms.agency) == ("Share attendance", FARAH, "SAP")
    assert (known.terms.domain, known.terms.critical) == ("education", True)
    assert (known.number, known.chair, known.stage) == (1, DENISE, "waiting")


async def test_fields_say_it_as_well_as_a_line_and_win(town: Town) -> None:
    due = town.clock() + timedelta(days=1)
    command = agree(town, "Ring @farah by fri", words="Ring the GP", owner=GRACE, due=due, domain="health")
    await town.do(DENISE, command)
    (known,) = await actions(town)
    assert (known.terms.words, known.terms.owner, known.terms.due) == ("Ring the GP", GRACE, due)


async def test_without_an_owner_it_is_a_proposal(town: Town) -> None:
    known = await agreed(town, "Check the tenancy")
    assert (known.stage, known.terms.due) == ("proposed", None)


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("", "words", "Enter what will be done"),
        ("@farah by tomorrow", "words", "Enter what will be done"),
        ("Ring the GP @farah", "due", "Enter when it is due, for example by Friday 3pm"),
        (
            "Ring @nobody by fri",
            "line",
            "Nobody called nobody reads this. Choose somebody in the team",
        ),
        ("Ring @farah @priya by fri", "line", "Choose who will do this. It must be one person"),
        ("Ring the GP @farah by 1/1/2020", "line", "Due date must be today or later"),
    ],
)
async def test_what_is_no_action_is_said_in_words(town: Town, line: str, field: str, words: str) -> None:
    assert (await words_of(town, DENISE, agree(town, line)))[field] == words
    assert await actions(town) == ()


async def test_an_agency_or_an_outsider_owns_nothing(town: Town) -> None:
    """G4 32: one named person, who can read it."""
    due = town.clock() + timedelta(days=1)
    for owner in ("NHM", "agency:NHM", "dawn-tully", "josie-tran"):
        command = agree(town, "", words="Change the locks", owner=owner, due=due)
        assert "owner" in await words_of(town, DENISE, command), owner


async def test_the_owner_reads_back_and_accepts(town: Town) -> None:
    known = await agreed(town)
    assert isinstance(await refused(town, PRIYA, AcceptAction(action=known.id, seen=known.seen)), NotYours), (
        "nobody accepts for another"
    )
    await town.do(FARAH, AcceptAction(action=known.id, seen=known.seen))
    await town.do(FARAH, AcceptAction(action=known.id, seen=known.seen))
    (found,) = await actions(town)
    assert found.stage == "accepted" and found.seen == known.seen + 1, "accepting twice is one fact"


async def test_nobody_accepts_what_they_did_not_read(town: Town) -> None:
    known = await agreed(town)
    await town.do(DENISE, change(known, words="Share attendance and lateness", reason="Both matter"))
    found = await refused(town, FARAH, AcceptAction(action=known.id, seen=known.seen))
    assert isinstance(found, ActionMoved)


async def test_an_owner_asks_for_a_change_and_reads_back_anew(town: Town) -> None:
    known = await agreed(town)
    await town.do(FARAH, AskForChange(action=known.id, seen=known.seen, words="Monday, I am in court"))
    (asked,) = await actions(town)
    assert (asked.stage, asked.asked) == ("change_asked", "Monday, I am in court")
    due = town.clock() + timedelta(days=5)
    await town.do(DENISE, change(asked, due=due, reason="Farah is in court"))
    (changed,) = await actions(town)
    assert (changed.stage, changed.terms.due, changed.first_due) == ("waiting", due, known.terms.due)


async def test_a_promise_is_not_moved_without_a_reason_nor_by_its_owner(town: Town) -> None:
    known = await agreed(town, who=FARAH)
    await town.do(FARAH, AcceptAction(action=known.id, seen=known.seen))
    (known,) = await actions(town)
    later = town.clock() + timedelta(days=9)
    assert await words_of(town, DENISE, change(known, due=later)) == {"reason": "Enter why this changes"}
    own = await words_of(town, FARAH, change(known, due=later, reason="More time"))
    assert own == {"due": "Ask somebody else for more time. It is your own action"}
    assert isinstance(await refused(town, GRACE, change(known, due=later, reason="Kind")), NotYours)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("done", "Enter what was done, and where that can be seen"),
        ("not_done", "Enter why this was not done"),
        ("not_needed", "Enter why this is no longer needed"),
    ],
)
async def test_every_end_has_its_words(town: Town, outcome: Any, words: str) -> None:
    known = await agreed(town)
    empty = SettleAction(action=known.id, seen=known.seen, outcome=outcome, words=" ")
    assert await words_of(town, DENISE, empty) == {"words": words}
    await town.do(DENISE, SettleAction(action=known.id, seen=known.seen, outcome=outcome, words="Seen"))
    assert (await actions(town))[0].stage == outcome


async def test_the_owner_alone_does_not_say_that_it_is_not_needed(town: Town) -> None:
    known = await agreed(town)
    own = SettleAction(action=known.id, seen=known.seen, outcome="not_needed", words="Too much")
    assert isinstance(await refused(town, FARAH, own), NotYours)
    other = SettleAction(action=known.id, seen=known.seen, outcome="done", words="I saw it")
    assert isinstance(await refused(town, GRACE, other), NotYours)


async def test_e7_an_owner_completes_while_the_chair_reassigns(town_wherever: Town) -> None:
    """One of them is first; the other is told, and what they wrote is not lost."""
    town = town_wherever
    for turn in range(20):
        known = await agreed(town)
        settle = SettleAction(action=known.id, seen=known.seen, outcome="done", words=f"Done {turn}")
        both = [town.do(FARAH, settle), town.do(DENISE, change(known, owner=PRIYA, reason="Farah is away"))]
        found = await asyncio.gather(*(both if turn % 2 else reversed(both)), return_exceptions=True)
        lost = [each for each in found if isinstance(each, Exception)]
        assert len(lost) == 1
        assert isinstance(lost[0], ActionMoved | ActionOver | NotYours)
        stands = (await actions(town))[-1]
        assert stands.id == known.id and stands.stage in ("done", "waiting")
        assert not isinstance(lost[0], ActionOver) or "Farah Siddiqui recorded at" in lost[0].message


@ONE_AND_TWO
async def test_a_restricted_action_is_there_only_for_its_audience(town: Town) -> None:
    known = await agreed(town, "Read the statement @priya by tomorrow", only_for=(PRIYA,))
    assert known.stream != town.book and known.number == 1
    assert [a.id for a in await actions(town, PRIYA)] == [known.id]
    assert await actions(town, FARAH) == ()
    asked = AcceptAction(action=known.id, seen=known.seen)
    assert isinstance(await refused(town, FARAH, asked), NotFound), "not even that there is one"
    await town.do(PRIYA, asked)
    assert (await agreed(town)).number == 1, "numbers in main do not count it"


@ONE_AND_TWO
async def test_i13_nobody_outside_the_audience_owns_it(town: Town) -> None:
    command = agree(town, "Read the statement @farah by tomorrow", only_for=(PRIYA,))
    problems = await words_of(town, DENISE, command)
    assert "is not among those who will see this" in problems["owner"]
    known = await agreed(town, "Read the statement @priya by tomorrow", only_for=(PRIYA,))
    assert "owner" in await words_of(town, DENISE, change(known, owner=FARAH, reason="She has time"))


async def test_an_audience_that_grew_is_refused(town: Town) -> None:
    command = agree(town, "Check @pike by tomorrow for:ncs for:npc", expected_readers=("hannah-pike",))
    assert isinstance(await refused(town, DENISE, command), AudienceGrew)


async def test_who_is_not_in_the_team_can_do_nothing(town: Town) -> None:
    known = await agreed(town)
    asks = (
        AgreeAction(huddle=town.huddle, line="Ring"),
        AcceptAction(action=known.id, seen=known.seen),
        change(known, reason="x"),
        SettleAction(action=known.id, seen=known.seen, outcome="done", words="x"),
    )
    for asked in asks:
        assert isinstance(await refused(town, "dawn-tully", asked), NotFound)


async def test_both_databases_keep_it_and_the_chain_holds(town_url: str) -> None:
    async with running(town_url) as town:
        known = await agreed(town)
        await town.do(FARAH, AcceptAction(action=known.id, seen=known.seen))
        await town.do(FARAH, SettleAction(action=known.id, seen=known.seen + 1, outcome="done", words="Sent"))
        assert [a.stage for a in await actions(town)] == ["done"]
        assert await verify(town.house.store) == []

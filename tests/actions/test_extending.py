"""More time is given by somebody else, for a reason, twice at most; lateness counts from the first day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.actions.commands import AskForChange
from server.actions.views import lateness
from server.people.commands import NameManager
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from tests.actions.promises import (
    DENISE,
    FARAH,
    GRACE,
    PRIYA,
    accepted,
    agreed,
    change,
    extend,
    newest,
    settle,
)
from tests.actions.test_actions import refused, words_of
from tests.lab.town import Town

TWICE = "This was given more time twice. It must be decided again"
OWN = {"due": "Ask somebody else for more time. It is your own action"}


async def test_more_time_leaves_everything_else_as_it_was_read_back(town: Town) -> None:
    known = await accepted(town)
    await town.do(DENISE, extend(town, known, 6))
    found = await newest(town, known)
    assert (found.stage, found.extensions, found.accepted) == ("accepted", 1, known.accepted)
    assert found.terms.due == town.clock() + timedelta(days=6) and found.first_due == known.terms.due


@pytest.mark.parametrize(
    ("days", "reason", "problems"),
    [
        (6, " ", {"reason": "Enter why this needs more time"}),
        (1, "Court", {"due": "Choose a later time than the one that stands"}),
        (-1, "Court", {"due": "Due date must be today or later"}),
    ],
)
async def test_it_needs_a_later_time_and_a_reason(
    town: Town, days: float, reason: str, problems: dict[str, str]
) -> None:
    known = await accepted(town)
    assert await words_of(town, DENISE, extend(town, known, days, reason)) == problems


async def test_nobody_gives_themselves_more_time(town: Town) -> None:
    known = await accepted(town)
    assert await words_of(town, FARAH, extend(town, known, 6)) == OWN
    mine = await agreed(town, "Ring the GP @denise in 2 days")
    later = town.clock() + timedelta(days=9)
    assert await words_of(town, DENISE, change(mine, due=later, reason="Busy")) == OWN
    taken = change(known, owner=DENISE, due=later, reason="I will do it")
    assert await words_of(town, DENISE, taken) == OWN, "nor together with another owner"


async def test_the_owners_line_manager_may_and_who_only_reads_may_not(town: Town) -> None:
    known = await accepted(town)
    assert isinstance(await refused(town, GRACE, extend(town, known, 6)), NotYours)
    named = NameManager(person=FARAH, manager=GRACE)
    await town.house.ledger.record(PARTNERSHIP, named, await town.actor("imran-sethi"), key="manager")
    await town.do(GRACE, extend(town, known, 6))
    assert (await newest(town, known)).extensions == 1
    assert isinstance(await refused(town, GRACE, change(known, words="Else", reason="x")), NotYours)


async def test_r27_a_third_time_is_refused_whoever_and_however(town: Town) -> None:
    known = await accepted(town)
    await town.do(DENISE, extend(town, known, 6))
    later = town.clock() + timedelta(days=9)
    await town.do(DENISE, change(await newest(town, known), owner=GRACE, due=later, reason="Farah is away"))
    found = await newest(town, known)
    assert (found.extensions, found.terms.owner) == (2, GRACE)
    assert (await words_of(town, PRIYA, extend(town, found, 12)))["due"].startswith(TWICE)
    third = change(found, owner=FARAH, due=later + timedelta(days=1), reason="She is back")
    assert (await words_of(town, DENISE, third))["due"].startswith(TWICE)
    ask = AskForChange(action=found.id, seen=found.seen, words="More", due=later + timedelta(days=1))
    assert (await words_of(town, GRACE, ask))["due"].startswith(TWICE)
    await town.do(DENISE, change(found, owner=FARAH, reason="Without more time"))


async def test_g4_31_an_action_that_nobody_owned_for_a_while_has_no_more_time_for_it(town: Town) -> None:
    known = await accepted(town)
    await town.do(DENISE, change(known, owner="", due=None, reason="Farah is away"))
    proposal = await newest(town, known)
    assert proposal.stage == "proposed"
    later = town.clock() + timedelta(days=9)
    again = change(proposal, owner=GRACE, due=later)
    assert await words_of(town, DENISE, again) == {"reason": "Enter why this changes"}
    await town.do(DENISE, change(proposal, owner=GRACE, due=later, reason="Grace can"))
    found = await newest(town, known)
    assert (found.extensions, found.first_due) == (1, known.terms.due)


async def test_an_owner_asks_for_a_day_and_whoever_may_grants_it(town: Town) -> None:
    known = await accepted(town)
    until = town.clock() + timedelta(days=6)
    ask = AskForChange(action=known.id, seen=known.seen, words="I am in court", due=until)
    await town.do(FARAH, ask)
    asked = await newest(town, known)
    assert (asked.stage, asked.asked_due, asked.terms.due) == ("change_asked", until, known.terms.due)
    page = (await (await town.browser(PRIYA)).get(f"/families/NMR-0147/actions/{known.id}")).text
    assert "Farah Siddiqui asked: I am in court" in page, "the form is filled in already"
    assert f'name="due-day" inputmode="numeric" autocomplete="off" value="{until.day}"' in page
    await town.do(DENISE, extend(town, asked, 6))
    found = await newest(town, known)
    assert (found.stage, found.asked) == ("accepted", "")


async def test_an_owner_who_asks_for_no_later_day_is_told(town: Town) -> None:
    known = await accepted(town)
    ask = AskForChange(action=known.id, seen=known.seen, words="Sooner", due=town.clock() + timedelta(days=1))
    assert await words_of(town, FARAH, ask) == {"due": "Choose a later time than the one that stands"}


async def test_an_action_that_was_given_more_time_is_as_late_as_it_was(town: Town) -> None:
    """The locks of the demonstration: due on 25 March, given more time, changed on 8 April."""
    known = await accepted(town, "Change the locks @farah by 25/3/2026 5pm")
    town.clock.pass_by(days=5)
    await town.do(DENISE, extend(town, known, 8))
    town.clock.pass_by(days=15)
    await town.do(FARAH, settle(await newest(town, known), "Both locks"))
    found = await newest(town, known)
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    partnership = hand.partnership[PartnershipState]
    assert lateness(found, found.finished, partnership) == "8 working days late"
    for page in ("actions", f"actions/{known.id}"):
        text = (await (await town.browser(GRACE)).get(f"/families/NMR-0147/{page}")).text
        assert "8 working days late" in text, page

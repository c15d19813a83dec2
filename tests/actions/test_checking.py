"""Where a child's safety rests on it, done is what somebody says until somebody else has looked (R33)."""

from __future__ import annotations

import pytest

from server.actions.action import Action, Ending
from server.actions.checking import ReopenAction, VerifyAction
from server.actions.commands import AskForChange
from server.actions.facts import Outcome
from server.actions.finding import ActionClaimed, ActionMoved, ActionOver
from server.people.permissions import NotYours
from server.record.refusals import NotFound
from tests.actions.promises import (
    DENISE,
    FARAH,
    GRACE,
    PRIYA,
    accepted,
    agreed,
    change,
    claimed,
    extend,
    newest,
    settle,
)
from tests.actions.test_actions import refused, words_of
from tests.lab.town import Town


def verify(known: Action, words: str = "I saw the chart") -> VerifyAction:
    return VerifyAction(action=known.id, seen=known.seen, words=words)


def reopen(known: Action, words: str = "It was another child") -> ReopenAction:
    return ReopenAction(action=known.id, seen=known.seen, words=words)


async def test_done_waits_for_somebody_else(town_wherever: Town) -> None:
    town = town_wherever
    known = await claimed(town)
    assert (known.stage, known.open) == ("claimed_done", True)
    assert await words_of(town, DENISE, verify(known, " ")) == {
        "words": "Enter how you know that it was done"
    }
    await town.do(DENISE, verify(known))
    await town.do(DENISE, verify(known))
    found = await newest(town, known)
    assert (found.stage, found.settled_by, found.seen) == ("done", DENISE, known.seen + 1)
    assert found.settled == Ending("done", "Weighed, 4.1 kg", "I saw the chart")


async def test_g4_34_nobody_checks_what_they_claimed(town: Town) -> None:
    known = await claimed(town)
    assert isinstance(await refused(town, FARAH, verify(known)), NotYours)
    by_chair = await claimed(town, DENISE)
    found = await refused(town, DENISE, verify(by_chair))
    assert "Ask Priya Nair" in str(found), "the plan owner answers for it too"
    await town.do(PRIYA, verify(by_chair))


async def test_who_only_reads_it_checks_nothing_while_somebody_answers_for_it(town: Town) -> None:
    assert isinstance(await refused(town, GRACE, verify(await claimed(town))), NotYours)


async def test_where_nobody_else_answers_for_it_any_reader_checks(town: Town) -> None:
    known = await agreed(
        town, "Look at the statement @denise by tomorrow !critical", only_for=(DENISE, GRACE, FARAH)
    )
    await town.do(DENISE, settle(known, "Read it"))
    claim = await newest(town, known)
    assert isinstance(await refused(town, PRIYA, verify(claim)), NotFound), "who does not read it"
    await town.do(GRACE, verify(claim))
    assert (await newest(town, known)).stage == "done"


async def test_where_nobody_else_reads_it_nobody_claims_it(town: Town) -> None:
    known = await agreed(town, "Look at it @denise by tomorrow !critical", only_for=(DENISE,))
    said = await words_of(town, DENISE, settle(known, "Read it"))
    assert said["words"].startswith("Nobody else reads this, so nobody can check it")
    await town.do(DENISE, settle(known, "Not here", "not_done"))


async def test_who_says_that_it_is_not_critical_does_not_finish_it_alone(town: Town) -> None:
    known = await agreed(town, "Weigh Remi @denise in 2 days !critical")
    await town.do(DENISE, change(known, critical=False, reason="It is routine"))
    await town.do(DENISE, settle(await newest(town, known), "Weighed"))
    assert (await newest(town, known)).stage == "claimed_done"


async def test_what_waits_to_be_checked_is_not_changed_meanwhile(town: Town) -> None:
    known = await claimed(town)
    for who, command in (
        (DENISE, change(known, words="Else", reason="x")),
        (DENISE, extend(town, known, 9)),
        (FARAH, AskForChange(action=known.id, seen=known.seen, words="Else")),
        (PRIYA, settle(known, "Gone", "not_needed")),
    ):
        assert isinstance(await refused(town, who, command), ActionClaimed)


async def test_what_is_not_so_is_opened_again_as_it_was(town: Town) -> None:
    known = await claimed(town)
    assert await words_of(town, DENISE, reopen(known, " ")) == {"words": "Enter why this is not settled"}
    assert isinstance(await refused(town, FARAH, reopen(known)), NotYours), "not by its owner"
    assert isinstance(await refused(town, GRACE, reopen(known)), NotYours)
    await town.do(DENISE, reopen(known))
    found = await newest(town, known)
    assert (found.claim, found.settled, found.reopened) == (None, None, "It was another child")
    assert found.first_due == known.first_due


@pytest.mark.parametrize("outcome", ["done", "not_done", "not_needed"])
async def test_every_end_can_be_opened_again_and_by_its_owner_never(town: Town, outcome: Outcome) -> None:
    known = await accepted(town)
    await town.do(DENISE, settle(known, "So it was", outcome))
    ended = await newest(town, known)
    assert isinstance(await refused(town, FARAH, reopen(ended)), NotYours)
    await town.do(PRIYA, reopen(ended))
    await town.do(PRIYA, reopen(ended))
    found = await newest(town, known)
    assert (found.stage, found.seen) == ("accepted", ended.seen + 1)


async def test_what_is_owed_is_neither_checked_nor_opened_and_what_ended_is_not_checked_again(
    town: Town,
) -> None:
    known = await accepted(town)
    assert isinstance(await refused(town, DENISE, verify(known)), ActionMoved)
    assert isinstance(await refused(town, DENISE, reopen(known)), ActionMoved)
    await town.do(FARAH, settle(known))
    assert isinstance(await refused(town, DENISE, verify(await newest(town, known))), ActionOver)


async def test_a_page_offers_only_what_its_viewer_may_do(town: Town) -> None:
    known = await claimed(town)
    forms = {}
    for who in (PRIYA, FARAH, GRACE):
        text = (await (await town.browser(who)).get(f"/families/NMR-0147/actions/{known.id}")).text
        assert "Done, waiting to be checked" in text
        forms[who] = [name for name in ("verify", "reopen", "settle", "change") if f'/{name}"' in text]
    assert forms == {PRIYA: ["verify", "reopen"], FARAH: [], GRACE: []}

"""An owner may say no; somebody else then does it, and nobody passes it round without end."""

from __future__ import annotations

from server.actions.action import Action
from server.actions.agreeing import AgreeAction
from server.actions.checking import ReopenAction
from server.actions.commands import AcceptAction, AskForChange, StartAction
from server.actions.declining import DeclineAction
from server.families.team import AddToTeam, RemoveFromTeam
from server.huddles.closing import CloseHuddle
from server.huddles.decision_facts import Answer
from server.huddles.state import HuddlesState
from server.huddles.unfinished import left_open
from server.people.permissions import NotYours
from server.record.facts import SYSTEM
from tests.actions.promises import (
    DENISE,
    FARAH,
    GRACE,
    PRIYA,
    accepted,
    actions,
    agreed,
    change,
    newest,
    settle,
)
from tests.actions.test_actions import refused, words_of
from tests.lab.town import Town

SAM = "sam-whitlock"


def decline(known: Action, words: str = "I do not teach her") -> DeclineAction:
    return DeclineAction(action=known.id, seen=known.seen, words=words)


async def test_an_owner_declines_before_they_accepted_and_since(town: Town) -> None:
    for known in (await agreed(town), await accepted(town)):
        assert await words_of(town, FARAH, decline(known, " ")) == {"words": "Enter why you decline this"}
        await town.do(FARAH, decline(known))
        found = await newest(town, known)
        assert (found.stage, found.declined, found.accepted) == ("declined", "I do not teach her", None)
        assert found.open and found.terms.owner == FARAH, "it is still owed"


async def test_nobody_declines_for_another(town: Town) -> None:
    known = await agreed(town)
    for who in (PRIYA, DENISE, GRACE):
        assert isinstance(await refused(town, who, decline(known)), NotYours)


async def test_the_chair_names_another_owner_who_reads_it_back(town: Town) -> None:
    known = await agreed(town)
    await town.do(FARAH, decline(known))
    await town.do(DENISE, change(await newest(town, known), owner=GRACE, reason="Farah declined"))
    found = await newest(town, known)
    assert (found.stage, found.terms.owner, found.reassigned) == ("waiting", GRACE, 1)


async def test_who_declined_may_think_again(town: Town) -> None:
    known = await agreed(town)
    await town.do(FARAH, decline(known))
    await town.do(FARAH, AcceptAction(action=known.id, seen=(await newest(town, known)).seen))
    assert (await newest(town, known)).stage == "accepted"


async def moved_three_times(town: Town, who: str = PRIYA) -> Action:
    """By the plan owner, who agreed it in Denise's huddle."""
    known = await agreed(town, who=who)
    for owner in (GRACE, FARAH, GRACE):
        await town.do(who, change(await newest(town, known), owner=owner, reason="She is away"))
    return await newest(town, known)


async def test_g4_33_after_three_reassignments_the_chair_decides(town: Town) -> None:
    known = await moved_three_times(town)
    assert known.reassigned == 3
    said = await words_of(town, GRACE, decline(known))
    assert "Three reassignments: the chair decides. Ask Denise Hallam" in said["words"]
    assert (await newest(town, known)).stage == "waiting"
    passed_on = change(known, owner=FARAH, reason="Again")
    assert "the chair decides" in (await words_of(town, PRIYA, passed_on))["owner"]
    await town.do(PRIYA, change(known, words="Share it by phone", reason="Quicker"))
    await town.do(DENISE, change(await newest(town, known), owner=FARAH, reason="Farah will"))
    assert (await newest(town, known)).terms.owner == FARAH


async def test_without_a_huddle_the_plan_owner_decides(town: Town) -> None:
    await town.do(DENISE, AgreeAction(line="Ring the GP @farah in 2 days"))
    known = (await actions(town))[-1]
    for owner in (GRACE, FARAH, GRACE):
        await town.do(DENISE, change(await newest(town, known), owner=owner, reason="Away"))
    said = await words_of(town, DENISE, change(await newest(town, known), owner=FARAH, reason="Away"))
    assert "Ask Priya Nair" in said["owner"]
    await town.do(PRIYA, change(await newest(town, known), owner=FARAH, reason="It is settled"))


async def test_only_what_was_accepted_is_begun(town: Town) -> None:
    known = await agreed(town)
    begin = StartAction(action=known.id, seen=known.seen)
    assert isinstance(await refused(town, FARAH, begin), NotYours)
    known = await accepted(town)
    begin = StartAction(action=known.id, seen=known.seen)
    assert isinstance(await refused(town, DENISE, begin), NotYours), "nobody begins for another"
    await town.do(FARAH, begin)
    await town.do(FARAH, StartAction(action=known.id, seen=known.seen))
    found = await newest(town, known)
    assert (found.stage, found.seen) == ("in_progress", known.seen + 1)


async def test_r28_who_leaves_loses_their_actions_and_the_service_says_so(town: Town) -> None:
    known = await agreed(town, "Ask about the second key @sam in 2 days")
    done = await agreed(town, "Ring the landlord @sam in 2 days")
    await town.do(SAM, settle(done))
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Moved"))
    found = await newest(town, known)
    assert (found.stage, found.seen > known.seen) == ("owner_lost", True)
    entries = await town.house.books.before(
        await town.house.books.open(town.book), ((town.book, found.seen),), 1
    )
    assert entries[-1].author == SYSTEM and entries[-1].cause is not None
    assert (await newest(town, done)).stage == "done", "what is settled needs nobody"
    await town.do(DENISE, change(found, owner=FARAH, reason="Sam has left"))
    assert (await newest(town, known)).stage == "waiting"


async def test_a_restricted_action_says_the_same_to_its_readers(town: Town) -> None:
    """No fact follows from main into a compartment; its state knows who is gone."""
    known = await agreed(town, "Ask about the key @sam by tomorrow", only_for=(SAM,))
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Moved"))
    found = await newest(town, known)
    assert (found.stage, found.seen) == ("owner_lost", known.seen)


async def test_what_is_opened_again_after_its_owner_left_needs_another(town: Town) -> None:
    known = await agreed(town, "Ask about the second key @sam in 2 days")
    await town.do(SAM, settle(known))
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Moved"))
    settled = await newest(town, known)
    await town.do(DENISE, ReopenAction(action=known.id, seen=settled.seen, words="It was another key"))
    assert (await newest(town, known)).stage == "owner_lost"


async def test_who_comes_back_reads_back_anew(town: Town) -> None:
    known = await accepted(town, "Ask about the second key @sam in 2 days", SAM)
    await town.do(PRIYA, RemoveFromTeam(person=SAM, reason="Moved"))
    await town.do(PRIYA, AddToTeam(person=SAM, reason="Back"))
    assert (await newest(town, known)).stage == "waiting"


async def test_what_a_guest_owes_after_their_last_day_needs_another_owner(town: Town) -> None:
    soon = await agreed(town, "Ask about the second key @sam in 2 days")
    far = await accepted(town, "Ask about the tenancy @sam in 60 days", SAM)
    hand = await town.house.ledger.look(town.book, await town.actor(DENISE))
    items = left_open(hand, hand.state[HuddlesState].by_id[town.huddle])
    answers = tuple(Answer(item.code, "It stays so") for item in items)
    await town.do(DENISE, CloseHuddle(huddle=town.huddle, answers=answers))
    assert (await newest(town, soon)).stage == "waiting"
    found = await newest(town, far)
    assert found.stage == "owner_lost" and found.lost_until
    ask = AskForChange(action=far.id, seen=found.seen, words="More time")
    assert isinstance(await refused(town, SAM, ask), NotYours)
    await town.do(SAM, settle(found))
    assert (await newest(town, far)).stage == "done"

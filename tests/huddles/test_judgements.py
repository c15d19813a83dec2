"""Judging for oneself: not one byte of it reaches anybody before all are revealed together."""

from __future__ import annotations

from typing import Any

import pytest

from server.huddles.commands import NotJoined
from server.huddles.judgement_state import JudgementsState
from server.huddles.judgements import DiscussSpread, JudgedMeanwhile, RevealJudgements, TurnOver
from server.people.permissions import NotYours
from server.realtime.frames import HTML
from server.record.commands import THE_SYSTEM
from server.record.refusals import Incomplete, NotFound
from server.record.verify import verify
from tests.huddles.meeting import DENISE, FARAH, GRACE, PRIYA, about, judgement, revealing
from tests.lab.town import Town

CANARY = "Kestrel eight"


async def refused(town: Town, who: str, command: Any) -> Exception:
    with pytest.raises(Exception) as found:
        await town.do(who, command)
    return found.value


async def reveal(town: Town, who: str = DENISE) -> int:
    browser = await town.browser(who)
    return (await browser.post(f"/huddles/{town.huddle}/judge/reveal")).status_code


async def seen(town: Town, who: str, path: str = "") -> str:
    browser = await town.browser(who)
    return (await browser.get(f"/huddles/{town.huddle}{path}")).text


async def state(town: Town, who: str) -> Any:
    hand = await town.house.ledger.look(town.book, await town.actor(who))
    return hand.state[JudgementsState].of(town.huddle)


async def test_2_not_one_byte_leaks_before_the_reveal(town: Town) -> None:
    """By socket, page, changes and refusal, to everybody else, the chair and the administrator included."""
    others = (DENISE, PRIYA, FARAH, "sam-whitlock", "cal-moss")
    await seen(town, FARAH)
    async with town.socket(DENISE) as programs, town.socket(FARAH, HTML, town.head(FARAH)) as browser:
        await town.do(GRACE, await judgement(town, 8, CANARY))
        await programs.quiet(0.4)
        await browser.quiet(0.2)
        assert programs.facts[-1]["kind"] == "JudgementGiven/1", "that she has judged is known"
        for who in others:
            for path in ("", "/changes", "/judge", "/decide"):
                assert CANARY not in await seen(town, who, path), (who, path)
            assert not (await state(town, who)).own
        assert not any(CANARY in text for text in programs.raw + browser.raw)
        assert CANARY in await seen(town, GRACE, "/judge"), "she may read and change her own"
        assert await reveal(town) == 303
        await programs.quiet(0.4)
        await browser.quiet(0.2)
        assert any(CANARY in text for text in programs.raw) and any(CANARY in text for text in browser.raw)
    for who in others:
        assert CANARY in await seen(town, who), who


async def test_all_are_revealed_together_and_only_by_the_chair(town: Town) -> None:
    for who, score in ((GRACE, 8), (FARAH, 5), (PRIYA, 6)):
        await town.do(who, await judgement(town, score))
    for who in (GRACE, PRIYA, "ruth-adeyemi"):
        assert await reveal(town, who) == 403
    assert await reveal(town) == 303
    known = await state(town, FARAH)
    assert {j.person for j in known.revealed[0].judged} == {GRACE, FARAH, PRIYA}
    assert await verify(town.house.store) == []


async def test_nobody_can_reveal_words_of_their_own_making(town: Town) -> None:
    """The command that carries them is the service's alone, and it asks who holds the chair."""
    forged = await revealing(town, {GRACE: 0})
    assert isinstance(await refused(town, DENISE, forged), NotYours)
    async with town.socket(DENISE) as socket:
        await socket.say("reveal-judgements", turn=1, by=DENISE, judged=[])
        assert (await socket.next("refused"))["code"] == "malformed"
    for_another = RevealJudgements(huddle=town.huddle, turn=1, by=PRIYA, judged=forged.judged, times=0)
    with pytest.raises(NotFound):
        await town.house.ledger.record(town.book, for_another, THE_SYSTEM, key="k")


async def test_one_may_change_ones_mind_until_then_and_not_after(town: Town) -> None:
    await town.do(GRACE, await judgement(town, 3))
    await town.do(GRACE, await judgement(town, 9))
    assert len((await state(town, DENISE)).given) == 1
    await reveal(town)
    known = await state(town, DENISE)
    assert {j.score for j in known.revealed[0].judged} == {9}
    assert isinstance(await refused(town, GRACE, await judgement(town, 1)), TurnOver)


async def test_nobody_who_judged_at_that_very_moment_is_left_out(town: Town) -> None:
    """What was gathered before they judged, or judged anew, is not revealed; a look after that is."""
    gathered = await revealing(town, {FARAH: 5})
    await town.do(GRACE, await judgement(town, 3))
    for _ in range(2):
        with pytest.raises(JudgedMeanwhile):
            await town.house.ledger.record(town.book, gathered, THE_SYSTEM, key="k")
        gathered = await revealing(town, {GRACE: 3})
        await town.do(GRACE, await judgement(town, 9))
    assert await reveal(town) == 303
    assert {j.score for j in (await state(town, DENISE)).revealed[0].judged} == {9}


async def test_there_is_a_second_turn_and_no_third(town: Town) -> None:
    for turn in (1, 2):
        await town.do(GRACE, await judgement(town, 8, turn=turn))
        assert await reveal(town) == 303
    assert isinstance(await refused(town, GRACE, await judgement(town, 8, turn=3)), TurnOver)
    assert "Both turns are over" in await seen(town, GRACE)


async def test_a_spread_of_three_is_spoken_to_and_said_why(town: Town) -> None:
    await town.do(GRACE, await judgement(town, 8))
    await town.do(FARAH, await judgement(town, 5))
    await reveal(town)
    assert "Speak about why they lie so far apart" in await seen(town, PRIYA)
    child = (await about(town))[0].child
    words = DiscussSpread(huddle=town.huddle, turn=1, child=child, words="Housing had not known of bail")
    assert isinstance(await refused(town, GRACE, words), NotYours)
    await town.do(DENISE, words)
    assert "Housing had not known of bail" in await seen(town, PRIYA)
    assert isinstance(await refused(town, DENISE, words), NotFound), "it was spoken to"


async def test_a_spread_of_two_is_none(town: Town) -> None:
    await town.do(GRACE, await judgement(town, 8))
    await town.do(FARAH, await judgement(town, 6))
    await reveal(town)
    assert "Speak about why" not in await seen(town, PRIYA)


async def test_nothing_is_revealed_where_nobody_has_judged(town: Town) -> None:
    assert await reveal(town) == 422


async def test_who_is_not_in_the_room_does_not_judge(town: Town) -> None:
    assert isinstance(await refused(town, "owen-blake", await judgement(town, 5)), NotJoined | NotFound)


@pytest.mark.parametrize("score", [-1, 11])
async def test_a_judgement_is_from_none_to_ten_with_a_sentence(town: Town, score: int) -> None:
    error = await refused(town, GRACE, await judgement(town, score))
    assert isinstance(error, Incomplete) and "from 0 to 10" in error.message
    error = await refused(town, GRACE, await judgement(town, 5, " "))
    assert isinstance(error, Incomplete) and "in a sentence" in error.message


async def test_the_form_keeps_what_was_typed(town: Town) -> None:
    browser = await town.browser(GRACE)
    children = [each.child for each in await about(town)]
    typed = {f"child-{children[0]}-score": "7", f"child-{children[0]}-words": "Not weighed", "turn": "1"}
    answer = await browser.post(f"/huddles/{town.huddle}/judge", data=typed)
    assert answer.status_code == 422 and "Not weighed" in answer.text
    for child in children[1:]:
        typed |= {f"child-{child}-score": "2", f"child-{child}-words": "Settled"}
    assert (await browser.post(f"/huddles/{town.huddle}/judge", data=typed)).status_code == 303

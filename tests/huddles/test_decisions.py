"""A decision: recorded by the chair alone, answered by each for themselves, never quietly overwritten."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.families.knowledge import Contribute, Withdraw
from server.huddles.chair import AssumeChair
from server.huddles.commands import NotJoined
from server.huddles.decisions import DecidedMeanwhile
from server.huddles.positions import FinaliseDecision, RoundClosed, StateDuty, TakePosition
from server.people.permissions import NotYours
from server.record.commands import THE_SYSTEM
from server.record.refusals import Incomplete, NotFound
from server.record.verify import verify
from tests.huddles import meeting
from tests.huddles.meeting import DENISE, FARAH, GRACE, OPTIONS, PRIYA, REASON, decided, decision, decisions
from tests.lab.town import Town
from tests.realtime.conftest import ONE_AND_TWO


async def refused(town: Town, who: str, command: Any) -> Exception:
    with pytest.raises(Exception) as found:
        await town.do(who, command)
    return found.value


async def test_the_chair_records_what_was_decided_and_why(town: Town) -> None:
    await decided(town)
    (found,) = await decisions(town, FARAH)
    assert (found.said.number, found.said.chosen, found.by) == (1, "E3", DENISE)
    assert found.said.rationale == REASON and found.said.options == OPTIONS
    assert FARAH in found.said.asked, "everybody in the room is asked where they stand"


async def test_nobody_but_the_chair_records_one(town: Town) -> None:
    asked = await decision(town)
    for who in (FARAH, PRIYA, "ruth-adeyemi", "cal-moss"):
        assert isinstance(await refused(town, who, asked), NotYours), who
    assert isinstance(await refused(town, "dawn-tully", asked), NotFound)


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"words": ""}, "words"),
        ({"rationale": ""}, "rationale"),
        ({"rationale": "See notes."}, "rationale"),
        ({"rationale": " \u200b" * 60}, "rationale"),
        (
            {"rationale": "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a"},
            "rationale",
        ),
        ({"options": OPTIONS[:1]}, "options"),
        ({"options": OPTIONS[:1] * 2}, "options"),
        ({"rests_on": (1,)}, "rests_on"),
        ({"children": ()}, "child-"),
    ],
)
async def test_what_must_not_be_missing_is_asked_for(town: Town, missing: dict[str, Any], field: str) -> None:
    """R13 to R15."""
    error = await refused(town, DENISE, await decision(town, **missing))
    assert isinstance(error, Incomplete)
    assert any(name.startswith(field) for name in error.problems), error.problems
    assert await decisions(town) == ()


async def test_what_an_absent_reader_would_miss_is_settled_or_answered(town: Town) -> None:
    lines = (await decision(town)).rests_on
    one_sided = await decision(town, rests_on=lines[:1], answers=())
    error = await refused(town, DENISE, one_sided)
    assert isinstance(error, Incomplete)
    assert set(error.problems) >= {"answer-protective", "answer-agencies_cited"}
    answers = tuple(
        {"item": name.removeprefix("answer-"), "words": "Not known yet"} for name in error.problems
    )
    await town.do(DENISE, await decision(town, rests_on=lines[:1], answers=answers))
    (found,) = await decisions(town)
    assert {answer.missing for answer in found.said.answers} >= {"No strength is weighed"}


async def test_judgements_that_lie_far_apart_are_spoken_to_before_a_decision(town: Town) -> None:
    """B-3: groups tend to settle on the middle; a wide spread must be answered."""
    reveal = await meeting.revealing(town, {GRACE: 8, FARAH: 3})
    await town.house.ledger.record(town.book, reveal, THE_SYSTEM, key="revealed")
    error = await refused(town, DENISE, await decision(town))
    assert isinstance(error, Incomplete) and "answer-apart" in error.problems


async def test_the_reason_given_before_is_not_given_again(town: Town) -> None:
    """G2.14: boilerplate is no reason."""
    first = await decided(town)
    error = await refused(town, DENISE, await decision(town, last=first))
    assert isinstance(error, Incomplete) and "different this time" in error.problems["rationale"]


async def test_what_only_some_read_cannot_be_cited_where_all_read(town: Town) -> None:
    secret = await town.do(
        DENISE,
        Contribute(
            domain="home",
            basis="observed_fact",
            text="For one.",
            bearing="serious",
            only_for=(PRIYA,),
        ),
    )
    assert secret.stream != town.book
    error = await refused(town, DENISE, await decision(town, rests_on=(secret.seq + 900,)))
    assert isinstance(error, Incomplete) and "rests_on" in error.problems


async def test_what_was_withdrawn_cannot_be_cited(town: Town) -> None:
    line = Contribute(domain="home", basis="observed_fact", text="Seen.", bearing="concern")
    told = await town.do(FARAH, line)
    await town.do(FARAH, Withdraw(stream=told.stream, seq=told.seq, reason="Another child"))
    error = await refused(town, DENISE, await decision(town, rests_on=(told.seq,)))
    assert isinstance(error, Incomplete) and "rests_on" in error.problems


async def test_e5_the_later_of_two_sees_the_other_and_loses_nothing(town: Town) -> None:
    """The form says which decision it had seen; what came meanwhile is shown before anything is recorded."""
    theirs, mine = await decision(town, chosen="E4"), await decision(town, rationale=f"But {REASON} Not yet.")
    await town.do(DENISE, theirs)
    error = await refused(town, DENISE, mine)
    assert isinstance(error, DecidedMeanwhile)
    assert error.message.startswith("Denise Hallam recorded a decision at ")
    (first,) = await decisions(town)
    replacing = await decision(
        town, rationale=f"But {REASON} Not yet.", replaces=first.said.decision, why_replaced="New information"
    )
    await town.do(DENISE, replacing)
    before, after = await decisions(town)
    assert before.replaced_by == after.said.decision and after.said.number == 2


async def test_e5_two_at_once_are_never_both_the_first(town_wherever: Town) -> None:
    town = town_wherever
    base = await decision(town)
    for turn in range(5):
        last = (await decisions(town))[-1].said.decision if turn else ""
        pair = [
            await decision(
                town,
                rests_on=base.rests_on,
                last=last,
                chosen=rung,
                rationale=" ".join(f"{rung}turn{turn}because{n}" for n in range(9)),
            )
            for rung in ("E3", "E4")
        ]
        answers = await asyncio.gather(*(town.do(DENISE, each) for each in pair), return_exceptions=True)
        assert [type(a) for a in answers if isinstance(a, Exception)] == [DecidedMeanwhile], (turn, answers)
    assert [d.said.number for d in await decisions(town)] == [1, 2, 3, 4, 5]
    assert await verify(town.house.store) == []


async def test_e5_the_same_words_from_a_second_tab_are_told_of_the_first_and_not_of_a_fault(
    town: Town,
) -> None:
    asked = await decision(town)
    await town.do(DENISE, asked)
    assert isinstance(await refused(town, DENISE, asked), DecidedMeanwhile)


async def test_a_dissent_stands_in_its_authors_own_words_and_nobody_else_can_touch_it(town: Town) -> None:
    made = await decided(town)
    words = "Unweighed since 2 February. I would ask for a strategy discussion today."
    await town.do(GRACE, TakePosition(huddle=town.huddle, decision=made, position="dissent", words=words))
    await town.do(DENISE, TakePosition(huddle=town.huddle, decision=made, position="agree"))
    (found,) = await decisions(town)
    assert [(p.person, p.words) for p in found.dissents] == [(GRACE, words)]
    assert "person" not in TakePosition.__struct_fields__, "no request can name somebody else"
    browser = await town.browser(DENISE)
    at = f"/huddles/{town.huddle}/decisions/{made}/position"
    forged = await browser.post(at, data={"position": "agree", "words": "Fine.", "person": GRACE})
    assert forged.status_code == 400
    async with town.socket(DENISE) as socket:
        await socket.say("take-position", decision=made, position="agree", person=GRACE)
        assert (await socket.next("refused"))["code"] == "malformed"
    (found,) = await decisions(town)
    assert found.positions[GRACE].words == words


@ONE_AND_TWO
async def test_e1_the_same_answer_twice_is_one_answer(town: Town) -> None:
    made = await decided(town)
    before = town.house.books.known(town.book)
    assert before
    for _ in range(3):
        await town.do(GRACE, TakePosition(huddle=town.huddle, decision=made, position="agree"))
        await town.do(GRACE, StateDuty(huddle=town.huddle, decision=made, choice="relies_on_plan"))
    kinds = [entry.kind for entry in before.tail if entry.author == GRACE]
    assert kinds[-2:] == ["PositionTaken/1", "DutyStated/1"]
    assert kinds.count("PositionTaken/1") == kinds.count("DutyStated/1") == 1


async def test_who_disagrees_says_why(town: Town) -> None:
    made = await decided(town)
    error = await refused(town, GRACE, TakePosition(huddle=town.huddle, decision=made, position="dissent"))
    assert isinstance(error, Incomplete) and "words" in error.problems


async def test_each_answers_for_their_own_duty(town: Town) -> None:
    made = await decided(town)
    answer = StateDuty(
        huddle=town.huddle, decision=made, choice="referring_separately", words="To the front door"
    )
    await town.do(GRACE, answer)
    (found,) = await decisions(town)
    assert found.duties[GRACE].choice == "referring_separately"
    assert GRACE in found.unanswered(), "a duty is not yet a position"


async def test_who_was_never_in_the_room_takes_no_position(town: Town) -> None:
    made = await decided(town)
    error = await refused(
        town, "owen-blake", TakePosition(huddle=town.huddle, decision=made, position="agree")
    )
    assert isinstance(error, NotJoined | NotFound)


async def test_it_is_final_when_all_have_answered_or_with_the_reason_why_not(town: Town) -> None:
    made = await decided(town)
    final = FinaliseDecision(huddle=town.huddle, decision=made)
    error = await refused(town, DENISE, final)
    assert isinstance(error, Incomplete) and "Grace Lindqvist" in error.problems["reason"]
    assert isinstance(await refused(town, FARAH, final), NotYours)
    (found,) = await decisions(town)
    for who in found.said.asked:
        await town.do(who, TakePosition(huddle=town.huddle, decision=made, position="agree"))
        await town.do(who, StateDuty(huddle=town.huddle, decision=made, choice="relies_on_plan"))
    await town.do(DENISE, final)
    error = await refused(town, GRACE, TakePosition(huddle=town.huddle, decision=made, position="abstain"))
    assert isinstance(error, RoundClosed)


async def test_who_had_not_answered_is_named_for_good(town: Town) -> None:
    made = await decided(town)
    await town.do(DENISE, FinaliseDecision(huddle=town.huddle, decision=made, reason="The room is needed"))
    (found,) = await decisions(town)
    assert found.finalised and GRACE in found.finalised.unanswered


async def test_a_deputy_in_the_chair_decides_and_who_gave_it_up_does_not(town: Town) -> None:
    asked = await decision(town)
    await town.do(
        "ruth-adeyemi", AssumeChair(huddle=town.huddle, instead_of=DENISE, reason="Lost her connection")
    )
    assert isinstance(await refused(town, DENISE, asked), NotYours)
    await town.do("ruth-adeyemi", asked)


async def test_the_form_keeps_everything_that_was_typed(town: Town) -> None:
    browser = await town.browser(DENISE)
    at = f"/huddles/{town.huddle}/decide"
    blank = (await browser.get(at)).text
    assert 'type="radio" id="chosen" name="chosen" value="E1">' in blank, "nothing is chosen beforehand (R13)"
    assert "checked" not in blank
    typed = {
        "words": "Refer today",
        "option-1-words": "Wait a week",
        "option-1-rung": "E2",
        "rationale": "Because.",
    }
    answer = await browser.post(at, data=typed)
    assert answer.status_code == 422 and "Choose how far this is taken" in answer.text
    assert "at least two options" in answer.text, "everything that is missing is said at once"
    answer = await browser.post(at, data=typed | {"chosen": "E3"})
    assert answer.status_code == 422
    for words in ("Refer today", "Wait a week", "Because.", "at least two options", "at least one line"):
        assert words in answer.text, words


async def test_the_form_records_what_it_was_given(town: Town) -> None:
    full = await decision(town)
    browser = await town.browser(DENISE)
    form: dict[str, Any] = {
        "words": full.words,
        "chosen": "E3",
        "rationale": REASON,
        "rests_on": full.rests_on,
    }
    for n, option in enumerate(full.options, 1):
        for part in ("rung", "words", "pro", "contra"):
            form[f"option-{n}-{part}"] = getattr(option, part)
    for child in full.children:
        form |= {f"child-{child.child}-statement": child.statement, f"child-{child.child}-no_voice": "Asleep"}
    form["answer-agencies"] = "They were rung before the huddle"
    answer = await browser.post(f"/huddles/{town.huddle}/decide", data=form)
    assert answer.status_code == 303, answer.text
    (found,) = await decisions(town)
    assert found.said.options == full.options and found.said.rests_on == full.rests_on
    page = (await browser.get(f"/huddles/{town.huddle}/decisions/{found.said.decision}")).text
    assert REASON in page and "Meet again within five days" in page and "Jean stays." in page
    room = (await browser.get(f"/huddles/{town.huddle}")).text
    assert 'class="decided-one"' in room and "line-decision" in room

"""By phone: a code, a colleague who knows the voice, and a scribe whose every word names its real author."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.families.state import FamilyState
from server.huddles.behalf import (
    ConfirmWords,
    DisputeWords,
    JudgeFor,
    LineFor,
    StateDutyFor,
    TakePositionFor,
)
from server.huddles.chair import AssumeChair
from server.huddles.commands import Join, Leave
from server.huddles.facts import HuddleConvened
from server.huddles.judgement_state import JudgementsState
from server.huddles.phone import GivePhoneCode, LetInByPhone, NotOnThePhone, OwnVoice, Unvouched, Vouch
from server.huddles.quorum import quorum
from server.huddles.spoken import Spoken, SpokenState
from server.huddles.state import Huddle, HuddlesState
from server.people.permissions import NotYours
from server.people.predicates import writes_for_others
from server.people.state import PartnershipState
from server.realtime.frames import HTML
from server.record.facts import Ref
from server.record.refusals import Incomplete, NotFound
from server.record.verify import verify
from tests.huddles import meeting
from tests.huddles.meeting import DENISE, FARAH, GRACE, PRIYA, decided, decisions, judgement
from tests.lab.town import Town, running

PIKE, CAL, LEO = "hannah-pike", "cal-moss", "leo-marsh"
SAID = "We were called on 11 February."
MARK = "Recorded by Cal Moss for DS Hannah Pike"


async def refused(town: Town, who: str, command: Any) -> Exception:
    with pytest.raises(Exception) as found:
        await town.do(who, command)
    return found.value


async def seen(town: Town, who: str) -> Any:
    return await town.house.ledger.look(town.book, await town.actor(who))


async def huddle(town: Town) -> Huddle:
    return (await seen(town, DENISE)).state[HuddlesState].by_id[town.huddle]


async def code(town: Town, who: str = CAL) -> str:
    await town.do(who, GivePhoneCode(huddle=town.huddle, person=PIKE))
    return (await huddle(town)).codes[PIKE]


async def let_in(town: Town, vouched: bool = True) -> None:
    """DS Pike rings in, as in the story: a code, and Priya knows her voice."""
    said = await code(town)
    await town.do(CAL, LetInByPhone(huddle=town.huddle, person=PIKE, code=said, accepted=True))
    if vouched:
        await town.do(PRIYA, Vouch(huddle=town.huddle, person=PIKE))


def line(town: Town, **more: Any) -> LineFor:
    said = {"domain": "home", "basis": "record_extract", "text": SAID, "bearing": "serious"}
    return LineFor(huddle=town.huddle, person=PIKE, **(said | more))


async def recorded(town: Town) -> tuple[Spoken, ...]:
    return (await seen(town, PIKE)).state[SpokenState].of(town.huddle)


# Let in


async def test_a_code_lets_somebody_in_once(town: Town) -> None:
    said = await code(town)
    assert len(said) == 6 and said.isdigit()
    wrong = LetInByPhone(huddle=town.huddle, person=PIKE, code="12", accepted=True)
    assert "code" in (await refused(town, CAL, wrong)).problems  # type: ignore[attr-defined]
    spaced = f" {said[:3]} {said[3:]}"
    unread = LetInByPhone(huddle=town.huddle, person=PIKE, code=spaced)
    assert "accepted" in (await refused(town, CAL, unread)).problems  # type: ignore[attr-defined]
    await town.do(CAL, LetInByPhone(huddle=town.huddle, person=PIKE, code=spaced, accepted=True))
    (caller,) = (await huddle(town)).callers()
    assert (caller.person, caller.let_in_by, caller.known) == (PIKE, CAL, False)
    await town.do(PIKE, Leave(huddle=town.huddle))
    again = LetInByPhone(huddle=town.huddle, person=PIKE, code=said, accepted=True)
    assert isinstance(await refused(town, CAL, again), Incomplete), "it worked once"


async def test_a_new_code_takes_the_place_of_the_old(town: Town) -> None:
    old, new = await code(town), await code(town, DENISE)
    assert old != new
    late = LetInByPhone(huddle=town.huddle, person=PIKE, code=old, accepted=True)
    assert isinstance(await refused(town, CAL, late), Incomplete)


async def test_only_chair_and_scribe_let_in_and_only_who_was_invited(town: Town) -> None:
    for who in (PRIYA, FARAH, PIKE, "ruth-adeyemi"):
        asked = GivePhoneCode(huddle=town.huddle, person=PIKE)
        assert isinstance(await refused(town, who, asked), NotYours), who
    for who in ("dawn-tully", FARAH):  # not invited; here already
        asked = GivePhoneCode(huddle=town.huddle, person=who)
        assert isinstance(await refused(town, CAL, asked), Incomplete), who


async def test_a_code_is_shown_to_chair_and_scribe_alone(town: Town) -> None:
    said = await code(town)
    shown = f"{said[:3]} {said[3:]}"
    for who in (DENISE, CAL, FARAH, PRIYA):
        browser = await town.browser(who)
        pages = [(await browser.get(f"/huddles/{town.huddle}{path}")).text for path in ("/phone", "")]
        assert (shown in pages[0]) == (who in (DENISE, CAL)), who
        assert said not in pages[1] and shown not in pages[1], "not on the page that everybody shares"


async def test_a_colleague_vouches_who_is_here_and_did_not_let_them_in(town: Town) -> None:
    await let_in(town, vouched=False)
    vouch = Vouch(huddle=town.huddle, person=PIKE)
    await town.do(LEO, Leave(huddle=town.huddle))
    await town.do(LEO, Join(huddle=town.huddle, accepted=True, mode="phone"))
    for who in (CAL, PIKE, LEO):
        assert isinstance(await refused(town, who, vouch), OwnVoice), who
    for _ in range(2):
        await town.do(PRIYA, vouch)
    assert (await huddle(town)).participants[PIKE].vouched_by == PRIYA


async def test_a_voice_that_nobody_knows_holds_no_position_and_counts_for_no_quorum(town: Town) -> None:
    """G5.41."""
    await let_in(town, vouched=False)
    made = await decided(town)
    (found,) = await decisions(town)
    assert PIKE not in found.said.asked and found.said.quorate is False
    stand = TakePositionFor(huddle=town.huddle, person=PIKE, decision=made, position="agree")
    duty = StateDutyFor(huddle=town.huddle, person=PIKE, decision=made, choice="relies_on_plan")
    own = await judgement(town, 8)
    judge = JudgeFor(huddle=town.huddle, person=PIKE, turn=1, scores=own.scores, words=own.words)
    for asked in (stand, duty, judge):
        assert isinstance(await refused(town, CAL, asked), Unvouched)
    await town.do(PRIYA, Vouch(huddle=town.huddle, person=PIKE))
    await town.do(CAL, stand)
    hand = await seen(town, DENISE)
    here = hand.state[HuddlesState].by_id[town.huddle]
    assert quorum(here, hand.state[FamilyState], hand.partnership[PartnershipState]).quorate


# Recorded by the scribe


async def test_a_line_is_of_the_callers_agency_and_says_who_recorded_it(town: Town) -> None:
    await let_in(town)
    receipt = await town.do(CAL, line(town))
    fragment = (await seen(town, FARAH)).state[FamilyState].fragments[Ref(receipt.stream, receipt.seq)]
    assert (fragment.author, fragment.agency, fragment.recorded_by) == (PIKE, "NPC", CAL)
    book = town.house.books.known(town.book)
    assert book and book.tail[-1].author == CAL, "the record itself never says otherwise"
    page = (await (await town.browser(FARAH)).get(f"/huddles/{town.huddle}")).text
    assert MARK in page and "not confirmed" in page


@pytest.mark.parametrize("who", [DENISE, PRIYA, PIKE, "ruth-adeyemi"])
async def test_nobody_but_the_scribe_records_for_another(town: Town, who: str) -> None:
    await let_in(town)
    assert isinstance(await refused(town, who, line(town)), NotYours)


async def test_only_for_somebody_who_is_on_the_phone(town: Town) -> None:
    assert isinstance(await refused(town, CAL, line(town)), NotOnThePhone), "she has not joined"
    await town.do(PIKE, Join(huddle=town.huddle, accepted=True))
    assert isinstance(await refused(town, CAL, line(town)), NotOnThePhone), "she writes for herself"
    farah = msgspec.structs.replace(line(town), person=FARAH)
    assert isinstance(await refused(town, CAL, farah), NotOnThePhone)


async def test_r7_a_scribe_in_the_chair_records_for_nobody() -> None:
    """Should a record ever say that one person is both."""
    from tests.people.stage import NOW, hand

    both = HuddleConvened(
        huddle="h1", purpose="Review", starts=NOW, minutes=20, chair="sam", scribe="sam", invited=("sam",)
    )
    asked = LineFor(
        huddle="h1", person="x", domain="home", basis="observed_fact", text="x", bearing="concern"
    )
    assert not writes_for_others(hand("sam", (both,), book="family:1"), asked)


async def test_nothing_restricted_is_written_for_another(town: Town) -> None:
    assert not {"only_for", "named", "expected_readers"} & set(LineFor.__struct_fields__)
    await let_in(town)
    browser = await town.browser(CAL)
    forged = {
        "domain": "home",
        "basis": "observed_fact",
        "text": "x",
        "bearing": "concern",
        "only_for": PRIYA,
    }
    at = f"/huddles/{town.huddle}/phone/{PIKE}/line"
    assert (await browser.post(at, data=forged)).status_code == 400


async def test_a_position_and_a_duty_are_hers_in_her_words(town: Town) -> None:
    await let_in(town)
    made = await decided(town)
    why = "Three incidents are enough."
    await town.do(
        CAL,
        TakePositionFor(huddle=town.huddle, person=PIKE, decision=made, position="dissent", words=why),
    )
    await town.do(CAL, StateDutyFor(huddle=town.huddle, person=PIKE, decision=made, choice="disagrees"))
    (found,) = await decisions(town)
    assert (found.positions[PIKE].words, found.positions[PIKE].on_behalf_of) == (why, PIKE)
    assert PIKE not in found.unanswered() and CAL not in found.positions
    page = (await (await town.browser(FARAH)).get(f"/huddles/{town.huddle}")).text
    assert "(recorded by Cal Moss, not confirmed)" in page


async def test_2_a_judgement_is_read_by_the_two_alone_until_the_reveal(town: Town) -> None:
    await let_in(town)
    own = await judgement(town, 9, "Kestrel nine")
    await town.do(CAL, await judgement(town, 2, "As I see it"))
    await town.do(CAL, JudgeFor(huddle=town.huddle, person=PIKE, turn=1, scores=own.scores, words=own.words))
    for who in (DENISE, PRIYA, FARAH):
        for path in ("", "/words", "/changes", "/judge"):
            page = (await (await town.browser(who)).get(f"/huddles/{town.huddle}{path}")).text
            assert "Kestrel" not in page, (who, path)
    assert "Kestrel" in (await (await town.browser(PIKE)).get(f"/huddles/{town.huddle}/words")).text
    assert "As I see it" in (await (await town.browser(CAL)).get(f"/huddles/{town.huddle}/judge")).text
    chair = await town.browser(DENISE)
    assert (await chair.post(f"/huddles/{town.huddle}/judge/reveal")).status_code == 303
    known = (await seen(town, FARAH)).state[JudgementsState].of(town.huddle)
    assert {(j.person, j.score) for j in known.revealed[0].judged} == {(PIKE, 9), (CAL, 2)}
    page = (await (await town.browser(FARAH)).get(f"/huddles/{town.huddle}")).text
    assert "Kestrel nine (recorded by Cal Moss, not confirmed)" in page


# Made one's own


async def test_she_confirms_it_later_as_her_own(town: Town) -> None:
    await let_in(town)
    receipt = await town.do(CAL, line(town))
    room = (await (await town.browser(PIKE)).get(f"/huddles/{town.huddle}")).text
    assert "1 entry was recorded for you." in " ".join(room.replace("<strong>", "").split())
    town.clock.pass_by(minutes=60)
    confirm = ConfirmWords(huddle=town.huddle, seq=receipt.seq)
    for who in (CAL, DENISE, FARAH):
        assert isinstance(await refused(town, who, confirm), NotFound), who
    async with town.socket(FARAH, HTML, town.head(FARAH)) as screen:
        for _ in range(2):
            await town.do(PIKE, confirm)
        frame = await screen.next("frame")
    assert any(MARK in part and "not confirmed" not in part for part in frame["touched"])
    (said,) = await recorded(town)
    assert said.confirmed == town.clock() and not said.open
    book = town.house.books.known(town.book)
    assert book and [entry.kind for entry in book.tail].count("WordsConfirmed/1") == 1


async def test_or_says_what_is_wrong_and_both_are_kept(town: Town) -> None:
    await let_in(town)
    receipt = await town.do(CAL, line(town))
    empty = DisputeWords(huddle=town.huddle, seq=receipt.seq, words=" ")
    assert isinstance(await refused(town, PIKE, empty), Incomplete)
    await town.do(PIKE, DisputeWords(huddle=town.huddle, seq=receipt.seq, words="It was the 12th."))
    page = (await (await town.browser(FARAH)).get(f"/huddles/{town.huddle}")).text
    assert SAID in page and "who says that this is wrong:" in page and "It was the 12th." in page
    assert (await recorded(town))[0].disputed == "It was the 12th."


async def test_a_decision_that_rests_on_unconfirmed_words_says_so(town: Town) -> None:
    await let_in(town)
    told = await town.do(CAL, line(town))
    lines = (*await meeting.evidence(town), told.seq)
    error = await refused(town, DENISE, await meeting.decision(town, rests_on=lines, answers=()))
    assert isinstance(error, Incomplete)
    assert "DS Hannah Pike has not confirmed" in error.problems["answer-unconfirmed"]
    await town.do(PIKE, ConfirmWords(huddle=town.huddle, seq=told.seq))
    await town.do(DENISE, await meeting.decision(town, rests_on=lines, answers=()))


async def test_the_whole_call_without_a_script(town_url: str) -> None:
    """14:12 to 15:20 as the story has it, by forms alone, on both databases."""
    async with running(town_url) as town:
        cal, priya, pike = [await town.browser(who) for who in (CAL, PRIYA, PIKE)]
        room = f"/huddles/{town.huddle}"
        assert (await cal.post(f"{room}/phone/code", data={"person": PIKE})).status_code == 303
        said = (await huddle(town)).codes[PIKE]
        wrong = {"person": PIKE, "code": "000", "accepted": "yes"}
        answer = await cal.post(f"{room}/phone", data=wrong)
        assert answer.status_code == 422 and 'value="000"' in answer.text, "what was typed stays"
        assert (await cal.post(f"{room}/phone", data=wrong | {"code": said})).status_code == 303
        assert "I know this voice" in (await priya.get(f"{room}/phone")).text
        assert (await priya.post(f"{room}/phone/vouch", data={"person": PIKE})).status_code == 303
        assert "vouched by Priya Nair" in (await priya.get(room)).text
        form = {"domain": "home", "basis": "record_extract", "bearing": "", "text": SAID}
        answer = await cal.post(f"{room}/phone/{PIKE}/line", data=form)
        assert answer.status_code == 422 and SAID in answer.text
        sent = await cal.post(f"{room}/phone/{PIKE}/line", data=form | {"bearing": "serious"})
        assert sent.status_code == 303
        made = await decided(town)
        assert f"decisions/{made}" not in (await cal.get(f"{room}/phone/{PIKE}")).text
        stand = {"decision": made, "position": "dissent", "words": ""}
        assert (await cal.post(f"{room}/phone/{PIKE}/position", data=stand)).status_code == 422
        stand["words"] = "More is needed."
        assert (await cal.post(f"{room}/phone/{PIKE}/position", data=stand)).status_code == 303
        duty = {"decision": made, "choice": "disagrees"}
        assert (await cal.post(f"{room}/phone/{PIKE}/duty", data=duty)).status_code == 303
        own = await judgement(town, 8)
        judged = {"turn": "1"} | {f"child-{c}-score": "8" for c in own.scores}
        answer = await cal.post(f"{room}/phone/{PIKE}/judgement", data=judged)
        assert answer.status_code == 422 and " checked" in answer.text
        judged |= {f"child-{c}-words": "Unweighed" for c in own.scores}
        assert (await cal.post(f"{room}/phone/{PIKE}/judgement", data=judged)).status_code == 303
        assert len(await recorded(town)) == 4
        wrong = {"seq": str((await recorded(town))[1].seq), "words": ""}
        assert (await pike.post(f"{room}/words/dispute", data=wrong)).status_code == 422
        wrong["words"] = "I said: much more."
        assert (await pike.post(f"{room}/words/dispute", data=wrong)).status_code == 303
        for said_then in await recorded(town):
            if said_then.open:
                sent = await pike.post(f"{room}/words/confirm", data={"seq": str(said_then.seq)})
                assert sent.status_code == 303
        assert [s.open for s in await recorded(town)] == [False] * 4
        assert await verify(town.house.store) == []


async def test_who_assumes_the_chair_does_not_become_scribe(town: Town) -> None:
    await let_in(town)
    await town.do(
        "ruth-adeyemi", AssumeChair(huddle=town.huddle, instead_of=DENISE, reason="Lost connection")
    )
    assert isinstance(await refused(town, "ruth-adeyemi", line(town)), NotYours)
    await town.do(CAL, line(town))
    assert GRACE in (await huddle(town)).present()

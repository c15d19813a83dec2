"""A huddle is closed with everything settled or said why; its minutes are corrected for ten working days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.actions.commands import AcceptAction, SettleAction
from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.families.team import AddToTeam
from server.huddles.closing import CloseHuddle, CorrectionsOver, CorrectMinutes
from server.huddles.commands import Convene, Invite
from server.huddles.course import Abandon
from server.huddles.decision_facts import Answer
from server.huddles.invitations import SendApologies
from server.huddles.positions import FinaliseDecision
from server.huddles.since import since_view
from server.huddles.state import Huddle, HuddlesState
from server.huddles.unfinished import Open, left_open
from server.people.permissions import NotYours
from server.people.state import PartnershipState
from server.realtime.frames import JSON
from server.record.commands import Hand
from server.record.refusals import Incomplete, NotFound
from tests.actions.promises import agreed
from tests.families.test_requests import asked
from tests.huddles.meeting import DENISE, FARAH, PRIYA, decided
from tests.lab.town import ROWE, Town, running

SAM = "sam-whitlock"
"""A guest of this huddle."""
LATE = {"domain": "home", "basis": "observed_fact", "bearing": "concern"}


async def hand_of(town: Town, who: str = DENISE) -> Hand:
    return await town.house.ledger.look(town.book, await town.actor(who))


async def huddle_of(town: Town, id: str = "") -> Huddle:
    return (await hand_of(town)).state[HuddlesState].by_id[id or town.huddle]


async def open_items(town: Town) -> dict[str, Open]:
    hand = await hand_of(town)
    return {item.code.partition(":")[0]: item for item in left_open(hand, await huddle_of(town))}


async def closing(town: Town, why: str = "It is settled tomorrow") -> CloseHuddle:
    """What the chair sends who says why for everything that is open."""
    hand = await hand_of(town)
    found = left_open(hand, await huddle_of(town))
    return CloseHuddle(huddle=town.huddle, answers=tuple(Answer(item.code, why) for item in found))


async def close(town: Town) -> None:
    await town.do(DENISE, await closing(town))


async def page(town: Town, who: str = FARAH) -> str:
    browser = await town.browser(who)
    answer = await browser.get(f"/huddles/{town.huddle}/minutes")
    assert answer.status_code == 200
    return str(answer.text)


async def test_what_is_left_open_is_named(town: Town) -> None:
    await agreed(town, "Check the tenancy")
    await agreed(town)
    await asked(town)
    items = await open_items(town)
    assert items["decided"].words == "Nothing was decided"
    assert items["action"].words in ("Action 1 has no owner", "Action 2 was not read back")
    assert "has not answered" in items["request"].words
    await decided(town)
    assert "Decision 1 is not final" in {item.words for item in (await open_items(town)).values()}


async def test_what_is_settled_is_no_longer_named(town: Town) -> None:
    known = await agreed(town)
    assert "action" in await open_items(town)
    await town.do(FARAH, AcceptAction(action=known.id, seen=known.seen))
    id = await decided(town)
    await town.do(DENISE, FinaliseDecision(huddle=town.huddle, decision=id, reason="Time"))
    items = await open_items(town)
    assert not {"action", "decided", "final"} & set(items)


async def test_it_is_not_closed_while_something_is_neither_settled_nor_answered(town: Town) -> None:
    with pytest.raises(Incomplete) as found:
        await town.do(DENISE, CloseHuddle(huddle=town.huddle))
    assert found.value.problems["answer-decided"].startswith("Nothing was decided. Settle this, or say why")
    assert (await huddle_of(town)).closed is None
    blank = await closing(town, "   ")
    with pytest.raises(Incomplete):
        await town.do(DENISE, blank)


async def test_only_the_chair_closes_and_once(town: Town) -> None:
    command = await closing(town)
    for who in (FARAH, PRIYA, "ruth-adeyemi"):
        with pytest.raises(NotYours):
            await town.do(who, command)
    await close(town)
    first = await huddle_of(town)
    await town.do(DENISE, command)
    again = await huddle_of(town)
    assert first.closed == again.closed and not again.present()
    assert {answer.missing for answer in again.left_open} >= {"Nothing was decided"}


async def test_what_the_chair_reads_in_a_compartment_is_not_named_in_main(town: Town) -> None:
    await agreed(town, "Read the statement @priya by tomorrow", only_for=(PRIYA,))
    assert "action" not in await open_items(town)


async def test_the_minutes_hold_what_was_said_decided_and_promised(town: Town) -> None:
    line = Contribute(domain="home", basis="observed_fact", bearing="concern", text="The lock is broken.")
    await town.do(SAM, line)
    await decided(town)
    known = await agreed(town, "Change the locks @sam by tomorrow 5pm")
    await close(town)
    told = await page(town)
    for words in (
        "The lock is broken.",
        "Refer to MARAC today",
        "Change the locks",
        "It is settled tomorrow",
    ):
        assert words in told, words
    await town.do(SAM, SettleAction(action=known.id, seen=known.seen, outcome="not_done", words="No parts"))
    assert "Not done: No parts" in await page(town), "what became of it"


async def test_the_minutes_tell_what_was_sent_before_from_what_was_said(town: Town) -> None:
    await town.do(FARAH, Contribute(**LATE, text="Said at the table."))  # type: ignore[arg-type]
    await close(town)
    before, said = (await page(town)).split("In the huddle</h3>")
    assert "Said at the table." in said and "Said at the table." not in before
    assert "Sent before it" in before, "the huddle was called before it sat"


async def test_the_minutes_say_who_sent_apologies_and_why(town: Town) -> None:
    apologies = SendApologies(huddle=town.huddle, reason="In court all day")
    await town.do("hannah-pike", apologies)
    await close(town)
    assert "sent apologies: In court all day" in await page(town)


async def test_the_minutes_show_the_picture_as_it_was(town: Town) -> None:
    await close(town)
    before = await page(town)
    await town.do(FARAH, Contribute(domain="health", basis="observed_fact", bearing="serious", text="New."))
    town.clock.pass_by(minutes=3)
    cell = '<td id="cell-SAP-health"'
    assert cell in before
    assert before.split(cell)[1][:400] == (await page(town)).split(cell)[1][:400]


async def test_e10_a_line_in_flight_is_a_late_entry_and_none_is_dropped(town: Town) -> None:
    await close(town)
    async with town.socket(FARAH, JSON) as socket:
        await socket.say("contribute", **{**LATE, "text": "Came late."})
        saved = await socket.next("saved")
    assert saved["type"] == "saved"
    town.clock.pass_by(minutes=1)
    await town.do(FARAH, Contribute(**LATE, text="As the door closed."))  # type: ignore[arg-type]
    told = await page(town)
    assert "Late entries" in told and "As the door closed." in told and "Came late." in told
    town.clock.pass_by(minutes=5)
    await town.do(FARAH, Contribute(**LATE, text="Next day."))
    assert "Next day." not in await page(town), "it stands in the family's record"


async def test_minutes_are_corrected_for_ten_working_days(town: Town) -> None:
    await close(town)
    with pytest.raises(Incomplete):
        await town.do(FARAH, CorrectMinutes(huddle=town.huddle, words=" "))
    await town.do(FARAH, CorrectMinutes(huddle=town.huddle, words="It was Tuesday, not Monday."))
    assert "It was Tuesday, not Monday." in await page(town, PRIYA)
    town.clock.pass_by(days=13)
    await town.do(PRIYA, CorrectMinutes(huddle=town.huddle, words="Still in time."))
    town.clock.pass_by(days=5)
    with pytest.raises(CorrectionsOver):
        await town.do(PRIYA, CorrectMinutes(huddle=town.huddle, words="Too late."))


async def test_an_open_huddle_has_nothing_to_correct(town: Town) -> None:
    with pytest.raises(NotFound):
        await town.do(FARAH, CorrectMinutes(huddle=town.huddle, words="x"))


async def test_a_guest_reads_on_for_ten_working_days_and_then_nothing(town: Town) -> None:
    await close(town)
    hand = await hand_of(town)
    until = hand.main.readers[SAM]
    assert until is not None and timedelta(days=9) < until - town.clock() < timedelta(days=20)
    assert hand.main.readers[FARAH] is None, "the team reads on"
    await page(town, SAM)
    town.clock.at = until + timedelta(seconds=1)
    with pytest.raises(NotFound):
        await hand_of(town, SAM)


async def test_a_guest_of_another_huddle_reads_on(town: Town) -> None:
    starts = town.clock() + timedelta(days=3)
    await town.do(PRIYA, Convene(purpose="Again", starts=starts, chair=DENISE, invited=(SAM,)))
    await close(town)
    assert (await hand_of(town)).main.readers[SAM] is None


async def test_who_is_let_in_again_is_shown_the_words_again(town: Town) -> None:
    await close(town)
    starts = town.clock() + timedelta(days=3)
    await town.do(PRIYA, Convene(purpose="Again", starts=starts, chair=DENISE, confirmed=(DENISE,)))
    (later,) = [h for h in (await hand_of(town)).state[HuddlesState].by_id.values() if not h.closed]
    with pytest.raises(Incomplete) as found:
        await town.do(DENISE, Invite(huddle=later.id, person=SAM))
    assert "Confirm this before you invite them" in found.value.problems["confirmed"]
    await town.do(DENISE, Invite(huddle=later.id, person=SAM, confirmed=True))
    assert (await hand_of(town)).main.readers[SAM] is None


async def test_a_guest_whose_time_is_over_is_let_in_by_no_later_end(town: Town) -> None:
    """Nor has one whose end is set more time by the end of a huddle to which they were not asked."""
    starts = town.clock() + timedelta(days=3)
    await town.do(PRIYA, Convene(purpose="Again", starts=starts, chair=PRIYA))
    await close(town)
    until = (await hand_of(town)).main.readers[SAM]
    assert until is not None
    (later,) = [h for h in (await hand_of(town)).state[HuddlesState].by_id.values() if not h.closed]
    town.clock.at = until + timedelta(seconds=1)
    await town.do(PRIYA, Abandon(huddle=later.id, reason="Nobody can come"))
    assert (await hand_of(town, PRIYA)).main.readers[SAM] == until
    with pytest.raises(NotFound):
        await hand_of(town, SAM)


async def test_a_guest_who_joined_the_team_reads_on(town: Town) -> None:
    await close(town)
    await town.do(PRIYA, AddToTeam(person="gwen-abbott", reason="New worker"))
    assert (await hand_of(town)).main.readers["gwen-abbott"] is None


async def test_the_next_huddle_opens_with_what_was_promised_and_what_became_of_it(town: Town) -> None:
    done = await agreed(town, "Share attendance @farah in 2 days")
    await agreed(town, "Weigh Remi @grace in 2 days")
    await close(town)
    await town.do(FARAH, SettleAction(action=done.id, seen=done.seen, outcome="done", words="Sent"))
    starts = town.clock() + timedelta(days=3)
    await town.do(PRIYA, Convene(purpose="Again", starts=starts, chair=DENISE, confirmed=(DENISE,)))
    hand = await hand_of(town)
    (later,) = [h for h in hand.state[HuddlesState].by_id.values() if not h.closed]
    since = since_view(hand.state, later, hand.partnership[PartnershipState])
    assert since is not None and since.done == 1
    assert [action.words for action in since.undone] == ["Weigh Remi"]
    browser = await town.browser(DENISE)
    await browser.post(f"/huddles/{later.id}/join", data={"accepted": "yes"})
    told = (await browser.get(f"/huddles/{later.id}")).text
    assert "Since last huddle" in told and "Weigh Remi" in told


async def test_it_is_closed_and_read_by_pages(town_url: str) -> None:
    async with running(town_url) as town:
        chair, farah, dawn = [await town.browser(who) for who in (DENISE, FARAH, "dawn-tully")]
        address = f"/huddles/{town.huddle}/close"
        assert (await farah.get(address)).status_code == 403
        empty = await chair.post(address, data={})
        assert empty.status_code == 422 and "Nothing was decided" in empty.text
        answers: dict[str, Any] = {f"answer-{a.item}": a.words for a in (await closing(town)).answers}
        one = dict(list(answers.items())[:1])
        kept = await chair.post(address, data=one)
        assert kept.status_code == 422 and "It is settled tomorrow" in kept.text, "what was typed is kept"
        assert (await chair.post(address, data=answers)).headers["location"].endswith("/minutes")
        assert (await farah.get(f"/huddles/{town.huddle}")).headers["location"].endswith("/minutes")
        assert (await dawn.get(f"/huddles/{town.huddle}/minutes")).status_code == 404
        family = (await hand_of(town)).state[FamilyState]
        assert family.reference == ROWE

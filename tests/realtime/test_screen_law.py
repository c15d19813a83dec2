"""The screen law: an open page plus the frames pushed to it equals a page opened now.

Every command has a row. The audience is three: a practitioner, the plan owner and the chair.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta

import pytest

from server.actions import agreeing, checking, declining, extending, put_right
from server.actions import closing as family_closing
from server.actions import commands as actions
from server.chasing import canary, recording
from server.chasing import commands as chasing
from server.duty import commands as duty
from server.families import commands as family
from server.families import conflicts, knowledge, plan, requests, succession, team
from server.families.state import FamilyState
from server.huddles import (
    behalf,
    chair,
    closing,
    course,
    decisions,
    invitations,
    judgements,
    moving,
    phone,
    positions,
)
from server.huddles import commands as huddles
from server.people import commands as people
from server.people import restored, roles
from server.realtime.frames import HTML
from server.record.books import PARTNERSHIP as BOOK
from server.record.commands import THE_SYSTEM, Command
from server.stewards import commands as stewards
from server.stewards import reporting
from tests.actions import promises
from tests.families import test_requests as asking
from tests.huddles import meeting
from tests.lab.screen import Screen
from tests.lab.town import Town, running
from tests.realtime import calling, owing

AUDIENCE = ("farah-siddiqui", "priya-nair", "denise-hallam")

Act = Callable[[Town], Awaitable[tuple[str, Command]]]


async def members(town: Town) -> dict[str, str]:
    hand = await town.house.ledger.look(town.book, await town.actor("priya-nair"))
    return {m.name.split()[0]: m.member for m in hand.state[FamilyState].members.values()}


async def told(town: Town, **more: object) -> knowledge.Contribute:
    said = {"domain": "education", "basis": "observed_fact", "text": "Isla came at 10.", "bearing": "concern"}
    return knowledge.Contribute(**{**said, **more})  # type: ignore[arg-type]


async def own_line(town: Town) -> tuple[str, int]:
    receipt = await town.do("farah-siddiqui", await told(town, text="Isla was late."))
    return receipt.stream, receipt.seq


async def contribute(town: Town) -> tuple[str, Command]:
    isla = (await members(town))["Isla"]
    return "farah-siddiqui", await told(town, about=(isla,), voice_of=isla, verbatim=True)


async def contribute_into_a_gap(town: Town) -> tuple[str, Command]:
    return "grace-lindqvist", await told(town, domain="emotional", bearing="serious")


async def contribute_to_some(town: Town) -> tuple[str, Command]:
    return "farah-siddiqui", await told(town, only_for=("priya-nair",))


async def correct(town: Town) -> tuple[str, Command]:
    stream, seq = await own_line(town)
    return "farah-siddiqui", knowledge.Correct(stream=stream, seq=seq, text="At 10:15.", reason="The time")


async def correct_an_earlier_line(town: Town) -> tuple[str, Command]:
    hand = await town.house.ledger.look(town.book, await town.actor("farah-siddiqui"))
    fragments = hand.state[FamilyState].fragments
    first = min((f for f in fragments.by_ref.values() if f.author == "farah-siddiqui"), key=lambda f: f.seq)
    return "farah-siddiqui", knowledge.Correct(
        stream=first.stream, seq=first.seq, text="It was Tuesday.", reason="The day"
    )


async def withdraw(town: Town) -> tuple[str, Command]:
    stream, seq = await own_line(town)
    return "farah-siddiqui", knowledge.Withdraw(stream=stream, seq=seq, reason="Another child")


async def signpost(town: Town) -> tuple[str, Command]:
    return "farah-siddiqui", knowledge.Signpost(
        relevance="raises", domain="home", words="School holds more.", contact="Farah Siddiqui"
    )


async def add_member(town: Town) -> tuple[str, Command]:
    return "priya-nair", family.AddMember(name="Nina Rowe", child=False, about="Aunt")


async def record_household(town: Town) -> tuple[str, Command]:
    isla = (await members(town))["Isla"]
    return "priya-nair", family.RecordHousehold(name="At Nina's", members=(isla,))


async def record_relationship(town: Town) -> tuple[str, Command]:
    known = await members(town)
    return "priya-nair", family.RecordRelationship(
        one=known["Jean"], other=known["Theo"], relation="great support"
    )


async def set_level(town: Town) -> tuple[str, Command]:
    return "priya-nair", plan.SetLevel(level="child_protection", reason="What was shared today")


async def name_plan_owner(town: Town) -> tuple[str, Command]:
    return "priya-nair", team.NamePlanOwner(person="owen-blake")


async def add_to_team(town: Town) -> tuple[str, Command]:
    return "priya-nair", team.AddToTeam(person="gwen-abbott", reason="New worker")


async def remove_from_team(town: Town) -> tuple[str, Command]:
    return "priya-nair", team.RemoveFromTeam(person="sam-whitlock", reason="Moved")


async def declare_conflict(town: Town) -> tuple[str, Command]:
    return "leo-marsh", conflicts.DeclareConflict(reason="Went to school with Kieran")


async def exclude_person(town: Town) -> tuple[str, Command]:
    return "denise-hallam", conflicts.ExcludePerson(person="gwen-abbott", reason="Lives next door")


async def end_exclusion(town: Town) -> tuple[str, Command]:
    return "owen-blake", conflicts.EndExclusion(person="dawn-tully", reason="It was another Dawn Tully")


async def place_conflict(town: Town) -> tuple[str, Command]:
    """The service does it itself, once a data steward found the family."""
    said = {"person": "gwen-abbott", "reason": "My cousin’s children", "found_by": "judith-okonjo"}
    return "system", conflicts.PlaceConflict(**said)


async def pass_work(town: Town) -> tuple[str, Command]:
    """The service does it itself, as soon as it hears that somebody left."""
    return "imran-sethi", roles.RecordLeaving(person="leo-marsh", reason="Moved away")


async def close_family(town: Town) -> tuple[str, Command]:
    await promises.settle_all(town)
    return "priya-nair", family_closing.CloseFamily(reason="They moved to another town")


async def reopen_family(town: Town) -> tuple[str, Command]:
    await town.do(*await close_family(town))
    return "priya-nair", family_closing.ReopenFamily(reason="They are back")


async def set_outcome(town: Town) -> tuple[str, Command]:
    isla = (await members(town))["Isla"]
    return "priya-nair", plan.SetOutcome(child=isla, different="Isla sleeps", seen_by="School")


async def expect_knowledge(town: Town) -> tuple[str, Command]:
    return "priya-nair", plan.ExpectKnowledge(agency="SAP", domains=("health", "education"))


async def plan_contact(town: Town) -> tuple[str, Command]:
    isla = (await members(town))["Isla"]
    return "priya-nair", plan.PlanContact(
        practitioner="leo-marsh", children=(isla,), every_days=7, first_day=town.clock().date()
    )


async def record_contact(town: Town) -> tuple[str, Command]:
    hand = await town.house.ledger.look(town.book, await town.actor("priya-nair"))
    contact = next(iter(hand.state[FamilyState].contacts))
    return "priya-nair", plan.RecordContact(contact=contact, on=town.clock().date(), outcome="seen_alone")


async def set_review_date(town: Town) -> tuple[str, Command]:
    return "priya-nair", plan.SetReviewDate(on=town.clock().date() + timedelta(days=3))


async def convene(town: Town) -> tuple[str, Command]:
    return "priya-nair", huddles.Convene(
        purpose="Look again", starts=town.clock() + timedelta(days=1), chair="denise-hallam"
    )


async def invite(town: Town) -> tuple[str, Command]:
    return "denise-hallam", huddles.Invite(huddle=town.huddle, person="owen-blake", confirmed=True)


async def invite_a_guest(town: Town) -> tuple[str, Command]:
    return "denise-hallam", huddles.Invite(huddle=town.huddle, person="tom-okafor", confirmed=True)


async def join(town: Town) -> tuple[str, Command]:
    await town.do("denise-hallam", huddles.Invite(huddle=town.huddle, person="owen-blake", confirmed=True))
    return "owen-blake", huddles.Join(huddle=town.huddle, accepted=True)


async def accept_invitation(town: Town) -> tuple[str, Command]:
    return "hannah-pike", invitations.AcceptInvitation(huddle=town.huddle)


async def send_apologies(town: Town) -> tuple[str, Command]:
    return "hannah-pike", invitations.SendApologies(huddle=town.huddle, reason="In court all day")


async def leave(town: Town) -> tuple[str, Command]:
    return "farah-siddiqui", huddles.Leave(huddle=town.huddle)


async def note_absence(town: Town) -> tuple[str, Command]:
    return "system", huddles.NoteAbsence(huddle=town.huddle, person="leo-marsh")


async def change_phase(town: Town) -> tuple[str, Command]:
    return "denise-hallam", huddles.ChangePhase(huddle=town.huddle, phase="discussion")


async def assume_chair(town: Town) -> tuple[str, Command]:
    return "ruth-adeyemi", chair.AssumeChair(
        huddle=town.huddle, instead_of="denise-hallam", reason="Lost connection"
    )


async def show_referral(town: Town) -> tuple[str, Command]:
    return "grace-lindqvist", duty.ShowReferral(to="Children's services", words="I have referred Remi.")


async def record_decision(town: Town) -> tuple[str, Command]:
    return "denise-hallam", await meeting.decision(town)


async def take_position(town: Town) -> tuple[str, Command]:
    made = await meeting.decided(town)
    return "farah-siddiqui", positions.TakePosition(
        huddle=town.huddle, decision=made, position="dissent", words="I would ask for more."
    )


async def state_duty(town: Town) -> tuple[str, Command]:
    made = await meeting.decided(town)
    return "farah-siddiqui", positions.StateDuty(huddle=town.huddle, decision=made, choice="relies_on_plan")


async def finalise_decision(town: Town) -> tuple[str, Command]:
    made = await meeting.decided(town)
    return "denise-hallam", positions.FinaliseDecision(huddle=town.huddle, decision=made, reason="Time")


async def judge(town: Town) -> tuple[str, Command]:
    return "farah-siddiqui", await meeting.judgement(town, 6)


async def judge_again(town: Town) -> tuple[str, Command]:
    await town.do(*await judge(town))
    return "farah-siddiqui", await meeting.judgement(town, 8)


async def reveal_judgements(town: Town) -> tuple[str, Command]:
    await town.do(*await judge(town))
    return "system", await meeting.revealing(town, {"farah-siddiqui": 6, "priya-nair": 2})


async def discuss_spread(town: Town) -> tuple[str, Command]:
    reveal = await meeting.revealing(town, {"farah-siddiqui": 6, "priya-nair": 2})
    await town.house.ledger.record(town.book, reveal, THE_SYSTEM, key="revealed")
    return "denise-hallam", judgements.DiscussSpread(
        huddle=town.huddle, turn=1, child=reveal.judged[0].child, words="Housing did not know of bail."
    )


async def take_back_chair(town: Town) -> tuple[str, Command]:
    await town.do(*await assume_chair(town))
    return "denise-hallam", chair.TakeBackChair(huddle=town.huddle, instead_of="ruth-adeyemi")


async def request_information(town: Town) -> tuple[str, Command]:
    return "priya-nair", asking.ask(town, person="", agency="NCH", domain="emotional")


async def request_from_outside(town: Town) -> tuple[str, Command]:
    return "priya-nair", asking.ask(town)


async def answer_request(town: Town) -> tuple[str, Command]:
    known = await asking.asked(town, person="farah-siddiqui", domain="emotional")
    return "farah-siddiqui", requests.AnswerRequest(
        request=known.id, answer="answered", words="She cries at noon.", bearing="concern"
    )


async def answer_from_outside(town: Town) -> tuple[str, Command]:
    known = await asking.asked(town)
    return asking.MARTIN, requests.AnswerRequest(
        request=known.id, answer="nil_return", searched="Remi Rowe, from January"
    )


async def agree(town: Town) -> tuple[str, Command]:
    return "denise-hallam", promises.agree(town, "Share attendance @farah by fri 3pm #education")


async def propose(town: Town) -> tuple[str, Command]:
    return "priya-nair", promises.agree(town, "Ask about the second key")


async def agree_for_some(town: Town) -> tuple[str, Command]:
    return "denise-hallam", promises.agree(
        town, "Look at the statement @priya by fri", only_for=("priya-nair",)
    )


async def change_action(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    return "denise-hallam", promises.change(known, owner="priya-nair", reason="Farah is away")


async def accept_action(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    return "farah-siddiqui", actions.AcceptAction(action=known.id, seen=known.seen)


async def ask_for_change(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    return "farah-siddiqui", actions.AskForChange(action=known.id, seen=known.seen, words="Monday, please")


async def ask_for_time(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    until = town.clock() + timedelta(days=6)
    return "farah-siddiqui", actions.AskForChange(
        action=known.id, seen=known.seen, words="I am in court", due=until
    )


async def decline_action(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    return "farah-siddiqui", declining.DeclineAction(action=known.id, seen=known.seen, words="Not my pupil")


async def start_action(town: Town) -> tuple[str, Command]:
    known = await promises.accepted(town)
    return "farah-siddiqui", actions.StartAction(action=known.id, seen=known.seen)


async def extend_action(town: Town) -> tuple[str, Command]:
    return "denise-hallam", promises.extend(town, await promises.accepted(town), 6)


async def claim_done(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town, "Weigh Remi @farah in 2 days !critical")
    return "farah-siddiqui", promises.settle(known, "Weighed, 4.1 kg")


async def verify_action(town: Town) -> tuple[str, Command]:
    known = await promises.claimed(town)
    return "denise-hallam", checking.VerifyAction(action=known.id, seen=known.seen, words="I saw the chart")


async def reopen_action(town: Town) -> tuple[str, Command]:
    known = await promises.claimed(town)
    return "denise-hallam", checking.ReopenAction(action=known.id, seen=known.seen, words="Another child")


async def remove_an_owner(town: Town) -> tuple[str, Command]:
    await promises.agreed(town, "Ask about the second key @sam in 2 days")
    return "priya-nair", team.RemoveFromTeam(person="sam-whitlock", reason="Moved")


async def settle_action(town: Town) -> tuple[str, Command]:
    known = await promises.agreed(town)
    return "farah-siddiqui", actions.SettleAction(
        action=known.id, seen=known.seen, outcome="done", words="Sent by secure mail"
    )


ACTS: dict[type[Command], tuple[Act, ...]] = {
    knowledge.Contribute: (contribute, contribute_into_a_gap, contribute_to_some),
    knowledge.Correct: (correct, correct_an_earlier_line),
    knowledge.Withdraw: (withdraw,),
    knowledge.Signpost: (signpost,),
    family.AddMember: (add_member,),
    family.RecordHousehold: (record_household,),
    family.RecordRelationship: (record_relationship,),
    plan.SetLevel: (set_level,),
    team.NamePlanOwner: (name_plan_owner,),
    team.AddToTeam: (add_to_team,),
    team.RemoveFromTeam: (remove_from_team, remove_an_owner),
    succession.PassWork: (pass_work,),
    conflicts.DeclareConflict: (declare_conflict,),
    conflicts.ExcludePerson: (exclude_person,),
    conflicts.EndExclusion: (end_exclusion,),
    conflicts.PlaceConflict: (place_conflict,),
    plan.SetOutcome: (set_outcome,),
    plan.ExpectKnowledge: (expect_knowledge,),
    plan.PlanContact: (plan_contact,),
    plan.RecordContact: (record_contact,),
    plan.SetReviewDate: (set_review_date,),
    duty.ShowReferral: (show_referral,),
    huddles.Convene: (convene,),
    huddles.Invite: (invite, invite_a_guest),
    invitations.AcceptInvitation: (accept_invitation,),
    invitations.SendApologies: (send_apologies,),
    huddles.Join: (join,),
    huddles.Leave: (leave,),
    huddles.NoteAbsence: (note_absence,),
    huddles.ChangePhase: (change_phase,),
    moving.MoveHuddle: (calling.move_huddle,),
    moving.Uninvite: (calling.uninvite,),
    course.Adjourn: (calling.adjourn,),
    course.Resume: (calling.resume,),
    course.Abandon: (calling.abandon,),
    phone.GivePhoneCode: (calling.give_phone_code,),
    phone.LetInByPhone: (calling.let_in_by_phone,),
    phone.Vouch: (calling.vouch,),
    behalf.LineFor: (calling.line_for, calling.line_for_a_reader),
    behalf.TakePositionFor: (calling.take_position_for,),
    behalf.StateDutyFor: (calling.state_duty_for,),
    behalf.JudgeFor: (calling.judge_for,),
    behalf.ConfirmWords: (calling.confirm_words, calling.confirm_a_position),
    behalf.DisputeWords: (calling.dispute_words,),
    judgements.Judge: (judge, judge_again),
    judgements.RevealJudgements: (reveal_judgements,),
    judgements.DiscussSpread: (discuss_spread,),
    decisions.RecordDecision: (record_decision,),
    positions.TakePosition: (take_position,),
    positions.StateDuty: (state_duty,),
    positions.FinaliseDecision: (finalise_decision,),
    requests.RequestInformation: (request_information, request_from_outside),
    requests.AnswerRequest: (answer_request, answer_from_outside),
    agreeing.AgreeAction: (agree, propose, agree_for_some),
    agreeing.ChangeAction: (change_action,),
    actions.AcceptAction: (accept_action,),
    actions.StartAction: (start_action,),
    actions.AskForChange: (ask_for_change, ask_for_time),
    actions.SettleAction: (settle_action, claim_done),
    declining.DeclineAction: (decline_action,),
    extending.ExtendAction: (extend_action,),
    checking.VerifyAction: (verify_action,),
    checking.ReopenAction: (reopen_action,),
    put_right.PutRight: (owing.put_right,),
    chasing.Chase: (owing.chase,),
    chasing.NoteFailure: (owing.note_failure,),
    chasing.SettleQueue: (owing.settle_queue,),
    family_closing.CloseFamily: (close_family,),
    family_closing.ReopenFamily: (reopen_family,),
    chair.AssumeChair: (assume_chair,),
    chair.TakeBackChair: (take_back_chair,),
}
"""Every command that may change an open room, and what is done to see that the law holds for it."""

PARTNERSHIP = "stands in the partnership's stream, which no room's page follows line by line"

POST = "stands in the stream of what was sent to one person, which is no live page"
STEWARDS = "stands in the stewards' queue, which is no live page and says nothing to a family"
ELSEWHERE: dict[type[Command], str] = {
    closing.CloseHuddle: "ends the room: its page is the minutes from then on (test_closing.py)",
    closing.CorrectMinutes: "stands on the minutes, which are no live page",
    family.OpenFamily: "begins a record that no page shows yet",
    duty.Refer: "stands in a stream of its own, which only its author reads",
    duty.FollowUpReferral: "likewise",
    reporting.ReportConflict: STEWARDS,
    reporting.NoteConflictPlaced: STEWARDS,
    reporting.SettleConflict: STEWARDS,
    stewards.KeepStewards: STEWARDS,
    stewards.NoticeMatch: STEWARDS,
    stewards.SettleMatch: STEWARDS,
    people.FoundPartnership: PARTNERSHIP,
    people.RegisterAgency: PARTNERSHIP,
    people.RegisterPractitioner: PARTNERSHIP,
    people.NameManager: PARTNERSHIP,
    roles.GrantRole: PARTNERSHIP,
    roles.EndRole: PARTNERSHIP,
    people.ArrangeCover: PARTNERSHIP,
    restored.NoteRestore: "is recorded while nobody can look, and a new epoch brings everybody a whole page",
    roles.RecordLeaving: PARTNERSHIP,
    people.MakeSignInLink: PARTNERSHIP,
    people.ChooseChannel: PARTNERSHIP,
    canary.BeginCanary: "stands in a stream that nobody reads",
    recording.RecordSent: POST,
    recording.RecordShown: POST,
    recording.RecordFailed: POST,
    recording.RecordWithheld: POST,
    recording.MakeDigest: POST,
    people.MakeLinkAskedFor: PARTNERSHIP,
}


def leaves(kind: type[Command]) -> Iterator[type[Command]]:
    """The commands themselves, and not what some of them have in common."""
    below = kind.__subclasses__()
    for each in below:
        yield from leaves(each)
    if not below:
        yield kind


def test_every_command_has_a_row() -> None:
    known = {c for c in leaves(Command) if c.__module__.startswith("server.")}
    assert known == {*ACTS, *ELSEWHERE}


@pytest.mark.parametrize("act", [act for acts in ACTS.values() for act in acts], ids=lambda act: act.__name__)
async def test_an_open_page_and_its_frames_equal_a_page_opened_now(act: Act, sqlite_town: str) -> None:
    async with running(sqlite_town) as town:
        person, command = await act(town)
        await law_holds(town, person, command)


async def law_holds(town: Town, person: str, command: Command) -> None:
    readers = {reader: await town.browser(reader) for reader in AUDIENCE}
    screens = {reader: Screen(await open_page(town, browser)) for reader, browser in readers.items()}
    before = {reader: screen.tree() for reader, screen in screens.items()}
    listening = {reader: town.socket(reader, HTML, screen.cursor) for reader, screen in screens.items()}
    listeners = {reader: await socket.__aenter__() for reader, socket in listening.items()}
    if person == "system":
        from server.record.commands import THE_SYSTEM

        await town.house.ledger.record(town.book, command, THE_SYSTEM, key="by-the-system")
    elif isinstance(command, roles.RecordLeaving):
        await town.house.ledger.record(BOOK, command, await town.actor(person), key="leaves")
        await passed_on(town, command.person)
    else:
        await town.do(person, command)
    changed = 0
    for reader, browser in readers.items():
        await listeners[reader].caught_up()
        await listeners[reader].quiet(during=0.15)
        messages = listeners[reader].received
        if any(message["type"] == "page" for message in messages):
            screens[reader] = Screen(await open_page(town, browser))
        for message in messages:
            screens[reader].take(message)
        fresh = Screen(await open_page(town, browser))
        assert screens[reader].tree() == fresh.tree(), reader
        assert screens[reader].cursor == fresh.cursor
        changed += fresh.tree() != before[reader]
        await listening[reader].__aexit__(None, None, None)
        await browser.aclose()
    assert changed, "a command that changes nothing on anybody's page proves nothing here"


async def passed_on(town: Town, person: str) -> None:
    async with asyncio.timeout(5):
        while person in town.house.books.known(town.book).main.readers:  # type: ignore[union-attr]  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def open_page(town: Town, browser: object) -> str:
    answer = await browser.get(f"/huddles/{town.huddle}")  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.headers.get("location", answer.status_code)
    return str(answer.text)

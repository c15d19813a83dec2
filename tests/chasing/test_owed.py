"""What is owed, folded: who owes it, until when, how often it was moved; and how it is written down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import msgspec
import pytest
from icalendar import Calendar

from server.actions.facts import ActionAgreed, ActionChanged, ActionSettled, Terms
from server.chasing.ics import calendar, uid
from server.chasing.state import Owed, OwedState, apply
from server.families.facts import PlanOwnerNamed, ReviewDateSet, TeamMemberRemoved
from server.families.request_facts import InformationReceived, InformationRequested
from server.huddles.closing_facts import HuddleClosed
from server.huddles.course_facts import HuddleAbandoned, HuddleAdjourned, HuddleResumed
from server.huddles.facts import ApologiesSent, HuddleConvened, InvitationAccepted, PersonInvited
from server.record.facts import SYSTEM, Entry, Fact

NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
DUE = NOW + timedelta(days=2)
LATER = NOW + timedelta(days=5)
LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)


def told(*facts: Fact) -> OwedState:
    """What is owed after these, a minute apart."""
    state, number = OwedState(), count(1)
    for fact in facts:
        n = next(number)
        entry = Entry("family:1", "family:1", n, n, fact.kind(), SYSTEM, "", NOW + n * MINUTE, fact)
        state = apply(state, entry)
    return state


def stands(state: OwedState, person: str) -> list[tuple[object, int, bool]]:
    return [(owed.due, owed.changes, owed.over) for owed in state.of(person)]


def terms(owner: str = "priya", due: datetime | None = DUE, words: str = "Ring") -> Terms:
    return Terms(words=words, owner=owner, due=due)


AGREED = ActionAgreed(action="a", number=1, terms=terms())


def changed(**more: object) -> ActionChanged:
    return ActionChanged(action="a", number=1, terms=terms(**more))  # type: ignore[arg-type]


def test_an_action_is_owed_by_its_owner_and_a_proposal_by_nobody() -> None:
    assert stands(told(AGREED), "priya") == [(DUE, 0, False)]
    proposal = ActionAgreed(action="a", number=1, terms=terms("", None))
    assert told(proposal).of("priya") == () and told(proposal, changed()).of("priya") != ()


def test_j15_only_another_time_raises_its_number() -> None:
    assert stands(told(AGREED, changed(words="Ring twice")), "priya") == [(DUE, 0, False)]
    assert stands(told(AGREED, changed(due=LATER)), "priya") == [(LATER, 1, False)]
    assert stands(told(AGREED, changed(due=LATER), changed()), "priya") == [(DUE, 2, False)]


def test_what_passes_to_another_is_over_for_the_first_and_comes_back_with_a_higher_number() -> None:
    passed = told(AGREED, changed(owner="sam"))
    assert stands(passed, "priya") == [(DUE, 1, True)]
    assert stands(passed, "sam") == [(DUE, 0, False)]
    assert stands(told(AGREED, changed(owner="sam"), changed()), "priya") == [(DUE, 2, False)]


def test_what_is_settled_or_answered_is_over_once() -> None:
    settled = ActionSettled(action="a", number=1, outcome="done", words="Rang")
    assert stands(told(AGREED, settled, settled), "priya") == [(DUE, 1, True)]
    asked = InformationRequested(
        request="r", agency="SAP", question="?", asked=("sam", "priya"), due=DUE, stream=""
    )
    answered = InformationReceived(request="r", person="sam", agency="SAP", answer="declined", words="No")
    assert stands(told(asked, answered), "priya") == [(DUE, 1, True)]


def test_the_review_is_owed_by_the_plan_owner_as_it_stands() -> None:
    on = date(2026, 4, 1)
    facts = (PlanOwnerNamed(person="priya"), ReviewDateSet(on=on))
    assert stands(told(*facts), "priya") == [(on, 0, False)]
    moved = told(*facts, PlanOwnerNamed(person="sam", instead_of="priya"))
    assert stands(moved, "priya") == [(on, 1, True)] and stands(moved, "sam") == [(on, 0, False)]
    gone = told(*facts, TeamMemberRemoved(person="priya", reason="Moved"))
    assert stands(gone, "priya") == [(on, 1, True)]


CALLED = HuddleConvened(
    huddle="h", purpose="?", starts=DUE, minutes=20, chair="priya", invited=("priya", "sam")
)


def test_a_huddle_is_owed_by_who_is_invited_and_has_not_sent_apologies() -> None:
    state = told(CALLED, PersonInvited(huddle="h", person="farah"))
    assert all(stands(state, who) == [(DUE, 0, False)] for who in ("priya", "sam", "farah"))
    sorry = ApologiesSent(huddle="h", person="sam", reason="Away")
    assert stands(told(CALLED, sorry), "sam") == [(DUE, 1, True)]
    adjourned = HuddleAdjourned(huddle="h", reason="?", resumes=LATER, quorate=True)
    after = told(CALLED, sorry, adjourned, InvitationAccepted(huddle="h", person="sam"))
    assert stands(after, "priya") == [(LATER, 1, False)]
    assert stands(after, "sam") == [(LATER, 2, False)], "at the time at which it goes on"


def test_a_huddle_that_goes_on_does_so_when_it_does_and_ends_when_it_ends() -> None:
    adjourned = HuddleAdjourned(huddle="h", reason="?", resumes=LATER, quorate=True)
    on = told(CALLED, adjourned, HuddleResumed(huddle="h", minutes=45))
    (owed,) = on.of("priya")
    assert (owed.due, owed.minutes, owed.changes) == (NOW + 3 * MINUTE, 45, 2)
    given_up = HuddleAbandoned(huddle="h", reason="?")
    state = told(CALLED, given_up, InvitationAccepted(huddle="h", person="priya"))
    assert stands(state, "priya") == [(DUE, 1, True)]


def test_a_huddle_that_took_place_stays_as_it_was() -> None:
    before = msgspec.structs.replace(CALLED, starts=NOW)
    sorry = ApologiesSent(huddle="h", person="sam", reason="Away")
    state = told(before, sorry, HuddleClosed(huddle="h"), InvitationAccepted(huddle="h", person="sam"))
    assert stands(state, "priya") == [(NOW, 0, False)]
    assert stands(state, "sam") == [(NOW, 1, True)], "who did not come was not there"
    (event,) = ics(*state.of("priya")).events
    assert (event["status"], event["sequence"], event["dtstart"].dt) == ("CONFIRMED", 0, NOW)
    on = told(before, HuddleResumed(huddle="h", minutes=45), HuddleClosed(huddle="h"))
    assert stands(on, "priya") == [(NOW + 2 * MINUTE, 1, False)]


def test_a_huddle_that_is_closed_before_it_goes_on_does_not_stand_ahead() -> None:
    before = msgspec.structs.replace(CALLED, starts=NOW)
    adjourned = HuddleAdjourned(huddle="h", reason="?", resumes=LATER, quorate=True)
    state = told(before, adjourned, HuddleClosed(huddle="h"))
    assert stands(state, "priya") == [(LATER, 2, True)]


def ics(*things: Owed, now: datetime = NOW) -> Calendar:
    raw = calendar(things, "https://huddle.example", b"s" * 32, LONDON, now)
    return Calendar.from_ical(raw)  # type: ignore[return-value]


def owed(due: datetime | date = DUE, **more: object) -> Owed:
    filled = {"kind": "action", "id": "a", "person": "priya", "minutes": 0, "at": NOW}
    return Owed(due=due, **filled | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "utc"), [(date(2026, 3, 28), 17), (date(2026, 3, 29), 16), (date(2026, 10, 25), 17)]
)
def test_a_day_ends_at_five_on_either_side_of_the_change_of_clocks(on: date, utc: int) -> None:
    (event,) = ics(owed(on, kind="review")).events
    assert event["dtstart"].dt == datetime(on.year, on.month, on.day, utc, tzinfo=UTC)


def test_what_is_over_stands_as_cancelled_for_thirty_days_without_an_alarm() -> None:
    gone = owed(over=True, changes=1)
    (event,) = ics(gone, now=NOW + timedelta(days=30) - MINUTE).events
    assert event["status"] == "CANCELLED" and event.alarms.times == []
    assert ics(gone, now=NOW + timedelta(days=30)).events == []


def test_what_is_overdue_stays_and_a_huddle_of_long_ago_does_not() -> None:
    later = DUE + timedelta(days=200)
    assert len(ics(owed(), now=later).events) == 1
    assert ics(owed(kind="huddle", minutes=20), now=later).events == []


def test_a_name_is_random_to_others_and_each_persons_own() -> None:
    names = {
        uid(owed(**more), key)
        for more in ({}, {"person": "sam"}, {"id": "b"}, {"kind": "huddle"})
        for key in (b"one", b"another")
    }
    assert len(names) == 8 and all(len(name) == 32 for name in names)


def test_the_order_of_the_record_does_not_show() -> None:
    things = [owed(id=str(n), due=DUE + n * MINUTE) for n in range(20)]
    one, other = (
        calendar(some, "https://huddle.example", b"s" * 32, LONDON, NOW) for some in (things, things[::-1])
    )
    assert one == other

"""What follows from a request about the partnership's people, and what is refused in words."""

from datetime import date
from typing import Any

import pytest

from server.people.commands import (
    AlreadyFounded,
    ArrangeCover,
    FoundPartnership,
    NameManager,
    RegisterAgency,
    RegisterPractitioner,
)
from server.people.facts import (
    AgencyRegistered,
    CoverArranged,
    ManagerNamed,
    PartnershipFounded,
    PractitionerLeft,
    PractitionerRegistered,
    RoleEnded,
    RoleGranted,
    WorkPassed,
)
from server.people.roles import EndRole, GrantRole, RecordLeaving
from server.people.rules import LastAdministrator, NobodyTakesOver, YourOwnRoles
from server.record.commands import Command
from server.record.facts import SYSTEM
from server.record.refusals import Incomplete, NotFound
from tests.people.stage import CAST, NOW, what_follows


def problems(command: Command) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        what_follows(command)
    return refused.value.problems


def newcomer(**fields: Any) -> RegisterPractitioner:
    given = {"name": "Leo Marsh", "email": "leo@harbour.example", "agency": "NCS", "job_title": "Keyworker"}
    return RegisterPractitioner(**(given | fields))


def test_a_partnership_is_founded_once() -> None:
    found = FoundPartnership(name="  Northmere  Partnership ", nation="england")
    assert what_follows(found, SYSTEM, ()) == [
        PartnershipFounded(name="Northmere Partnership", nation="england", time_zone="Europe/London")
    ]
    with pytest.raises(AlreadyFounded):
        what_follows(found, SYSTEM, CAST)


def test_a_partnership_needs_a_name_and_a_time_zone_that_exists() -> None:
    with pytest.raises(Incomplete) as refused:
        what_follows(FoundPartnership(name=" ", nation="wales", time_zone="Europe/Cardiff"), SYSTEM, ())
    assert refused.value.problems == {
        "name": "Enter the name of the partnership",
        "time_zone": "Enter a time zone, like Europe/London",
    }


def test_an_agency_has_a_code_of_its_own_however_it_was_typed() -> None:
    typed = RegisterAgency(code=" n\u200bpc ", name="Northmere Constabulary", sort="police")
    [fact] = what_follows(typed)
    assert isinstance(fact, AgencyRegistered) and fact.code == "NPC"
    again = RegisterAgency(code="ncs", name="Another", sort="other")
    assert problems(again) == {"code": "Enter a code that no other agency here has"}


def test_somebody_begins_in_a_role() -> None:
    registered, granted = what_follows(newcomer(role="supervisor", tier=2))
    assert isinstance(registered, PractitionerRegistered) and registered.person == "new-1"
    assert granted == RoleGranted(person="new-1", role="supervisor", tier=2)


def test_whoever_is_registered_incompletely_is_asked_for_everything_at_once() -> None:
    empty = RegisterPractitioner(name="", email="leo at harbour", agency="", job_title=" ")
    assert problems(empty) == {
        "name": "Enter their name",
        "email": "Enter an email address in the correct format, like name@example.com",
        "agency": "Choose the agency they work for",
        "job_title": "Enter their job title",
    }


def test_nobody_gets_the_address_or_the_id_of_somebody_else() -> None:
    assert "email" in problems(newcomer(email="PRIYA@northmere.example"))
    for id in ("priya", "system", "*", "a b/c"):
        assert "person" in problems(newcomer(person=id)), id


def test_an_address_is_free_again_when_its_holder_has_left() -> None:
    left = (*CAST, PractitionerLeft(person="priya", reason="Moved"))
    assert what_follows(newcomer(email="priya@northmere.example"), people=left)


def test_names_carry_no_invisible_marks_and_no_line_breaks() -> None:
    registered, _ = what_follows(newcomer(name="Leo\u202e\r\nBcc: x  Marsh\x00"))
    assert isinstance(registered, PractitionerRegistered) and registered.name == "Leo Bcc: x Marsh"


def test_only_a_supervisor_has_a_tier_and_a_supervisor_has_one() -> None:
    assert problems(GrantRole(person="priya", role="supervisor")) == {
        "tier": "Choose the supervisor's tier: 1, 2 or 3"
    }
    assert "tier" in problems(GrantRole(person="priya", role="oversight", tier=1))


def test_granting_what_somebody_holds_changes_nothing() -> None:
    assert what_follows(GrantRole(person="owen", role="supervisor", tier=1)) == []
    assert what_follows(GrantRole(person="owen", role="supervisor", tier=2)) == [
        RoleGranted(person="owen", role="supervisor", tier=2)
    ]


def test_ending_what_nobody_holds_changes_nothing() -> None:
    assert what_follows(EndRole(person="priya", role="oversight")) == []
    assert what_follows(EndRole(person="priya", role="practitioner")) == [
        WorkPassed(person="priya", to="owen"),
        RoleEnded(person="priya", role="practitioner"),
    ]


def test_somebody_remains_to_let_others_in() -> None:
    with pytest.raises(LastAdministrator):
        what_follows(EndRole(person="admin", role="administrator"))
    with pytest.raises(LastAdministrator):
        what_follows(RecordLeaving(person="admin", reason="Retired"))
    two = (*CAST, RoleGranted(person="sam", role="administrator"))
    assert what_follows(EndRole(person="admin", role="administrator"), "sam", people=two)


def test_nobody_gives_or_takes_their_own_roles() -> None:
    two = (*CAST, RoleGranted(person="sam", role="administrator"))
    for own in (
        GrantRole(person="admin", role="practitioner"),
        EndRole(person="admin", role="administrator"),
    ):
        with pytest.raises(YourOwnRoles):
            what_follows(own, people=two)


def test_nobody_reports_to_themself_however_long_the_way() -> None:
    assert what_follows(NameManager(person="farah", manager="sam")) == [
        ManagerNamed(person="farah", manager="sam")
    ]
    for manager in ("owen", "priya"):
        assert problems(NameManager(person="owen", manager=manager)) == {
            "manager": "Choose a manager who does not report to Owen Blake"
        }


def test_a_manager_may_be_taken_away() -> None:
    assert what_follows(NameManager(person="priya", manager="")) == [ManagerNamed(person="priya", manager="")]
    assert what_follows(NameManager(person="farah", manager="")) == []


def test_cover_is_by_one_colleague_and_not_over() -> None:
    [cover] = what_follows(covered(date(2026, 3, 19), date(2026, 3, 19)))
    assert isinstance(cover, CoverArranged)
    assert problems(covered(date(2026, 3, 1), date(2026, 3, 18))) == {
        "last_day": "Last day must be today or later"
    }
    assert problems(covered(date(2026, 3, 21), date(2026, 3, 20))) == {
        "last_day": "Last day must be the first day or later"
    }
    assert "covered_by" in problems(covered(date(2026, 3, 19), date(2026, 3, 19), by="priya"))


def test_who_leaves_gives_up_every_role_first() -> None:
    assert what_follows(RecordLeaving(person="priya", reason=" Retired ")) == [
        WorkPassed(person="priya", to="owen"),
        RoleEnded(person="priya", role="practitioner"),
        PractitionerLeft(person="priya", reason="Retired"),
    ]
    assert problems(RecordLeaving(person="owen", reason=" ")) == {"reason": "Enter the reason"}


def test_r1_whoever_covers_takes_over_before_the_line_manager() -> None:
    day = NOW.date()
    covered_now = (*CAST, CoverArranged(person="priya", covered_by="sam", first_day=day, last_day=day))
    assert WorkPassed(person="priya", to="sam") in what_follows(
        RecordLeaving(person="priya", reason="Moved"), people=covered_now
    )


def test_r1_nobody_leaves_whose_work_nobody_would_take_over() -> None:
    """The same for everybody, so that it says nothing about any family."""
    for alone in ("farah", "owen"):
        with pytest.raises(NobodyTakesOver):
            what_follows(RecordLeaving(person=alone, reason="Moved"))


def test_r1_the_administrator_who_records_it_takes_nothing_over() -> None:
    own = (
        *CAST,
        RoleGranted(person="admin", role="practitioner"),
        ManagerNamed(person="farah", manager="admin"),
    )
    with pytest.raises(NobodyTakesOver):
        what_follows(RecordLeaving(person="farah", reason="Moved"), people=own)


def test_who_is_not_here_is_not_found() -> None:
    for command in (GrantRole(person="ghost", role="oversight"), RecordLeaving(person="ghost", reason="x")):
        with pytest.raises(NotFound):
            what_follows(command)


def covered(first: date, last: date, by: str = "sam") -> ArrangeCover:
    return ArrangeCover(person="priya", covered_by=by, first_day=first, last_day=last)

"""What the partnership's stream says about who works here."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from server.people.facts import (
    CoverArranged,
    ManagerNamed,
    PractitionerLeft,
    RoleEnded,
    RoleGranted,
)
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from tests.people.stage import CAST, partnership, state


def test_who_works_here_is_listed_in_the_order_in_which_they_came() -> None:
    people = [p.person for p in partnership().everyone_here()]
    assert people == ["admin", "owen", "priya", "farah", "sam"]


def test_an_agency_without_a_short_name_is_called_by_its_whole_name() -> None:
    agencies = partnership().agencies
    assert agencies["SAP"].short == "School"
    assert agencies["NCS"].short == "Northmere Children's Services"


def test_an_address_is_found_however_it_was_typed() -> None:
    found = partnership().by_email("  Priya@Northmere.EXAMPLE\u200b ")
    assert found and found.person == "priya"


def test_roles_and_tier_come_and_go() -> None:
    raised = partnership(RoleGranted(person="owen", role="supervisor", tier=2))
    assert raised.practitioners["owen"].tier == 2
    ended = partnership(RoleEnded(person="owen", role="supervisor"))
    assert ended.practitioners["owen"].tier == 0
    assert ended.holders("supervisor") == ()


def test_who_left_holds_nothing_and_is_found_by_no_address() -> None:
    after = partnership(PractitionerLeft(person="owen", reason="Retired"))
    assert after.here("owen") is None
    assert after.by_email("owen@northmere.example") is None
    assert after.holders("supervisor") == ()
    assert [p.person for p in after.in_agency("NCS")] == ["admin", "priya", "sam"]
    known = after.practitioner("owen")
    assert known and known.name == "Owen Blake", "what they recorded still bears their name"


def test_cover_holds_from_the_first_to_the_last_day() -> None:
    cover = CoverArranged(
        person="priya", covered_by="sam", first_day=date(2026, 3, 20), last_day=date(2026, 3, 22)
    )
    after = partnership(cover)
    on = [after.covering("priya", date(2026, 3, day)) for day in (19, 20, 22, 23)]
    assert [p.person if p else None for p in on] == [None, "sam", "sam", None]


def test_cover_by_somebody_who_left_is_no_cover() -> None:
    days = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 31)}
    older = CoverArranged(person="priya", covered_by="owen", **days)
    newer = CoverArranged(person="priya", covered_by="sam", **days)
    after = partnership(older, newer, PractitionerLeft(person="sam", reason="Moved"))
    stands_in = after.covering("priya", date(2026, 3, 2))
    assert stands_in and stands_in.person == "owen"


def test_the_line_above_somebody_ends_even_where_the_record_holds_a_circle() -> None:
    after = partnership(ManagerNamed(person="owen", manager="priya"))
    assert after.reports_to("priya", "owen")
    assert not after.reports_to("priya", "farah")


def test_initials_leave_titles_out() -> None:
    named = {"DS Hannah Pike": "HP", "Dr Mina Castellano": "MC", "Priya Nair": "PN", "Cher": "C", "Dr": "D"}
    assert {name: initials(name) for name in named} == named


@given(st.text(min_size=1).filter(lambda name: name.strip()))
def test_every_name_has_initials(name: str) -> None:
    assert initials(name)


def test_before_the_founding_there_is_nobody() -> None:
    nothing = state(())[PartnershipState]
    assert not nothing.founded
    assert state(CAST)[PartnershipState].founded


def initials(name: str) -> str:
    return Practitioner("x", name, "", "", "").initials

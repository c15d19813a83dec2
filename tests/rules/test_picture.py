"""The shared picture: what is known, what is missing, and which way it goes."""

from datetime import UTC, datetime

import pytest

from server.families.knowledge import Withdraw
from server.families.plan import ExpectKnowledge, PlanContact
from tests.families.stage import TODAY, ref, rowe_family, told


def test_a_gap_is_what_the_plan_expects_and_nobody_shared() -> None:
    story = rowe_family()
    story.do("priya", ExpectKnowledge(agency="SAP", domains=("education", "emotional")))
    assert story.cell("SAP", "education").mark == "gap"
    assert story.cell("SAP", "housing").mark == "none"
    assert story.page("priya").picture.gaps.count == 2
    story.do("farah", told())
    assert story.cell("SAP", "education").mark == "concern"
    assert story.page("priya").picture.gaps.count == 1


def test_what_was_withdrawn_leaves_the_gap_that_it_had_filled() -> None:
    story = rowe_family()
    story.do("priya", ExpectKnowledge(agency="SAP", domains=("education",)))
    said = ref(story.do("farah", told()))
    story.do("farah", Withdraw(stream=said.stream, seq=said.seq, reason="Another family"))
    cell = story.cell("SAP", "education")
    assert (cell.mark, cell.count, cell.newest) == ("gap", 0, None)


def test_what_is_no_longer_expected_is_no_gap() -> None:
    story = rowe_family()
    story.do("priya", ExpectKnowledge(agency="SAP", domains=("education",)))
    story.do("priya", ExpectKnowledge(agency="SAP", domains=()))
    page = story.page("priya")
    assert page.picture.gaps.count == 0


@pytest.mark.parametrize(
    ("before", "newest", "direction"),
    [
        ("concern", "serious", "worse"),
        ("no_concern", "concern", "worse"),
        ("protective", "no_concern", "worse"),
        ("serious", "protective", "better"),
        ("concern", "concern", ""),
    ],
)
def test_direction_is_the_newest_bearing_against_the_one_before(
    before: str, newest: str, direction: str
) -> None:
    story = rowe_family()
    story.do("farah", told(bearing="serious"))
    story.do("farah", told(bearing=before))
    story.do("farah", told(bearing=newest))
    cell = story.cell("SAP", "education")
    assert (cell.mark, cell.direction, cell.count) == (newest, direction, 3)


def test_one_entry_goes_nowhere() -> None:
    story = rowe_family()
    story.do("farah", told(bearing="serious"))
    assert story.cell("SAP", "education").direction == ""


def test_something_old_that_is_recorded_late_does_not_pass_for_news() -> None:
    story = rowe_family()
    story.do("priya", told("Clean, awake.", domain="home", bearing="protective", happened="16/3/2026"))
    story.do("priya", told("Closed in 2024.", domain="home", bearing="serious", happened="6/2024"))
    cell = story.cell("NCS", "home")
    assert (cell.mark, cell.direction) == ("protective", "better")
    assert cell.newest == datetime(2026, 3, 16, 23, 59, 59, 999999, tzinfo=UTC)


def test_something_about_today_is_the_newest() -> None:
    story = rowe_family()
    story.do("farah", told(bearing="no_concern"))
    story.do("farah", told(bearing="serious", happened="19/3/2026"))
    assert story.cell("SAP", "education").mark == "serious"
    assert story.cell("SAP", "education").newest == story.now


def test_a_childs_voice_has_a_row_of_its_own() -> None:
    story = rowe_family()
    isla = story.member("Isla")
    story.do("farah", told("I do Remi's bottles.", verbatim=True, voice_of=isla, domain="emotional"))
    assert story.cell("SAP", "voice").mark == "heard"
    assert story.cell("SAP", "emotional").mark == "concern"
    assert story.cell("SAP", "voice").words == "School, Child's voice: heard, 1 entry"


def test_who_sees_a_child_by_plan_and_has_not_told_what_it_says_is_a_gap() -> None:
    story = rowe_family()
    remi = story.member("Remi")
    story.do("priya", PlanContact(practitioner="grace", children=(remi,), every_days=14, first_day=TODAY))
    assert story.cell("NCH", "voice").mark == "gap"
    assert story.cell("NPC", "voice").mark == "none"


def test_a_cell_is_a_whole_phrase_without_an_age() -> None:
    story = rowe_family()
    story.do("farah", told(bearing="no_concern"))
    story.do("farah", told(bearing="concern"))
    story.do("priya", ExpectKnowledge(agency="HAR", domains=("substance",)))
    assert story.cell("SAP", "education").words == "School, Education: concern, getting worse, 2 entries"
    assert story.cell("HAR", "substance").words == "Recovery, Substance use: expected, nothing shared"
    assert story.cell("SAP", "education").id == "cell-SAP-education"


def test_the_agencies_of_the_team_are_its_columns_in_a_fixed_order() -> None:
    codes = [agency.code for agency in rowe_family().page("farah").picture.agencies]
    assert codes == ["NCS", "NPC", "NCH", "HAR", "SAP"]

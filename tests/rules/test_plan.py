"""The family, its team and its shared plan: who is accountable, who is let in, what was agreed."""

from datetime import date, timedelta

import pytest

from server.families.commands import (
    AddMember,
    OpenFamily,
    RecordHousehold,
    RecordRelationship,
    book_for,
)
from server.families.plan import PlanContact, RecordContact, SetLevel, SetOutcome, SetReviewDate
from server.families.team import AddToTeam, NamePlanOwner, OwnsThePlan, RemoveFromTeam
from server.people.permissions import NotYours
from server.record.commands import Command
from server.record.refusals import Incomplete, NotFound
from tests.families.stage import TODAY, Story, rowe_family


def refused(story: Story, who: str, command: Command) -> dict[str, str]:
    with pytest.raises(Incomplete) as why:
        story.do(who, command)
    return why.value.problems


def test_who_opens_a_family_reads_it_and_owns_the_plan() -> None:
    story = Story()
    story.do("priya", OpenFamily(reference="nmr-0147", name="Rowe", level="early_help"))
    page = story.page("priya")
    assert (page.ref, page.name, page.level_label) == ("NMR-0147", "Rowe", "Early help")
    assert page.plan_owner and page.plan_owner.name == "Priya Nair"
    assert [line.sentence for line in page.lines] == [
        "Priya Nair opened the record of Rowe",
        "Priya Nair added Priya Nair to the team",
        "Priya Nair named Priya Nair as plan owner",
    ]


def test_a_plan_owner_can_be_named_at_once() -> None:
    story = Story()
    opening = OpenFamily(reference="X1", name="X", level="early_help", plan_owner="grace", team=("farah",))
    story.do("priya", opening)
    assert story.family().plan_owner == "grace"
    assert set(story.family().team) == {"priya", "grace", "farah"}


def test_a_family_is_opened_once_and_who_tries_again_learns_nothing() -> None:
    with pytest.raises(NotFound):
        rowe_family().do("priya", OpenFamily(reference="X1", name="X", level="early_help"))


def test_an_opening_sent_again_goes_to_the_same_book() -> None:
    assert book_for("priya", "key") == book_for("priya", "key") != book_for("grace", "key")


def test_there_is_a_plan_owner_at_every_instant() -> None:
    story = rowe_family()
    with pytest.raises(OwnsThePlan):
        story.do("priya", RemoveFromTeam(person="priya", reason="Leaving"))
    story.do("priya", NamePlanOwner(person="grace"))
    story.do("grace", RemoveFromTeam(person="priya", reason="Leaving"))
    assert story.family("grace").plan_owner == "grace"
    assert story.read("priya") == []


def test_the_plan_is_owned_by_somebody_in_the_team() -> None:
    assert "person" in refused(rowe_family(), "priya", NamePlanOwner(person="sam"))


def test_naming_the_same_owner_again_changes_nothing() -> None:
    assert rowe_family().do("priya", NamePlanOwner(person="priya")) == []


def test_only_who_answers_for_the_plan_changes_the_team() -> None:
    with pytest.raises(NotYours):
        rowe_family().do("farah", AddToTeam(person="sam"))


def test_nobody_is_added_twice_and_nobody_who_does_not_work_here() -> None:
    story = rowe_family()
    assert (
        refused(story, "priya", AddToTeam(person="farah"))["person"]
        == "Farah Siddiqui is in the team already"
    )
    assert "Choose who to add" in refused(story, "priya", AddToTeam(person="stranger"))["person"]


def test_who_is_not_in_the_team_cannot_be_removed_and_a_reason_is_needed() -> None:
    story = rowe_family()
    with pytest.raises(NotFound):
        story.do("priya", RemoveFromTeam(person="sam", reason="x"))
    assert "reason" in refused(story, "priya", RemoveFromTeam(person="farah", reason=" "))


def test_the_level_changes_with_a_reason() -> None:
    story = rowe_family()
    found = refused(story, "priya", SetLevel(level="child_in_need", reason=""))
    assert set(found) == {"level", "reason"}
    story.do("priya", SetLevel(level="child_protection", reason="Decided at conference"))
    assert story.page("farah").level_label == "Child protection"


def test_members_households_and_relationships_are_shown_by_name() -> None:
    story = rowe_family()
    tamsin, isla = story.member("Tamsin Rowe"), story.member("Isla")
    story.do("farah", RecordHousehold(name="Harbour Lane", members=(tamsin, isla)))
    story.do(
        "farah", RecordRelationship(one=tamsin, other=isla, relation="mother", parental_responsibility="yes")
    )
    page = story.page("farah")
    assert page.households[0].members == ("Tamsin Rowe", "Isla")
    assert page.relationships[0].sentence == "Tamsin Rowe is mother of Isla"
    assert page.relationships[0].responsibility_label == "has parental responsibility"
    assert [m.name for m in page.members] == ["Isla", "Remi", "Tamsin Rowe"]


def test_a_household_can_be_recorded_anew_but_not_out_of_nothing() -> None:
    story = rowe_family()
    isla = story.member("Isla")
    story.do("farah", RecordHousehold(name="Home", members=(isla,)))
    (known,) = story.family().households
    story.do("farah", RecordHousehold(name="Nan's", members=(isla,), household=known))
    assert [h.name for h in story.page("farah").households] == ["Nan's"]
    with pytest.raises(NotFound):
        story.do("farah", RecordHousehold(name="Home", members=(isla,), household="none"))


def test_nobody_is_born_tomorrow_or_related_to_themselves() -> None:
    story = rowe_family()
    tomorrow = TODAY + timedelta(days=1)
    assert "born" in refused(story, "farah", AddMember(name="Mo", child=True, born=tomorrow))
    isla = story.member("Isla")
    assert "other" in refused(story, "farah", RecordRelationship(one=isla, other=isla, relation="sister"))


def test_an_unborn_child_has_a_due_date() -> None:
    story = rowe_family()
    story.do("grace", AddMember(name="Baby Rowe", child=True, due=date(2026, 9, 1)))
    assert [m.name for m in story.page("farah").members] == ["Isla", "Remi", "Baby Rowe", "Tamsin Rowe"]


def test_an_outcome_is_about_a_child() -> None:
    story = rowe_family()
    found = refused(story, "farah", SetOutcome(child=story.member("Tamsin Rowe"), different="", seen_by=""))
    assert set(found) == {"child", "different", "seen_by"}
    story.do("farah", SetOutcome(child=story.member("Isla"), different="Sleeps", seen_by="Awake in class"))
    assert story.page("priya").outcomes[0].child == "Isla"


def test_a_planned_contact_shows_what_came_of_it_last_and_whose_doing_that_was() -> None:
    story = rowe_family()
    remi = story.member("Remi")
    first = date(2026, 3, 3)
    story.do("priya", PlanContact(practitioner="grace", children=(remi,), every_days=13, first_day=first))
    (contact,) = story.family().contacts
    assert story.page("priya").contacts[0].achieved is None
    story.do("grace", RecordContact(contact=contact, on=date(2026, 3, 16), outcome="no_access"))
    story.do("grace", RecordContact(contact=contact, on=date(2026, 3, 3), outcome="seen_alone"))
    view = story.page("priya").contacts[0]
    assert (view.result_label, view.achieved, view.count) == ("Not achieved: no access", False, 2)
    assert view.every_label == "every 13 days"


def test_a_contact_that_was_not_planned_is_not_to_be_found_and_none_happened_tomorrow() -> None:
    story = rowe_family()
    with pytest.raises(NotFound):
        story.do("grace", RecordContact(contact="none", on=TODAY, outcome="seen"))
    remi = story.member("Remi")
    story.do("priya", PlanContact(practitioner="grace", children=(remi,), every_days=7, first_day=TODAY))
    (contact,) = story.family().contacts
    tomorrow = TODAY + timedelta(days=1)
    assert "on" in refused(story, "grace", RecordContact(contact=contact, on=tomorrow, outcome="seen"))


def test_the_review_is_today_or_later() -> None:
    story = rowe_family()
    found = refused(story, "farah", SetReviewDate(on=TODAY - timedelta(days=1)))
    assert found["on"] == "Review date must be today or later"
    story.do("farah", SetReviewDate(on=TODAY))
    assert story.page("priya").review_on == TODAY

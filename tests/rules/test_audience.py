"""With whom something is shared: who is meant now, who was listed, and what the words say."""

from datetime import UTC, datetime

import pytest

from server.families.audience import AudienceGrew, readers
from server.families.composer import audiences
from server.families.facts import GuestAdmitted
from server.families.team import AddToTeam, RemoveFromTeam, admission_words, words_of_admission
from server.huddles.facts import HuddleConvened
from server.people.facts import PractitionerLeft, RoleGranted
from server.record.chain import NOTHING
from server.record.facts import SYSTEM, Entry, Fact
from server.record.refusals import Incomplete
from server.record.streams import follow
from tests.families.stage import BOOK, Story, rowe_family, told


def happens(story: Story, fact: Fact) -> None:
    """A fact of another room, in main."""
    main = story.streams[BOOK]
    entry = Entry(BOOK, BOOK, main.seq + 1, len(story.entries) + 1, fact.kind(), SYSTEM, "", story.now, fact)
    story.streams[BOOK] = follow(main, entry, NOTHING)
    story.entries.append(entry)


def convened(huddle: str, chair: str) -> HuddleConvened:
    at = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
    return HuddleConvened(huddle=huddle, purpose="Review", starts=at, minutes=20, chair=chair, invited=())


def test_an_agency_means_its_people_in_the_team_at_this_moment() -> None:
    story = rowe_family()
    assert readers(["agency:NCS"], story.hand("pike")) == {"pike", "priya", "denise"}
    story.do("priya", AddToTeam(person="owen"))
    assert readers(["agency:NCS"], story.hand("pike")) == {"pike", "priya", "denise", "owen"}


def test_a_role_means_whoever_holds_it() -> None:
    story = rowe_family()
    story.work(RoleGranted(person="grace", role="safeguarding_lead"))
    assert readers(["role:plan_owner"], story.hand("pike")) == {"pike", "priya"}
    assert readers(["role:safeguarding_lead"], story.hand("pike")) == {"pike", "grace"}


def test_the_chair_is_the_chair_of_the_huddle_that_was_named() -> None:
    story = rowe_family()
    happens(story, convened("h1", "denise"))
    assert readers(["role:chair"], story.hand("pike")) == {"pike", "denise"}
    happens(story, convened("h2", "grace"))
    assert readers(["role:chair"], story.hand("pike")) == {"pike"}, "of two chairs, say which"
    assert readers(["role:chair:h2"], story.hand("pike")) == {"pike", "grace"}


def test_who_would_newly_read_it_is_named_and_nothing_is_recorded() -> None:
    story = rowe_family()
    listed = ("priya", "denise", "pike")
    story.do("priya", AddToTeam(person="owen"))
    before = list(story.entries)
    with pytest.raises(AudienceGrew) as refused:
        story.do("pike", told(named=("agency:NCS",), expected_readers=listed))
    assert refused.value.message.startswith("Owen Blake would now be able to read this too.")
    assert story.entries == before


def test_fewer_readers_than_were_listed_are_no_surprise() -> None:
    story = rowe_family()
    story.do("priya", RemoveFromTeam(person="denise", reason="Moved"))
    opened, _ = story.do("pike", told(named=("agency:NCS",), expected_readers=("priya", "denise")))
    assert opened.fact.standing()[0].person == "pike"
    assert {s.person for s in opened.fact.standing()} == {"pike", "priya"}


def test_the_composer_lists_whom_each_name_means() -> None:
    story = rowe_family()
    happens(story, convened("h1", "denise"))
    found = audiences(story.hand("pike"), "h1")
    meant = {c.value: [p.name for p in c.people] for c in (*found.agencies, *found.roles)}
    assert meant["agency:NCS"] == ["Denise Hallam", "Priya Nair"]
    assert meant["role:chair:h1"] == ["Denise Hallam"]
    assert "agency:NPC" not in meant, "nobody else from the author's own agency is in the team"
    assert {c.value for c in found.people} == {
        f"person:{p}" for p in ("priya", "farah", "grace", "leo", "denise")
    }


def test_the_list_shown_is_the_list_that_reads() -> None:
    story = rowe_family()
    for choice in audiences(story.hand("pike")).agencies:
        opened = story.do("pike", told(named=(choice.value,)))[0]
        people = {s.person for s in opened.fact.standing()} if len(opened.fact.standing()) else set()
        assert people == {p.person for p in choice.people} | {"pike"}


def test_admission_says_how_much_will_be_read_and_until_when() -> None:
    words = words_of_admission("Sam Whitlock", 143, "9 January", "10 working days after the huddle closes")
    assert words == (
        "Sam Whitlock will be able to read this family's record (143 entries since 9 January) "
        "until 10 working days after the huddle closes."
    )


def test_admission_counts_the_main_record_and_nothing_beside_it() -> None:
    story = rowe_family()
    before = admission_words(story.hand("pike"), "Sam Whitlock")
    story.do("pike", told(only_for=("priya",)))
    assert admission_words(story.hand("pike"), "Sam Whitlock") == before
    assert f"({len(story.entries) - 2} entries since 19 March)" in before


def test_who_no_longer_works_here_is_meant_by_nothing() -> None:
    story = rowe_family()
    story.work(PractitionerLeft(person="denise", reason="Retired"))
    assert readers(["agency:NCS", "person:denise"], story.hand("pike")) == {"pike", "priya"}
    assert "person:denise" not in {c.value for c in audiences(story.hand("pike")).people}
    with pytest.raises(Incomplete, match="Denise Hallam cannot read this family's record"):
        story.do("pike", told(only_for=("denise",)))


def test_a_guest_counts_as_a_reader() -> None:
    story = rowe_family()
    happens(story, GuestAdmitted(person="sam", huddle="h1", words="…"))
    assert readers(["agency:NHM"], story.hand("pike")) == {"pike", "sam"}

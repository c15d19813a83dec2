"""What an agency knows: kept as it was written, or refused in words that say what to do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.families.facts import CompartmentOpened, FragmentContributed
from server.record.facts import decode, encode
from server.record.refusals import Incomplete, NotFound
from tests.families.stage import BOOK, Story, rowe_family, told

FAMILY_OF_ANY_TEXT = rowe_family()


def problems(story: Story, **more: object) -> dict[str, str]:
    with pytest.raises(Incomplete) as refused:
        story.do("farah", told(**more))  # type: ignore[arg-type]  # one of them is the text
    return refused.value.problems


def test_everybody_in_the_team_reads_what_an_agency_knows() -> None:
    story = rowe_family()
    done = story.do("farah", told("Isla was absent on Monday."))
    assert [entry.stream for entry in done] == [BOOK]
    for person in story.family().team:
        assert story.fragment(done, person).text == "Isla was absent on Monday."


def test_words_are_kept_to_the_last_byte() -> None:
    story = rowe_family()
    text = "  “I hide”\r\n\ttwice\u200b e\u0301 \U0001f9f8  "
    assert story.fragment(story.do("farah", told(text))).text == text


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=60))
def test_any_text_is_stored_as_it_was_written_or_refused(text: str) -> None:
    try:
        (entry,) = FAMILY_OF_ANY_TEXT.do("farah", told(text))
    except Incomplete as refused:
        assert set(refused.problems) == {"text"}
        return
    fact, _ = decode(entry.kind, encode(entry.fact))
    assert isinstance(fact, FragmentContributed)
    assert fact.text == text


def test_nothing_written_is_refused_in_words() -> None:
    assert problems(rowe_family(), text=" \n\u200b")["text"] == "Enter what your agency knows"


def test_four_thousand_characters_are_enough_and_one_more_is_too_many() -> None:
    story = rowe_family()
    assert story.fragment(story.do("farah", told("x" * 4000))).text == "x" * 4000
    assert problems(story, text="x" * 4001)["text"].startswith("Summarise what matters in 4,000 characters")


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_a_character_that_no_database_keeps_is_refused(character: str) -> None:
    assert "cannot be stored" in problems(rowe_family(), text=f"a{character}b")["text"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems(rowe_family(), text="", about=("nobody",), verbatim=True, happened="soon")
    assert set(found) == {"text", "about", "voice_of", "happened"}


def test_it_happened_today_or_in_the_past() -> None:
    story = rowe_family()
    tomorrow = (story.now + timedelta(days=1)).date().isoformat()
    for happened in (tomorrow, "2026-04", "2026-03-19T23:00"):
        assert (
            problems(story, happened=happened)["happened"] == "When it happened must be today or in the past"
        )
    assert story.fragment(story.do("farah", told(happened="19/3/2026"))).said.happened == "2026-03-19"


@pytest.mark.parametrize(
    ("typed", "kept", "precision"),
    [
        ("12/3/2026", "2026-03-12", "day"),
        ("12 March 2026 at 8:50am", "2026-03-12T08:50", "exact"),
        ("3/2026", "2026-03", "month"),
        ("2026-03-12T08:50:30+02:00", "2026-03-12T06:50", "exact"),
        ("", "", "unknown"),
    ],
)
def test_when_it_happened_is_read_as_people_write_it(typed: str, kept: str, precision: str) -> None:
    story = rowe_family()
    said = story.fragment(story.do("farah", told(happened=typed))).said
    assert (said.happened, said.precision) == (kept, precision)


@pytest.mark.parametrize(
    "typed", ["20260312", "31/2/2026", "1/1/0001", "99/99/9999", "2026-W12-4", "12/3/2026 15"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    assert "Enter when it happened" in problems(rowe_family(), happened=typed)["happened"]


def test_nobody_claims_to_know_it_more_exactly_than_they_say() -> None:
    assert "the time" in problems(rowe_family(), happened="12/3/2026", precision="exact")["happened"]
    assert "Enter the day" in problems(rowe_family(), happened="", precision="day")["happened"]


def test_own_words_belong_to_a_named_child() -> None:
    story = rowe_family()
    assert "own words" in problems(story, verbatim=True)["voice_of"]
    assert "child" in problems(story, voice_of=story.member("Tamsin Rowe"))["voice_of"]
    done = story.do("farah", told(verbatim=True, voice_of=story.member("Isla")))
    assert story.page("priya").lines[-1].voice_of == "Isla"
    assert story.fragment(done).said.verbatim


def test_a_restricted_fragment_stands_where_only_its_readers_read() -> None:
    story = rowe_family()
    opened, shared = story.do("pike", told("Single source.", named=("agency:NCS",)))
    assert isinstance(opened.fact, CompartmentOpened)
    assert isinstance(shared.fact, FragmentContributed)
    assert opened.stream == shared.stream != BOOK
    assert opened.fact.people == ("denise", "pike", "priya")
    outside = [p for p in story.family().team if p not in opened.fact.people]
    assert outside, "somebody must be outside for this to mean anything"
    assert all(shared not in story.read(person) for person in outside)


def test_the_same_people_share_one_compartment() -> None:
    story = rowe_family()
    (first, _) = story.do("pike", told(only_for=("priya", "denise")))
    (second,) = story.do("priya", told(named=("person:pike", "person:denise")))
    assert first.stream == second.stream


def test_other_people_get_another_compartment() -> None:
    story = rowe_family()
    (first, _) = story.do("pike", told(only_for=("priya", "denise")))
    (second, _) = story.do("pike", told(only_for=("priya",)))
    assert first.stream != second.stream


def test_nobody_finds_a_compartment_that_they_do_not_read() -> None:
    story = rowe_family()
    story.do("pike", told(only_for=("priya",)))
    opened = story.do("farah", told(only_for=("grace",)))[0]
    assert isinstance(opened.fact, CompartmentOpened)
    assert opened.fact.people == ("farah", "grace")


def test_nothing_is_restricted_to_its_author_alone() -> None:
    for alone in ({"only_for": ("farah",)}, {"named": ("agency:SAP",)}):
        assert problems(rowe_family(), **alone)["named"] == "Choose who else will see this"


def test_nothing_is_shared_with_somebody_outside_the_team() -> None:
    found = problems(rowe_family(), only_for=("sam",))["named"]
    assert found == "Sam Whitlock cannot read this family's record. Choose somebody in the team"
    assert "from Northmere Homes" in problems(rowe_family(), named=("agency:NHM",))["named"]
    assert "in the role of chair" in problems(rowe_family(), named=("role:chair",))["named"]


def test_nobody_outside_the_team_contributes() -> None:
    with pytest.raises(NotFound):
        rowe_family().do("sam", told())

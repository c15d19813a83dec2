"""A line of the record: who said what, when it happened, how late it came, and every fact in a sentence."""

import inspect
from datetime import date

import pytest

from server.families import facts
from server.families.lines import line_view, touched
from server.families.sentences import SENTENCES
from server.record.facts import Entry, Fact, UnknownFact
from tests.families.stage import BOOK, NOW, rowe_family, told


def test_every_fact_of_this_room_is_a_fragment_or_has_a_sentence() -> None:
    mine = {f for _, f in inspect.getmembers(facts, inspect.isclass) if issubclass(f, Fact) and f is not Fact}
    assert mine - set(SENTENCES) == {facts.FragmentContributed}


def test_a_line_says_who_what_and_how_sure() -> None:
    story = rowe_family()
    about = (story.member("Isla"),)
    story.do("farah", told("Absent.", about=about, confidence="confirmed", happened="9/3/2026"))
    line = story.page("grace").lines[-1]
    assert (line.author and line.author.name, line.about) == ("Farah Siddiqui", ("Isla",))
    assert (line.domain_label, line.basis_label, line.bearing_label) == (
        "Education",
        "Observed fact",
        "Concern",
    )
    assert (line.happened_label, line.confidence_label) == ("9 March 2026", "Confirmed")
    assert line.id == f"line-main-{line.seq}"


@pytest.mark.parametrize(
    ("happened", "late"),
    [("26/2/2026 11:40pm", True), ("18/3/2026", False), ("17/3/2026", True), ("3/2026", False), ("", False)],
)
def test_what_is_recorded_a_day_after_it_happened_is_late(happened: str, late: bool) -> None:
    story = rowe_family()
    story.do("farah", told(happened=happened))
    assert story.page("grace").lines[-1].late is late


def test_a_restricted_line_names_its_readers_and_its_place() -> None:
    story = rowe_family()
    (opened, _) = story.do("pike", told(only_for=("priya",)))
    line = story.page("priya").lines[-1]
    assert line.restricted_to == ("DS Hannah Pike", "Priya Nair")
    assert line.id == f"line-{opened.stream[:12]}-2"
    assert story.page("priya").lines[-2].sentence == (
        "DS Hannah Pike began to share with DS Hannah Pike and Priya Nair only"
    )


def test_a_sentence_names_everybody_and_no_id() -> None:
    story = rowe_family()
    sentences = [line.sentence for line in story.page("farah").lines]
    assert "Priya Nair added Farah Siddiqui to the team" in sentences
    assert "Priya Nair added Isla to the family" in sentences


def test_what_a_newer_version_recorded_is_said_and_not_dropped() -> None:
    story = rowe_family()
    unknown = UnknownFact(was="MoonSighted/1", body={})
    entry = Entry(BOOK, BOOK, 99, 99, "MoonSighted/1", "priya", "NCS", NOW, unknown)
    line = line_view(entry, story.family(), story.partnership)
    assert line.sentence == "Priya Nair recorded something with a newer version of this service"


def test_a_fact_without_a_sentence_is_named_by_its_kind() -> None:
    story = rowe_family()
    fact = facts.ReviewDateSet(on=date(2026, 4, 1))
    entry = Entry(BOOK, BOOK, 99, 99, fact.kind(), "priya", "NCS", NOW, fact)
    line = line_view(entry, story.family(), story.partnership, sentences={})
    assert line.sentence == "Priya Nair recorded ReviewDateSet/1"


def test_a_correction_points_at_the_line_that_it_changes() -> None:
    fact = facts.FragmentCorrected(seq=7, text="x", reason="y")
    entry = Entry(BOOK, BOOK, 9, 9, fact.kind(), "priya", "NCS", NOW, fact)
    changed = touched(entry)
    assert changed and changed.seq == 7

"""One line becomes an action: what is recognised is a chip, what is not stays text."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actions.dues import due_words
from server.actions.quick import Known, Quick, Setting, read

LONDON = ZoneInfo("Europe/London")
THURSDAY = datetime(2026, 3, 26, 14, 46, tzinfo=LONDON)
"""The day before the bail ends; clocks go forward on Sunday, Easter is on 3 to 6 April."""
PEOPLE = (
    Known("priya-nair", "Priya Nair", "Social care"),
    Known("hannah-pike", "DS Hannah Pike", "Police"),
    Known("sam-whitlock", "Sam Whitlock", "Housing"),
    Known("sam-stone", "Sam Stone", "School"),
)
AUDIENCES = {"npc": ("agency:NPC", "Northmere Constabulary"), "chair": ("role:chair:h1", "the chair")}


def line(text: str, now: datetime = THURSDAY, nation: str = "england") -> Quick:
    return read(text, Setting(now, nation, PEOPLE, AUDIENCES))


def due(text: str, now: datetime = THURSDAY, nation: str = "england") -> str:
    found = line(text, now, nation).due
    return due_words(found) if found else ""


def test_a_whole_line_is_read() -> None:
    read = line("Share attendance for Isla @priya by fri 3pm #education !critical")
    assert read.words == "Share attendance for Isla"
    assert (read.owner, read.domain, read.critical) == ("priya-nair", "education", True)
    assert due_words(read.due or THURSDAY) == "Friday 27 March 2026, 3pm"
    assert [chip.kind for chip in read.chips] == ["owner", "due", "domain", "critical"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("by tomorrow", "Friday 27 March 2026, 5pm"),
        ("by today", "Thursday 26 March 2026, 5pm"),
        ("by 3:30pm", "Thursday 26 March 2026, 3:30pm"),
        ("by thursday at 4pm", "Thursday 26 March 2026, 4pm"),
        ("by thu 9am", "Thursday 2 April 2026, 9am"),
        ("by Mon 09:00.", "Monday 30 March 2026, 9am"),
        ("by end of week", "Friday 27 March 2026, 5pm"),
        ("by 27/3", "Friday 27 March 2026, 5pm"),
        ("by 1 April 11am", "Wednesday 1 April 2026, 11am"),
        ("by 2 January", "Saturday 2 January 2027, 5pm"),
        ("by 2026-04-02 midday", "Thursday 2 April 2026, midday"),
        ("in 2 days", "Saturday 28 March 2026, 5pm"),
        ("in 2 weeks", "Thursday 9 April 2026, 5pm"),
        ("in 6 working days", "Tuesday 7 April 2026, 5pm"),
        ("!today", "Thursday 26 March 2026, 5pm"),
        ("!24h", "Friday 27 March 2026, 2:46pm"),
    ],
)
def test_moments_are_said_as_people_say_them(said: str, meant: str) -> None:
    assert due(f"Weigh Remi {said}") == meant


def test_working_days_are_those_of_the_nation() -> None:
    assert due("in 6 working days", nation="scotland") == "Monday 6 April 2026, 5pm"


def test_twenty_four_hours_are_elapsed_ones_when_the_clocks_change() -> None:
    saturday = datetime(2026, 3, 28, 14, tzinfo=LONDON)
    found = line("Ring !24h", saturday).due
    assert found is not None and due_words(found) == "Sunday 29 March 2026, 3pm"
    assert (found.astimezone(UTC) - saturday.astimezone(UTC)).total_seconds() == 24 * 3600


@pytest.mark.parametrize(
    "text",
    [
        'He said "by friday" and "@priya"',
        "Stand by for news",
        "Meet in school",
        "Room #12, level #ed",
        "Ring by 31/2",
        "Read in 0 days",
        "A note by 45 pm",
        "!important",
        "@",
    ],
)
def test_what_is_not_recognised_stays_text(text: str) -> None:
    read = line(text)
    assert (read.words, read.chips) == (text, ())


def test_the_second_moment_stays_text() -> None:
    read = line("Ring by fri and tell by mon")
    assert read.words == "Ring and tell by mon"


@pytest.mark.parametrize("said", ["@pike", "@Hannah", "@hannah.pike", "@h.pike", "@hannah-pike", "@pike,"])
def test_a_person_may_be_called_in_several_ways(said: str) -> None:
    assert line(f"Check bail {said}").owner == "hannah-pike"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Change the locks @sam", "Which sam? Write one of: @sam.whitlock (Housing), @sam.stone (School)"),
        ("Change the locks @kim", "Nobody called kim reads this. Choose somebody in the team"),
        ("Ring @priya @pike", "Choose who will do this. It must be one person"),
    ],
)
def test_an_owner_who_is_not_exactly_one_person_is_a_problem(text: str, words: str) -> None:
    assert line(text).problem("owner") == words


def test_a_moment_that_has_passed_is_a_problem() -> None:
    assert line("Ring by 25/3/2026").problem("due") == "Due date must be today or later"


def test_only_some_may_see_it() -> None:
    assert line("Check the operative for:npc for:chair").named == ("agency:NPC", "role:chair:h1")
    assert line("Check for:nobody").problem("audience").startswith("Nobody is meant by for:nobody")


@given(st.text(max_size=400))
def test_nothing_that_is_typed_is_lost(text: str) -> None:
    read = line(text)
    rest = read.words + "".join(chip.typed for chip in read.chips)
    kept = [c for c in text if not c.isspace() and c not in ".,;:)]"]
    assert sorted(c for c in rest if not c.isspace() and c not in ".,;:)]") == sorted(kept)


@pytest.mark.parametrize("part", ["by ", "in 5 working ", "@sam ", '"', "for:npc ", "a" * 10, "by 27 March "])
def test_g16_ten_thousand_characters_are_read_in_one_pass(part: str) -> None:
    """Each word is looked at a bounded number of times (counted, not timed)."""
    text = (part * 10_000)[:10_000]
    looked = 0

    class Words(tuple[Known, ...]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            nonlocal looked
            looked += 1
            return super().__iter__()

    read(text, Setting(THURSDAY, "england", Words(PEOPLE), AUDIENCES))
    assert looked <= len(text.split())

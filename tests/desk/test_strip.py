"""The strip has ten working days of the nation, and hides nothing that lies between them."""

from __future__ import annotations

from datetime import date

import pytest

from server.desk.owed import shortened
from server.desk.strip import Grid, Thing, by_day, by_week, days, headline

THURSDAY = date(2026, 3, 26)
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)


def counts(grid: Grid) -> dict[str, list[int]]:
    return {line.label: [cell.count for cell in line.cells] for line in grid.lines}


def test_weekends_and_bank_holidays_are_no_working_days() -> None:
    shown = days([], THURSDAY, "england")
    assert (len(shown), shown[0], shown[-1]) == (10, THURSDAY, date(2026, 4, 10))
    assert not {GOOD_FRIDAY, EASTER_MONDAY, date(2026, 3, 28)} & set(shown)


def test_the_nation_decides() -> None:
    assert EASTER_MONDAY in days([], THURSDAY, "scotland")


def test_a_day_off_on_which_something_lies_is_shown_all_the_same() -> None:
    things: list[Thing] = [("action", GOOD_FRIDAY, False)]
    shown = days(things, THURSDAY, "england")
    assert GOOD_FRIDAY in shown and len(shown) == 11


def test_on_a_sunday_today_is_shown_before_the_ten() -> None:
    shown = days([], date(2026, 3, 29), "england")
    assert (len(shown), shown[0], shown[1]) == (11, date(2026, 3, 29), date(2026, 3, 30))


def test_what_is_late_has_a_column_of_its_own_before_today() -> None:
    things: list[Thing] = [
        ("action", date(2026, 3, 23), True),
        ("review", THURSDAY, False),
        ("sign_off", date(2026, 3, 27), False),
        ("action", date(2026, 8, 1), False),
    ]
    grid = by_day(things, THURSDAY, "england")
    assert [column.top for column in grid.columns][:3] == ["Late", "Today", "Fri"]
    assert counts(grid) == {
        "Actions": [1] + [0] * 10,
        "Reviews": [0, 1] + [0] * 9,
        "Sign-offs": [0, 0, 1] + [0] * 8,
    }


def test_each_cell_is_said_in_words() -> None:
    things: list[Thing] = [
        ("action", THURSDAY, False),
        ("action", THURSDAY, False),
        ("review", THURSDAY, False),
    ]
    grid = by_day(things, THURSDAY, "england")
    assert [line.cells[0].words for line in grid.lines] == ["2 actions", "1 review"]
    assert (grid.lines[0].cells[1].words, grid.columns[0].aloud) == ("nothing", "Today, Thursday 26 March")


def test_weeks_count_the_same_things() -> None:
    things: list[Thing] = [
        ("action", THURSDAY, False),
        ("question", date(2026, 3, 27), False),
        ("huddle", GOOD_FRIDAY, False),
    ]
    grid = by_week(things, THURSDAY, "england")
    assert [column.top for column in grid.columns] == ["Today", "This week", "After"]
    assert counts(grid) == {
        "Actions": [1, 0, 0],
        "Questions": [0, 1, 0],
        "Reviews": [0, 0, 0],
        "Huddles": [0, 0, 1],
    }


@pytest.mark.parametrize(
    ("late", "due", "others", "words"),
    [
        (2, 1, 0, "2 late, 1 due today"),
        (0, 3, 0, "3 due today"),
        (1, 0, 0, "1 late"),
        (0, 0, 0, "Nothing is due. Next: Friday 27 March"),
        (2, 1, 3, "2 late, 1 due today. 3 wait with others"),
        (0, 0, 1, "Nothing of yours is due. 1 waits with others. Next: Friday 27 March"),
    ],
)
def test_the_headline_says_what_there_is_to_see(late: int, due: int, others: int, words: str) -> None:
    assert headline(late, due, others, [date(2026, 4, 2), date(2026, 3, 27)]) == words


def test_with_nothing_ahead_the_headline_says_only_that() -> None:
    assert headline(0, 0, 0, []) == "Nothing is due"


@pytest.mark.parametrize(
    ("name", "short"),
    [("Brown", "B—n"), ("Rowe", "R—e"), ("O’Brien-Ellis", "O—s"), ("Li", "L—"), ("Ngo", "N—"), ("", "—")],
)
def test_a_family_is_two_letters_and_never_the_whole_of_a_short_name(name: str, short: str) -> None:
    assert shortened(name) == short

"""How late something is: by working days, and before one has gone by, since when."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from server.families.late import late_words

LONDON = ZoneInfo("Europe/London")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("due", "until", "words"),
    [
        ("2026-03-20T15:00", "2026-03-20T14:59", ""),
        ("2026-03-20T15:00", "2026-03-20T15:00", "late since 3pm"),
        ("2026-03-20T15:00", "2026-03-22T09:00", "late since 3pm on Friday"),
        ("2026-03-20T15:00", "2026-03-23T09:00", "1 working day late"),
        ("2026-04-02T15:00", "2026-04-06T23:00", "late since 3pm on Thursday"),
        ("2026-04-02T15:00", "2026-04-08T09:00", "2 working days late"),
    ],
)
def test_weekends_and_bank_holidays_make_nothing_later(due: str, until: str, words: str) -> None:
    assert late_words(at(due), at(until), "england") == words


def test_the_nation_decides() -> None:
    thursday, easter_monday = at("2026-04-02T15:00"), at("2026-04-06T23:00")
    assert late_words(thursday, easter_monday, "scotland") == "1 working day late"


def test_what_is_due_on_a_day_is_late_since_that_day() -> None:
    thursday = datetime.combine(at("2026-04-02").date(), time.max, LONDON)
    assert late_words(thursday, at("2026-04-02T23:00"), "england") == ""
    assert late_words(thursday, at("2026-04-03T00:10"), "england") == "late since Thursday"


def test_what_was_settled_is_late_by_what_it_took() -> None:
    due = at("2026-03-20T15:00")
    assert late_words(due, due, "england", settled=True) == ""
    late = late_words(due, at("2026-03-20T17:00"), "england", settled=True)
    assert late == "less than a working day late"

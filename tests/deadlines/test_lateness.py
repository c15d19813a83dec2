"""How late something was: counted from the first due time, in working days and in hours that passed (R27)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.deadlines.lateness import Lateness, lateness

LONDON = ZoneInfo("Europe/London")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def test_the_locks_were_eight_working_days_late_across_the_clocks_and_easter() -> None:
    late = lateness(at("2026-03-25T17:00"), at("2026-04-08T11:15"), "england")
    assert late == Lateness(8, timedelta(hours=329, minutes=15)), "the clock on the wall says an hour more"


@pytest.mark.parametrize("settled", ["2026-03-25T17:00", "2026-03-20T09:00"])
def test_in_time_is_not_late(settled: str) -> None:
    assert lateness(at("2026-03-25T17:00"), at(settled), "england") == Lateness(0, timedelta())


def test_the_same_evening_is_late_by_hours_and_by_no_working_day() -> None:
    assert lateness(at("2026-03-25T17:00"), at("2026-03-25T19:00"), "england") == Lateness(
        0, timedelta(hours=2)
    )


def test_a_weekend_is_no_working_day() -> None:
    late = lateness(at("2026-03-27T17:00"), at("2026-03-29T17:00"), "england")
    assert late == Lateness(0, timedelta(hours=47)), "an hour was skipped that night"

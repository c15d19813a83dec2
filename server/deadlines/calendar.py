"""Working days of a nation: Monday to Friday without its bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern-ireland": "NIR"}
"""From a partnership's nation to its part of the United Kingdom (ISO 3166-2)."""


def is_working_day(day: date, nation: str) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(nation)


def working_days_after(day: date, count: int, nation: str) -> date:
    """The `count`-th working day after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, nation)
    return day


def working_days_before(day: date, count: int, nation: str) -> date:
    """The `count`-th working day before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= is_working_day(day, nation)
    return day


def working_days_between(day: date, last: date, nation: str) -> int:
    """How many working days come after `day`, up to and with `last`."""
    days = ((day + timedelta(days=n)) for n in range(1, (last - day).days + 1))
    return sum(is_working_day(each, nation) for each in days)


@lru_cache
def bank_holidays(nation: str) -> holidays.HolidayBase:
    """The nation's bank holidays, found year by year as they are asked for; England's where none is named."""
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS.get(nation, "ENG"))

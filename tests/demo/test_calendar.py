"""The story moves by whole days, whatever the clocks do, and its words move with it."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from server.demo import live
from server.demo.clock import ZONE, Calendar, standing_for
from server.demo.families import FAMILIES
from server.demo.scene import Act

ANCHORS = [
    datetime(2026, 3, 19, 14, 20, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 50, tzinfo=UTC),
    datetime(2026, 3, 29, 3, 0, tzinfo=UTC),
    datetime(2026, 4, 6, 9, 0, tzinfo=UTC),
    datetime(2026, 6, 10, 9, 15, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 10, tzinfo=UTC),
    datetime(2026, 10, 26, 23, 59, tzinfo=UTC),
    datetime(2027, 1, 2, 0, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
]
WRITTEN = re.compile(r"\{(d|day|month):(\d{4})-(\d\d)-(\d\d)\}")

anchored = pytest.mark.parametrize("now", ANCHORS, ids=lambda now: f"{now:%Y-%m-%dT%H%M}")


def told() -> list[Act]:
    return [act for family in FAMILIES for act in family.acts]


def texts() -> list[str]:
    every = [*told(), *live.TOLD]
    return [value for act in every for value in vars_of(act) if "{" in value]


def vars_of(act: Act) -> list[str]:
    values = [getattr(act, field) for field in act.__struct_fields__]
    return [value for value in values if isinstance(value, str)]


@anchored
def test_every_date_in_a_text_is_the_day_that_it_became(now: datetime) -> None:
    calendar = Calendar.at(now)
    assert len(texts()) > 15, "there must be dates to look at"
    for text in texts():
        expected = WRITTEN.sub(lambda m: plainly(m, calendar), text)
        assert calendar.words(text) == expected


def plainly(found: re.Match[str], calendar: Calendar) -> str:
    """The same by another road: count the days from the story's 19 March."""
    ago = date(2026, 3, 19).toordinal() - date(*map(int, found.groups()[1:])).toordinal()
    day = date.fromordinal(calendar.today.toordinal() - ago)
    if found[1] == "month":
        return day.strftime("%B %Y")
    year = f" {day.year}" if day.year != calendar.today.year else ""
    weekday = day.strftime("%A ") if found[1] == "d" else ""
    return f"{weekday}{day.day} {day.strftime('%B')}{year}"


def test_a_sunday_of_another_year_is_not_called_a_monday() -> None:
    calendar = Calendar(date(2027, 1, 10), datetime(2027, 1, 10, 14, tzinfo=UTC))
    assert calendar.words("on {d:2026-03-02}") == "on Thursday 24 December 2026"


@anchored
def test_a_time_of_day_stays_what_it_was(now: datetime) -> None:
    calendar = Calendar.at(now)
    for act in told():
        moment = calendar.moment(act.at).astimezone(ZONE)
        assert f"{moment:%H:%M}" == act.at[11:]
        assert moment.date() - calendar.today == date.fromisoformat(act.at[:10]) - date(2026, 3, 19)


@anchored
def test_what_is_told_before_the_huddle_keeps_its_order_and_is_past(now: datetime) -> None:
    calendar = Calendar.at(now)
    moments = [calendar.moment(at) for at in sorted(act.at for act in told())]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert moments[-1] < calendar.began < now


@anchored
def test_the_huddle_began_twenty_minutes_ago(now: datetime) -> None:
    calendar = Calendar.at(now)
    assert calendar.moment("2026-03-19 14:00") == now - timedelta(minutes=20)
    assert calendar.moment("2026-03-19 14:12") == now - timedelta(minutes=8)
    assert calendar.began.astimezone(ZONE).date() == calendar.today


def test_days_times_and_months_are_written_as_they_were() -> None:
    calendar = Calendar.at(datetime(2026, 4, 19, 14, 20, tzinfo=UTC))
    assert calendar.happened("2026-03-02") == "2026-04-02"
    assert calendar.happened("2026-02-26T23:40") == "2026-03-29T23:40"
    assert calendar.happened("2024-07") == "2024-08"
    assert calendar.happened("") == ""


def test_the_calendar_is_found_again_from_what_was_recorded_by_it() -> None:
    for now in ANCHORS:
        calendar = Calendar.at(now)
        assert standing_for(calendar.moment("2025-09-01 09:00"), "2025-09-01 09:00") == calendar.today

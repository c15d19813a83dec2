"""Who is told of what is owed, and when: the ladders, in the working days of a nation (R27, R31, R41)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.deadlines.calendar import is_working_day
from server.deadlines.ladder import LADDERS, SLOTS, Chase, chases

LONDON = ZoneInfo("Europe/London")
KINDS = sorted(LADDERS)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=LONDON)


def told(found: list[Chase]) -> list[tuple[str, str]]:
    return [(f"{c.at:%a %d %b %H:%M}", "queue" if c.queued else " ".join(c.roles)) for c in found]


MADE = at("2026-03-19T14:30")


def test_a_normal_ladder_takes_working_days_from_the_owner_to_the_queue() -> None:
    assert told(chases("action", at("2026-03-25T17:00"), MADE, "england")) == [
        ("Tue 24 Mar 09:00", "owner"),
        ("Wed 25 Mar 17:00", "owner"),
        ("Thu 26 Mar 09:00", "owner line_manager"),
        ("Fri 27 Mar 09:00", "safeguarding_lead"),
        ("Mon 30 Mar 09:00", "chair plan_owner"),
        ("Wed 01 Apr 09:00", "queue"),
    ]


def test_a_critical_ladder_takes_hours() -> None:
    assert told(chases("critical_action", at("2026-03-25T17:00"), MADE, "england")) == [
        ("Tue 24 Mar 09:00", "owner"),
        ("Wed 25 Mar 09:00", "owner"),
        ("Wed 25 Mar 17:00", "owner line_manager"),
        ("Thu 26 Mar 09:00", "safeguarding_lead"),
        ("Thu 26 Mar 14:00", "chair plan_owner"),
        ("Fri 27 Mar 09:00", "queue"),
    ]


def test_r27_an_extension_begins_one_rung_higher() -> None:
    """The locks that were not changed, after their first extension and across the change of the clocks."""
    granted = at("2026-03-25T19:00")
    assert told(chases("critical_action", at("2026-03-30T17:00"), granted, "england", extensions=1)) == [
        ("Fri 27 Mar 09:00", "owner line_manager"),
        ("Mon 30 Mar 09:00", "owner line_manager"),
        ("Mon 30 Mar 17:00", "owner line_manager safeguarding_lead"),
        ("Tue 31 Mar 09:00", "chair plan_owner"),
        ("Tue 31 Mar 14:00", "queue"),
    ]


def test_easter_is_waited_out_and_nine_stays_nine_across_the_clocks() -> None:
    found = chases("action", at("2026-04-02T17:00"), at("2026-03-20T10:00"), "england")
    assert told(found)[2:] == [
        ("Tue 07 Apr 09:00", "owner line_manager"),
        ("Wed 08 Apr 09:00", "safeguarding_lead"),
        ("Thu 09 Apr 09:00", "chair plan_owner"),
        ("Mon 13 Apr 09:00", "queue"),
    ]
    assert found[2].at.astimezone(UTC).hour == 8, "summer time"


def test_another_nation_has_other_holidays() -> None:
    scottish = chases("action", at("2026-04-02T17:00"), at("2026-03-20T10:00"), "scotland")
    assert told(scottish)[2][0] == "Mon 06 Apr 09:00", "Easter Monday is no bank holiday there"


def test_what_would_be_told_before_it_was_agreed_is_left_out() -> None:
    """Agreed in the afternoon for the same evening: nothing of the day before, and not twice at once."""
    found = chases("critical_action", at("2026-03-19T17:30"), MADE, "england")
    assert told(found)[0] == ("Thu 19 Mar 17:30", "owner line_manager")


@pytest.mark.parametrize("due", ["2026-03-25T08:00", "2026-03-25T09:00"])
def test_what_is_due_by_nine_is_told_at_its_own_time_and_not_after_it(due: str) -> None:
    found = chases("critical_action", at(due), MADE, "england")
    assert [c.at for c in found][:2] == [at("2026-03-24T09:00"), at(due)]
    assert found[1].roles == ("owner", "line_manager")


def test_what_nobody_answered_goes_to_the_agency_the_chair_and_the_queue() -> None:
    assert told(chases("request", at("2026-03-27T12:00"), MADE, "england")) == [
        ("Thu 26 Mar 09:00", "owner"),
        ("Fri 27 Mar 12:00", "owner safeguarding_lead"),
        ("Mon 30 Mar 09:00", "chair plan_owner"),
        ("Wed 01 Apr 09:00", "queue"),
    ]


MOMENTS = st.integers(0, 60 * 24 * 730).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(
    kind=st.sampled_from(KINDS),
    begun=MOMENTS,
    minutes=st.integers(1, 60 * 24 * 30),
    extensions=st.integers(0, 2),
    nation=st.sampled_from(["england", "scotland", "northern-ireland", "wales"]),
)
def test_r31_every_ladder_climbs_to_the_queue(
    kind: str, begun: datetime, minutes: int, extensions: int, nation: str
) -> None:
    begun = begun.astimezone(LONDON)
    due = (begun.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(LONDON)
    found = chases(kind, due, begun, nation, extensions)
    moments = [c.at.astimezone(UTC) for c in found]
    assert moments == sorted(set(moments)), "one after the other"
    assert moments[0] >= begun.astimezone(UTC)
    assert [c.queued for c in found] == [False] * (len(found) - 1) + [True], "a human, once and last"
    assert due.astimezone(UTC) in moments
    for chase in found:
        if chase.at not in (due, begun):
            assert chase.at.time() in SLOTS
            assert is_working_day(chase.at.date(), nation) or chase.at.date() == due.date()

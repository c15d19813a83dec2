"""The story's own days, moved as a whole so that its 19 March is today and its huddle began a while ago.

Days move by whole days in the partnership's time zone and keep their time of day, whatever the clocks did in
between. Only the day of the huddle also moves by hours. Texts name dates as `{d:2026-03-02}`, so that the
day of the week, the month and the year are those of the day it became.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from server.families.when import day_words_near

ZONE = ZoneInfo("Europe/London")
STORY_DAY = date(2026, 3, 19)
"""The day of the huddle, as the story tells it."""
STORY_BEGINS = datetime(2026, 3, 19, 14, 0)  # noqa: DTZ001 - the story's own local time
BEGAN_BEFORE = timedelta(minutes=20)

_date = re.compile(r"\{(\w+):(\d{4}-\d{2}-\d{2})\}")


class Calendar(msgspec.Struct, frozen=True):
    """`today` stands for the story's 19 March; `began` is when its 14:00 huddle began."""

    today: date
    began: datetime

    @classmethod
    def at(cls, now: datetime) -> Calendar:
        """The calendar in which the huddle began twenty minutes before `now`, to the minute."""
        began = (now - BEGAN_BEFORE).astimezone(UTC).replace(second=0, microsecond=0)
        return cls(began.astimezone(ZONE).date(), began)

    @property
    def shift(self) -> timedelta:
        return self.today - STORY_DAY

    def day(self, story: date) -> date:
        """What a day of the story became."""
        return story + self.shift

    def moment(self, story: str) -> datetime:
        """What a local time of the story ("2026-03-09 10:20") became, in UTC."""
        told = datetime.fromisoformat(story)
        if told.date() == STORY_DAY:
            return self.began + (told - STORY_BEGINS)
        return datetime.combine(self.day(told.date()), told.time(), ZONE).astimezone(UTC)

    def happened(self, story: str) -> str:
        """What a day, a local time or a month of the story became, written as it was written there."""
        if not story:
            return ""
        if "T" in story:
            return f"{self.moment(story).astimezone(ZONE):%Y-%m-%dT%H:%M}"
        if len(story) == len("2026-03"):
            return f"{self.day(date.fromisoformat(story + '-15')):%Y-%m}"
        return self.day(date.fromisoformat(story)).isoformat()

    def words(self, text: str) -> str:
        """`text` with dates in words: `{d:…}` Monday 2 March, `{day:…}` 2 March, `{month:…}` March 2026."""
        return _date.sub(lambda found: self._said(found[1], date.fromisoformat(found[2])), text)

    def _said(self, form: str, story: date) -> str:
        day = self.day(story)
        forms = {
            "d": f"{day:%A} {day_words_near(day, self.today)}",
            "day": day_words_near(day, self.today),
            "month": f"{day:%B %Y}",
        }
        return forms[form]


def standing_for(recorded: datetime, told: str) -> date:
    """The day that stands for 19 March, where what the story tells for `told` was recorded at `recorded`."""
    return recorded.astimezone(ZONE).date() + (STORY_DAY - datetime.fromisoformat(told).date())

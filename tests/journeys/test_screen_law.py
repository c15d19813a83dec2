"""The screen law in a real browser: an open room with the frames applied to it equals a page opened now.

Every command is held to it by `tests/realtime/test_screen_law.py`, with a swapper in Python. Here htmx, our
modules and the browser's own parser do the work, for ten of them, one after the other on the same open page.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import Seat, is_live, settled

pytestmark = pytest.mark.browser

PATIENCE = 8.0  # seconds


class Cast:
    """Those who act in this journey, each from a browser of their own."""

    def __init__(self, demo: Demo, sit: Sit) -> None:
        self.demo = demo
        self.priya, self.farah, self.denise = (
            sit(demo, name) for name in ("priya-nair", "farah-siddiqui", "denise-hallam")
        )
        self.room = demo.room.removeprefix(demo.address)

    def newest_of_farah(self) -> str:
        """The address of the newest line that Farah told."""
        page = self.farah.go(ROWE)
        last = page.locator("#lines > .line-told[data-by=farah-siddiqui]:not(.line-withdrawn)").last
        return f"{ROWE}/lines/{last.get_attribute('data-stream')}/{last.get_attribute('data-seq')}"

    def member(self, name: str) -> str:
        page = self.priya.go(f"{ROWE}/households")
        return str(page.get_by_label(name).get_attribute("value"))


def contribute(cast: Cast) -> int:
    isla = cast.member("Isla Rowe")
    said = {
        "domain": "home",
        "basis": "reported_by_child",
        "bearing": "serious",
        "text": "It is loud at night.",
    }
    return cast.farah.send(f"{ROWE}/contribute", **said, about=isla, voice_of=isla, verbatim="yes")


def correct(cast: Cast) -> int:
    return cast.farah.send(f"{cast.newest_of_farah()}/correct", text="It is loud at 2am.", reason="The time")


def withdraw(cast: Cast) -> int:
    return cast.farah.send(f"{cast.newest_of_farah()}/withdraw", reason="Another child")


def signpost(cast: Cast) -> int:
    words = {"words": "School holds more.", "contact": "Farah Siddiqui"}
    return cast.farah.send(f"{ROWE}/signpost", relevance="raises", domain="home", **words)


def leave(cast: Cast) -> int:
    return cast.farah.send(f"{cast.room}/leave")


def join(cast: Cast) -> int:
    return cast.farah.send(f"{cast.room}/join", accepted="yes", mode="phone")


def change_phase(cast: Cast) -> int:
    return cast.denise.send(f"{cast.room}/phase", phase="discussion")


def expect_knowledge(cast: Cast) -> int:
    return cast.priya.send(f"{ROWE}/expected", agency="HAR", domains="education")


def add_member(cast: Cast) -> int:
    return cast.priya.send(f"{ROWE}/members", name="Aunt Nina", child="", about="Aunt")


def set_level(cast: Cast) -> int:
    return cast.priya.send(f"{ROWE}/level", level="child_protection", reason="What was shared today")


def contribute_to_some(cast: Cast) -> int:
    said = {"domain": "home", "basis": "observed_fact", "bearing": "concern", "text": "Only for the chair."}
    named = {"audience": "named", "named": "person:denise-hallam", "expected_readers": "denise-hallam"}
    return cast.farah.send(f"{ROWE}/contribute", **said, **named)


ACTS: tuple[Callable[[Cast], int], ...] = (
    contribute,
    correct,
    withdraw,
    signpost,
    leave,
    join,
    change_phase,
    expect_knowledge,
    add_member,
    set_level,
    contribute_to_some,
)


def test_6_an_open_page_and_its_frames_equal_a_page_opened_now(demo: Demo, sit: Sit) -> None:
    cast = Cast(demo, sit)
    chair, again = sit(demo, "denise-hallam"), sit(demo, "denise-hallam")
    page = is_live(chair.go(anchored(chair)))
    for act in ACTS:
        before = settled(page, "main")
        assert act(cast) == 303, act.__name__
        equal(page, again.page, act.__name__)
        assert settled(page, "main") != before, f"{act.__name__} must change something"


def anchored(seat: Seat) -> str:
    """The address of the room from an anchor that stays where it is while lines are added."""
    earlier = seat.enter().get_by_role("link", name="Show earlier lines").get_attribute("href")
    return f"{seat.demo.room.removeprefix(seat.demo.address)}{earlier}"


def equal(page: Page, fresh: Page, what: str) -> None:
    """Wait until the open page says what a page opened now says."""
    until = time.monotonic() + PATIENCE
    while True:
        fresh.goto(page.url)
        expect(fresh.locator("#say-all-choice")).to_be_visible()
        is_live(page)
        ours, now = settled(page, "main"), settled(fresh, "main")
        if ours == now:
            return
        if time.monotonic() > until:
            assert parts(ours) == parts(now), what


def parts(markup: str) -> list[str]:
    """One tag or text on each line, so that a difference is seen."""
    return re.split(r"(?<=>)|(?=<)", markup)

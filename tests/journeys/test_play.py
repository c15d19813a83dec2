"""Play: the cast acts its parts, and one newcomer alone sees a living room."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def unplayed() -> Iterator[Demo]:
    """A demonstration in which nobody has acted yet."""
    with Demo() as demo:
        yield demo


def test_the_button_brings_the_next_of_the_cast_into_the_room(unplayed: Demo, sit: Sit) -> None:
    watching, newcomer = sit(unplayed, "priya-nair", viewport=PHONE), sit(unplayed)
    room = watching.enter()
    hannah = room.locator("#people [data-person=hannah-pike]")
    expect(hannah).to_contain_text("not here")
    newcomer.go("/sign-in").get_by_role("button", name=re.compile("^Play")).click()
    expect(newcomer.page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(room.locator("#lines")).to_contain_text("DS Hannah Pike joined")
    expect(hannah).to_contain_text("by phone")


def test_play_fills_the_room(unplayed: Demo, sit: Sit) -> None:
    room = sit(unplayed, "farah-siddiqui").enter()
    gaps = room.locator("#gaps-title")
    before, lines = gaps.inner_text(), room.locator("#lines > .line-told").count()
    unplayed.act_out(minutes=0.05)
    expect(room.locator("#lines")).to_contain_text("moved on to: own judgement")
    assert room.locator("#lines > .line-told").count() >= lines + 6
    expect(gaps).not_to_have_text(before)
    expect(room.locator("#lines")).to_contain_text("restricted information")
    expect(room.locator("#lines .line-restricted")).to_have_count(0)

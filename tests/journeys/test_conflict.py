"""A conflict of interest: declared at the door without a script, recorded by the chair with a room open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def apart() -> Iterator[Demo]:
    """A demonstration of its own: whoever is excluded here stays so."""
    with Demo() as demo:
        yield demo


def test_declared_without_a_script_it_closes_the_record(apart: Demo, sit: Sit) -> None:
    seat = plain(sit, apart, "leo-marsh")
    seat.expects("status of 4")
    page = seat.go(ROWE)
    page.get_by_role("link", name="I know this family personally").click()
    press(page, "Declare it and leave this record")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("How you know this family").fill("Went to school with Kieran")
    press(page, "Declare it and leave this record")
    expect(page.get_by_role("heading", name="Families", exact=True)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Rowe")
    page.goto(apart.address + ROWE)
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()


def test_recorded_by_the_chair_it_closes_an_open_room(apart: Demo, sit: Sit) -> None:
    sam = sit(apart, "sam-whitlock")
    sam.expects("status of 4", "WebSocket")
    room = sam.enter()
    denise = sit(apart, "denise-hallam")
    denise.expects("status of 4")
    denise.enter()  # the huddle is what a guest opens the record for
    page = denise.go(f"{ROWE}/exclusions")
    expect(page.locator("main")).to_contain_text("Dawn Tully")
    page.locator("#person").select_option("sam-whitlock")
    page.get_by_label("How they know it").fill("Lives next door")
    press(page, "Exclude them")
    expect(page.locator("#lines")).to_contain_text("Denise Hallam excluded Sam Whitlock")
    expect(room.locator("main")).not_to_contain_text("Isla")
    room.goto(apart.room)
    expect(room.get_by_role("heading", name="Page not found")).to_be_visible()


def test_ended_by_a_supervisor_with_a_reason(apart: Demo, sit: Sit) -> None:
    owen = sit(apart, "owen-blake")
    page = owen.go(f"{ROWE}/exclusions")
    page.get_by_role("link", name="End this exclusion of Dawn Tully").click()
    clean(page)
    page.get_by_label("Why this ends").fill("It was another Dawn Tully")
    press(page, "End the exclusion")
    expect(page.locator("#lines")).to_contain_text("Owen Blake ended the exclusion of Dawn Tully")


def test_6_its_pages_are_clean(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "priya-nair")
    seat.expects("status of 4")
    for path, button in (
        ("conflict", "Declare it and leave this record"),
        ("exclusions", "Exclude them"),
    ):
        page = seat.go(f"{ROWE}/{path}")
        clean(page)
        press(page, button)
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        clean(page)

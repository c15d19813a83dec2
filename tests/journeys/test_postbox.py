"""A newcomer's first minutes: agree an action, open the postbox, move the clock, watch the ladder climb."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.cast import Voice
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import NARROW, is_live
from tests.journeys.test_without_scripts import plain

pytestmark = pytest.mark.browser

MOVED = re.compile(r"Moved to \w+day \d+ \w+ \d{4}, \S+\.\s+\d+ mails? ha(s|ve) been sent since\.")
ANOTHER_DAY = re.compile(r"\d+ [A-Z][a-z]+, \d\d:\d\d")


@pytest.fixture
def moved() -> Iterator[Demo]:
    """A demonstration of its own: nobody else's clock is moved."""
    with Demo() as demo:
        yield demo


def agree(demo: Demo, line: str) -> None:
    chair = Voice(demo, "denise-hallam")
    assert chair.do("agree-action", line=line)["type"] == "saved"
    chair.leave()


def test_an_action_that_nobody_sees_to_climbs_as_the_clock_is_moved(moved: Demo, sit: Sit) -> None:
    room = sit(moved, "farah-siddiqui").enter()
    page = sit(moved, "denise-hallam").enter()
    agree(moved, "Count the doses @leo by tomorrow")
    page.get_by_role("link", name="Postbox and clock").click()
    expect(page.get_by_role("heading", name="Postbox", exact=True)).to_be_visible()
    clean(page)
    for _ in range(3):
        go_on(page)
    clean(page)
    still_here(room)
    first = page.locator(".mails a").filter(has_text="Leo Marsh").first
    first.click()
    expect(page.locator(".mail-text")).to_contain_text("Hello Leo")
    expect(page.locator(".mails [aria-current]")).to_have_count(1)
    clean(page)
    page.get_by_role("button", name="Step into Leo Marsh’s part and open it").click()
    expect(page.locator(".who-name")).to_contain_text("Leo Marsh")
    expect(page).to_have_url(f"{moved.address}/work")
    expect(page.locator("main")).to_contain_text("Count the doses")


def go_on(page: Page) -> None:
    """To the next thing that is due, of which somebody hears."""
    before = page.locator(".post-now").inner_text()
    page.get_by_role("button", name="To the next thing that is due").click()
    expect(page.locator(".post-now")).not_to_have_text(before)
    expect(page.locator(".post-moved")).to_have_text(MOVED)


def still_here(room: Page) -> None:
    """A room that stood open all the while is live, and words its moments by the new time."""
    expect(room.locator("#lines time[data-as=clock]").first).to_have_text(ANOTHER_DAY)
    is_live(room)
    expect(room.locator("dialog[open]")).to_have_count(0)


def test_on_a_phone_without_a_script_a_mail_stands_alone(moved: Demo, sit: Sit) -> None:
    agree(moved, "Count the doses @leo by tomorrow")
    page = plain(sit, moved, "denise-hallam").go("/demo/post")
    page.set_viewport_size(NARROW)
    go_on(page)
    page.locator(".mails a").filter(has_text="Leo Marsh").first.click()
    expect(page.locator(".mails")).to_be_hidden()
    expect(page.get_by_role("button", name="+ 1 hour")).to_be_hidden()
    page.get_by_role("link", name="All mails").click()
    expect(page.locator(".mails")).to_be_visible()

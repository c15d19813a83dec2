"""Immediate danger and a referral of one's own: from the live room, by keys alone, and without a script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

TABS = 60
"""More than enough to reach anything by the Tab key."""


def tab_to(page: Page, words: str) -> None:
    """Go on with the Tab key until what has the focus says `words`."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if words in str(page.evaluate("() => document.activeElement.textContent.trim()"))[:80]:
            return
    raise AssertionError(f"{words!r} cannot be reached by the keyboard")


def label_to(page: Page, name: str) -> None:
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.name") == name:
            return
    raise AssertionError(f"{name!r} cannot be reached by the keyboard")


def test_from_the_live_room_with_the_keyboard_alone(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "grace-lindqvist").enter()
    tab_to(page, "Immediate danger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="999")).to_be_visible()
    expect(page.locator(".danger")).to_contain_text("01632 960101")
    tab_to(page, "I am referring this myself")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="I am referring this myself")).to_be_visible()
    for name, words in (
        ("child", "Remi, seven months old"),
        ("concern", "Not weighed since February."),
        ("to", "The front door"),
    ):
        label_to(page, name)
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()


def test_without_a_script(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "dawn-tully").page
    page.locator(".danger > summary").click()
    page.locator(".danger").get_by_role("link", name="I am referring this myself").click()
    page.get_by_label("Who the child is").fill("A girl next door")
    page.get_by_label("What worries you").fill("Shouting every night.")
    page.get_by_label("Who you are referring to").fill("The front door")
    press(page, "Record my referral")
    expect(page.locator("main")).to_contain_text("Only you read this", ignore_case=True)
    page.get_by_label("Their reference").fill("REF-9")
    press(page, "Add this")
    expect(page.locator("main")).to_contain_text("REF-9")

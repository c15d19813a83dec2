"""Judging for oneself in real browsers: hidden from the room until the chair shows all together."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE

pytestmark = pytest.mark.browser

WORDS = "Not weighed since February, and nobody opened the door"


def judge(page: Page, score: int) -> None:
    page.get_by_role("link", name="Judge for yourself").click()
    expect(page.get_by_role("heading", name="Your own judgement")).to_be_visible()
    for group in page.locator("fieldset[id^=child-]").all():
        group.locator(f"input[value='{score}']").check()
        group.locator("textarea").fill(WORDS)
    page.get_by_role("button", name="Keep my judgement").click()
    expect(page.locator("#judgements")).to_be_attached()


def test_2_hidden_until_all_are_shown_together(demo: Demo, sit: Sit) -> None:
    chair = sit(demo, "denise-hallam").enter()
    phone = sit(demo, "grace-lindqvist", viewport=PHONE).enter()
    school = sit(demo, "farah-siddiqui").enter()
    phone.locator("a[href='#see-yours']").click()
    judge(phone, 8)
    judge(school, 3)
    expect(chair.locator("#judgements")).to_contain_text("2 of")
    assert WORDS not in chair.content()
    chair.get_by_role("button", name="Reveal all judgements").click()
    for page in (chair, school, phone):
        expect(page.locator("#judgements")).to_contain_text(WORDS)
        expect(page.locator("#judgements")).to_contain_text("5 apart")


def test_5_axe_finds_nothing_in_any_state_of_judging(demo: Demo, sit: Sit) -> None:
    leo = sit(demo, "leo-marsh")
    leo.expects("status of 422")
    page = leo.enter()
    page.get_by_role("link", name="Judge for yourself").click()
    clean(page)
    page.get_by_role("button", name="Keep my judgement").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="Rowe huddle").click()
    judge(page, 6)
    clean(page)

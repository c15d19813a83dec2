"""The end of a huddle in real browsers: closed, read as minutes, also on paper; and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser


@pytest.fixture
def demo() -> Iterator[Demo]:
    """Of its own: a huddle that is closed stays closed."""
    with Demo() as demo:
        yield demo


def say_why(page: Page, why: str) -> None:
    for reason in page.locator("textarea[name^=answer-]").all():
        reason.fill(why)


def test_it_is_closed_read_and_corrected(demo: Demo, sit: Sit) -> None:
    chair = sit(demo, "denise-hallam")
    chair.expects("status of 422", "status of 404")
    page, farah = chair.enter(), sit(demo, "farah-siddiqui", viewport=PHONE)
    phone = farah.enter()
    writer = sit(demo, "grace-lindqvist").enter()
    writer.locator("#text").fill("She was still writing this.")
    page.get_by_role("link", name="Close …").click()
    clean(page)
    page.get_by_role("button", name="Close the huddle").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    say_why(page, "It is settled tomorrow by telephone")
    page.get_by_role("button", name="Close the huddle").click()
    expect(page.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    expect(page.locator("main")).to_contain_text("It is settled tomorrow by telephone")
    clean(page)
    expect(phone.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    clean(phone)
    expect(writer.locator("#banner")).to_contain_text("What you wrote is still here")
    expect(writer.locator("#text")).to_have_value("She was still writing this.")
    clean(writer)
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden() and page.locator("#corrections textarea").is_hidden()
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    page.emulate_media(media="screen")
    page.locator("#words").fill("The school's name is Saltmarsh Academy.")
    page.get_by_role("button", name="Add the correction").click()
    expect(page.locator("#corrections")).to_contain_text("Saltmarsh Academy.")
    writer.locator("#domain").select_option("health")
    writer.locator("#basis").select_option("observed_fact")
    writer.locator("input[name=bearing][value=concern]").check()
    writer.locator("#send").click()
    expect(writer.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    expect(writer.locator("main")).to_contain_text("She was still writing this.")
    expect(writer.get_by_role("heading", name="Late entries")).to_be_visible()


def test_it_is_closed_without_a_script(demo: Demo, sit: Sit) -> None:
    page = plain(sit, demo, "denise-hallam").page
    page.goto(demo.room)
    page.get_by_role("link", name="Close …").click()
    say_why(page, "Said by telephone")
    press(page, "Close the huddle")
    expect(page.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    page.goto(demo.room)
    expect(page).to_have_url(demo.room + "/minutes")

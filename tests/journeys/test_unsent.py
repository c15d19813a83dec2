"""A larger form that was begun waits for its author, in whichever browser they go on with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import NO_CONNECTION, PHONE
from tests.journeys.test_decision import REASONS, fill_all, record
from tests.journeys.test_drafts import STORED, is_kept
from tests.journeys.test_own_duty import label_to, tab_to
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

BEGAN = "You began this on"


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: what others said and did would stand in the way."""
    with Demo() as demo:
        yield demo


def offered(page: Page, count: int = 1) -> None:
    expect(page.get_by_text(BEGAN)).to_have_count(count)


def test_a_decision_is_gone_on_with_in_another_browser_and_recorded(demo: Demo, sit: Sit) -> None:
    phone, desk = sit(demo, "denise-hallam", viewport=PHONE), sit(demo, "denise-hallam")
    desk.expects("status of 422")
    decide = f"{demo.room.removeprefix(demo.address)}/decide"
    small = phone.go(decide)
    small.locator("#words").fill("Refer to MARAC today")
    small.locator("input[name=chosen][value=E3]").check()
    small.locator("input[name=rests_on]:visible").first.check()
    clean(is_kept(small))
    assert small.evaluate(STORED) == [0, 0, 0], "nothing of it stands on this device"
    small.close()
    page = desk.go(decide)
    offered(page)
    clean(page)
    expect(page.locator("#words")).to_have_value("")
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#words")).to_have_value("Refer to MARAC today")
    expect(page.locator("input[name=chosen][value=E3]")).to_be_checked()
    expect(page.locator("input[name=rests_on]:checked")).to_have_count(1)
    clean(is_kept(page))
    fill_all(page, REASONS[0])
    is_kept(page)
    record(page)
    for seat in (desk, phone):
        seat.page = seat.tab()
        offered(seat.go(decide), 0)


def test_a_referral_is_gone_on_with_by_the_keyboard_alone(demo: Demo, sit: Sit) -> None:
    grace, other = sit(demo, "grace-lindqvist"), sit(demo, "grace-lindqvist")
    page = grace.go("/refer")
    label_to(page, "child")
    page.keyboard.type("Remi, seven months old")
    label_to(page, "concern")
    page.keyboard.type("Not weighed since")
    is_kept(page).close()
    page = other.go("/refer")
    tab_to(page, "Go on with it")
    page.keyboard.press("Enter")
    expect(page.locator("#concern")).to_have_value("Not weighed since")
    label_to(page, "concern")
    page.keyboard.press("End")
    page.keyboard.type(" February.")
    label_to(page, "to")
    page.keyboard.type("The front door")
    clean(is_kept(page))
    page.locator("#to").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Not weighed since February.")
    offered(other.go("/refer"), 0)


def test_sent_before_the_pause_is_over_nothing_of_it_comes_back(demo: Demo, sit: Sit) -> None:
    dawn = sit(demo, "dawn-tully")
    page = dawn.go("/refer")
    page.locator("#concern").fill("Shouting every")
    is_kept(page)
    page.locator("#concern").fill("Shouting every night.")
    page.locator("#child").fill("A girl next door")
    page.locator("#to").fill("The front door")
    press(page, "Record my referral")
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()
    offered(dawn.go("/refer"), 0)


def test_what_was_written_before_the_script_came_is_kept_too(demo: Demo, sit: Sit) -> None:
    dawn = sit(demo, "dawn-tully")
    held: list[Route] = []
    dawn.page.route("**/static/page.js*", lambda route: held.append(route))
    page = dawn.page
    page.goto(f"{demo.address}/refer", wait_until="commit")
    page.locator("#concern").fill("Written on a slow line.")
    expect(page.locator("#draft-state")).to_be_empty()
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    page.unroute("**/static/page.js*")
    is_kept(page)
    page.locator("#concern").fill("")
    expect(page.locator("#draft-state")).to_be_empty()
    offered(dawn.go("/refer"), 0)


def test_without_a_script_it_is_gone_on_with_or_deleted(demo: Demo, sit: Sit) -> None:
    leo = sit(demo, "leo-marsh")
    for words in ("The first", "The second"):
        leo.go("/refer").locator("#concern").fill(words)
        is_kept(leo.page)
    page = plain(sit, demo, "leo-marsh").go("/refer")
    offered(page, 2)
    page.get_by_role("link", name="Go on with it").first.click()
    expect(page.locator("#concern")).to_have_value("The second")
    page.go_back()
    page.get_by_role("button", name="Delete the draft").first.click()
    offered(page)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("#concern")).to_have_value("The first")
    page.locator("#child").fill("A boy")
    page.locator("#to").fill("The front door")
    press(page, "Record my referral")
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()
    clean(leo.go("/refer"))
    offered(leo.page, 0)


def test_while_no_draft_can_be_saved_it_says_so_and_the_form_is_recorded(demo: Demo, sit: Sit) -> None:
    cal = sit(demo, "cal-moss")
    cal.expects(NO_CONNECTION, "ERR_", "status of 503")
    page = cal.go("/refer")
    page.route("**/draft", lambda route: route.fulfill(status=503, body="{}"))
    page.locator("#concern").fill("Shouting every night.")
    expect(page.locator("#draft-state")).to_have_text("Draft not saved")
    clean(page)
    page.locator("#child").fill("A girl next door")
    page.locator("#to").fill("The front door")
    press(page, "Record my referral")
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()

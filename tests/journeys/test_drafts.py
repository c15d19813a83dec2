"""What was begun is kept on the server and nowhere else, and waits for its author wherever they go on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import NO_CONNECTION, PHONE, REFUSED, Seat, is_live, line, write
from tests.journeys.test_restricted import name_only

pytestmark = pytest.mark.browser

SAVED = re.compile(r"^Draft saved \d\d:\d\d$")
STORED = "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"


def is_kept(page: Page) -> Page:
    expect(page.locator("#draft-state")).to_have_text(SAVED, timeout=15_000)
    return page


def empty(page: Page) -> None:
    page.locator("#text").fill("")
    expect(page.locator("#draft-state")).to_be_empty()


@pytest.fixture
def ruth(demo: Demo, sit: Sit) -> Iterator[Seat]:
    seat = sit(demo, "ruth-adeyemi")
    seat.send(f"{demo.room.removeprefix(demo.address)}/join", accepted="yes", mode="live")
    yield seat


def test_it_is_kept_and_leaving_is_not_asked_about(ruth: Seat) -> None:
    page = ruth.enter()
    write(page, "Half a sentence")
    expect(page.locator("#draft-state")).to_have_text("Draft")
    is_kept(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    is_kept(is_live(page))
    expect(page.locator("#text")).to_have_value("Half a sentence")
    expect(page.locator("#domain")).to_have_value("education")
    assert asked == [], "what is kept need not be asked about"
    assert page.evaluate(STORED) == [0, 0, 0], "nothing of it stands on this device"
    page.locator("#send").click()
    expect(line(page, "Half a sentence")).to_have_count(1)
    page.reload()
    expect(is_live(page).locator("#text")).to_have_value("")


def test_sent_before_the_pause_is_over_nothing_of_it_comes_back(ruth: Seat) -> None:
    page = ruth.enter()
    write(page, "Begun and")
    is_kept(page)
    page.locator("#text").focus()
    page.keyboard.press("End")
    page.keyboard.insert_text(" sent at once.")
    page.keyboard.press("Control+Enter")
    expect(line(page, "Begun and sent at once.")).to_have_count(1)
    page.reload()
    expect(is_live(page).locator("#text")).to_have_value("")


def test_a_restricted_one_comes_back_for_the_same_people(ruth: Seat) -> None:
    page = ruth.enter()
    page.locator("#text").focus()
    name_only(page, "priya-nair")
    write(page, "Only for Priya")
    is_kept(page)
    page.reload()
    expect(is_live(page).locator("#send")).to_have_text("Send to 1 person")
    expect(page.locator("#who-sees")).to_have_text("Only you and Priya Nair will see this")
    expect(page.locator("#text")).to_have_value("Only for Priya")
    empty(page)


def test_e9_begun_on_the_phone_and_offered_on_the_laptop(ruth: Seat, demo: Demo, sit: Sit) -> None:
    phone = sit(demo, "ruth-adeyemi", viewport=PHONE)
    small = phone.enter()
    small.locator("#text").fill("Begun in the car")
    is_kept(small)
    page = ruth.enter()
    expect(page.locator("#text")).to_have_value("")
    page.locator("#text").fill("Begun at the desk")
    is_kept(page)
    small.reload()
    expect(is_live(small).locator("#text")).to_have_value("Begun in the car")
    empty(page)
    page.reload()
    is_live(page).get_by_role("link", name="Put that in this box").click()
    expect(is_live(page).locator("#text")).to_have_value("Begun in the car")
    for each in (page, small):
        each.locator("#text").fill("x")
        is_kept(each)
        empty(each)


def test_signed_out_the_dialog_says_that_it_was_kept(ruth: Seat) -> None:
    ruth.expects(REFUSED)
    page = ruth.enter()
    page.locator("#text").fill("Half a sentence")
    is_kept(page)
    ruth.send("/sign-out")
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_contain_text(re.compile(r"What you wrote was saved as a draft at \d\d:\d\d\."))
    dialog.get_by_role("button", name="Step back into").click()
    expect(dialog).to_be_hidden()  # until then no key reaches the box behind it
    expect(is_live(page).locator("#text")).to_have_value("Half a sentence")
    empty(page)


def test_without_a_connection_it_says_so_and_leaving_is_asked_about(ruth: Seat) -> None:
    ruth.expects(NO_CONNECTION, "ERR_")
    page = ruth.enter()
    page.route("**/draft*", lambda route: route.abort())
    page.locator("#text").press_sequentially("Typed in a tunnel")
    expect(page.locator("#draft-state")).to_have_text("Draft not saved")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(0)
    page.unroute("**/draft*")
    is_kept(page)
    assert asked == ["beforeunload"]
    empty(page)


def test_on_a_page_of_its_own_too(ruth: Seat) -> None:
    page = ruth.go(f"{ROWE}/contribute")
    page.locator("#text").fill("Begun outside of the room")
    is_kept(page)
    page.reload()
    expect(page.locator("#text")).to_have_value("Begun outside of the room")
    write(page, "Begun outside of the room.")
    page.locator("#send").click()
    expect(line(page, "Begun outside of the room.")).to_have_count(1)
    expect(ruth.go(f"{ROWE}/contribute").locator("#text")).to_have_value("")

"""Signed out, removed, idle: the page says so over what was written, and nothing written is lost."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import REFUSED, is_live, line
from tests.journeys.test_reading_and_writing import CARET

pytestmark = pytest.mark.browser

PASSWORD = "correct horse staple"


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()


def test_h9_signed_out_in_one_tab_signs_in_again_over_the_other(demo: Demo, sit: Sit) -> None:
    leo, priya = sit(demo, ""), sit(demo, "priya-nair")
    leo.person = "leo-marsh"
    leo.expects(REFUSED)
    choose_password(leo.page, demo.one_time_link("leo-marsh"))
    page = leo.enter()
    page.locator("#text").fill("Half a sentence")
    page.locator("#text").evaluate("box => box.setSelectionRange(4, 9)")
    other = leo.tab()
    other.goto(demo.address)
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    dialog = page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    heard = len(leo.frames)
    priya.tell("Said while Leo was signed out.")
    dialog.get_by_label("Password for Leo Marsh").fill("not my password")
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_contain_text("That is not your password")
    assert not any("Said while Leo" in frame for frame in leo.frames[heard:])
    dialog.get_by_label("Password for Leo Marsh").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    assert page.evaluate(CARET) == {"id": "text", "start": 4, "end": 9, "value": "Half a sentence"}
    expect(line(is_live(page), "Said while Leo was signed out.")).to_have_count(1)
    page.locator("#text").fill("")


def test_in_the_demonstration_one_press_steps_back_into_the_part(demo: Demo, sit: Sit) -> None:
    """Nobody of the cast has a password that a newcomer could know."""
    grace = sit(demo, "grace-lindqvist")
    grace.expects(REFUSED)
    page = grace.enter()
    page.locator("#text").fill("Half a sentence")
    grace.send("/sign-out")
    dialog = page.get_by_role("dialog", name="Sign in again")
    dialog.get_by_role("button", name="Step back into Grace Lindqvist’s part").click()
    expect(dialog).to_be_hidden()
    expect(is_live(page).locator("#text")).to_have_value("Half a sentence")
    page.locator("#text").fill("")


def test_who_is_removed_sees_nothing_of_the_family_any_more(demo: Demo, sit: Sit) -> None:
    priya, tom = sit(demo, "priya-nair"), sit(demo, "tom-okafor")
    tom.expects(REFUSED)
    room = demo.room.removeprefix(demo.address)
    priya.send(f"{ROWE}/team", person="tom-okafor", reason="Named nurse", confirmed="yes")
    tom.send(f"{room}/join", accepted="yes", mode="live")
    page = tom.enter()
    expect(page.locator("#lines")).to_contain_text("Tom Okafor")
    assert priya.send(f"{ROWE}/team/tom-okafor/remove", reason="Moved to another area") == 303
    expect(page.locator("main")).to_contain_text("You are no longer in this huddle.", timeout=2_000)
    expect(page.get_by_role("heading", name="You are no longer in this huddle.")).to_be_focused()
    assert "Isla" not in page.content() and "NMR-0147" not in page.content()
    assert "Rowe" not in page.title()
    page.reload()
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()


def test_h15_an_idle_reader_is_warned_and_one_key_extends(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    farah.page.route("**/session", answered(100, 900))
    extended: list[str] = []
    farah.page.on("request", lambda sent: sent.url.endswith("/session/extend") and extended.append(sent.url))
    page = farah.enter()
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_have_accessible_description("You will be signed out in 2 minutes")
    page.keyboard.press("a")
    expect(dialog).to_be_hidden()
    assert extended


def test_h15_a_session_that_ends_for_good_can_be_used_to_its_end(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    farah.page.clock.install()
    farah.page.route("**/session", answered(900, whole=55))
    page = farah.enter()
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_contain_text("You will be signed out in 60 seconds")
    expect(dialog.get_by_text("Press any key")).to_be_hidden()
    dialog.get_by_role("button", name="Carry on until then").click()
    page.locator("#text").fill("Written at the very end")
    page.clock.fast_forward(56_000)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Written at the very end")


def test_h15_when_nobody_answers_they_sign_in_again_over_the_page(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    farah.page.clock.install()
    farah.page.route("**/session", answered(900, 100))
    page = farah.enter()
    page.locator("#text").fill("Half a sentence")
    page.clock.fast_forward(781_000)
    expect(page.get_by_role("dialog", name="Are you still there?")).to_be_visible()
    is_live(page)  # or the leap makes a long loss of the moment in which it connects again
    page.clock.fast_forward(50_000)
    expect(page.locator("#status")).to_contain_text("You will be signed out in 60 seconds")
    page.clock.fast_forward(51_000)
    expect(page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Half a sentence")


def answered(*idle_in: int, whole: int = 40_000) -> Callable[[Route], None]:
    """GET /session as it would be answered later in the day, one time after the other."""
    answers = list(idle_in)

    def answer(route: Route) -> None:
        left = answers.pop(0) if len(answers) > 1 else answers[0]
        route.fulfill(content_type="application/json", body=json.dumps({"idle_in": left, "ends_in": whole}))

    return answer

"""The server dies and comes back: what was typed is kept, what was sent is saved once, both screens agree."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import NO_CONNECTION, PHONE, alike, contribute, is_live, line, write
from tests.journeys.test_restricted import name_only

pytestmark = pytest.mark.browser

RETURN = 20_000
"""Milliseconds that a server and its screens may take to come back on a busy machine."""


@pytest.fixture(scope="module")
def embedded() -> Iterator[Demo]:
    """Of its own: what others shared with some only would make two people's screens differ."""
    with Demo() as demo:
        yield demo


@pytest.fixture
def away(either: Demo) -> Iterator[Demo]:
    """A server that the test may kill; it is there again for the next one."""
    yield either
    if either.process_ended():
        either.start()


def test_c2_a_line_sent_while_the_server_is_dead_is_saved_once_when_it_is_back(away: Demo, sit: Sit) -> None:
    farah, priya = sit(away, "farah-siddiqui"), sit(away, "priya-nair", viewport=PHONE)
    for seat in (farah, priya):
        seat.expects(NO_CONNECTION)
    here, there = farah.enter(), priya.enter()
    away.kill()
    expect(here.locator("#connection")).to_have_text("Connecting")
    contribute(here, "Sent while nothing was there.")
    expect(here.locator("#unsaved > li")).to_contain_text("Not saved yet")
    here.keyboard.type("Half a")
    expect(here.locator("#banner")).to_contain_text("You can keep reading what is on this page and writing")
    expect(here.locator("#banner")).to_contain_text("Not saved yet: 1. Do not close this page.")
    expect(here.locator("#unsaved > li")).to_contain_text("trying again", timeout=RETURN)
    expect(line(here, "Sent while nothing was there.")).to_have_count(0)
    away.start()
    is_live(here, RETURN)
    is_live(there, RETURN)
    for page in (here, there):
        expect(line(page, "Sent while nothing was there.")).to_have_count(1)
        expect(page.locator("#banner")).to_be_hidden()
    expect(here.locator("#unsaved > li")).to_have_count(0)
    expect(here.locator("#text")).to_have_value("Half a")
    expect(here.locator("#text")).to_be_focused()
    alike(here, there)
    here.reload()
    expect(line(is_live(here), "Sent while nothing was there.")).to_have_count(1)


def test_a_line_that_was_stored_but_not_acknowledged_is_not_stored_twice(demo: Demo, sit: Sit) -> None:
    """The acknowledgement is lost on its way, with the connection: the same key is sent again."""
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    there = priya.enter()
    lost: list[str | bytes] = []

    def lose_one(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def hear(message: str | bytes) -> None:
            if lost or not ('"saved"' in str(message) or "Acknowledged to nobody." in str(message)):
                socket.send(message)
            elif '"saved"' in str(message):
                lost.append(message)
                server.close()
                socket.close()

        server.on_message(hear)

    farah.page.route_web_socket("**/live*", lose_one)
    here = farah.enter()
    contribute(here, "Acknowledged to nobody.")
    expect(line(there, "Acknowledged to nobody.")).to_have_count(1)
    expect(line(here, "Acknowledged to nobody.")).to_have_count(1, timeout=RETURN)
    expect(here.locator("#unsaved > li")).to_have_count(0)
    assert lost, "an acknowledgement must have been lost for this to mean anything"
    assert here.locator("#lines .said").get_by_text("Acknowledged to nobody.", exact=True).count() == 1
    assert there.locator("#lines .said").get_by_text("Acknowledged to nobody.", exact=True).count() == 1


def test_a_refused_line_says_why_and_keeps_its_words(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    page = farah.enter()
    write(page, "Dated far ahead.", "home")
    page.locator(".more > summary").click()
    page.locator("#happened").fill("31")
    page.locator("#happened-month").fill("12")
    page.locator("#happened-year").fill("2199")
    page.locator("#send").click()
    failed = page.locator("#unsaved > li")
    expect(failed).to_contain_text("Failed – ")
    expect(page.locator("#alert")).to_have_text("Your last line is not saved")
    failed.get_by_role("button", name="Put it back in the box").click()
    expect(failed).to_have_count(0)
    expect(page.locator("#text")).to_have_value("Dated far ahead.")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#happened-year")).to_have_value("2199")
    page.locator("#text").fill("")


def test_a_refused_line_goes_back_to_those_it_was_written_for(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    page = farah.enter()
    page.locator("#text").focus()
    name_only(page, "priya-nair")
    write(page, "Only for Priya.", "home")
    page.locator(".more > summary").click()
    page.locator("#happened-year").fill("2199")
    page.locator("#send").click()
    failed = page.locator("#unsaved > li")
    expect(failed).to_contain_text("Failed – ")
    page.locator("#text").focus()
    page.locator(".audience > summary").click()
    page.locator("#audience").check()
    failed.get_by_role("button", name="Put it back in the box").click()
    expect(page.locator("#text")).to_have_value("Only for Priya.")
    expect(page.locator("#audience-named")).to_be_checked()
    expect(page.locator("#send")).to_have_text("Send to 1 person")
    page.locator("#text").fill("")


def test_leaving_with_words_in_the_box_is_asked_about(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").press_sequentially("Not sent")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]

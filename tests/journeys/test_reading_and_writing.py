"""While others contribute, nothing moves under somebody's hands: caret, selection, focus, scroll."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import line
from tests.journeys.test_restricted import name_only

pytestmark = pytest.mark.browser

CARET = """() => {
  const box = document.activeElement;
  return { id: box.id, start: box.selectionStart, end: box.selectionEnd, value: box.value };
}"""


def scrolled(page: Page) -> float:
    return float(page.locator("#log").evaluate("log => log.scrollTop"))


def test_typing_is_not_disturbed_by_fifty_contributions(demo: Demo, sit: Sit) -> None:
    priya, farah = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui")
    page = farah.enter()
    page.locator("#text").fill("[]")
    page.keyboard.press("ArrowLeft")
    page.locator("#log").evaluate("log => { log.scrollTop = 40; }")
    page.wait_for_timeout(100)
    before = page.locator("#lines > .line").count()
    for number in range(50):
        priya.tell(f"Remote {number}.")
        page.keyboard.type("ab")
        assert page.evaluate(CARET)["end"] == 1 + 2 * (number + 1)
    expect(page.locator("#lines > .line")).to_have_count(before + 50)
    typed = "[" + "ab" * 50 + "]"
    assert page.evaluate(CARET) == {"id": "text", "start": 101, "end": 101, "value": typed}
    assert scrolled(page) == 40
    expect(page.locator("#pill")).to_have_text("50 new ↓")
    page.locator("#pill").click()
    expect(line(page, "Remote 49.")).to_be_in_viewport()
    expect(page.locator("#pill")).to_be_hidden()
    page.locator("#text").fill("")


def test_a_selection_survives_what_others_do(demo: Demo, sit: Sit) -> None:
    priya, farah = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui")
    page = farah.enter()
    page.locator("#text").fill("one two three")
    page.locator("#text").evaluate("box => box.setSelectionRange(4, 7)")
    page.locator("#domain").select_option("home")
    page.locator("#text").focus()
    for number in range(5):
        priya.tell(f"Behind a selection {number}.")
    expect(line(page, "Behind a selection 4.")).to_have_count(1)
    assert page.evaluate(CARET) == {"id": "text", "start": 4, "end": 7, "value": "one two three"}
    expect(page.locator("#domain")).to_have_value("home")
    page.locator("#text").fill("")


def test_whoever_reads_the_newest_keeps_seeing_the_newest(demo: Demo, sit: Sit) -> None:
    priya, page = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui").enter()
    priya.tell("At the end of the log.")
    expect(line(page, "At the end of the log.")).to_be_in_viewport()
    expect(page.locator("#pill")).to_be_hidden()


def test_a_whole_new_page_leaves_what_is_being_written(demo: Demo, sit: Sit) -> None:
    """Who is in the family changes more than a few parts: the page comes anew, around the writer."""
    priya, page = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui").enter()
    page.locator("#text").fill("Half a sentence about")
    page.locator("#text").evaluate("box => box.setSelectionRange(5, 5)")
    page.locator("#log").evaluate("log => { log.scrollTop = 40; }")
    page.wait_for_timeout(100)
    with page.expect_response(lambda answer: answer.url == page.url):
        assert priya.send(f"{ROWE}/members", name="Nina Rowe", child="", about="Aunt") == 303
    expect(page.locator("#lines")).to_contain_text("Nina Rowe")
    assert page.evaluate(CARET) == {"id": "text", "start": 5, "end": 5, "value": "Half a sentence about"}
    assert scrolled(page) == 40
    page.locator("#text").fill("")


def test_a_whole_new_page_keeps_who_the_next_line_is_for(demo: Demo, sit: Sit) -> None:
    priya, page = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui").enter()
    page.locator("#text").focus()
    name_only(page, "priya-nair")
    assert priya.send(f"{ROWE}/members", name="Noor Rowe", child="", about="Cousin") == 303
    expect(page.locator("#lines")).to_contain_text("Noor Rowe")
    expect(page.locator("#audience-named")).to_be_checked()
    expect(page.locator("#send")).to_have_text("Send to 1 person")
    expect(page.locator("#who-sees")).to_have_text("Only you and Priya Nair will see this")


def test_an_open_detail_stays_open(demo: Demo, sit: Sit) -> None:
    priya, page = sit(demo, "priya-nair"), sit(demo, "farah-siddiqui").enter()
    page.locator(".key > summary").click()
    priya.tell("Beside an open key.", domain="health")
    expect(line(page, "Beside an open key.")).to_have_count(1)
    expect(page.locator(".key")).to_have_attribute("open", "")

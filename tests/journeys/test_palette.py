"""Everything by keys: the palette, the parts of the room, the lines and the box."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import PHONE, Seat, contribute, is_live, line

pytestmark = pytest.mark.browser

HERE = "() => document.activeElement.id || document.activeElement.closest('[id]').id"


def do(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-text")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def emptied(page: Page) -> None:
    page.locator("#text").fill("")


def test_a_command_is_found_by_its_words(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "denise-hallam").enter()
    page.keyboard.press("Control+k")
    options = page.locator("#palette-list").get_by_role("option")
    expect(options.filter(has_text="Record a decision")).to_have_count(1)
    page.keyboard.type("updates pause")
    expect(options.first).to_have_text("Pause updates")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-text")).to_have_attribute("aria-activedescendant", "palette-0")
    page.keyboard.press("Enter")
    expect(page.locator("#paused")).to_be_visible()
    do(page, "resume")
    expect(page.locator("#paused")).to_be_hidden()
    do(page, "record a dec")
    expect(page.get_by_role("heading", name="Record a decision")).to_be_visible()


def test_nobody_is_offered_what_is_not_theirs(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.keyboard.press("Control+k")
    page.keyboard.type("record a decision")
    expect(page.locator("#palette-list > li")).to_have_text(["Find a family: “record a decision”"])


def test_from_any_page_to_a_family_and_escape_loses_nothing(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").go("/")
    do(page, "tamsin")
    expect(page.locator("#found-title")).to_contain_text("tamsin")
    page.goto(demo.address + f"{ROWE}/contribute")
    page.locator("#text").fill("Half a sentence")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("Half a sentence")
    emptied(page)


def test_by_touch_it_is_under_you_and_it_lists_the_keys(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui", viewport=PHONE).enter()
    page.locator(".room-tabs a[href='#see-yours']").click()
    page.locator(".tools").get_by_role("button", name="Commands and keys").click()
    page.locator("#palette details > summary").click()
    expect(page.get_by_text("Next line, the one before")).to_be_visible()


def test_f6_goes_from_part_to_part_and_back(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    seen = []
    for _ in range(5):
        page.keyboard.press("F6")
        seen.append(page.evaluate(HERE))
    assert seen == ["log", "text", "see-picture", "see-people", "see-yours"]
    page.keyboard.press("Shift+F6")
    assert page.evaluate(HERE) == "see-people"


def test_letters_move_in_the_lines_only_and_can_be_switched_off(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "farah-siddiqui")
    page = seat.enter()
    page.locator("#log").focus()
    page.keyboard.press("k")
    last = page.evaluate(HERE)
    page.keyboard.press("k")
    before = page.evaluate(HERE)
    assert last != before and before != "log"
    page.keyboard.press("j")
    assert page.evaluate(HERE) == last
    page.locator("#text").focus()
    page.keyboard.type("jk")
    expect(page.locator("#text")).to_have_value("jk")
    emptied(page)
    page.keyboard.press("Control+k")
    page.locator("#palette details > summary").click()
    page.get_by_label("Single letters do something in the lines").uncheck()
    page.keyboard.press("Escape")
    is_live(seat.enter())
    page.locator("#log").focus()
    page.keyboard.press("k")
    assert page.evaluate(HERE) == "log"


def test_n_goes_to_the_first_unread(demo: Demo, sit: Sit) -> None:
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    page = farah.enter()
    page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    page.locator("#log").focus()
    page.wait_for_function("() => document.getElementById('log').scrollTop === 0")
    for number in range(2):
        priya.tell(f"Unread number {number}.")
    expect(page.locator("#pill")).to_have_text("2 new ↓")
    page.keyboard.press("n")
    expect(line(page, "Unread number 0.")).to_be_focused()


def correcting(seat: Seat) -> None:
    expect(seat.page.get_by_role("heading", name="Correct")).to_be_visible()


def test_c_and_up_correct_my_own(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    page = farah.enter()
    contribute(page, "To be corrected by keys.")
    expect(line(page, "To be corrected by keys.")).to_have_count(1)
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("ArrowUp")
    correcting(farah)
    expect(page.locator("textarea")).to_have_value("To be corrected by keys.")
    page = farah.enter()
    page.locator("#log").focus()
    page.keyboard.press("k")
    page.keyboard.press("c")
    correcting(farah)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ("/fact It rained", ("basis", "observed_fact")),
        ("/opinion I think", ("basis", "professional_opinion")),
    ],
)
def test_a_line_begins_with_its_kind(demo: Demo, sit: Sit, typed: str, chosen: tuple[str, str]) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").press_sequentially(typed)
    expect(page.locator("#text")).to_have_value(typed.partition(" ")[2])
    expect(page.locator(f"#{chosen[0]}")).to_have_value(chosen[1])
    emptied(page)


def test_restricted_at_the_beginning_asks_for_whom(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").press_sequentially("/restricted ")
    expect(page.locator("#send")).to_have_text("Choose who")
    expect(page.locator("#audience-question")).to_be_hidden()

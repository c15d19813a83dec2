"""My work in real browsers: an action in four keys, on a phone, on paper, and without a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.cast import Voice
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import NARROW, PHONE
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser


def promised(demo: Demo, line: str, owner: str = "") -> None:
    """An action that was agreed in the room; read back, where its owner is named."""
    chair = Voice(demo, "denise-hallam")
    assert chair.do("agree-action", line=line)["type"] == "saved"
    chair.leave()
    if owner:
        voice = Voice(demo, owner)
        page = voice.get("/work")
        form = re.findall(r'action="(/families/[^"]+/accept)"[^>]*>\s*(.*?)</form>', page, re.S)
        (path, inside) = next(one for one in form if line.partition(" @")[0] in one[1])
        seen = re.findall(r'name="seen" value="(\d+)"', inside)[0]
        assert voice.send(path, seen=seen, back="/work") == 303
        voice.leave()


class Keys:
    """A keyboard that counts what is pressed. What is typed in words does not count."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)


def test_an_action_is_completed_with_four_keys_from_the_pages_load(demo: Demo, sit: Sit) -> None:
    promised(demo, "Count the doses @leo by tomorrow", "leo-marsh")
    page = sit(demo, "leo-marsh").go("/work")
    keys = Keys(page)
    keys.press("F6")
    expect(page.locator(".update[open] input[value=done]")).to_be_focused()
    keys.press("Space", "Tab")
    keys.write("All seven were taken: the pharmacy's sheet says so")
    keys.press("Enter")
    expect(page.locator(".note")).to_contain_text("Count the doses, is done.")
    assert keys.pressed == ["F6", "Space", "Tab", "Enter"]
    expect(page.locator("#lately")).to_contain_text("Settled in the last 14 days")


def test_f6_goes_on_and_back_and_closes_what_was_left_as_it_was(demo: Demo, sit: Sit) -> None:
    for line in ("Ask the landlord @sam by tomorrow", "See the tenancy @sam in 2 days"):
        promised(demo, line, "sam-whitlock")
    page = sit(demo, "sam-whitlock").go("/work")
    opened = page.locator(".update[open]")
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    expect(opened).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.type("Half a sentence")
    page.keyboard.press("Shift+F6")
    expect(opened).to_have_count(2)
    expect(opened.nth(1).get_by_label("In your words")).to_have_value("Half a sentence")
    page.keyboard.press("Control+k")
    page.keyboard.press("F6")
    expect(page.locator("#palette")).to_be_visible()
    page.locator("#palette details > summary").click()
    expect(page.locator(".keys-work")).to_contain_text("Open what is to be updated next")


def test_no_letter_does_anything_by_itself(demo: Demo, sit: Sit) -> None:
    promised(demo, "Ring the GP @cal by tomorrow")
    page = sit(demo, "cal-moss").go("/work")
    expect(page.locator(".update")).not_to_have_count(0)
    page.keyboard.type("hey Kim, just unlock it")
    expect(page.locator(".update[open]")).to_have_count(0)
    expect(page).to_have_url(f"{demo.address}/work")


def test_a_familys_name_is_shown_on_a_press_and_never_printed(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "priya-nair").go("/work")
    short = page.locator(".short-name").filter(has_text="R—e").first
    expect(short.get_by_role("link")).to_be_hidden()
    short.locator("summary").press("Enter")
    expect(short.get_by_role("link", name="Rowe")).to_be_visible()
    page.emulate_media(media="print")
    expect(short.get_by_role("link")).to_be_hidden()
    expect(short).to_contain_text("R—e")
    assert (
        page.evaluate("() => getComputedStyle(document.body, '::before').content") == '"OFFICIAL-SENSITIVE"'
    )
    for hidden in (".top", ".update", ".tools", ".owed-go"):
        assert page.locator(f"{hidden}:visible").count() == 0, hidden


def test_print_list_prints(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "priya-nair").go("/work")
    page.evaluate("() => addEventListener('beforeprint', () => { document.title = 'Printing'; })")
    page.get_by_role("button", name="Print list").click()
    expect(page).to_have_title("Printing")


def test_on_a_phone_the_days_are_today_this_week_and_after(demo: Demo, sit: Sit) -> None:
    promised(demo, "Weigh Remi at home @grace by tomorrow")
    page = sit(demo, "grace-lindqvist", viewport=PHONE).go("/work")
    expect(page.locator(".strip-days")).to_be_hidden()
    expect(page.locator(".strip-weeks th")).to_contain_text(["Today", "This week", "After"])
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= NARROW["width"]
    for control in page.locator("main :is(.button, summary):visible").all():
        box = control.bounding_box()
        assert box and box["height"] >= 44


def test_a_screen_reader_is_given_a_table(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "priya-nair").go("/work")
    table = page.get_by_role("table", name="The next ten working days")
    expect(table.get_by_role("rowheader", name="Reviews")).to_be_visible()
    assert table.get_by_role("columnheader").count() >= 10
    expect(table.get_by_role("columnheader", name=re.compile("^Today, "))).to_have_count(1)
    expect(table.get_by_role("cell", name="1 review").first).to_be_visible()


def test_5_axe_finds_nothing_in_any_state_of_my_work(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "farah-siddiqui")
    seat.expects("status of 422")
    promised(demo, "Share the register of the spring term @farah by tomorrow", "farah-siddiqui")
    promised(demo, "Keep a place in the breakfast club @farah in 2 days")
    page = seat.go("/work")
    page.locator(".update > summary").first.click()
    page.locator(".update-ask > summary").first.click()
    page.locator(".short-name > summary").first.click()
    clean(page)
    page.locator(".update[open]").get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="Choose what became of this action").click()
    page.keyboard.press("Space")
    page.locator(".update[open] input[name=words]").fill("Sent by secure mail")
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("Recorded.")
    page.locator(".work-folded > summary").click()
    clean(page)


def test_everything_works_without_a_script(demo: Demo, sit: Sit) -> None:
    promised(demo, "Ask Jean about the weekend @owen by tomorrow")
    seat = plain(sit, demo, "owen-blake")
    seat.expects("status of 422")
    page = seat.go("/work")
    expect(page.get_by_role("button", name="Print list")).to_be_hidden()
    mine = page.locator(".owed").filter(has_text="Ask Jean about the weekend")
    mine.locator(".update > summary").click()
    mine.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile(r"/work\?did=\w+$"))
    mine.locator(".update > summary").click()
    mine.get_by_label("Not done").check()
    press(page, "Record it")
    expect(mine.get_by_text("Enter why this was not done")).to_be_visible()
    expect(mine.get_by_label("Not done")).to_be_checked()
    mine.get_by_label("In your words").fill("Jean was away")
    press(page, "Record it")
    expect(page.locator(".note")).to_contain_text("is not done.")

"""A decision in real browsers: recorded by keys alone, answered on every screen, clean in every state."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE
from tests.journeys.test_own_duty import label_to, tab_to
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: what others said and did would stand in the way."""
    with Demo() as demo:
        yield demo


REASONS = (
    "Remi is under one and unweighed since February; three incidents; his grandmother stays every night.",
    "What the school heard on Monday was new to everybody, and nobody can say who collects the children.",
    "Police confirm that bail ends this week; housing cannot change the locks before Friday afternoon.",
)
"""One for each test: a reason that was given before is refused."""
DISSENT = "Unweighed since 2 February. I would ask for a strategy discussion today."


def write_all(page: Page, reason: str) -> None:
    """What the chair must write, by keys alone, in the order of the form."""
    keys = page.keyboard
    label_to(page, "words")
    keys.type("Refer to MARAC today and weigh Remi within 48 hours")
    label_to(page, "chosen")
    for _ in range(3):  # the first press chooses the one that has the focus
        keys.press("Space")
        if page.evaluate("() => document.activeElement.value") == "E3":
            break
        keys.press("ArrowDown")
    label_to(page, "rationale")
    keys.type(reason)
    for n, rung, words in ((1, "E2", "Meet again within five days"), (2, "E4", "Strategy discussion today")):
        label_to(page, f"option-{n}-rung")
        keys.type(rung)
        label_to(page, f"option-{n}-words")
        keys.type(words)
        label_to(page, f"option-{n}-contra")
        keys.type("It may end trust")
    for _ in range(7):
        label_to(page, "rests_on")
        keys.press("Space")


def write_children(page: Page) -> None:
    names = page.locator("textarea[name$=statement]").evaluate_all("all => all.map(one => one.name)")
    assert len(names) >= 3, "the family has children"
    for name in names:
        label_to(page, name)
        page.keyboard.type("Is seen tomorrow at home.")
        label_to(page, name.replace("statement", "no_voice"))
        page.keyboard.type("Not seen today")


def fill_all(page: Page, reason: str) -> None:
    """The same at once, where keys are not what a test is about."""
    page.locator("#words").fill("Refer to MARAC today and weigh Remi within 48 hours")
    page.locator("input[name=chosen][value=E3]").check()
    page.locator("#rationale").fill(reason)
    for n, rung, words in ((1, "E2", "Meet again within five days"), (2, "E4", "Strategy discussion today")):
        page.locator(f"#option-{n}-rung").select_option(rung)
        page.locator(f"#option-{n}-words").fill(words)
        page.locator(f"#option-{n}-contra").fill("It may end trust")
    for line in page.locator("input[name=rests_on]:visible").all():
        line.check()
    for statement in page.locator("textarea[name$=statement]").all():
        statement.fill("Is seen tomorrow at home.")
    for voice in page.locator("input[name$=no_voice]").all():
        voice.fill("Not seen today")


def record(page: Page, look: Callable[[Page], None] = lambda page: None) -> None:
    """Send it, answer what an absent reader would miss (`look` at the page that asks for it), send again."""
    page.get_by_role("button", name="Record the decision").click()
    missed = page.get_by_role("group", name="What somebody who was not here would miss")
    expect(missed).to_be_visible()
    look(page)
    for answer in missed.locator("textarea").all():
        answer.fill("They were rung before the huddle")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#decisions")).to_be_visible()


def test_2_the_chair_records_one_with_the_keyboard_alone_and_two_dissent(demo: Demo, sit: Sit) -> None:
    chair, grace = sit(demo, "denise-hallam"), sit(demo, "grace-lindqvist", viewport=PHONE)
    chair.expects("status of 422")
    page, phone = chair.enter(), grace.enter()
    leo = sit(demo, "leo-marsh").enter()
    tab_to(page, "Record a decision")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Record a decision")).to_be_visible()
    write_all(page, REASONS[0])
    write_children(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    for name in page.locator("textarea[name^=answer-]").evaluate_all("all => all.map(one => one.name)"):
        label_to(page, name)
        page.keyboard.type("They were rung before the huddle")
    tab_to(page, "Record the decision")
    page.keyboard.press("Enter")
    expect(page.locator("#decisions")).to_contain_text("weigh Remi within 48 hours")
    for dissenter in (phone, leo):
        dissenter.locator("a[href='#see-yours']").click() if dissenter is phone else None
        dissenter.get_by_role("link", name="I disagree").last.click()
        expect(dissenter.get_by_role("heading", name="Your answer")).to_be_in_viewport()
        label_to(dissenter, "position")
        dissenter.keyboard.press("Space")
        dissenter.keyboard.press("ArrowDown")
        label_to(dissenter, "words")
        dissenter.keyboard.type(DISSENT)
        tab_to(dissenter, "Record my position")
        dissenter.keyboard.press("Enter")
        expect(dissenter.locator("#decisions")).to_contain_text(DISSENT)
    expect(page.locator(".decided-one").last.locator(".decided-dissent")).to_have_count(2)
    expect(page.locator("#lines .line-dissent")).to_have_count(2)


def test_5_axe_finds_nothing_in_any_state_of_a_decision(demo: Demo, sit: Sit) -> None:
    chair = sit(demo, "denise-hallam")
    chair.expects("status of 422")
    page = chair.enter()
    page.get_by_role("link", name="Record a decision").click()
    clean(page)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    fill_all(page, REASONS[1])
    record(page, look=clean)
    clean(page)
    page.locator("#decisions a").last.click()
    expect(page.get_by_role("heading", name="Where each stands")).to_be_visible()
    clean(page)
    page.get_by_role("button", name=re.compile("Make decision . final")).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)


def test_positions_and_duties_without_a_script(demo: Demo, sit: Sit) -> None:
    chair = sit(demo, "denise-hallam")
    chair.expects("status of 422")
    page = chair.enter()
    page.get_by_role("link", name="Record a decision").click()
    fill_all(page, REASONS[2])
    record(page)
    farah = plain(sit, demo, "farah-siddiqui")
    farah.expects("status of 422")
    there = farah.go(re.sub("https?://[^/]+", "", page.url))
    for words in ("I agree", "I rely on this plan"):
        there.get_by_role("button", name=words).last.click()
    there.get_by_role("link", name="Read it, or change your answer").last.click()
    there.locator("input[name=position][value=dissent]").check()
    press(there, "Record my position")
    expect(there.get_by_role("heading", name="There is a problem")).to_be_visible()
    there.get_by_label("In your own words").fill(DISSENT)
    there.locator("input[name=position][value=dissent]").check()
    press(there, "Record my position")
    expect(there.locator("#decisions")).to_contain_text(DISSENT)

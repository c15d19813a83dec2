"""What is shared with named people only: listed before it is sent, and not one byte of it anywhere else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import is_live, line, write

pytestmark = pytest.mark.browser

CANARY = "zq-canary-5512"


def name_only(page: Page, *people: str) -> None:
    page.locator(".audience > summary").click()
    page.locator("#audience-named").check()
    for person in people:
        page.locator(f"#named-person-{person}").check()


def test_2_a_restricted_line_reaches_those_it_names_and_nobody_else(demo: Demo, sit: Sit) -> None:
    hannah, denise = sit(demo, "hannah-pike"), sit(demo, "denise-hallam")
    farah, sam = sit(demo, "farah-siddiqui"), sit(demo, "sam-whitlock")
    hannah.send(f"{demo.room.removeprefix(demo.address)}/join", accepted="yes", mode="phone")
    author, reader = hannah.enter(), denise.enter()
    outside = [farah.enter(), sam.enter()]
    author.locator("#text").focus()
    name_only(author, "denise-hallam", "owen-blake")
    expect(author.locator("#who-sees")).to_have_text("Only you, Denise Hallam and Owen Blake will see this")
    expect(author.locator("#send")).to_have_text("Send to 2 people")
    write(author, f"Informant says {CANARY}.", domain="substance", bearing="serious")
    author.locator("#send").click()
    is_live(reader)
    expect(line(reader, f"Informant says {CANARY}.")).to_contain_text("Only DS Hannah Pike, Denise Hallam")
    is_live(author)
    expect(line(author, f"Informant says {CANARY}.")).to_have_count(1)
    farah.tell("Said to everybody after it.")
    for page in outside:
        expect(line(page, "Said to everybody after it.")).to_have_count(1)
        assert CANARY not in page.content()
    for seat in (farah, sam):
        assert seat.frames, "somebody must have heard something for this to mean anything"
        assert not any(CANARY in frame for frame in seat.frames)
        assert CANARY not in seat.go(ROWE).content()
    assert CANARY in denise.go(ROWE).content(), "somebody must read it for this to mean anything"


def test_the_send_button_counts_and_names_those_who_will_read_it(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").focus()
    name_only(page)
    expect(page.locator("#send")).to_have_text("Choose who")
    page.locator("#text").fill("Nobody is named yet.")
    page.locator("#domain").select_option("home")
    page.locator("#basis").select_option("observed_fact")
    page.locator("input[name=bearing][value=concern]").check()
    page.locator("#send").click()
    expect(page.locator("#composer-problem")).to_have_text("Choose who else will see this")
    page.locator("#named-person-priya-nair").check()
    expect(page.locator("#send")).to_have_text("Send to 1 person")
    page.locator("#named-agency-NCH").check()
    expect(page.locator("#who-sees")).to_contain_text("Grace Lindqvist")
    page.locator("#text").fill("")


def test_nobody_is_told_that_somebody_writes_for_named_people(demo: Demo, sit: Sit) -> None:
    page, other = sit(demo, "leo-marsh").enter(), sit(demo, "farah-siddiqui").enter()
    page.locator("#text").focus()
    name_only(page, "priya-nair")
    page.locator("#text").press_sequentially("only for you", delay=20)
    page.wait_for_timeout(1500)
    expect(other.locator("#typing")).not_to_contain_text("Leo")
    page.locator("#text").fill("")


def test_typed_text_never_moves_to_another_audience_unasked(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").fill("Written for everybody.")
    name_only(page)
    question = page.locator("#audience-question")
    expect(question).to_contain_text("There is text in the box")
    question.get_by_role("button", name="Go back").click()
    expect(page.locator("#audience")).to_be_checked()
    expect(page.locator("#text")).to_have_value("Written for everybody.")
    page.locator(".audience").evaluate("it => { it.open = true; }")
    page.locator("#audience-named").check()
    question.get_by_role("button", name="Keep the text").click()
    expect(page.locator("#audience-named")).to_be_checked()
    page.locator(".audience").evaluate("it => { it.open = true; }")
    page.locator("#audience").check()
    expect(question).to_contain_text("everyone in the team will see it. That cannot be undone")
    question.get_by_role("button", name="Clear the box").click()
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#audience")).to_be_checked()


def test_escape_from_the_question_changes_nothing(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").fill("Written for everybody.")
    name_only(page)
    expect(page.locator("#audience-question")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#audience")).to_be_checked()
    expect(page.locator("#text")).to_have_value("Written for everybody.")
    page.locator("#text").fill("")

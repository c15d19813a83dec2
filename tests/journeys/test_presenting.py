"""Presenting: on a wall or in a shared window stands only what the whole team may read."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE, is_live, line

pytestmark = pytest.mark.browser


def test_restricted_lines_are_neither_there_nor_come(demo: Demo, sit: Sit) -> None:
    hannah, denise, priya = sit(demo, "hannah-pike"), sit(demo, "denise-hallam"), sit(demo, "priya-nair")
    secret = {"audience": "named", "named": "person:denise-hallam", "expected_readers": "denise-hallam"}
    hannah.tell("Told to Denise before.", **secret)
    page = denise.enter()
    expect(line(page, "Told to Denise before.")).to_have_count(1)
    page.locator(".tools").get_by_role("link", name="Present").click()
    is_live(page)
    expect(page.locator("#presenting")).to_contain_text("Presenting.")
    hannah.tell("Told to Denise meanwhile.", **secret)
    priya.tell("Told to everybody.")
    expect(line(page, "Told to everybody.")).to_have_count(1)
    assert "Told to Denise" not in page.content()
    page.locator("#text").focus()
    expect(page.locator(".audience")).to_be_hidden()
    page.get_by_role("link", name="Stop presenting").click()
    expect(line(is_live(page), "Told to Denise meanwhile.")).to_have_count(1)


def test_it_is_a_link_that_needs_no_script(demo: Demo, sit: Sit) -> None:
    denise = sit(demo, "denise-hallam", viewport=PHONE, java_script_enabled=False)
    page = denise.go(demo.room.removeprefix(demo.address) + "#see-yours")
    page.locator(".tools").get_by_role("link", name="Present").click()
    expect(page.locator("#presenting")).to_be_visible()
    page.get_by_role("link", name="Stop presenting").click()
    expect(page.locator("#presenting")).to_have_count(0)

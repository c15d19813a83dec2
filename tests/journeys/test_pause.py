"""Somebody may stop the page from changing under them, and have all that waited when they like."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import PHONE, alike, contribute, line, settled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: what others said and did would stand in the way."""
    with Demo() as demo:
        yield demo


def pause(page: Page) -> None:
    page.get_by_role("button", name="Pause updates").first.click()
    expect(page.locator("#paused")).to_contain_text("Updates are paused. Nothing new so far.")


def resume(page: Page) -> None:
    page.locator("#paused").get_by_role("button", name="Resume updates").click()
    expect(page.locator("#paused")).to_be_hidden()


def test_while_paused_nothing_changes_and_resume_brings_all_of_it(demo: Demo, sit: Sit) -> None:
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    here, there = farah.enter(), priya.enter()
    pause(here)
    before = settled(here, "#lines")
    for number in range(3):
        priya.tell(f"Told to a paused page, {number}.")
    contribute(here, "Sent from a paused page.")
    expect(here.locator("#paused-words")).to_have_text("Updates are paused. 4 new lines waiting.")
    expect(here.locator("#unsaved > li")).to_contain_text("Saved ")
    assert settled(here, "#lines") == before
    resume(here)
    for text in ("Told to a paused page, 2.", "Sent from a paused page."):
        for page in (here, there):
            expect(line(page, text)).to_have_count(1)
    expect(here.locator("#unsaved > li")).to_have_count(0)
    alike(here, there)


def test_a_whole_page_waits_too(demo: Demo, sit: Sit) -> None:
    """What changes too much for parts of the page is fetched on Resume; its lines are counted meanwhile."""
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    here, there = farah.enter(), priya.enter()
    martin = here.locator("#lines").get_by_text("Martin Yeo")
    known = martin.count()
    pause(here)
    assert priya.send(f"{ROWE}/team", person="martin-yeo", reason="Stands in") == 303
    expect(here.locator("#paused-words")).to_have_text("Updates are paused. 1 new line waiting.")
    priya.tell("Told after the team changed.")
    expect(here.locator("#paused-words")).to_have_text("Updates are paused. 2 new lines waiting.")
    assert martin.count() == known
    resume(here)
    expect(line(here, "Told after the team changed.")).to_have_count(1)
    expect(line(there, "Told after the team changed.")).to_have_count(1)
    alike(here, there)
    assert priya.send(f"{ROWE}/team/martin-yeo/remove", reason="Moved") == 303


def test_on_a_phone_it_is_under_you(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui", viewport=PHONE).enter()
    page.locator(".room-tabs a[href='#see-yours']").click()
    pause(page)
    page.locator(".room-tabs a[href='#see-lines']").click()
    resume(page)

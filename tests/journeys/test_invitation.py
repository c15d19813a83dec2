"""An invitation is answered from the first page, with a script and without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: what others said and did would stand in the way."""
    with Demo() as demo:
        yield demo


PIKE = "hannah-pike"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_apologies_and_then_coming_after_all(demo: Demo, sit: Sit, scripts: bool) -> None:
    seat = sit(demo, PIKE) if scripts else plain(sit, demo, PIKE)
    seat.expects("status of 422")
    page = seat.go("/")
    page.get_by_role("link", name="Send apologies").first.click()
    press(page, "Send apologies")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    if scripts:
        clean(page)
    page.get_by_label("Why you cannot come").fill("In court all day")
    press(page, "Send apologies")
    expect(page.locator("main")).to_contain_text("You sent apologies")
    if scripts:
        clean(page)
    room = sit(demo, "denise-hallam").enter()
    expect(room.locator(f"[data-person={PIKE}]")).to_contain_text("sent apologies: In court all day")
    page.get_by_role("button", name="I will come").first.click()
    expect(page.locator("main")).to_contain_text("You said that you will come")
    expect(room.locator(f"[data-person={PIKE}]")).to_contain_text("will come")

"""Everything by keyboard: skipping, a sensible order, visible focus, sending, closing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import line, write

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
  const label = node.labels?.[0] ?? node.nextElementSibling;
  const shown = [style, getComputedStyle(node, "::after"), label && getComputedStyle(label)].filter(Boolean);
  return {
    id: node.id, name: node.tagName,
    part: node.closest("[id^=see-], header, nav, .room-bar")?.id ?? "",
    outlined: shown.some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def walk(page: Page, most: int = 80) -> list[dict[str, object]]:
    """Press Tab until the page's end, and say what was focused."""
    stops: list[dict[str, object]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["name"] == "BODY":
            break
        stops.append(stop)
    return stops


def test_the_first_stop_skips_to_the_main_content(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").go(ROWE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("path", ["/", "/work", "/families", f"{ROWE}/contribute", f"{ROWE}/huddles", "room"])
def test_every_stop_is_seen_and_its_focus_too(path: str, demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    page = farah.enter() if path == "room" else farah.go(path)
    stops = walk(page)
    assert len(stops) > 5
    assert [stop for stop in stops if not stop["outlined"]] == []
    assert [stop for stop in stops if not stop["seen"]] == []


def test_the_room_is_walked_from_picture_over_lines_to_people_and_oneself(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    order = [str(stop["part"]) for stop in walk(page, 150) if str(stop["part"]).startswith("see-")]
    assert list(dict.fromkeys(order)) == ["see-picture", "see-lines", "see-people", "see-yours"]


def test_ctrl_enter_sends_and_the_caret_stays(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    write(page, "Sent by keyboard.")
    page.locator("#text").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("Sent by keyboard.\n")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+Enter")
    expect(line(page, "Sent by keyboard.")).to_have_count(1)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")


def test_what_is_missing_is_said_and_focused(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    page.locator("#text").fill("Without a part of life.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-problem")).to_have_text("Choose which part of life this is about")
    expect(page.locator("#domain")).to_be_focused()
    expect(page.locator("#domain")).to_have_accessible_description("Choose which part of life this is about")
    page.locator("#text").fill("")


def test_escape_closes_the_entries_and_focus_returns_to_the_cell(demo: Demo, sit: Sit) -> None:
    page = sit(demo, "farah-siddiqui").enter()
    cell = page.locator("td.cell a").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#entries")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#entries")).to_be_hidden()
    expect(cell).to_be_focused()

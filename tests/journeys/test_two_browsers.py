"""Two people, two browsers: what one contributes stands on the other's screen within a blink."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE, contribute, line

pytestmark = pytest.mark.browser

BLINK = 1500
"""Milliseconds. A lost ring would cost the two seconds of the head poll."""

DIARY = """
window.diary = [];
const Plain = WebSocket;
window.WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => diary.push("heard " + JSON.parse(data).type));
  }
};
document.addEventListener("DOMContentLoaded", () => new MutationObserver(changes => {
  for (const change of changes) {
    if (change.target.matches?.(".unsaved-words")) diary.push("said " + change.addedNodes[0]?.data);
    for (const node of change.addedNodes) if (node.matches?.(".line")) diary.push("line appeared");
    for (const node of change.removedNodes) if (node.matches?.(".line")) diary.push("line let go");
  }
}).observe(document.getElementById("unsaved"), { childList: true, subtree: true }));
"""
"""Writes down what comes over the socket and what is said of a line on its way, in their order."""

NOTE = """text => new MutationObserver((_, watching) => {
  if (!document.getElementById("lines").textContent.includes(text)) return;
  window.seenAt = Date.now();
  watching.disconnect();
}).observe(document.getElementById("lines"), { childList: true, subtree: true })"""


def test_c2_what_priya_contributes_farah_sees_in_the_log_and_in_the_picture(either: Demo, sit: Sit) -> None:
    priya, farah = (
        sit(either, "priya-nair"),
        sit(either, "farah-siddiqui", viewport=PHONE, device_scale_factor=2),
    )
    here, there = priya.enter(), farah.enter()
    cell = there.locator("td.cell:has(a[href*='agency=NCS'][href*='domain=housing'])")
    expect(cell).to_have_count(0)
    text = "Isla told me that she likes her own room."
    there.evaluate(NOTE, text)
    here.locator("#text").fill(text)
    here.locator("#domain").select_option("housing")
    here.locator("#basis").select_option("reported_by_child")
    here.locator("input[name=bearing][value=protective]").check()
    sent_at = here.evaluate("() => Date.now()")
    here.locator("#send").click()
    expect(line(there, text)).to_have_count(1, timeout=BLINK)
    print(f"\nfrom Send to the other screen: {there.evaluate('() => seenAt') - sent_at} ms")
    expect(cell.locator(".words")).to_contain_text("Social care, Housing and money: strength")
    expect(line(here, text)).to_have_count(1)
    expect(here.locator("#unsaved > li")).to_have_count(0)


def test_a_line_says_saved_after_the_server_said_so_and_not_before(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui")
    farah.context.add_init_script(DIARY)
    page = farah.enter()
    page.evaluate("() => { diary.length = 0; }")
    contribute(page, "Isla came to breakfast club on Monday.")
    expect(line(page, "Isla came to breakfast club on Monday.")).to_have_count(1)
    expect(page.locator("#unsaved > li")).to_have_count(0)
    diary = [note for note in page.evaluate("() => diary") if "presence" not in note and "beat" not in note]
    said = [note for note in diary if note.startswith("said Saved")]
    assert len(said) == 1, diary
    assert diary.count("line appeared") == diary.count("line let go") == 1
    assert diary.index("heard saved") < diary.index(said[0]), diary
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")


def test_two_lines_sent_at_once_are_saved_in_their_order(demo: Demo, sit: Sit) -> None:
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    page, other = farah.enter(), priya.enter()
    contribute(page, "First of two.")
    contribute(page, "Second of two.")
    expect(line(other, "Second of two.")).to_have_count(1)
    for screen in (page, other):
        told = screen.locator("#lines > .line-told .said").all_inner_texts()
        assert told.index("First of two.") == told.index("Second of two.") - 1

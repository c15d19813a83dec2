"""What a page says aloud; and how much that is in the huddle H-1, played at the pace of people.

`python -m tests.journeys.listening chromium 6` waits six seconds before each act, and prints what
somebody hears who follows the room on a phone: in every minute, and in the fullest sixty seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import NamedTuple

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

LISTEN = """() => {
  window.said = [];
  const began = performance.now();
  for (const id of ["status", "alert"]) {
    const node = document.getElementById(id);
    new MutationObserver(() => {
      if (!node.textContent) return;
      said.push([id, node.textContent]);
      console.debug("aloud", JSON.stringify([(performance.now() - began) / 1000, id, node.textContent]));
    }).observe(node, { childList: true, characterData: true, subtree: true });
  }
}"""


def said(page: Page) -> list[list[str]]:
    """What the page has said since `LISTEN`: where ("status" or "alert"), and the words."""
    found: list[list[str]] = page.evaluate("() => said")
    return found


class Heard(NamedTuple):
    """Words that were said aloud, so many seconds after the beginning."""

    at: float
    where: str
    words: str


class Listener:
    """Whoever listens to a page."""

    def __init__(self, page: Page) -> None:
        self.heard: list[Heard] = []
        page.on("console", self._hear)
        page.evaluate(LISTEN)

    def _hear(self, message: ConsoleMessage) -> None:
        label, _, told = message.text.partition(" ")
        if label == "aloud":
            self.heard.append(Heard(*json.loads(told)))

    def fullest(self, seconds: float = 60.0) -> int:
        """How many were said within so many seconds at most."""
        times = [heard.at for heard in self.heard]
        return max((sum(at <= other < at + seconds for other in times) for at in times), default=0)


def main(chromium: str, pace: float) -> None:
    from tests.journeys.conftest import ARGUMENTS
    from tests.journeys.demo import Demo
    from tests.journeys.screens import PHONE, Seat
    from tests.journeys.test_h1 import Meeting, played

    with sync_playwright() as playwright, Demo() as demo:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        desk, phone = (
            Seat(browser, demo, "denise-hallam"),
            Seat(browser, demo, "grace-lindqvist", viewport=PHONE),
        )
        meeting = Meeting(demo, desk.enter(), phone.enter(), pace)
        listener = Listener(phone.page)
        began = time.monotonic()
        played(meeting, desk, phone)
        for heard in listener.heard:
            print(f"{int(heard.at) // 60:3}:{int(heard.at) % 60:02} {heard.where:6} {heard.words}")
        minutes = Counter(int(heard.at // 60) for heard in listener.heard)
        lasted = (time.monotonic() - began) / 60
        print(
            f"{len(listener.heard)} said in {lasted:.1f} minutes; in the fullest minute by the clock "
            f"{max(minutes.values())}, in the fullest sixty seconds {listener.fullest()}; "
            f"the longest has {max(len(heard.words) for heard in listener.heard)} characters"
        )


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))

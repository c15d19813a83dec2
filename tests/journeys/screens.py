"""A browser with somebody of the cast in it, and the few things that journeys do there again and again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from tests.journeys.demo import ROWE, Demo

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}

LISTEN = """
addEventListener("securitypolicyviolation", e =>
  console.error("policy violated", e.violatedDirective, e.blockedURI));
"""
NO_CONNECTION = r"ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection to"
"""What a browser says of its own when a server is away."""
REFUSED = r"the server responded with a status of 4\d\d"
"""What a browser says of its own when a page or an act was refused."""


class Seat:
    """One browser of one person: a context with its own cookies, and everything that went wrong in it."""

    def __init__(self, browser: Browser, demo: Demo, person: str, **context: Any) -> None:
        self.demo = demo
        self.person = person
        self.context: BrowserContext = browser.new_context(**{"viewport": DESK, **context})
        self.context.set_default_timeout(8_000)
        self.context.add_init_script(LISTEN)
        self.troubles: list[str] = []
        self.expected: list[str] = []
        self.frames: list[str] = []
        if person:
            self.sign_in()
        self.page = self.tab()

    def tab(self) -> Page:
        """A new tab of this browser, listened to."""
        page = self.context.new_page()
        page.on("console", lambda said: said.type == "error" and self.troubles.append(said.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("websocket", self._hear)
        return page

    def _hear(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.frames.append(str(payload)))

    def sign_in(self) -> None:
        """As the button of the demonstration does."""
        self.send(f"/sign-in/as/{self.person}")

    def send(self, path: str, **form: Any) -> int:
        """A form sent by this person from elsewhere than the open page; the status of the answer."""
        answer = self.context.request.post(
            self.demo.address + path,
            form=form,
            headers={"origin": self.demo.address},
            max_redirects=0,
        )
        return answer.status

    def tell(self, text: str, **more: str) -> None:
        """Contribute from elsewhere: what others see of it is all that matters."""
        said = {"domain": "education", "basis": "observed_fact", "bearing": "concern", "text": text}
        assert self.send(f"{ROWE}/contribute", **(said | more)) == 303

    def go(self, path: str) -> Page:
        self.page.goto(self.demo.address + path)
        return self.page

    def enter(self) -> Page:
        """Open the live room and wait until it is live."""
        self.page.goto(self.demo.room)
        return is_live(self.page)

    def expects(self, *patterns: str) -> None:
        """What this journey provokes in the browser's own words."""
        self.expected += patterns

    def leave(self) -> None:
        """Close the browser, and say what went wrong in it."""
        self.context.close()
        wrong = [t for t in self.troubles if not any(re.search(p, t) for p in self.expected)]
        assert not wrong, f"in the browser of {self.person}: {wrong}"


def is_live(page: Page, within: float = 8_000) -> Page:
    expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=within)
    return page


def write(page: Page, text: str, domain: str = "education", bearing: str = "concern") -> None:
    """Fill in the composer of the room, short of sending."""
    page.locator("#text").fill(text)
    page.locator("#domain").select_option(domain)
    page.locator("#basis").select_option("observed_fact")
    page.locator(f"input[name=bearing][value={bearing}]").check()


def contribute(page: Page, text: str, domain: str = "education", bearing: str = "concern") -> None:
    write(page, text, domain, bearing)
    page.locator("#send").click()


def line(page: Page, text: str) -> Any:
    """The line of the record with exactly this text."""
    return page.locator("#lines > .line-told").filter(has=page.get_by_text(text, exact=True))


def shared(page: Page) -> dict[str, str]:
    """What every reader of one audience sees alike: lines, picture, gaps, people, phases."""
    ids = ["lines", "picture", "gaps", "people", "phases"]
    return {id: settled(page, f"#{id}") for id in ids}


def alike(one: Page, other: Page, within: int = 5_000) -> None:
    """Two screens of one audience come to show the same, within the five seconds of invariant 4."""
    for _ in range(within // 100):
        if shared(one) == shared(other):
            return
        one.wait_for_timeout(100)
    assert shared(one) == shared(other)


def settled(page: Page, selector: str) -> str:
    """An element's markup without what scripts add to it and what is random by purpose."""
    return str(page.locator(selector).evaluate(SETTLE))


SETTLE = """root => {
  const twin = root.cloneNode(true);
  for (const node of [twin, ...twin.querySelectorAll("*")]) {
    for (const name of ["data-fresh", "data-here", "data-old", "data-cursor", "data-htmx-powered", "style"])
      node.removeAttribute(name);
    if (node.matches("time, [data-ends]")) node.textContent = "";
    if (node.matches("details")) node.removeAttribute("open");
    if (node.matches("input[name=key]")) node.removeAttribute("value");
    if (!node.getAttribute("class")) node.removeAttribute("class");
  }
  for (const node of twin.querySelectorAll("#connection, #banner, #unsaved, #typing, #pill, #say-all-choice"))
    node.remove();
  return twin.outerHTML.replace(/\\s+/g, " ").replace(/> </g, "><");
}"""


def texts(page: Page, selector: str) -> Iterable[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]

"""axe, with no rule switched off: light, dark and on paper, on a desk and at 320 px.

What depends on colours is looked for in each; what depends on what is there and where, once at either size.

With a folder in HUDDLE_PICTURES each of these states is also kept there as a picture, to be looked at.
"""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.screens import DESK, NARROW

AXE = Axe().axe_script
REMEMBERING = """() => {
  const Color = axe.commons.color.Color, parse = Color.prototype.parseString, parsed = new Map();
  Color.prototype.parseString = function (text) {
    const before = parsed.get(text);
    if (before) [this.r, this.g, this.b, this.alpha] = before;
    else {
      parse.call(this, text);
      parsed.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    return this;
  };
}"""
"""axe works out each of a page's few colours anew for each element: a fifth of its time."""
RUN = "more => axe.run(document, { resultTypes: ['violations'], ...more }).then(found => found.violations)"
EVERY: dict[str, Any] = {}
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
LARGEST_SIGN = "() => Math.max(0, ...[...document.querySelectorAll('svg')].map(sign => sign.clientWidth))"
LIGHT: dict[str, Any] = {"color_scheme": "light", "media": "screen"}
DARK: dict[str, Any] = {"color_scheme": "dark", "media": "screen"}
PAPER: dict[str, Any] = {"color_scheme": "light", "media": "print"}
LOOKS = (
    (DESK, LIGHT, EVERY),
    (DESK, DARK, OF_COLOURS),
    (DESK, PAPER, OF_COLOURS),
    (NARROW, LIGHT, EVERY),
    (NARROW, DARK, OF_COLOURS),
)

_count = itertools.count(1)


def clean(page: Page) -> None:
    """Nothing wrong in this state, wherever and however it is looked at."""
    page.evaluate(AXE)
    page.evaluate(REMEMBERING)
    number = next(_count)
    for size, look, rules in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(**look)
        name = f"{size['width']}-{look['color_scheme']}-{look['media']}"
        picture(page, f"{number:03}-{name}")
        assert [told(found) for found in page.evaluate(RUN, rules)] == [], name
        assert page.evaluate(LARGEST_SIGN) <= 64, f"a sign without its style, {name}"
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= NARROW["width"]
    assert page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(**LIGHT)


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("HUDDLE_PICTURES"):
        test = re.sub(r"\W+", "-", os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].partition(" ")[0])
        page.screenshot(path=Path(folder) / f"{test}-{name}.png")


def told(found: dict[str, Any]) -> str:
    places = "; ".join(f"{n['target']} {n['failureSummary']}" for n in found["nodes"][:3])
    return f"{found['id']}: {places}"

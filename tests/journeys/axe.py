"""axe, with no rule switched off: light, dark, on a desk, at 320 px."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.screens import DESK, NARROW

AXE = Axe().axe_script
RUN = "() => axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)"


def clean(page: Page, sizes: tuple[dict[str, int], ...] = (DESK, NARROW)) -> None:
    """Nothing wrong in this state, wherever and however it is looked at."""
    page.evaluate(AXE)
    for size in sizes:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert [told(found) for found in page.evaluate(RUN)] == [], f"{size['width']} px, {scheme}"
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= NARROW["width"]
    assert page.locator("main").evaluate("main => main.scrollWidth <= main.clientWidth")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")


def told(found: dict[str, Any]) -> str:
    places = "; ".join(f"{n['target']} {n['failureSummary']}" for n in found["nodes"][:3])
    return f"{found['id']}: {places}"

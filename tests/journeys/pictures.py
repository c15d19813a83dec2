"""Pictures of the live room, for the README: what somebody sees once the cast has acted its parts."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.conftest import ARGUMENTS
from tests.journeys.demo import Demo
from tests.journeys.screens import DESK, PHONE, Seat


def take(browser: Browser, folder: Path) -> None:
    """room-desktop.png and room-phone.png."""
    with Demo() as demo:
        desk = Seat(browser, demo, "priya-nair")
        phone = Seat(browser, demo, "grace-lindqvist", viewport=PHONE, device_scale_factor=2)
        demo.act_out(minutes=0.9)
        for seat in (desk, phone):
            seat.enter()
        writing = Seat(browser, demo, "leo-marsh", viewport=DESK).enter()
        writing.locator("#text").press_sequentially("Tamsin rang", delay=100)
        for seat, name in ((desk, "desktop"), (phone, "phone")):
            writing.locator("#text").press_sequentially(" again", delay=100)
            expect(seat.page.locator("#typing")).to_have_text("Leo Marsh is writing…")
            seat.page.screenshot(path=folder / f"room-{name}.png")


def main(chromium: str, folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        take(playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])

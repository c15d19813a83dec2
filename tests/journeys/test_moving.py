"""The chair moves a huddle that has not begun and uninvites somebody: both from its door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from server.web.templates import clock_words
from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import REFUSED, Seat
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

PRIYA, FARAH, MARTIN = "priya-nair", "farah-siddiqui", "martin-yeo"
WHY = "Why it is moved (optional)"


def in_hours(hours: int) -> datetime:
    """So soon that it is told whatever the hour."""
    here = datetime.now(ZoneInfo("Europe/London")) + timedelta(hours=hours)
    return here.replace(minute=0, second=0, microsecond=0)


def parts(at: datetime) -> dict[str, str]:
    day = {"starts-day": f"{at.day}", "starts-month": f"{at.month}", "starts-year": f"{at.year}"}
    return day | {"starts-time": clock_words(at)}


def convened(seat: Seat, purpose: str) -> Page:
    """The door of a huddle that Priya calls, with a guest."""
    form = {"purpose": purpose, "chair": PRIYA, "minutes": "20", "invited": MARTIN, "confirmed": MARTIN}
    assert seat.send(f"{ROWE}/huddles", **form, **parts(in_hours(20))) == 303
    page = seat.go(ROWE)
    page.get_by_role("link", name=purpose).first.click()
    return page


def chair(page: Page) -> Locator:
    return page.get_by_role("region", name="You chair this huddle")


def to_martin(post: Page, before: int, words: str) -> None:
    """One more mail than `before` is in the postbox for him, with these words in its subject."""
    mails = post.locator(".mails a").filter(has_text="Martin Yeo")
    for _ in range(80):
        if mails.count() > before:
            break
        post.wait_for_timeout(250)
        post.reload()
    expect(mails).to_have_count(before + 1)
    expect(mails.first.locator(".mail-subject")).to_contain_text(words)


def moves(page: Page, look: Callable[[Page], None], to: datetime) -> None:
    """Refused first, with everything that was typed; then moved."""
    chair(page).get_by_role("link", name="Move or abandon").click()
    look(page)
    page.get_by_label(WHY).fill("The school is shut")
    page.get_by_label("How long, in minutes").fill("30")
    page.locator("#starts").fill("31")
    press(page, "Move the huddle")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label(WHY)).to_have_value("The school is shut")
    expect(page.get_by_label("How long, in minutes")).to_have_value("30")
    expect(page.locator("#starts")).to_have_value("31")
    look(page)
    for name, value in parts(to).items():
        page.locator(f"input[name={name}]").fill(value)
    press(page, "Move the huddle")
    expect(chair(page)).to_contain_text("2 people are asked to it")


def uninvites(page: Page, look: Callable[[Page], None]) -> None:
    chair(page).get_by_role("link", name="Uninvite").click()
    look(page)
    page.get_by_label("Martin Yeo").check()
    press(page, "Uninvite")
    expect(page.locator(".summary")).to_contain_text("Enter why they are no longer asked")
    expect(page.get_by_label("Martin Yeo")).to_be_checked()
    look(page)
    page.get_by_label("Why they are no longer asked").fill("His colleague comes")
    press(page, "Uninvite")
    expect(chair(page)).to_contain_text("1 person is asked to it")
    chair(page).get_by_role("link", name="Uninvite").click()
    expect(page.locator("main")).to_contain_text("Everybody who is asked to this huddle chairs it")
    look(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_chair_moves_it_and_uninvites_somebody(demo: Demo, sit: Sit, scripts: bool) -> None:
    seat = sit(demo, PRIYA) if scripts else plain(sit, demo, PRIYA)
    seat.expects(REFUSED)
    look: Callable[[Page], None] = clean if scripts else lambda page: None
    purpose = "Plan the summer" if scripts else "Plan the winter"
    post, guest = sit(demo).go("/demo/post"), sit(demo, MARTIN)
    mails = post.locator(".mails a").filter(has_text="Martin Yeo").count()

    page = convened(seat, purpose)
    door = page.url.removeprefix(demo.address)
    look(page)
    expect(guest.go("/").locator("main")).to_contain_text(purpose)
    to_martin(post, mails, "Safeguarding huddle, ")

    later = in_hours(22)
    moves(page, look, later)
    to_martin(post, mails + 1, "Safeguarding huddle moved: ")
    when = f"It is planned for {later:%A} {later.day} {later:%B %Y} at {clock_words(later)}, for 30 minutes"
    for person in (PRIYA, FARAH, MARTIN):
        expect(sit(demo, person).go(door).locator(".door")).to_contain_text(when)
    listed = guest.go("/work").locator(f"[href='{door.removesuffix('/join')}']")
    expect(listed).to_have_count(1)

    uninvites(page, look)
    to_martin(post, mails + 2, "you are no longer asked to it")
    expect(guest.go("/").locator("main")).not_to_contain_text(purpose)
    guest.go("/work")
    expect(guest.page.get_by_role("heading", name="My work")).to_be_visible()
    expect(listed).to_have_count(0)

"""axe finds nothing in any state of any page but the room: light, dark, on a desk, at 320 px.

Every state also fits 320 px without sideways scrolling; only the matrix and wide tables scroll, by
themselves.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import People
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import write
from tests.journeys.test_restricted import name_only

pytestmark = pytest.mark.browser


def empty(page: Page) -> None:
    """Take back what a form begins with."""
    for field in page.locator("main").locator("input:visible, textarea:visible, select:visible").all():
        kind = field.evaluate("field => field.type")
        if kind in ("text", "textarea"):
            field.fill("")
        elif kind == "select-one" and field.locator("option[value='']").count():
            field.select_option("")


PAGES = {
    "home": ("farah-siddiqui", "/"),
    "empty home": ("dawn-tully", "/"),
    "calendar": ("farah-siddiqui", "/work/calendar"),
    "reminders": ("farah-siddiqui", "/work/reminders"),
    "queue": ("priya-nair", "/queue"),
    "my work": ("priya-nair", "/work"),
    "empty my work": ("imran-sethi", "/work"),
    "postbox": ("farah-siddiqui", "/demo/post"),
    "families": ("farah-siddiqui", "/families"),
    "no families": ("dawn-tully", "/families"),
    "new family": ("priya-nair", "/families/new"),
    "family": ("priya-nair", ROWE),
    "part of a family": ("farah-siddiqui", f"{ROWE}?agency=SAP&domain=education"),
    "not found": ("farah-siddiqui", "/families/NMR-9999"),
    "call a huddle": ("priya-nair", f"{ROWE}/huddles"),
    "refer": ("farah-siddiqui", "/refer"),
    "remove": ("priya-nair", f"{ROWE}/team/sam-whitlock/remove"),
    "contribute": ("farah-siddiqui", f"{ROWE}/contribute"),
    **{act: ("priya-nair", f"{ROWE}/{act}") for act in (
        "signpost", "team", "plan-owner", "level", "members", "households", "relationships", "outcomes",
        "expected", "contacts", "review-date",
    )},
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_6_a_page(name: str, people: People) -> None:
    person, path = PAGES[name]
    clean(people(person).go(path))


@pytest.mark.parametrize(
    "path",
    [
        "new",
        *(act for act in PAGES if PAGES[act][1] == f"{ROWE}/{act}"),
        "contribute",
        "huddles",
        "team/sam-whitlock/remove",
    ],
)
def test_6_a_form_that_was_refused(path: str, people: People) -> None:
    seat = people("priya-nair")
    page = seat.go("/families/new" if path == "new" else f"{ROWE}/{path}")
    empty(page)
    page.locator("main form button").last.click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert page.title().startswith("Error: ")
    clean(page)


def test_6_immediate_danger_and_a_referral_of_ones_own(people: People) -> None:
    page = people("farah-siddiqui").go("/")
    page.locator(".danger > summary").click()
    expect(page.get_by_role("link", name="999")).to_be_visible()
    clean(page)
    page.get_by_role("link", name="I am referring this myself").first.click()
    page.get_by_role("button", name="Record my referral").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_label("Who the child is").fill("A boy in year 4")
    page.locator("#family").select_option(index=1)
    page.get_by_label("What worries you").fill("He is frightened to go home.")
    page.get_by_label("Who you are referring to").fill("The front door")
    page.get_by_role("button", name="Record my referral").click()
    expect(page.get_by_role("heading", name="Your referral to The front door")).to_be_visible()
    clean(page)


def test_6_correct_withdraw_and_what_came_of_a_contact(people: People) -> None:
    seat = people("farah-siddiqui")
    for name in ("Correct", "Withdraw"):
        seat.go(ROWE).locator(".line-acts a:visible").filter(has_text=name).first.click()
        clean(seat.page)
        empty(seat.page)
        seat.page.locator("main form button").click()
        expect(seat.page.get_by_role("heading", name="There is a problem")).to_be_visible()
        clean(seat.page)
    seat.go(ROWE).locator("a[href*='/contacts/']").first.click()
    clean(seat.page)


def test_6_a_calendar_address(people: People) -> None:
    page = people("leo-marsh").go("/work/calendar")
    page.get_by_role("button", name="Make my calendar address").click()
    expect(page.get_by_label("Copy it now")).to_have_value(re.compile(r"/calendar/\S{43}\.ics$"))
    clean(page)
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("button", name="Reset")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You have none")).to_be_visible()


def test_6_who_will_see_this(people: People) -> None:
    page = people("farah-siddiqui").go(f"{ROWE}/contribute")
    name_only(page, "priya-nair", "owen-blake")
    write(page, "Only for two.")
    page.locator("#send").click()
    expect(page.get_by_role("heading", name="Who will see this")).to_be_visible()
    clean(page)


def test_6_found_and_not_found(people: People) -> None:
    page = people("farah-siddiqui").go("/families")
    for words in ("tamsin", "nobody at all"):
        page.locator("#words").fill(words)
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#found-title")).to_contain_text(words)
        clean(page)


def test_6_signing_in(people: People) -> None:
    page = people("").go("/sign-in")
    clean(page)
    page.locator("#email").fill("farah.siddiqui@northmere.example")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)


def test_6_choosing_a_password(people: People, embedded: Demo) -> None:
    page = people("").page
    page.goto(embedded.one_time_link("cal-moss"))
    clean(page)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)


def test_6_at_the_door_and_inviting(people: People, embedded: Demo) -> None:
    room = embedded.room.removeprefix(embedded.address)
    for person, path in (("owen-blake", "join"), ("denise-hallam", "invite")):
        page = people(person).go(f"{room}/{path}")
        clean(page)
        page.locator("main form button").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        clean(page)

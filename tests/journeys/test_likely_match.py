"""One child in two records: shown to who may read the first, to nobody else; settled by a data steward."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import Seat
from tests.journeys.test_without_scripts import plain, press

pytestmark = pytest.mark.browser

JOSIE, NIA, JUDITH = "josie-tran", "nia-parry", "judith-okonjo"


@pytest.fixture(scope="module")
def apart() -> Iterator[Demo]:
    """A demonstration of its own: records that are opened here stay."""
    with Demo() as demo:
        yield demo


def named(page: Page, number: int, name: str, kind: str, *birth: str) -> None:
    row = page.get_by_role("group", name=f"Person {number}", exact=True)
    if not row.is_visible():
        page.get_by_text(f"Person {number}", exact=True).click()
    row.get_by_label("Name").fill(name)
    row.get_by_label(kind).check()
    for label, part in zip(("Day", "Month", "Year"), birth, strict=False):
        row.get_by_label(label).first.fill(part)


def opens(seat: Seat, family: str, name: str, *adults: str) -> Page:
    """Open a record about a child of one birth, with the adults of the family."""
    page = seat.go("/families/new")
    page.get_by_label("What this family is called").fill(family)
    page.get_by_label("Early help").check()
    named(page, 1, name, "A child", "3", "1", "2026")
    for number, adult in enumerate(adults, 2):
        named(page, number, adult, "An adult")
    press(page, "Open the record")
    return page


def already(page: Page) -> None:
    expect(page.get_by_role("heading", name="There may be a record already")).to_be_visible()


def is_open(page: Page, family: str) -> None:
    expect(page.get_by_role("heading", name=family, level=1)).to_be_visible()


def test_a_second_record_is_asked_about_or_goes_to_a_steward_who_settles_it(apart: Demo, sit: Sit) -> None:
    josie = plain(sit, apart, JOSIE)
    page = opens(josie, "Ash", "Noa Ash", "Lea Ash")
    is_open(page, "Ash")
    expect(page.locator("main")).to_contain_text("Noa Ash")
    page = opens(josie, "Ash again", "ash, NOA")
    already(page)
    expect(page.locator("main")).to_contain_text("Noa Ash, born 3 January 2026: same date of birth")
    press(page, "None of these: open a new record")
    is_open(page, "Ash again")
    is_open(opens(sit(apart, NIA), "Night call", "Noah Ash"), "Night call")
    judith = sit(apart, JUDITH)
    judith.expects("status of 4")
    page = judith.go("/")
    page.get_by_role("link", name="Data steward’s queue").click()
    page = until_noticed(page, 3)
    expect(page.locator("main")).not_to_contain_text("Ash")
    opens_the_match_with(page, "Nia Parry")
    expect(page.locator("main")).to_contain_text("Noah Ash, born 3 January 2026")
    expect(page.locator("main")).to_contain_text("Nia Parry")
    clean(page)
    press(page, "Record this")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_label("Different families").check()
    page.get_by_label("Whom you asked and what they said").fill("Nia Parry and Josie Tran: two children")
    press(page, "Record this")
    expect(page.get_by_role("heading", name="Settled")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nia Parry and Josie Tran: two children")


def opens_the_match_with(page: Page, owner: str) -> None:
    """The queue names nobody: each match is opened until one stands there whose plan that person owns."""
    links = page.get_by_role("link", name="One person of each record is alike")
    for path in links.evaluate_all("all => all.map(one => one.href)"):
        page.goto(path)
        expect(page.get_by_role("heading", name="Are these two records about one family?")).to_be_visible()
        if owner in page.locator("main").inner_text():
            return
    raise AssertionError(f"no match with a plan of {owner}")


def until_noticed(page: Page, several: int) -> Page:
    """Likely matches are noticed within seconds: the page is opened again until they stand there."""
    for _ in range(20):
        if page.get_by_role("link", name="of each record is alike").count() >= several:
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_role("link", name="of each record is alike")).to_have_count(several)
    return page


def test_somebody_knows_a_family_that_they_cannot_open(apart: Demo, sit: Sit) -> None:
    grace = plain(sit, apart, "grace-lindqvist")
    grace.expects("status of 4")
    page = grace.page
    page.get_by_role("link", name="I know a family personally").click()
    press(page, "Report it")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Who they are").fill("The Harkers, Callum is about seven")
    page.get_by_label("How you know them").fill("My godson")
    press(page, "Report it")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.locator("main")).to_contain_text("you will not be able to open it")
    judith = sit(apart, JUDITH)
    judith.expects("status of 4")
    page = judith.go("/steward")
    page.get_by_role("link", name="Grace Lindqvist knows a family personally").click()
    clean(page)
    page.get_by_label("Reference of the family").fill("NMR-9999")
    press(page, "Exclude them from it")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_label("How you looked, and whom you asked").fill("Rang all leads: nobody knows them")
    press(page, "Settle without an exclusion")
    expect(page.locator("main")).to_contain_text("No such record")


def test_each_problem_is_found_at_its_own_field(apart: Demo, sit: Sit) -> None:
    seat = plain(sit, apart, JOSIE)
    seat.expects("status of 4")
    page = seat.go("/families/new")
    page.get_by_label("What this family is called").fill("Ash")
    named(page, 2, "Noa Ash", "A child", "31", "2", "2026")
    press(page, "Open the record")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_role("group", name="Person 2").get_by_label("Name")).to_have_value("Noa Ash")
    page.get_by_role("link", name="Enter a date for person 2, like 27 3 2026").click()
    expect(page.locator("#born_2")).to_be_focused()


def test_6_its_pages_are_clean(apart: Demo, sit: Sit) -> None:
    josie = sit(apart, JOSIE)
    josie.expects("status of 4")
    clean(josie.go("/families/new"))
    page = opens(josie, "Elm", "Ida Elm")
    is_open(page, "Elm")
    page = opens(josie, "Elm again", "Ida Elm")
    already(page)
    clean(page)
    page = josie.go("/conflict")
    clean(page)
    press(page, "Report it")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    clean(josie.go("/conflict?recorded"))
    clean(sit(apart, JUDITH).go("/steward"))

"""Somebody has forgotten their password: from the sign-in page, over a real mail, to their first page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.test_administration import choose
from tests.journeys.test_without_scripts import press
from tests.lab.mailbox import Mailbox
from tests.lab.town import BY_ID

pytestmark = pytest.mark.browser

SUBJECT = "Choose a password for Huddle"


@pytest.fixture(scope="module")
def box() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def mailing(box: Mailbox) -> Iterator[Demo]:
    """The demonstration with a relay, chasing beside its pages."""
    with Demo(HUDDLE_SMTP_URL=box.url) as demo:
        yield demo


def ask(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Cannot sign in?").click()
    page.get_by_label("Work email").fill(email)
    press(page, "Send me a link")
    expect(page.get_by_role("heading", name="Look into your email")).to_be_visible()


@pytest.mark.parametrize(
    ("person", "scripts"), [("josie-tran", True), ("martin-yeo", False)], ids=["with scripts", "without"]
)
def test_whoever_forgot_their_password_chooses_another(
    mailing: Demo, box: Mailbox, sit: Sit, person: str, scripts: bool
) -> None:
    seat = sit(mailing, "", java_script_enabled=scripts)
    ask(seat.page, mailing.address, BY_ID[person].email)
    mail = box.wait_for_one(BY_ID[person].email, SUBJECT)
    (link,) = re.findall(r"https?://\S+/welcome/\S+", mail.text)
    choose(seat.page, link)
    expect(seat.page.get_by_role("heading", name="Home")).to_be_visible()
    expect(seat.page.locator("main")).to_contain_text("Somebody gave your address on the sign-in page")


def test_h12_an_unknown_address_reads_the_same_and_nothing_is_sent(
    mailing: Demo, box: Mailbox, sit: Sit
) -> None:
    page = sit(mailing, "").page
    ask(page, mailing.address, "nobody@northmere.example")
    unknown = page.locator("main").inner_text()
    ask(page, mailing.address, BY_ID["dawn-tully"].email)
    assert page.locator("main").inner_text() == unknown
    box.wait_for_one(BY_ID["dawn-tully"].email, SUBJECT)
    assert box.to("nobody@northmere.example") == []


def test_6_its_pages_are_clean_at_every_width(mailing: Demo, sit: Sit) -> None:
    seat = sit(mailing, "")
    seat.expects("status of 4")
    clean(seat.go("/sign-in"))
    clean(seat.go("/sign-in/link"))
    press(seat.page, "Send me a link")
    expect(seat.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(seat.page)
    ask(seat.page, mailing.address, BY_ID["tom-okafor"].email)
    clean(seat.page)

"""A sitting in real browsers: somebody on the phone, the time that is left, and a chair whose line is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import DESK, NARROW, PHONE, Seat, is_live

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: what others said and did would stand in the way."""
    with Demo() as demo:
        yield demo


PIKE = "hannah-pike"
MINUTE = 60_000
MORAN = "/families/NMR-0163"
"""Another family: what others look at in the live room stays as it is."""


def room(seat: Seat) -> str:
    return seat.demo.room.removeprefix(seat.demo.address)


def ring_in(cal: Seat) -> None:
    """The scribe gives a code, and lets in who says it."""
    page = cal.go(f"{room(cal)}/phone")
    page.get_by_label("Who the code is for").select_option(PIKE)
    page.get_by_role("button", name="Make a code").click()
    code = page.locator(".phone-code strong").inner_text()
    page.get_by_label("Who is on the phone").select_option(PIKE)
    page.get_by_label("The code that they said").fill(code)
    page.get_by_label("I have read this to them").check()
    clean(page)
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text("Nobody has vouched for this voice.")).to_be_visible()


def test_somebody_on_the_phone_from_the_code_to_her_own_word(demo: Demo, sit: Sit) -> None:
    """As the story has it: inquorate, DS Pike rings in, Cal writes for her, she confirms it later."""
    cal, priya = sit(demo, "cal-moss"), sit(demo, "priya-nair")
    watching = priya.enter()
    expect(watching.locator("#quorum")).to_contain_text("Not quorate: Northmere Constabulary is missing")
    ring_in(cal)
    seat = watching.locator(f"#people [data-person={PIKE}]")
    expect(seat).to_contain_text("nobody has vouched for the voice")
    expect(watching.locator("#quorum")).to_contain_text("Not quorate")
    vouching = priya.tab()
    vouching.goto(demo.room + "/phone")
    vouching.get_by_role("button", name="I know this voice").click()
    expect(seat).to_contain_text("vouched by Priya Nair")
    expect(watching.locator("#quorate")).to_have_text("Quorate")
    page = cal.go(f"{room(cal)}/phone/{PIKE}")
    clean(page)
    said = "We were called to the address twice this winter."
    page.get_by_label("In their words").fill(said)
    page.get_by_label("Part of life").select_option("home")
    page.get_by_label("How they know").select_option("record_extract")
    page.get_by_label("Serious concern").check()
    page.get_by_role("button", name="Record what they know").click()
    line = watching.locator("#lines > .line-told", has_text=said)
    expect(line).to_contain_text("Recorded by Cal Moss for DS Hannah Pike, not confirmed")
    expect(line.locator(".line-agency")).to_have_text("Police")
    pike = sit(demo, PIKE, viewport=PHONE)
    hers = pike.enter()
    hers.locator("a[href='#see-yours']").click()
    hers.get_by_role("link", name="Read and confirm").click()
    clean(hers)
    hers.get_by_role("button", name=re.compile("This is what I said")).click()
    expect(hers.get_by_text("confirmed by you")).to_be_visible()
    expect(line).to_contain_text(re.compile("for DS Hannah Pike, confirmed"))


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "narrow"])
def test_the_pages_of_the_phone_fit(demo: Demo, sit: Sit, size: dict[str, int]) -> None:
    cal = sit(demo, "cal-moss", viewport=size)
    for path in ("/phone", "/words", ""):
        page = cal.go(room(cal) + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def spoken(page: Page) -> list[str]:
    return list(page.evaluate("() => window.heard"))


LISTEN = """() => {
  window.heard = [];
  const status = document.getElementById("status");
  new MutationObserver(() => status.textContent && window.heard.push(status.textContent))
    .observe(status, { childList: true, characterData: true, subtree: true });
}"""


def minutes_left(page: Page) -> float:
    return float(
        page.evaluate(
            """() => (new Date(document.getElementById("time-left").dateTime)
                - new Date(document.querySelector("meta[name=server-time]").content)) / 60000"""
        )
    )


def soon_over(priya: Seat) -> str:
    """The path of a huddle that is planned to end in six to seven minutes."""
    began = datetime.now(ZoneInfo("Europe/London")) - timedelta(minutes=13)
    when = {
        "starts-day": began.day,
        "starts-month": began.month,
        "starts-year": began.year,
        "starts-time": f"{began:%H:%M}",
    }
    page = priya.go(f"{MORAN}/huddles")
    page.get_by_label("What it is for").fill("The last minutes")
    for name, value in when.items():
        page.locator(f"[name={name}]").fill(str(value))
    page.get_by_label("How long, in minutes").fill("20")
    page.get_by_role("button", name="Call the huddle").click()
    return page.url.removeprefix(priya.demo.address).removesuffix("/join")


def test_the_time_that_is_left_is_said_at_five_and_two_minutes_and_never_else(demo: Demo, sit: Sit) -> None:
    priya = sit(demo, "priya-nair")
    path = soon_over(priya)
    priya.page.clock.install()
    assert priya.send(f"{path}/join", accepted="yes", mode="live") == 303
    page = is_live(priya.go(path))
    page.evaluate(LISTEN)
    left = minutes_left(page)
    assert 5 < left < 8
    expect(page.locator("#time-left")).to_have_text(re.compile(r"^[678] minutes left$"))
    heard: list[list[str]] = []
    line = {"domain": "home", "basis": "observed_fact", "bearing": "concern", "text": "Seen."}
    for to in (5.5, 4.5, 3.5, 1.5, 0.5, -2.5):
        page.clock.fast_forward(int((left - to) * MINUTE))
        left = to
        page.clock.run_for(6_000)
        priya.send(f"{MORAN}/contribute", **line)  # while there is news no beat comes, which sets the clock
        heard.append(re.findall(r"\d+ minutes left", " ".join(spoken(page))))
    assert heard[0] == [] and heard[1] == ["5 minutes left"]
    assert heard[-1] == ["5 minutes left", "2 minutes left"]
    expect(page.locator("#time-left")).to_have_text(re.compile("^[23] minutes over$"))
    expect(page.locator("#text")).to_be_editable()


def test_without_a_script_the_page_says_until_when(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui", java_script_enabled=False)
    page = farah.go(room(farah))
    expect(page.locator("#time-left")).to_have_text(re.compile(r"^Planned until \d+(:\d\d)?[ap]m$"))
    expect(page.locator(".chair-away").first).to_be_hidden()


def test_a_chair_without_a_line_is_missed_after_a_minute_and_nobody_is_promoted(demo: Demo, sit: Sit) -> None:
    """14:21 to 14:24: everything can be written, the deputy is offered the chair, the chair comes back."""
    chair = sit(demo, "denise-hallam")
    chair.enter()
    ruth, farah = sit(demo, "ruth-adeyemi"), sit(demo, "farah-siddiqui", viewport=PHONE)
    assert ruth.send(f"{room(ruth)}/join", accepted="yes", mode="live") == 303
    for seat in (ruth, farah):
        seat.page.clock.install()
    deputy, phone = ruth.enter(), farah.enter()
    phone.evaluate(LISTEN)
    note = "has had no connection for more than a minute"
    assert chair.send(f"{room(chair)}/leave") == 303  # else the demonstration keeps her place for her
    chair.page.close()
    for page in (deputy, phone):
        expect(page.locator("[data-chair=came]")).to_have_attribute("data-here", "no")
        page.clock.fast_forward(40_000)
    farah.tell("Isla was late again.")
    for page in (deputy, phone):
        expect(page.locator("#lines")).to_contain_text("Isla was late again.")
        expect(page.get_by_text(note)).to_be_hidden()
        page.clock.fast_forward(30_000)
        expect(page.get_by_text(note)).to_be_visible()
    expect(deputy.get_by_label("Why you are taking the chair")).to_be_visible()
    expect(deputy.locator("#people [data-chair=came]")).to_contain_text("Denise Hallam")
    phone.clock.run_for(1_000)
    assert [words for words in spoken(phone) if "chair" in words] == [
        "The chair has no connection. Everything can still be written"
    ]
    clean(deputy)
    back = chair.tab()
    assert chair.send(f"{room(chair)}/join", accepted="yes", mode="live") == 303
    back.goto(demo.room)
    for page in (deputy, phone):
        expect(page.get_by_text(note)).to_be_hidden()
    expect(back.get_by_role("button", name=re.compile("^Move on"))).to_be_visible()


def test_a_huddle_stops_and_goes_on_on_every_screen(demo: Demo, sit: Sit) -> None:
    priya = sit(demo, "priya-nair")
    priya.expects("status of 422")
    path = soon_over(priya)
    assert priya.send(f"{path}/join", accepted="yes", mode="live") == 303
    owen = sit(demo, "owen-blake", viewport=PHONE)
    assert owen.send(f"{path}/join", accepted="yes", mode="live") == 303
    phone = is_live(owen.go(path))
    phone.locator("#text").fill("What I am just writing")
    page = is_live(priya.go(path))
    page.get_by_role("link", name="Adjourn or abandon").click()
    page.get_by_role("button", name="Adjourn the huddle").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_label("Why it is adjourned").fill("The police are missing")
    tomorrow = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=1)
    for part, value in (("day", tomorrow.day), ("month", tomorrow.month), ("year", tomorrow.year)):
        page.locator(f"[name=resumes-{part}]").fill(str(value))
    page.locator("[name=resumes-time]").fill("10am")
    page.get_by_role("button", name="Adjourn the huddle").click()
    for screen in (page, phone):
        expect(screen.locator(".banner.course")).to_contain_text("Priya Nair adjourned this huddle until")
    expect(phone.locator("#text")).to_have_value("What I am just writing")
    clean(page)
    page.get_by_role("link", name="Go on, or abandon").click()
    page.get_by_role("button", name="Go on with the huddle").click()
    expect(phone.locator(".banner.course")).to_have_count(0)
    expect(phone.locator("#text")).to_have_value("What I am just writing")
    phone.locator("#text").fill("")
    page.get_by_role("link", name="Join the huddle").click()
    page.get_by_label("I have read this and accept it").check()
    page.get_by_role("button", name="Join the huddle").click()
    page.get_by_role("link", name="Adjourn or abandon").click()
    page.get_by_label("Why it is abandoned").fill("It was decided elsewhere")
    page.get_by_role("button", name="Abandon the huddle").click()
    for screen in (page, phone):
        expect(screen.locator(".banner.course")).to_contain_text("Priya Nair abandoned this huddle")

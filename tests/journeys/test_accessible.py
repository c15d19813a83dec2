"""axe finds nothing, with no rule switched off, in any state of any page: light, dark, on a desk, at 320 px.

Every state also fits 320 px without sideways scrolling; only the matrix and wide tables scroll, by
themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import DESK, NARROW, NO_CONNECTION, REFUSED, Seat, write
from tests.journeys.test_restricted import name_only
from tests.journeys.test_session import answered

pytestmark = pytest.mark.browser

AXE = Axe().axe_script
RUN = "() => axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)"

People = Callable[[str], Seat]


@pytest.fixture(scope="module")
def people(browser: Browser, embedded: Demo) -> Iterator[People]:
    """Browsers of the cast, each opened once: nothing here changes what the others look at."""
    seats: dict[str, Seat] = {}

    def find(person: str) -> Seat:
        if person not in seats:
            seats[person] = Seat(browser, embedded, person)
            seats[person].expects(REFUSED, NO_CONNECTION)
        return seats[person]

    yield find
    for seat in seats.values():
        seat.leave()


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


def empty(page: Page) -> None:
    """Take back what a form begins with."""
    for field in page.locator("main").locator("input:visible, textarea:visible, select:visible").all():
        kind = field.evaluate("field => field.type")
        if kind in ("text", "textarea"):
            field.fill("")
        elif kind == "select-one" and field.locator("option[value='']").count():
            field.select_option("")


def told(found: dict[str, Any]) -> str:
    places = "; ".join(f"{n['target']} {n['failureSummary']}" for n in found["nodes"][:3])
    return f"{found['id']}: {places}"


PAGES = {
    "home": ("farah-siddiqui", "/"),
    "empty home": ("dawn-tully", "/"),
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


def room(people: People, person: str = "farah-siddiqui") -> Page:
    return people(person).enter()


def test_6_the_room(people: People) -> None:
    clean(room(people))
    clean(room(people, "denise-hallam"))


def test_6_every_part_of_the_room_on_a_phone(people: People) -> None:
    page = room(people, "denise-hallam")
    for part in ("picture", "people", "yours"):
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        page.locator(f".room-tabs a[href='#see-{part}']").click()
        expect(page.locator(f"#see-{part}")).to_be_visible()
        expect(page.locator("#see-lines")).to_be_hidden()
        clean(page)


def test_6_the_room_unfolded(people: People) -> None:
    page = room(people)
    page.locator(".key > summary").click()
    page.locator("#as-list").check()
    page.locator("#phases summary").click()
    page.locator("#text").focus()
    page.locator(".more > summary").click()
    clean(page)


def test_6_the_composer_for_named_people(people: People) -> None:
    page = room(people)
    page.locator("#text").focus()
    name_only(page, "priya-nair", "owen-blake")
    clean(page)


def test_6_the_composer_with_something_missing(people: People) -> None:
    page = room(people)
    page.locator("#text").fill("Without a part of life.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-problem")).to_be_visible()
    clean(page)
    page.locator("#text").fill("")


def test_6_the_dialogs_of_the_room(people: People) -> None:
    page = room(people)
    page.locator("td.cell a").first.click()
    clean(page)
    page.keyboard.press("Escape")
    page.locator("#text").fill("Written for everybody.")
    name_only(page)
    expect(page.locator("#audience-question")).to_be_visible()
    clean(page)
    page.keyboard.press("Escape")
    page.locator("#text").fill("")
    page.locator("#refused").evaluate(
        "it => { it.querySelector('p').textContent = 'Ask the chair.'; it.showModal(); }"
    )
    clean(page)


def test_6_without_a_connection_and_not_saved(people: People) -> None:
    seat = people("leo-marsh")
    sockets: list[WebSocketRoute] = []

    def keep(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    seat.page.route_web_socket("**/live*", keep)
    page = seat.enter()
    page.route_web_socket("**/live*", lambda socket: socket.close())
    page.route("**/changes*", lambda route: route.abort())
    seat.expects("ERR_FAILED")
    sockets[0].close()
    expect(page.locator("#banner")).to_be_visible()
    write(page, "Not saved for a while.")
    page.locator("#send").click()
    expect(page.locator("#unsaved > li")).to_contain_text("trying again", timeout=10_000)
    clean(page)


def test_6_about_to_be_signed_out_and_signed_out(people: People) -> None:
    seat = people("grace-lindqvist")
    seat.page.route("**/session", answered(100, 900))
    page = seat.enter()
    expect(page.locator("#idle")).to_be_visible()
    clean(page)
    seat.page.unroute("**/session")
    page.keyboard.press("a")
    seat.send("/sign-out")
    expect(page.locator("#again")).to_be_visible()
    clean(page)


def test_6_paused_with_lines_waiting_and_with_a_draft_from_elsewhere(people: People, embedded: Demo) -> None:
    farah, priya = people("farah-siddiqui"), people("priya-nair")
    other = Seat(farah.page.context.browser, embedded, "farah-siddiqui")  # type: ignore[arg-type]
    page = other.enter()
    page.locator("#text").fill("Begun in another browser")
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")
    here = farah.enter()
    expect(here.locator(".draft-elsewhere")).to_be_visible()
    here.get_by_role("button", name="Pause updates").first.click()
    priya.tell("Told to a paused page.")
    expect(here.locator("#paused")).to_contain_text("1 new line waiting.")
    here.locator("#text").fill("Half a sentence")
    expect(here.locator("#draft-state")).to_contain_text("Draft saved")
    clean(here)
    for each in (page, here):
        each.locator("#text").fill("")
        expect(each.locator("#draft-state")).to_be_empty()
    other.leave()


def test_6_by_requests_alone(people: People) -> None:
    seat = people("sam-whitlock")
    seat.page.route_web_socket("**/live*", lambda socket: socket.close())
    page = seat.go(seat.demo.room.removeprefix(seat.demo.address))
    expect(page.locator("#connection")).to_have_text("Live, slower", timeout=20_000)
    clean(page)


def test_6_presenting(people: People) -> None:
    page = room(people, "denise-hallam")
    page.locator(".tools").get_by_role("link", name="Present").click()
    expect(page.locator("#presenting")).to_be_visible()
    clean(page)


def test_6_hidden_and_the_page_in_its_place(people: People) -> None:
    page = room(people)
    with page.expect_response("**/session/cover"):
        for _ in range(3):
            page.keyboard.press("Shift")
    expect(page.locator("#cover")).to_be_visible()
    clean(page)
    page.reload()
    expect(page.get_by_role("heading", name="Screen hidden")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Show the screen again", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Show the screen again, as").click()


def test_6_commands_and_keys(people: People) -> None:
    page = room(people, "denise-hallam")
    page.keyboard.press("Control+k")
    page.locator("#palette details > summary").click()
    clean(page)
    page.locator("#palette-text").fill("zzz")
    clean(page)
    page.keyboard.press("Escape")


def test_6_removed(people: People, embedded: Demo) -> None:
    priya, martin = people("priya-nair"), people("martin-yeo")
    priya.send(f"{ROWE}/team", person="martin-yeo", reason="Stands in")
    martin.send(f"{embedded.room.removeprefix(embedded.address)}/join", accepted="yes", mode="live")
    page = martin.enter()
    priya.send(f"{ROWE}/team/martin-yeo/remove", reason="No longer stands in")
    expect(page.get_by_role("heading", name="You are no longer in this huddle.")).to_be_visible()
    clean(page)

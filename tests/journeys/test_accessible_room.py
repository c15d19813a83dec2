"""axe finds nothing, with no rule switched off, in any state of the room: light, dark, on a desk, at 320 px.

Every state also fits 320 px without sideways scrolling; only the matrix and wide tables scroll, by
themselves.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.axe import clean
from tests.journeys.conftest import People, Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import NARROW, Seat, write
from tests.journeys.test_restricted import name_only
from tests.journeys.test_session import answered

pytestmark = pytest.mark.browser


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


NEVER_WAITS_IN_VAIN = """
const later = window.setTimeout;
window.setTimeout = (act, after, ...rest) => [3_000, 10_000].includes(after) ? 0 : later(act, after, ...rest);
"""
"""For a state that lasts a few seconds, and is to be looked at for as long as it takes."""


def test_6_connecting(embedded: Demo, sit: Sit) -> None:
    seat = sit(embedded, "sam-whitlock")
    seat.page.add_init_script(NEVER_WAITS_IN_VAIN)
    seat.page.route_web_socket("**/live*", lambda socket: None)
    page = seat.go(embedded.room.removeprefix(embedded.address))
    expect(page.locator("#connection")).to_have_text("Connecting")
    clean(page)
    expect(page.locator("#connection")).to_have_text("Connecting")


def test_6_somebody_else_took_the_chair(people: People, embedded: Demo) -> None:
    denise, ruth = people("denise-hallam"), people("ruth-adeyemi")
    chair = embedded.room.removeprefix(embedded.address) + "/chair"
    page = denise.enter()
    assert ruth.send(chair, instead_of="denise-hallam", reason="Lost connection") == 303
    expect(page.locator("#lines")).to_contain_text("Ruth Adeyemi took the chair in place of Denise Hallam")
    clean(page)
    assert denise.send(chair, instead_of="ruth-adeyemi", reason="Back") == 303


def test_6_removed(people: People, embedded: Demo) -> None:
    priya, martin = people("priya-nair"), people("martin-yeo")
    priya.send(f"{ROWE}/team", person="martin-yeo", reason="Stands in")
    martin.send(f"{embedded.room.removeprefix(embedded.address)}/join", accepted="yes", mode="live")
    page = martin.enter()
    priya.send(f"{ROWE}/team/martin-yeo/remove", reason="No longer stands in")
    expect(page.get_by_role("heading", name="You are no longer in this huddle.")).to_be_visible()
    clean(page)

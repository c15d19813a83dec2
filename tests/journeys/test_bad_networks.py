"""The room where the network is bad: no sockets, cut again and again, dead without a word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.journeys.conftest import Sit
from tests.journeys.demo import ROWE, Demo
from tests.journeys.screens import NO_CONNECTION, REFUSED, Seat, alike, contribute, is_live, line, write
from tests.journeys.test_reading_and_writing import CARET
from tests.journeys.wires import Wires, through_wires

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Of its own: a page begins at the newest hundred lines, and what others said would move that."""
    with Demo() as demo:
        yield demo


RETURN = 20_000


@pytest.fixture
def wired(browser: Browser, chromium: str, demo: Demo) -> Iterator[tuple[Seat, Wires]]:
    """Farah, whose every connection goes through wires."""
    with through_wires(browser, chromium, demo) as (other, wires):
        farah = Seat(other, demo, "farah-siddiqui")
        farah.expects(NO_CONNECTION, REFUSED, "ERR_")
        yield farah, wires
        farah.leave()


def is_slow(page: Page) -> Page:
    expect(page.locator("#connection")).to_have_text("Live, slower", timeout=RETURN)
    return page


def test_f6_where_upgrades_are_stripped_the_room_goes_on(
    wired: tuple[Seat, Wires], demo: Demo, sit: Sit
) -> None:
    """By requests: lines come and go, a refusal has its words; a socket takes over when there can be one."""
    farah, wires = wired
    priya = sit(demo, "priya-nair")
    wires.proxy.strips_upgrade = True
    there = priya.enter()
    farah.page.clock.install()
    here = is_slow(farah.go(demo.room.removeprefix(demo.address)))
    contribute(here, "Sent without a socket.")
    expect(line(here, "Sent without a socket.")).to_have_count(1)
    expect(line(there, "Sent without a socket.")).to_have_count(1)
    expect(here.locator("#unsaved > li")).to_have_count(0)
    priya.tell("Heard without a socket.")
    expect(line(here, "Heard without a socket.")).to_have_count(1)
    expect(here.locator("[data-person=farah-siddiqui]")).to_have_attribute("data-here", "yes")
    write(here, "Dated far ahead.")
    here.locator(".more > summary").click()
    here.locator("#happened-year").fill("2199")
    here.locator("#send").click()
    expect(here.locator("#unsaved > li")).to_contain_text("Failed – ")
    assert not farah.frames, "no socket may have spoken, or this means nothing"
    alike(here, there)
    wires.proxy.strips_upgrade = False
    here.clock.fast_forward(121_000)
    expect(is_live(here).locator("#connection")).to_have_text("Live")
    priya.tell("Heard by a socket again.")
    expect(line(here, "Heard by a socket again.")).to_have_count(1)


def test_f6_without_a_socket_signed_out_is_signed_out_and_removed_is_removed(
    wired: tuple[Seat, Wires], demo: Demo, sit: Sit
) -> None:
    _, wires = wired
    priya, sam = sit(demo, "priya-nair"), Seat(wired[0].page.context.browser, demo, "sam-whitlock")  # type: ignore[arg-type]
    sam.expects(NO_CONNECTION, REFUSED)
    wires.proxy.strips_upgrade = True
    here = is_slow(sam.go(demo.room.removeprefix(demo.address)))
    here.locator("#text").fill("Half a sentence")
    sam.send("/sign-out")
    dialog = here.get_by_role("dialog", name="Sign in again")
    dialog.get_by_role("button", name="Step back into Sam Whitlock’s part").click()
    expect(dialog).to_be_hidden()
    expect(is_slow(here).locator("#text")).to_have_value("Half a sentence")
    here.locator("#text").fill("")
    assert priya.send(f"{ROWE}/team/sam-whitlock/remove", reason="Moved") == 303
    expect(here.get_by_role("heading", name="You are no longer in this huddle.")).to_be_focused(timeout=3_000)
    assert "Isla" not in here.content()
    priya.send(f"{ROWE}/team", person="sam-whitlock", reason="Back")
    sam.send(f"{demo.room.removeprefix(demo.address)}/join", accepted="yes", mode="live")
    sam.leave()


def test_e4_lines_that_waited_go_up_in_their_order_each_once(
    wired: tuple[Seat, Wires], demo: Demo, sit: Sit
) -> None:
    farah, wires = wired
    there = sit(demo, "priya-nair").enter()
    here = farah.enter()
    wires.do(wires.proxy.reset)
    said = [f"While it was away, {number}." for number in range(5)]
    for text in said:
        contribute(here, text)
    expect(here.locator("#banner")).to_contain_text("Not saved yet: 5. Do not close this page.")
    wires.do(wires.proxy.pass_on)
    for page in (here, there):
        expect(line(page, said[-1])).to_have_count(1, timeout=RETURN)
        shown = page.locator("#lines .said").filter(has_text="While it was away")
        assert shown.all_inner_texts() == said
    expect(here.locator("#unsaved > li")).to_have_count(0)
    expect(here.locator("#banner")).to_be_hidden()


def test_f4_cut_again_and_again_nothing_is_lost_or_doubled_and_the_caret_stays(
    wired: tuple[Seat, Wires], demo: Demo, sit: Sit
) -> None:
    farah, wires = wired
    priya = sit(demo, "priya-nair")
    here, there = farah.enter(), priya.enter()
    here.locator("#text").fill("Half a sentence")
    here.locator("#text").evaluate("box => { box.focus(); box.setSelectionRange(4, 9); }")
    for cut in range(5):
        wires.do(wires.proxy.reset)
        priya.tell(f"Told during cut {cut}.")
        expect(here.locator("#connection")).not_to_have_attribute("data-state", "live")
        wires.do(wires.proxy.pass_on)
        is_live(here, RETURN)
        expect(line(here, f"Told during cut {cut}.")).to_have_count(1)
    assert here.evaluate(CARET) == {"id": "text", "start": 4, "end": 9, "value": "Half a sentence"}
    alike(here, there)
    here.locator("#text").fill("")


def test_f2_a_line_that_is_dead_without_a_word_is_noticed_and_comes_back(
    wired: tuple[Seat, Wires], demo: Demo, sit: Sit
) -> None:
    farah, wires = wired
    priya = sit(demo, "priya-nair")
    farah.page.clock.install()
    here = farah.enter()
    wires.do(wires.proxy.blackhole)
    priya.tell("Said into a tunnel.")
    here.clock.fast_forward(36_000)
    expect(here.locator("#connection")).to_have_text("Connecting")
    here.clock.fast_forward(3_100)
    expect(here.locator("#banner")).to_contain_text("No connection since")
    wires.do(wires.proxy.lose)
    here.clock.fast_forward(20_000)
    is_live(here, RETURN)
    expect(line(here, "Said into a tunnel.")).to_have_count(1)
    expect(here.locator("#banner")).to_be_hidden()


def test_f9_a_message_that_comes_twice_changes_nothing(demo: Demo, sit: Sit) -> None:
    farah, priya = sit(demo, "farah-siddiqui"), sit(demo, "priya-nair")
    twice: list[str | bytes] = []

    def repeat(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def hear(message: str | bytes) -> None:
            twice.append(message)
            socket.send(message)
            socket.send(message)

        server.on_message(hear)

    farah.page.route_web_socket("**/live*", repeat)
    here, there = farah.enter(), priya.enter()
    contribute(here, "Sent once, acknowledged twice.")
    priya.tell("Told once, heard twice.")
    for text in ("Sent once, acknowledged twice.", "Told once, heard twice."):
        expect(line(here, text)).to_have_count(1)
    expect(here.locator("#unsaved > li")).to_have_count(0)
    alike(here, there)
    assert any('"frame"' in str(message) for message in twice)

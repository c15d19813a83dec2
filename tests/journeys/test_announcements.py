"""What is said aloud to somebody who listens: one polite node, one urgent, short, and never the words."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.cast import Voice
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.listening import LISTEN, said
from tests.journeys.screens import contribute, line

pytestmark = pytest.mark.browser

CANARY = "zq-canary-7731"


def test_one_status_and_one_alert_both_empty_at_load(demo: Demo, sit: Sit) -> None:
    farah = sit(demo, "farah-siddiqui", java_script_enabled=False)
    for path in ("/", "/families", "/families/NMR-0147", demo.room.removeprefix(demo.address)):
        page = farah.go(path)
        for role in ("status", "alert"):
            node = page.locator(f"[role={role}]")
            expect(node).to_have_count(1)
            assert node.inner_html() == "", path
        expect(page.locator("[aria-live]")).to_have_count(0)


def test_contributions_of_others_are_not_read_out_unless_asked_for(demo: Demo, sit: Sit) -> None:
    page, priya = sit(demo, "farah-siddiqui").enter(), sit(demo, "priya-nair")
    page.evaluate(LISTEN)
    for number in range(5):
        priya.tell(f"Unsaid {CANARY} {number}.")
    expect(line(page, f"Unsaid {CANARY} 4.")).to_have_count(1)
    page.wait_for_timeout(600)
    assert said(page) == []
    page.get_by_label("Announce all").check()
    priya.tell(f"Said {CANARY}.")
    expect(page.locator("#status")).to_have_text("Social care: observed fact added, education")


def test_a_burst_is_said_in_few_short_sentences(demo: Demo, sit: Sit) -> None:
    page, priya, denise = (
        sit(demo, "farah-siddiqui").enter(),
        sit(demo, "priya-nair"),
        sit(demo, "denise-hallam"),
    )
    page.get_by_label("Announce all").check()
    page.evaluate(LISTEN)
    for number in range(12):
        priya.tell(f"Burst {CANARY} {number}.", domain=("home", "education")[number % 2])
    contribute(page, f"Mine {CANARY}.")
    room = demo.room.removeprefix(demo.address)
    assert denise.send(f"{room}/phase", phase="discussion") == 303
    expect(line(page, f"Mine {CANARY}.")).to_have_count(1)
    expect(page.locator("#status")).to_contain_text("Now: ")
    denise.send(f"{room}/phase", phase="fragments")
    page.wait_for_timeout(600)
    spoken: list[Any] = said(page)
    assert spoken, "something must have been said for this to mean anything"
    assert all(len(text) <= 140 for _, text in spoken), spoken
    assert not any(CANARY in text for _, text in spoken)
    assert sum(text.count("Saved") for _, text in spoken) == 1


def test_the_chairs_next_phase_is_said_and_takes_no_focus(demo: Demo, sit: Sit) -> None:
    page, denise = sit(demo, "farah-siddiqui").enter(), sit(demo, "denise-hallam")
    page.locator("#text").focus()
    room = demo.room.removeprefix(demo.address)
    assert denise.send(f"{room}/phase", phase="gaps_and_requests") == 303
    expect(page.locator("#status")).to_have_text("Now: Gaps")
    expect(page.locator("#text")).to_be_focused()
    denise.send(f"{room}/phase", phase="fragments")


def test_what_others_do_is_said_twice_in_a_minute_at_most_and_the_rest_together(demo: Demo, sit: Sit) -> None:
    seat = sit(demo, "grace-lindqvist")
    seat.page.clock.install()
    page = seat.enter()
    page.evaluate(LISTEN)
    before = page.locator("#actions .promised-one").count()
    chair = Voice(demo, "denise-hallam")
    for number in range(6):
        assert chair.do("agree-action", line=f"Ring the GP, {number} @leo in 2 days")["type"] == "saved"
        page.clock.run_for(5_000)
    expect(page.locator("#actions .promised-one")).to_have_count(before + 6)
    names = [words.partition(":")[0] for _, words in said(page)]
    first = int(names[0].removeprefix("Action "))  # others have agreed on actions here before
    agreed = [f"Action {number}" for number in range(first, first + 6)]
    assert names == agreed[:2]
    page.clock.run_for(61_000)  # the line was silent for as long, so that much is said too
    assert ", ".join(agreed[2:]) in [words for _, words in said(page)]
    chair.leave()

"""The whole huddle H-1, as far as it is built: by real sockets and two real browsers, to its minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import h1
from tests.journeys.cast import Voice
from tests.journeys.conftest import Sit
from tests.journeys.demo import Demo
from tests.journeys.screens import PHONE, Seat
from tests.journeys.test_closing import say_why
from tests.journeys.test_decision import fill_all

pytestmark = pytest.mark.browser

ACCEPTS = (
    r'action="(/families/NMR-0147/actions/\w+/accept)"[^>]*>\s*<input type="hidden" name="seen" value="(\d+)"'
)
CONFIRMS = r'action="[^"]*/words/confirm"><input type="hidden" name="seq" value="(\d+)"'
WORRY = "What I know of {} so far, said by {}"


@pytest.fixture
def demo() -> Iterator[Demo]:
    with Demo() as demo:
        yield demo


class Meeting:
    """The cast of H-1: two in browsers, everybody else by sockets and forms."""

    def __init__(self, demo: Demo, chair: Page, health: Page, pace: float = 0) -> None:
        self.demo, self.chair, self.health, self.pace = demo, chair, health, pace
        self.path = demo.room.removeprefix(demo.address)
        people = {*h1.FIRST, "denise-hallam", "cal-moss", "ruth-adeyemi"}
        self.voices = {person: Voice(demo, person, pace) for person in people}

    def says(self, line: h1.Line) -> None:
        assert self.voices[line.who].do("contribute", **line.body())["type"] == "saved", line.text

    def for_pike(self, what: str, **form: str) -> None:
        assert self.voices["cal-moss"].send(f"{self.path}/phone/hannah-pike/{what}", **form) == 303, what

    def judges(self, turn: int, scores: dict[str, int]) -> None:
        for person, score in scores.items():
            form = {"turn": str(turn)}
            for child in self.voices["priya-nair"].children():
                form |= {
                    f"child-{child}-score": str(score),
                    f"child-{child}-words": WORRY.format(turn, person),
                }
            if person == "hannah-pike":
                self.for_pike("judgement", **form)
            else:
                assert self.voices[person].send(f"{self.path}/judge", **form) == 303, person


def test_1_the_whole_huddle_is_played_and_its_minutes_hold_every_line(demo: Demo, sit: Sit) -> None:
    desk, phone = sit(demo, "denise-hallam"), sit(demo, "grace-lindqvist", viewport=PHONE)
    desk.expects("status of 422", "ERR_INTERNET_DISCONNECTED", "WebSocket", "status of 404")
    phone.expects("status of 404")
    played(Meeting(demo, desk.enter(), phone.enter()), desk, phone)


def played(meeting: Meeting, desk: Seat, phone: Seat) -> None:
    """From the missing police to the minutes."""
    police_are_missing(meeting)
    by_phone_with_a_code(meeting)
    everybody_shares(meeting)
    the_chair_drops_and_comes_back(meeting, desk.context.set_offline)
    judged_blind_twice(meeting, phone.frames)
    decided_with_two_dissents(meeting)
    nine_actions_are_promised(meeting)
    closed_and_read(meeting)
    for voice in meeting.voices.values():
        voice.leave()


def police_are_missing(meeting: Meeting) -> None:
    """14:00."""
    expect(meeting.chair.locator("#quorum")).to_contain_text("Northmere Constabulary")


def by_phone_with_a_code(meeting: Meeting) -> None:
    """14:12."""
    cal, pike = meeting.voices["cal-moss"], {"person": "hannah-pike"}
    assert cal.send(f"{meeting.path}/phone/code", **pike) == 303
    given = re.findall(r"<strong>(\d{3}) (\d{3})</strong>", cal.get(f"{meeting.path}/phone"))
    code = "".join(given[0])
    assert cal.send(f"{meeting.path}/phone", **pike, code="000000", accepted="yes") != 303 or code == "000000"
    assert cal.send(f"{meeting.path}/phone", **pike, code=code, accepted="yes") == 303
    assert meeting.voices["priya-nair"].send(f"{meeting.path}/phone/vouch", **pike) == 303
    expect(meeting.chair.locator("#quorum")).not_to_contain_text("Northmere Constabulary")


def everybody_shares(meeting: Meeting) -> None:
    """14:13 to 14:30, and the nil return that is corrected in the room."""
    nil_return_corrected(meeting)
    for line in (h1.FROM_POLICE, h1.FROM_HEALTH, *h1.SHARED):
        meeting.says(line)
    for line in (h1.INCIDENTS, h1.NO_CALL):
        form = {"text": line.text, "domain": line.domain, "basis": line.basis, "bearing": line.bearing}
        meeting.for_pike("line", **form)
    expect(meeting.chair.locator("#lines")).to_contain_text(h1.FROM_POLICE.text)
    meeting.health.wait_for_timeout(300)
    expect(meeting.health.locator("#lines")).to_contain_text(h1.SHARED[-1].text)
    expect(meeting.health.locator("body")).not_to_contain_text(h1.FROM_POLICE.text)


def nil_return_corrected(meeting: Meeting) -> None:
    """14:18: housing had searched the name, not the address."""
    priya, sam = meeting.voices["priya-nair"], meeting.voices["sam-whitlock"]
    question = "What do you hold on the address of the Rowe family?"
    asked = {"question": question, "agency": "NHM", "domain": "housing", "due": "2099-03-18T12:00"}
    assert priya.send("/families/NMR-0147/ask", **asked) == 303
    request = re.findall(r'href="(/requests/\w+)"', priya.get("/families/NMR-0147"))[-1]
    basis = {"basis": "record_extract"}
    assert sam.send(request, answer="nil_return", searched="Tamsin Rowe, by name", words="", **basis) == 303
    told = {"answer": "answered", "words": "Two complaints, by the address.", "bearing": "concern"}
    assert sam.send(request, **told, searched="", **basis) == 303


def the_chair_drops_and_comes_back(meeting: Meeting, offline: object) -> None:
    """14:21 to 14:24: lines are still taken, nobody is promoted, and a deputy needs a reason."""
    offline(True)  # type: ignore[operator]
    meeting.says(h1.WHILE_THE_CHAIR_IS_GONE)
    ruth = meeting.voices["ruth-adeyemi"]
    refused = ruth.do("assume-chair", instead_of="denise-hallam", reason=" ")
    assert (refused["type"], refused["code"]) == ("refused", "incomplete")
    expect(meeting.health.locator("#people .tag", has_text="Chair").first).to_have_text("Chair")
    expect(meeting.health.locator("#people [data-person=denise-hallam]")).to_contain_text("Chair")
    offline(False)  # type: ignore[operator]
    expect(meeting.chair.locator("#lines")).to_contain_text(h1.WHILE_THE_CHAIR_IS_GONE.text, timeout=20_000)


def judged_blind_twice(meeting: Meeting, frames: list[str]) -> None:
    """14:33 and 14:40: not a byte before the reveal; a spread of five is spoken to."""
    for turn, scores in ((1, h1.FIRST), (2, h1.SECOND)):
        meeting.judges(turn, scores)
        words = WORRY.format(turn, "sam-whitlock")
        expect(meeting.health.locator("#judgements")).to_contain_text("6 of ")
        assert not any(words in frame for frame in frames), "nothing before the reveal"
        assert words not in meeting.voices["leo-marsh"].get(meeting.path)
        assert meeting.voices["denise-hallam"].send(f"{meeting.path}/judge/reveal") == 303
        expect(meeting.health.locator("#judgements")).to_contain_text(words)
        for child in meeting.voices["priya-nair"].children():
            spoken = {"turn": str(turn), "child": child, "words": "Housing had not known about bail."}
            assert meeting.voices["denise-hallam"].send(f"{meeting.path}/judge/spread", **spoken) == 303


def decided_with_two_dissents(meeting: Meeting) -> None:
    """14:46 to 14:52: D-1, six positions, six answers for one's own duty, final."""
    page = meeting.chair
    page.goto(meeting.demo.room + "/decide")
    fill_all(page, h1.RATIONALE)
    page.locator("summary", has_text="Option 3").click()
    page.locator("#option-3-rung").select_option("E3")
    page.locator("#option-3-words").fill("MARAC, and stay on the plan")
    record_if_asked(page)
    decision = re.findall(r"decisions/(\w+)", page.locator("#decisions a").last.get_attribute("href") or "")[
        0
    ]
    at = {"decision": decision}
    for person in h1.AGREE:
        voice = meeting.voices[person]
        assert voice.do("take-position", **at, position="agree")["type"] == "saved"
        assert voice.do("state-duty", **at, choice="relies_on_plan")["type"] == "saved"
    grace, words = meeting.voices["grace-lindqvist"], h1.DISSENTS["grace-lindqvist"]
    assert grace.do("take-position", **at, position="dissent", words=words)["type"] == "saved"
    assert grace.do("state-duty", **at, choice="referring_separately")["type"] == "saved"
    assert grace.send("/refer", concern="An infant, unweighed", to="Children’s services", child="Remi") == 303
    meeting.for_pike("position", **at, position="dissent", words=h1.DISSENTS["hannah-pike"])
    meeting.for_pike("duty", **at, choice="disagrees")
    for dissent in h1.DISSENTS.values():
        expect(meeting.health.locator("#decisions")).to_contain_text(dissent)
    forged = meeting.voices["denise-hallam"].do(
        "take-position", **at, position="agree", person="grace-lindqvist"
    )
    assert forged["type"] == "refused", "nobody speaks for another"
    final = f"{meeting.path}/decisions/{decision}/final"
    assert meeting.voices["denise-hallam"].send(final, reason="The scribe and the chair take none") == 303


def record_if_asked(page: Page) -> None:
    page.get_by_role("button", name="Record the decision").click()
    missed = page.get_by_role("group", name="What somebody who was not here would miss")
    expect(missed.or_(page.locator("#decisions"))).to_be_visible()
    if missed.is_visible():
        for answer in missed.locator("textarea").all():
            answer.fill("They were rung before the huddle")
        page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#decisions")).to_be_visible()


def nine_actions_are_promised(meeting: Meeting) -> None:
    page = meeting.chair
    for count, line in enumerate(h1.ACTIONS, 1):
        page.wait_for_timeout(meeting.pace * 1000)
        page.locator("#line").fill(line)
        page.locator("#line").press("Enter")
        expect(page.locator("#actions .promised-one")).to_have_count(count)
    for person in (*h1.AGREE, "grace-lindqvist"):
        voice = meeting.voices[person]
        for address, seen in re.findall(ACCEPTS, voice.get(meeting.path)):
            assert voice.send(address, seen=seen) == 303
    expect(page.locator("#actions .promised-accepted")).to_have_count(8)


def closed_and_read(meeting: Meeting) -> None:
    """14:58; and Pike confirms at 15:20 what was written for her."""
    page = meeting.chair
    page.goto(meeting.demo.room + "/close")
    say_why(page, "Rung after the huddle")
    page.get_by_role("button", name="Close the huddle").click()
    expect(page.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    expect(meeting.health.get_by_role("heading", name="Safeguarding huddle")).to_be_visible()
    every_line_is_there(page, (h1.FROM_POLICE,))
    every_line_is_there(meeting.health, (h1.FROM_HEALTH,))
    expect(meeting.health.locator("main")).not_to_contain_text(h1.FROM_POLICE.text)
    pike = meeting.voices["hannah-pike"]
    written = pike.get(f"{meeting.path}/words")
    spoken = re.findall(
        r'action="[^"]*/words/confirm"><input type="hidden" name="seq" value="(\d+)"', written
    )
    assert len(spoken) >= 4, "two lines, a position and a duty"
    for seq in spoken:
        assert pike.send(f"{meeting.path}/words/confirm", seq=seq) == 303
    assert not re.findall(CONFIRMS, pike.get(f"{meeting.path}/words"))


def every_line_is_there(page: Page, own: tuple[h1.Line, ...]) -> None:
    minutes = page.locator("main")
    shared = (h1.INCIDENTS, *h1.SHARED, h1.WHILE_THE_CHAIR_IS_GONE, h1.NO_CALL, *own)
    said = [line.text for line in shared]
    said += [*h1.DISSENTS.values(), h1.RATIONALE[:60]]
    said += [line.partition(" @")[0] for line in h1.ACTIONS]
    said += ["corrects the nil return", "Housing had not known about bail.", "Rung after the huddle"]
    for words in said:
        expect(minutes).to_contain_text(words)

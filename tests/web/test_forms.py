"""Forms: forgiving about how something is typed, exact about what may be asked, and never losing a word."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from server.people.state import PartnershipState
from server.record.commands import Command
from server.record.refusals import Malformed, TooLarge
from server.web.forms import LARGEST, Form, read_form


class Asked(Command):
    """Something with a field of every kind."""

    may: ClassVar[str] = "nobody"
    asks: ClassVar[Mapping[str, str]] = {"level": "Choose the level of the plan"}
    words: str
    level: Literal["low", "high"]
    due: date | None = None
    starts: datetime | None = None
    minutes: int = 20
    agreed: bool = False
    people: tuple[str, ...] = ()
    about: str = "nothing"
    person: str = ""


class Home:
    """Just enough of a house to read a form in."""

    def new_id(self) -> str:
        return "made-up"

    async def partnership(self) -> PartnershipState:
        return PartnershipState(time_zone="Europe/London")


def request(body: bytes, kind: str = "application/x-www-form-urlencoded") -> Request:
    chunks = [body[i : i + 1000] for i in range(0, len(body), 1000)] or [b""]

    async def receive() -> Message:
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    class App:
        class state:  # as Starlette calls it
            house = Home()

    headers = [(b"content-type", kind.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers, "app": App()}, receive)


async def read(sent: dict[str, Any] | str, **given: Any) -> Form[Asked]:
    text = sent if isinstance(sent, str) else urlencode(sent, doseq=True)
    return await read_form(request(text.encode()), Asked, **given)


WHOLE = {"words": "Isla was quiet", "level": "low"}


async def test_a_whole_form_becomes_the_command() -> None:
    sent = WHOLE | {"due": "2026-03-27", "minutes": "30", "agreed": "on", "people": ["priya", "sam"]}
    form = await read(sent)
    assert form.problems == {}
    assert form.command == Asked(
        words="Isla was quiet",
        level="low",
        due=date(2026, 3, 27),
        minutes=30,
        agreed=True,
        people=("priya", "sam"),
    )


async def test_what_is_not_sent_keeps_its_default() -> None:
    form = await read(WHOLE)
    assert form.command == Asked(words="Isla was quiet", level="low")


async def test_codes_are_read_past_spaces_and_invisible_marks() -> None:
    form = await read(
        WHOLE | {"level": " l\u200bow\u00a0", "minutes": " 3 0\u200d", "people": [" priya ", ""]}
    )
    assert form.command and (form.command.level, form.command.minutes, form.command.people) == (
        "low",
        30,
        ("priya",),
    )


async def test_text_is_taken_as_it_was_written() -> None:
    written = "\u200eShe said \u202eهنا\u202c\r\n\r\nand   left\u200b."
    form = await read(WHOLE | {"words": f"  {written}\n"})
    assert form.command and form.command.words == written.replace("\r\n", "\n")


async def test_every_problem_is_said_at_once_and_every_word_is_kept() -> None:
    sent = {"words": "kept", "level": "middling", "minutes": "a few", "due-day": "31", "due-month": "2"}
    form = await read(sent | {"due-year": "2026", "people": ["priya"]})
    assert form.command is None
    assert form.problems == {
        "level": "Choose the level of the plan",
        "minutes": "Enter a number",
        "due": "Enter a date, like 27 3 2026",
    }
    assert form.typed == sent | {"due-year": "2026", "people": ["priya"]}


async def test_an_empty_text_is_for_the_command_to_judge() -> None:
    form = await read({"level": "low"})
    assert form.command and form.command.words == ""


@pytest.mark.parametrize(
    "typed", ["27 3 2026", "27/3/2026", "27.03.2026", "27 March 2026", "27 mar 2026", " 2026-03-27\u200b "]
)
async def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    form = await read(WHOLE | {"due": typed})
    assert form.command and form.command.due == date(2026, 3, 27)


async def test_a_day_is_read_from_three_boxes() -> None:
    form = await read(WHOLE | {"due-day": " 27", "due-month": "March", "due-year": "2026 "})
    assert form.command and form.command.due == date(2026, 3, 27)


@pytest.mark.parametrize("typed", ["3/27/2026", "27 3", "tomorrow", "27 3 26", "30 February 2026"])
async def test_what_is_no_day_is_asked_for_again(typed: str) -> None:
    assert (await read(WHOLE | {"due": typed})).problems == {"due": "Enter a date, like 27 3 2026"}


@pytest.mark.parametrize(
    ("day", "time", "utc"),
    [
        ("19 3 2026", "2pm", datetime(2026, 3, 19, 14, tzinfo=UTC)),
        ("19 7 2026", "2:30 PM", datetime(2026, 7, 19, 13, 30, tzinfo=UTC)),
        ("19 3 2026", "14.30", datetime(2026, 3, 19, 14, 30, tzinfo=UTC)),
        ("19 3 2026", "12am", datetime(2026, 3, 19, 0, tzinfo=UTC)),
        ("19 3 2026", "midday", datetime(2026, 3, 19, 12, tzinfo=UTC)),
    ],
)
async def test_a_moment_is_by_the_partnerships_clock(day: str, time: str, utc: datetime) -> None:
    form = await read(WHOLE | {"starts": day, "starts-time": time})
    assert form.command and form.command.starts == utc


async def test_a_moment_is_read_from_a_browsers_own_field() -> None:
    form = await read(WHOLE | {"starts": "2026-07-19T14:00"})
    assert form.command and form.command.starts == datetime(2026, 7, 19, 13, tzinfo=UTC)


@pytest.mark.parametrize("time", ["25:00", "13pm", "soon", ""])
async def test_a_day_without_a_time_is_no_moment(time: str) -> None:
    form = await read(WHOLE | {"starts": "19 3 2026", "starts-time": time})
    assert form.problems == {"starts": "Enter a time, like 3:30pm"}


@pytest.mark.parametrize("name", ["author", "seq", "recorded_at", "audience", "may", "is_chair", "due-hour"])
async def test_g20_a_field_that_no_form_has_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        await read(WHOLE | {name: "x"})


async def test_what_is_given_is_not_for_the_form_to_say() -> None:
    form = await read(WHOLE, person="sam")
    assert form.command and form.command.person == "sam"
    with pytest.raises(Malformed):
        await read(WHOLE | {"person": "priya"}, person="sam")


async def test_the_senders_key_is_kept_and_one_is_made_where_there_is_none() -> None:
    assert (await read(WHOLE | {"key": "k1"})).key == "k1"
    for typed in ("", "x" * 101, "a\nb"):
        assert (await read(WHOLE | {"key": typed})).key == "made-up"


async def test_g9_what_cannot_be_stored_is_asked_to_be_taken_out() -> None:
    form = await read(WHOLE | {"words": "before\0after"})
    assert form.problems["words"].startswith("Take out the character")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"words=%ff%fe", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"&".join(b"people=%d" % n for n in range(1001)), "application/x-www-form-urlencoded"),
    ],
)
async def test_what_is_no_form_of_ours_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        await read_form(request(body, kind), Asked)


async def test_g1_64_kib_is_the_most() -> None:
    fits = b"level=low&words=" + b"a" * (LARGEST - 16)
    assert (await read_form(request(fits), Asked)).command
    with pytest.raises(TooLarge):
        await read_form(request(fits + b"a"), Asked)


@given(st.dictionaries(st.sampled_from(["words", "level", "due", "starts", "minutes", "agreed"]), st.text()))
async def test_whatever_is_typed_is_answered_in_words(sent: dict[str, str]) -> None:
    form = await read(sent)
    assert form.typed == sent
    assert (form.command is None) == bool(form.problems)

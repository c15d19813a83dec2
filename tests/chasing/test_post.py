"""Mail is handed to a real relay, which behaves as badly as relays do; nothing hangs, nothing is told."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import ValidationError

from server.chasing.items import Item
from server.chasing.letters import compose, message
from server.chasing.post import BACKOFF, TRIES, Outcome, Result, Smtp, UnfitRelay, next_try, relay
from server.settings import Settings
from tests.lab.certificate import own_certificate
from tests.lab.machine import LOOPBACK, free_port
from tests.lab.mailbox import Mailbox, Mode
from tests.lab.town import SECRET

JOY = "joy@example.org"
NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)
SOON = 0.3  # in place of thirty seconds


def reminder(to: str = JOY) -> EmailMessage:
    letter = compose("Joy", [Item("due", due=NOW)], at=NOW, base_url="https://huddle.example")
    return message(letter, to, mail_from="huddle@huddle.example", mail_id="reminder-1", at=NOW)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


async def test_a_mail_arrives_as_it_was_written(box: Mailbox) -> None:
    assert await Smtp(box.url).send(reminder(), JOY) == Outcome("accepted", 250)
    (mail,) = box.mails
    assert (mail.sender, mail.to) == ("huddle@huddle.example", JOY)
    assert mail.message["Message-ID"] == "<reminder-1@huddle.example>"
    assert mail.text.startswith("Hello Joy\n\nYou have 1 action due today")


@pytest.mark.parametrize(
    ("mode", "outcome", "kept"),
    [
        ("accept", Outcome("accepted", 250), 1),
        ("later", Outcome("try_again", 451), 0),
        ("never", Outcome("refused", 550), 0),
        ("never_content", Outcome("refused", 554), 0),
        ("hang", Outcome("try_again"), 0),
        ("drop", Outcome("try_again"), 0),
        ("hang_content", Outcome("unsure"), 1),
        ("drop_content", Outcome("unsure"), 1),
    ],
)
async def test_j5_each_fault_of_a_relay_has_its_result(
    box: Mailbox, mode: Mode, outcome: Outcome, kept: int
) -> None:
    box.mode = mode
    limit = SOON if "hang" in mode else 30
    assert await Smtp(box.url, limit=limit).send(reminder(), JOY) == outcome
    assert len(box.mails) == kept


async def test_one_address_that_is_refused_stops_no_other(box: Mailbox) -> None:
    box.modes[JOY] = "never"
    smtp = Smtp(box.url)
    assert (await smtp.send(reminder(), JOY)).result == "refused"
    assert (await smtp.send(reminder("tom@example.org"), "tom@example.org")).result == "accepted"


async def test_nobody_listens_there() -> None:
    assert await Smtp(f"smtp://{LOOPBACK}:{free_port()}").send(reminder(), JOY) == Outcome("try_again")


async def test_whoever_takes_the_call_and_never_speaks_is_given_up() -> None:
    with socket.create_server((LOOPBACK, 0)) as silent:
        url = f"smtp://{LOOPBACK}:{silent.getsockname()[1]}"
        assert await Smtp(url, limit=SOON).send(reminder(), JOY) == Outcome("try_again")


async def test_a6_the_repeat_of_what_is_unsure_has_the_same_message_id(box: Mailbox) -> None:
    box.mode = "drop_content"
    assert (await Smtp(box.url).send(reminder(), JOY)).result == "unsure"
    box.mode = "accept"
    assert (await Smtp(box.url).send(reminder(), JOY)).result == "accepted"
    first, second = box.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]


async def test_a_relay_may_take_its_time(box: Mailbox) -> None:
    box.mode = "delay"
    sending = asyncio.create_task(Smtp(box.url).send(reminder(), JOY))
    await asyncio.to_thread(box.wait_for, 1)
    assert not sending.done()
    box.let_go()
    assert (await sending).result == "accepted"


async def test_an_address_in_other_letters_is_written_to(box: Mailbox) -> None:
    jorg = "jörg@exämple.org"
    assert (await Smtp(box.url).send(reminder(jorg), jorg)).result == "accepted"
    assert [mail.to for mail in box.mails] == [jorg]


async def test_the_password_goes_only_where_the_certificate_is_believed(tmp_path: Path) -> None:
    ends = own_certificate(tmp_path)
    with Mailbox(tls=ends.server, account=("huddle", "s3cret")) as box:
        assert (await Smtp(box.url, tls=ends.client).send(reminder(), JOY)).result == "accepted"
        assert (await Smtp(box.url).send(reminder(), JOY)) == Outcome("try_again")
        wrong = box.url.replace("s3cret", "other")
        # A wrong password says nothing of the address: it's put right, and the mail goes then.
        assert await Smtp(wrong, tls=ends.client).send(reminder(), JOY) == Outcome("try_again", 535)
        assert len(box.mails) == 1


@pytest.mark.parametrize("mode", ["later", "never", "never_content", "drop_content"])
async def test_nothing_of_a_person_or_a_mail_is_logged(
    box: Mailbox, mode: Mode, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    box.mode = mode
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("mail").setLevel(logging.CRITICAL)  # the relay's own
        outcome = await Smtp(box.url).send(reminder(), JOY)
    told = caplog.text + "".join(capfd.readouterr()) + repr(outcome)
    assert "joy" not in told.lower() and "action" not in told


# When it is tried again


def test_j4_it_is_tried_six_times_and_counts_as_failed_then() -> None:
    waits = [next_try(Outcome("try_again"), tries, NOW) for tries in range(1, TRIES + 1)]
    minutes = [(at - NOW) / timedelta(minutes=1) for at in waits if at]
    assert minutes == [1, 5, 15, 60, 240]
    assert waits[-1] is None


def test_j5_what_is_unsure_is_repeated_once() -> None:
    assert next_try(Outcome("unsure"), 1, NOW) == NOW + timedelta(minutes=1)
    assert next_try(Outcome("unsure"), 2, NOW, repeated=True) is None


def test_a_repeat_that_certainly_did_not_arrive_goes_on() -> None:
    assert next_try(Outcome("try_again"), 2, NOW, repeated=True) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("result", ["accepted", "refused"])
def test_what_is_settled_is_not_tried_again(result: Result) -> None:
    assert next_try(Outcome(result), 1, NOW) is None


def test_nothing_is_tried_for_ever() -> None:
    assert all(len(waits) < TRIES for waits in BACKOFF.values())


# Where it is handed over


@pytest.mark.parametrize(
    ("url", "host", "port", "how"),
    [
        ("smtps://mail.example", "mail.example", 465, "tls"),
        ("smtp://mail.example?tls=starttls", "mail.example", 587, "starttls"),
        ("smtp://mail.example:2525?tls=starttls", "mail.example", 2525, "starttls"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, "plain"),
        ("smtp://[::1]:1025", "::1", 1025, "plain"),
        ("smtp://localhost", "localhost", 25, "plain"),
    ],
)
def test_a_relay_is_named_by_its_address(url: str, host: str, port: int, how: str) -> None:
    assert relay(url)[:3] == (host, port, how)


def test_a_name_and_a_password_may_hold_any_character() -> None:
    assert relay("smtps://a%40b:p%3Aw%2F@mail.example")[3:] == ("a@b", "p:w/")


@pytest.mark.parametrize(
    "url",
    [
        "smtp://u:hidden@mail.example",
        "smtp://mail.example",
        "smtp://u:hidden@mail.example?tls=none",
        "smtp://u:hidden@mail.example?tls=plain",
        "smtp://u:hidden@mail.example?ssl=starttls",
        "smtp://u:hidden@mail.example:port?tls=starttls",
        "smtp://u:hidden@127.0.0.1.example",
        "http://u:hidden@mail.example",
        "smtp://",
    ],
)
def test_a_relay_that_would_give_secrets_away_is_refused_without_telling_them(url: str) -> None:
    with pytest.raises(UnfitRelay) as refused:
        relay(url)
    assert "hidden" not in str(refused.value) and "mail.example" not in str(refused.value)


def test_a_setting_that_cannot_be_used_is_refused() -> None:
    assert Settings(secret_key=SECRET, smtp_url="smtps://u:p@mail.example", mail_from="a@b.example")
    for wrong in ({"smtp_url": "mail"}, {"mail_from": "A <a@b.example>"}, {"help_line": "two\nlines"}):
        with pytest.raises(ValidationError):
            Settings(secret_key=SECRET, **wrong)

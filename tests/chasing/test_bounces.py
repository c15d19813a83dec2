"""What comes back is read for one thing: which mail of ours failed, for whom, for good or not."""

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.chasing.bounces import LARGEST, Bounce, read

# As a relay writes it, line for line.
REPORT = b"""\
Return-Path: <>
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: huddle@huddle.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Q2.1764150000/relay.example"
Message-Id: <20261126094000.4Q2@relay.example>

This is a MIME-encapsulated message.

--4Q2.1764150000/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<joy@example.org>: host mx.example.org[192.0.2.7] said: 550 5.1.1 unknown user

--4Q2.1764150000/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 4Q2
Arrival-Date: Thu, 26 Nov 2026 09:40:00 +0000 (GMT)

Final-Recipient: rfc822; Joy@example.org
Original-Recipient: rfc822;joy@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--4Q2.1764150000/relay.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Huddle <huddle@huddle.example>
To: joy@example.org
Subject: You have 1 action due on Friday 27 November
Message-ID: <reminder-1@huddle.example>

Hello Joy

--4Q2.1764150000/relay.example--
"""


def test_j6_a_relays_report_names_the_mail_the_recipient_and_that_it_is_for_good() -> None:
    assert read(REPORT) == Bounce("<reminder-1@huddle.example>", "joy@example.org", for_good=True)


def test_lines_may_end_either_way() -> None:
    assert read(REPORT.replace(b"\n", b"\r\n")) == read(REPORT)


def test_what_was_given_up_after_days_is_not_for_good() -> None:
    bounce = read(REPORT.replace(b"Status: 5.1.1", b"Status: 4.4.1"))
    assert bounce is not None and not bounce.for_good


def test_headers_alone_may_be_returned() -> None:
    returned = REPORT.replace(b"Content-Type: message/rfc822", b"Content-Type: text/rfc822-headers")
    assert read(returned) == read(REPORT)


def test_one_failure_among_several_recipients_is_found() -> None:
    before = b"Final-Recipient: rfc822; tom@example.org\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient"
    assert read(REPORT.replace(b"Final-Recipient", before, 1)) == read(REPORT)


@pytest.mark.parametrize("action", [b"delayed", b"delivered", b"relayed", b"expanded", b""])
def test_what_did_not_fail_is_no_failure(action: bytes) -> None:
    assert read(REPORT.replace(b"Action: failed", b"Action: " + action)) is None


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"multipart/report", b"multipart/mixed"),
        (b"message/delivery-status", b"text/plain"),
        (b"Message-ID: <reminder-1@huddle.example>\n", b""),
        (b"message/rfc822", b"application/octet-stream"),
    ],
)
def test_what_is_no_whole_report_is_nothing(there: bytes, instead: bytes) -> None:
    assert there in REPORT
    assert read(REPORT.replace(there, instead)) is None


def test_somebodys_answer_is_nothing() -> None:
    answer = EmailMessage()
    answer["Subject"] = "Re: You have 1 action due"
    answer.set_content("I am away until Monday.")
    assert read(answer.as_bytes()) is None


def test_what_is_too_large_is_not_read() -> None:
    assert read(REPORT + b" " * LARGEST) is None


@given(st.binary(max_size=2000))
def test_garbage_is_nothing(garbage: bytes) -> None:
    assert read(garbage) is None


@given(st.integers(0, len(REPORT)), st.integers(0, len(REPORT)), st.binary(max_size=40))
def test_a_damaged_report_is_no_error(start: int, end: int, put_in: bytes) -> None:
    bounce = read(REPORT[: min(start, end)] + put_in + REPORT[max(start, end) :])
    assert bounce is None or isinstance(bounce, Bounce)


@pytest.mark.parametrize("depth", [1, 30, 300, 3000])
@pytest.mark.parametrize(
    "opening",
    ["Content-Type: multipart/report; boundary=b{0}\n\n--b{0}\n", "Content-Type: message/rfc822\n\n"],
)
def test_parts_within_parts_are_no_error(opening: str, depth: int) -> None:
    nested = "".join(opening.format(number) for number in range(depth)).encode()
    assert len(nested) < LARGEST
    assert read(nested) is None
    assert read(b"Content-Type: multipart/report; boundary=a\n\n--a\n" + nested) is None


def test_a_mail_within_a_mail_within_a_report_is_read() -> None:
    outer = MIMEMultipart("report")
    outer.attach(MIMEMessage(EmailMessage()))
    assert read(outer.as_bytes()) is None

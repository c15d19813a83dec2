"""How a mail is made: its headers, a page that asks for nothing, and an entry that any calendar can read."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus
from lxml import html as pages

from server.chasing.items import Item, Kind, Meeting
from server.chasing.letters import compose, mail_id_of, message

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 6, 24, 9, 0, tzinfo=LONDON)
FRIDAY = datetime(2026, 6, 26, 14, 0, tzinfo=LONDON)
JOY = "joy@example.org"


def made(*items: Item, to: str = JOY, mail_id: str = "n-42", help_line: str = "") -> EmailMessage:
    """As whoever receives it reads it: from its bytes."""
    letter = compose("Joy", items, at=NOW, base_url="https://huddle.example", help_line=help_line)
    sent = message(letter, to, mail_from="huddle@mail.huddle.example", mail_id=mail_id, at=NOW)
    return message_from_bytes(sent.as_bytes(), policy=default)


def huddle(kind: Kind = "invited", sequence: int = 0, uid: str = "7f1c") -> Item:
    return Item(kind, due=FRIDAY, meeting=Meeting(uid, sequence, 20))


def body(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_its_headers_are_these_and_no_others() -> None:
    headers = dict(made(Item("before", due=FRIDAY)).items())
    assert re.fullmatch(r"multipart/alternative; boundary=.*", headers.pop("Content-Type"))
    assert headers == {
        "From": "Huddle <huddle@mail.huddle.example>",
        "To": JOY,
        "Subject": "You have 1 action due on Friday 26 June",
        "Date": "Wed, 24 Jun 2026 09:00:00 +0100",
        "Message-ID": "<n-42@mail.huddle.example>",
        "List-Id": "Huddle <huddle.mail.huddle.example>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


def test_a_mail_is_found_again_by_its_message_id() -> None:
    assert mail_id_of(made(Item("before"), mail_id="n-42.a")["Message-ID"]) == "n-42.a"
    for other in ("", "<>", "n-42", "<a b@c>", "<a/b@c>", "@", "<@c>"):
        assert mail_id_of(other) == ""


@pytest.mark.parametrize("mail_id", ["", "a b", "a>", "a@b", "a\r\nBcc: x", "ä"])
def test_an_id_that_cannot_stand_in_a_header_is_refused(mail_id: str) -> None:
    with pytest.raises(ValueError, match="id"):
        made(Item("before"), mail_id=mail_id)


@pytest.mark.parametrize(
    "to", ["", "joy", "@example.org", "joy@", "joy@example.org\r\nBcc: x@y.z", "a b@c.d"]
)
def test_an_address_that_is_none_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="address"):
        made(Item("before"), to=to)


def test_the_page_says_the_same_as_the_plain_text() -> None:
    mail = made(Item("before", due=FRIDAY), Item("verify"), help_line="Ring <0300> & ask")
    page = pages.fromstring(body(mail, "html"))
    shown = "\n".join(text.strip() for text in page.xpath("//body//text()") if text.strip())
    plain = "\n".join(line.removeprefix("* ") for line in body(mail, "plain").splitlines() if line)
    assert shown == plain
    assert page.xpath("string(//title)") == mail["Subject"]


def test_j11_the_page_asks_for_nothing_and_holds_one_link() -> None:
    written = body(made(Item("before", due=FRIDAY)), "html")
    page = pages.fromstring(written)
    assert page.xpath("//@href") == ["https://huddle.example/work"]
    assert not page.xpath("//img | //link | //script | //iframe | //form | //object | //@src | //@style")
    assert not re.search(r"url\(|@import|javascript:", written)


# Calendars


def calendars(*items: Item) -> dict[str, str]:
    """Each attached calendar by its method."""
    parts = list(made(*items).iter_attachments())
    assert all(part.get_content_type() == "text/calendar" for part in parts)
    return {part.get_param("method"): part.get_content() for part in parts}  # type: ignore[misc]


def other_reader(calendar: str) -> Event:
    (event,) = IcsCalendarStream.calendar_from_ics(calendar).events
    return event


def test_an_invitation_is_an_entry_without_a_word_of_what_it_is_about() -> None:
    (method, calendar), *others = calendars(huddle()).items()
    assert (method, others) == ("PUBLISH", [])
    read = icalendar.Calendar.from_ical(calendar)
    (event,) = read.walk("VEVENT")
    assert read["METHOD"] == "PUBLISH"
    assert {name: event.get(name) for name in ("UID", "SEQUENCE", "SUMMARY", "CLASS", "STATUS")} == {
        "UID": "7f1c",
        "SEQUENCE": 0,
        "SUMMARY": "Safeguarding huddle",
        "CLASS": "PRIVATE",
        "STATUS": "CONFIRMED",
    }
    assert event["DESCRIPTION"] == "Sign in to see details. https://huddle.example/work"
    assert (event.start, event.end) == (
        datetime(2026, 6, 26, 13, 0, tzinfo=UTC),
        datetime(2026, 6, 26, 13, 20, tzinfo=UTC),
    )
    assert not {"LOCATION", "ATTENDEE", "URL", "ATTACH", "CATEGORIES"} & set(event)


def test_j15_another_reader_reads_the_same() -> None:
    event = other_reader(calendars(huddle())["PUBLISH"])
    assert (event.uid, event.sequence, event.summary) == ("7f1c", 0, "Safeguarding huddle")
    assert event.dtstart == FRIDAY
    assert (event.dtend, event.classification) == (datetime(2026, 6, 26, 13, 20, tzinfo=UTC), "PRIVATE")
    assert (event.status, event.attendees, event.location) == (EventStatus.CONFIRMED, [], None)


def test_j15_a_move_replaces_the_entry_and_a_cancellation_takes_it_out() -> None:
    first, moved = (other_reader(calendars(item)["PUBLISH"]) for item in (huddle(), huddle("moved", 1)))
    gone = other_reader(calendars(huddle("uninvited", 2))["CANCEL"])
    assert first.uid == moved.uid == gone.uid
    assert [first.sequence, moved.sequence, gone.sequence] == [0, 1, 2]
    assert (moved.status, gone.status) == (EventStatus.CONFIRMED, EventStatus.CANCELLED)


def test_what_was_changed_twice_is_one_entry_as_it_is_last() -> None:
    found = calendars(huddle("invited", 0), huddle("moved", 1), huddle("uninvited", 2))
    assert list(found) == ["CANCEL"]


def test_several_huddles_stand_in_one_calendar_for_each_method() -> None:
    found = calendars(huddle(uid="a"), huddle("moved", 1, uid="b"), huddle("uninvited", 1, uid="c"))
    assert {m: sorted(re.findall(r"UID:(\w)", text)) for m, text in found.items()} == {
        "PUBLISH": ["a", "b"],
        "CANCEL": ["c"],
    }


def test_only_a_huddle_has_an_entry() -> None:
    assert calendars(Item("before", due=FRIDAY)) == {}


def test_a_huddle_without_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="start"):
        made(Item("invited"))

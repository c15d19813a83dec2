"""A mail as it leaves: plain text, the same in HTML, and a calendar entry where it is about a huddle.

The HTML asks for nothing from anywhere: no image, no style sheet, no address but the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from markupsafe import Markup

from server.chasing.entries import Entry, calendars, entries
from server.chasing.items import Item
from server.chasing.words import Said, said

SENDER = "Huddle"
MAIL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

PAGE = Markup(
    """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px 16px; font: 18px/1.5 Arial, Helvetica, sans-serif; }}
main {{ max-width: 560px; margin: 0 auto; }}
p, ul {{ margin: 0 0 16px; }}
ul {{ padding-left: 24px; }}
li {{ margin-bottom: 8px; }}
p.news {{ font-weight: bold; }}
.address {{ overflow-wrap: anywhere; }}
.notes {{ border-top: 1px solid #888; padding-top: 16px; font-size: 16px; }}
</style>
</head>
<body>
<main>
<p>{hello}</p>
{news}
{invitation}<div class="notes">
{notes}
</div>
</main>
</body>
</html>
"""
)
ONE = Markup('<p class="news">{}</p>')
MANY = Markup('<ul class="news">\n{}\n</ul>')
ENTRY = Markup("<li>{}</li>")
INVITATION = Markup('<p>{words}<br>\n<a class="address" href="{address}">{address}</a></p>\n')
NOTE = Markup("<p>{}</p>")


@dataclass(frozen=True)
class Letter:
    """What one person is written. `calendar` holds the huddles that it is about."""

    subject: str
    text: str
    html: str
    calendar: tuple[Entry, ...] = ()


def compose(
    name: str,
    items: Sequence[Item],
    *,
    at: datetime,
    base_url: str,
    help_line: str = "",
    repeat: bool = False,
    account_link: str = "",
) -> Letter:
    """One letter about all of `items`. `name` may be a full one: the first name is taken out of it.

    `at` is local and aware. Raises ValueError as `said` does.
    """
    words = said(name, items, at, base_url, help_line, repeat, account_link)
    return Letter(words.subject, plain(words), html(words), entries(items, words.address))


def plain(words: Said) -> str:
    mark = "* " if len(words.news) > 1 else ""
    parts = [
        words.hello,
        "\n".join(mark + line for line in words.news),
        f"{words.invitation}\n{words.address}" if words.address else "",
        *words.notes,
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def html(words: Said) -> str:
    """The same, with everything escaped that is put in."""
    lines = Markup("\n").join(ENTRY.format(line) for line in words.news)
    return PAGE.format(
        subject=words.subject,
        hello=words.hello,
        news=MANY.format(lines) if len(words.news) > 1 else ONE.format(words.news[0]),
        invitation=INVITATION.format(words=words.invitation, address=words.address) if words.address else "",
        notes=Markup("\n").join(NOTE.format(note) for note in words.notes),
    )


def message(letter: Letter, to: str, *, mail_from: str, mail_id: str, at: datetime) -> EmailMessage:
    """`letter` on its way from one address to one other.

    The same `mail_id` makes the same Message-ID, so that a repeat can be seen to be one. Raises ValueError
    for an id that cannot stand in one, and for an address that is none.
    """
    if not MAIL_ID.fullmatch(mail_id):
        raise ValueError("a mail's id is letters, digits, dots and dashes")
    sender = Address(SENDER, addr_spec=mail_from)
    made = EmailMessage(SMTP if to.isascii() else SMTPUTF8)
    made["From"] = sender
    made["To"] = recipient(to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{mail_id}@{sender.domain}>"
    made["List-Id"] = f"Huddle <huddle.{sender.domain}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    attach(made, letter.calendar, mail_from, at)
    return made


def recipient(to: str) -> Address:
    """Their address without their name. In parts: as a whole the library takes ASCII alone."""
    user, at, domain = to.rpartition("@")
    if not (user and at and domain) or not to.isprintable() or " " in to:
        raise ValueError("that is no address to write to")
    return Address(username=user, domain=domain)


def attach(made: EmailMessage, calendar: Iterable[Entry], mail_from: str, at: datetime) -> None:
    for method, content in calendars(calendar, mail_from, at):
        made.add_attachment(
            content,
            subtype="calendar",
            cte="quoted-printable",
            filename="huddle.ics" if method == "PUBLISH" else "cancelled.ics",
            params={"method": method},
        )


def mail_id_of(message_id: str) -> str:
    """The mail's id in a Message-ID of ours; empty where it cannot be one."""
    found, _, domain = message_id.strip().removeprefix("<").removesuffix(">").rpartition("@")
    return found if domain and MAIL_ID.fullmatch(found) else ""

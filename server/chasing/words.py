"""The words of a mail, made of counts, days and the recipient's own first name. Pure.

Whatever could stand here could be read by anybody: no family, no agency, no other person. Words that
differ by what happened are looked up by kind, never taken from the record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import dropwhile
from typing import NamedTuple

from server.chasing.items import ALONE, Item, Kind, gathered
from server.chasing.sentences import SUBJECTS, counts, line

MOST_LINES = 10
"""What is more is counted in one line: after an outage a mail stays as short as any other."""

ONLY_SIGNED_IN = "This link only works after you sign in. Do not reply to this email with case details."
NOT_YOURS = "Not yours, or you are away? Sign in and choose “Ask for a change” – the chair will be told."
UNEXPECTED = (
    "Do not pass it on. If you did not expect this email, do not use the link, and tell your administrator."
)
PERHAPS_TWICE = "You may have had this email already."

PROMISED: frozenset[Kind] = frozenset({"before", "due", "overdue", "accept"})

TITLE = re.compile(
    r"""(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|reverend|fr|father|sir|dame|lady|lord|hon|judge|hh
    |pc|ps|pcso|sgt|sergeant|insp|inspector|ci|supt|ds|dc|di|dci|dsu|det|dsgt
    |cllr|councillor|sister|nurse|matron)\.?""",
    re.IGNORECASE | re.VERBOSE,
)
FIRST_NAME = re.compile(r"[^\W\d_]{2,}(?:[-'’][^\W\d_]+)*")


class Said(NamedTuple):
    """A mail as it reads from top to bottom. `address` may be empty: then nothing is to be opened."""

    subject: str
    hello: str
    news: tuple[str, ...]
    invitation: str
    address: str
    notes: tuple[str, ...]


def said(
    name: str,
    items: Sequence[Item],
    at: datetime,
    base_url: str,
    help_line: str = "",
    repeat: bool = False,
    account_link: str = "",
) -> Said:
    """One mail for one person about all of `items`. `at` is local: "today" is its day.

    Raises ValueError for none, or where an account link or a canary doesn't come alone.
    """
    groups = gathered(items)
    kinds = {item.kind for item in groups}
    if not groups or (kinds & ALONE and len(groups) > 1) or bool(account_link) != (kinds == {"link"}):
        raise ValueError("an account link and a canary come alone, and a mail is about something")
    first = first_name(name)
    sign_in = f"Sign in to see {'it' if sum(item.count for item in groups) == 1 else 'them'}:"
    return Said(
        subject=subject(groups, at),
        hello=f"Hello {first}" if first else "Hello",
        news=news(groups, at),
        invitation="Choose your password:" if account_link else sign_in,
        address=account_link or ("" if kinds == {"canary"} else f"{base_url.rstrip('/')}/work"),
        notes=tuple(notes(groups, help_line, repeat)),
    )


def first_name(name: str) -> str:
    """The first name in a full one, without titles; empty where there is none to be sure of."""
    words = name.split()
    untitled = list(dropwhile(TITLE.fullmatch, words))
    if len(untitled) == 1 < len(words):
        return ""  # "Dr Shah" says nobody's first name
    found = untitled[0] if untitled else ""
    return found if FIRST_NAME.fullmatch(found) and found[0].isalpha() else ""


def news(groups: Sequence[Item], at: datetime) -> tuple[str, ...]:
    """A line for each group; those of a digest stand together in one."""
    digest = [item for item in groups if item.kind == "digest"]
    others = [item for item in groups if item.kind != "digest"]
    lines = [f"{counts(digest)}."] if digest else []
    lines += [line(item, at) for item in others[:MOST_LINES]]
    if rest := others[MOST_LINES:]:
        lines.append(f"And {sum(item.count for item in rest)} more.")
    return tuple(lines)


def notes(groups: Sequence[Item], help_line: str, repeat: bool) -> list[str]:
    kinds = {item.kind for item in groups}
    told = [UNEXPECTED if kinds == {"link"} else "" if kinds == {"canary"} else ONLY_SIGNED_IN]
    if any(i.kind in PROMISED and i.about == "action" and i.part == "owner" for i in groups):
        told.append(NOT_YOURS)
    told += [f"Help: {help_line}" if help_line else "", PERHAPS_TWICE if repeat else ""]
    return [each for each in told if each]


def subject(groups: Sequence[Item], at: datetime) -> str:
    urgent = "Urgent: " if any(item.urgent for item in groups) else ""
    if {item.kind for item in groups} == {"digest"}:
        return counts(groups)
    if len(groups) == 1:
        return urgent + SUBJECTS[groups[0].kind](groups[0], at)
    total = sum(item.count for item in groups if item.kind != "digest")
    return f"{urgent}You have {total} {'things' if total > 1 else 'thing'} to see to in Huddle"

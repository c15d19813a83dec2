"""One sentence, and one subject, for each kind of thing that a mail may be about. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from server.chasing.items import HUDDLES, About, Item, Kind, Part
from server.families.when import day_words, time_words

NOUNS: dict[About, tuple[str, str]] = {
    "action": ("action", "actions"),
    "request": ("request for information", "requests for information"),
    "sign-off": ("sign-off", "sign-offs"),
    "review": ("review", "reviews"),
}
TOLD: dict[Part, str] = {
    "owner": "the owner",
    "manager": "your line manager",
    "lead": "your safeguarding lead",
    "chair": "the chair",
    "plan_owner": "the plan owner",
}
AS: dict[Part, str] = {
    "owner": "owner",
    "manager": "line manager",
    "lead": "safeguarding lead",
    "chair": "chair",
    "plan_owner": "plan owner",
}


def line(item: Item, at: datetime) -> str:
    words = LINES[item.kind](item, at)
    if item.urgent and item.kind not in HUDDLES:
        words += " It is urgent." if item.count == 1 else " They are urgent."
    return words


def counts(digest: Sequence[Item]) -> str:
    """ "3 actions due this week · 1 overdue · 1 sign-off waiting"."""
    due = [f"{counted(item)} due this week" for item in digest if item.standing == "week"]
    late = sum(item.count for item in digest if item.standing == "overdue")
    waiting = [f"{counted(item)} waiting" for item in digest if item.standing == "waiting"]
    return " · ".join([*due, *([f"{late} overdue"] if late else []), *waiting])


def counted(item: Item) -> str:
    return f"{item.count} {noun(item)}"


def noun(item: Item) -> str:
    return NOUNS[item.about][item.count > 1]


def one_or_more(item: Item, one: str, more: str) -> str:
    return one if item.count == 1 else more


def day(moment: datetime) -> str:
    """Friday 27 November 2026."""
    return f"{moment:%A} {day_words(moment.date())}"


def short_day(moment: datetime) -> str:
    """Friday 27 November."""
    return f"{moment:%A} {moment.day} {moment:%B}"


def was_due(item: Item, at: datetime) -> str:
    was = one_or_more(item, "was", "were")
    if item.due is None:
        return one_or_more(item, "is overdue", "are overdue")
    days = (at.date() - item.due.date()).days
    if days == 0:
        return f"{was} due today at {time_words(item.due)}"
    return f"{was} due {'yesterday' if days == 1 else 'on ' + day(item.due)}"


def before(item: Item, at: datetime) -> str:
    if item.due is None:
        return f"You have {counted(item)} due soon."
    return f"You have {counted(item)} due by {time_words(item.due)} on {day(item.due)}."


def due(item: Item, at: datetime) -> str:
    if item.due is None:
        return f"You have {counted(item)} due today."
    if item.due.date() != at.date():
        return overdue(item, at) if item.due < at else before(item, at)
    return f"You have {counted(item)} due today, {day(item.due)}, at {time_words(item.due)}."


def overdue(item: Item, at: datetime) -> str:
    owned = one_or_more(item, f"Your {noun(item)}", f"Your {counted(item)}")
    return f"{owned} {was_due(item, at)}.{also_told(item)}"


def also_told(item: Item) -> str:
    """Only who has been told is named, and by what they are."""
    names = [TOLD[part] for part in item.told]
    if not names:
        return ""
    words = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f" {words[0].upper()}{words[1:]} {'has' if len(names) == 1 else 'have'} been told."


def climbed(item: Item, at: datetime) -> str:
    still = one_or_more(item, "is still open", "are still open")
    late = f"{was_due(item, at)} and {still}" if item.due else was_due(item, at)
    return f"{counted(item)} {late}. You are told as {AS[item.part]}."


def accept(item: Item, at: datetime) -> str:
    accepts = one_or_more(item, "waits for you to accept it", "wait for you to accept them")
    return f"{counted(item)} {accepts}."


def reassign(item: Item, at: datetime) -> str:
    return f"{counted(item)} {one_or_more(item, 'needs', 'need')} another owner."


def verify(item: Item, at: datetime) -> str:
    done = one_or_more(
        item, "is done and waits for you to check it", "are done and wait for you to check them"
    )
    return f"{counted(item)} {done}."


def asked(item: Item, at: datetime) -> str:
    put = one_or_more(item, "A question has been put to you", f"{item.count} questions have been put to you")
    if item.due is None:
        return f"{put}."
    answer = one_or_more(item, "Answer it", "Answer them")
    return f"{put}. {answer} by {time_words(item.due)} on {day(item.due)}."


def queue(item: Item, at: datetime) -> str:
    waits = one_or_more(item, "waits for you to settle it", "wait for you to settle them")
    return f"{item.count} overdue {noun(item)} {waits}."


def failed(item: Item, at: datetime) -> str:
    mail = one_or_more(item, "1 email", f"{item.count} emails")
    if item.part == "owner":
        return f"{mail} to you could not be delivered. Check your email address."
    return f"{mail} about what is owed could not be delivered. You are told as {AS[item.part]}."


def link(item: Item, at: datetime) -> str:
    until = f", until {time_words(item.due)} on {day(item.due)}" if item.due else ""
    return f"You can choose a password for Huddle. This link works once{until}."


def canary(item: Item, at: datetime) -> str:
    return "This is a test. Huddle sends it to prove that its emails leave. There is nothing to do."


def meeting_at(item: Item) -> str:
    """Friday 27 November 2026 at 2pm, 20 minutes. Raises ValueError for a huddle without a time."""
    if item.due is None or item.meeting is None:
        raise ValueError("a huddle in a mail has a start and an entry for the calendar")
    return f"{day(item.due)} at {time_words(item.due)}, {item.meeting.minutes} minutes"


def near(item: Item, at: datetime) -> str:
    """Friday 2pm; with its date where that is not within the next six days."""
    if item.due is None:
        return ""
    ahead = (item.due.date() - at.date()).days
    weekday = f"{item.due:%A}" if 0 <= ahead <= 6 else short_day(item.due)
    return f"{weekday} {time_words(item.due)}"


def length(item: Item) -> str:
    return f", {item.meeting.minutes} minutes" if item.meeting else ""


def due_subject(item: Item, at: datetime) -> str:
    if item.due is None:
        return f"You have {counted(item)} due"
    if item.due.date() == at.date():
        return f"You have {counted(item)} due today, {short_day(item.due)}"
    if item.due < at:
        return f"You have {item.count} overdue {noun(item)}"
    return f"You have {counted(item)} due on {short_day(item.due)}"


Words = Callable[[Item, datetime], str]

LINES: dict[Kind, Words] = {
    "before": before,
    "due": due,
    "overdue": overdue,
    "climbed": climbed,
    "accept": accept,
    "reassign": reassign,
    "verify": verify,
    "asked": asked,
    "queue": queue,
    "failed": failed,
    "invited": lambda item, at: f"You are asked to a safeguarding huddle: {meeting_at(item)}.",
    "moved": lambda item, at: f"A safeguarding huddle has moved. It is on {meeting_at(item)}.",
    "uninvited": lambda item, at: (
        f"You are no longer asked to the safeguarding huddle of {meeting_at(item)}."
    ),
    "link": link,
    "canary": canary,
}
SUBJECTS: dict[Kind, Words] = {
    "before": due_subject,
    "due": due_subject,
    "overdue": lambda item, at: f"You have {item.count} overdue {noun(item)}",
    "climbed": lambda item, at: f"{item.count} overdue {noun(item)}: you are told as {AS[item.part]}",
    "accept": lambda item, at: accept(item, at).rstrip("."),
    "reassign": lambda item, at: reassign(item, at).rstrip("."),
    "verify": lambda item, at: verify(item, at).rstrip("."),
    "asked": lambda item, at: one_or_more(
        item, "A question has been put to you", f"{item.count} questions have been put to you"
    ),
    "queue": lambda item, at: queue(item, at).rstrip("."),
    "failed": lambda item, at: one_or_more(
        item, "An email could not be delivered", f"{item.count} emails could not be delivered"
    ),
    "invited": lambda item, at: f"Safeguarding huddle, {near(item, at)}{length(item)}",
    "moved": lambda item, at: f"Safeguarding huddle moved: {near(item, at)}{length(item)}",
    "uninvited": lambda item, at: f"Safeguarding huddle, {near(item, at)}: you are no longer asked to it",
    "link": lambda item, at: "Choose a password for Huddle",
    "canary": lambda item, at: "Test of Huddle's emails",
}

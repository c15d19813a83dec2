"""What a mail says, to the letter; and that nothing but those words, counts and days can stand in it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.chasing.items import ALONE, About, Item, Kind, Meeting, Part, Standing
from server.chasing.letters import Letter, compose
from server.chasing.sentences import LINES
from server.chasing.words import MOST_LINES, first_name

LONDON = ZoneInfo("Europe/London")
BASE = "https://huddle.example"
HELP = "0300 000 0000, 8am to 6pm, Monday to Friday"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=LONDON)  # a Wednesday
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=LONDON)
YESTERDAY = datetime(2026, 11, 24, 17, 0, tzinfo=LONDON)
LAST_WEEK = datetime(2026, 11, 18, 17, 0, tzinfo=LONDON)
HUDDLE = Meeting("7f1c", 0, 20)


def letter(*items: Item, name: str = "Joy Okafor", **more: object) -> Letter:
    return compose(name, items, **{"at": NOW, "base_url": BASE, **more})  # type: ignore[arg-type]


def news(*items: Item, **more: object) -> str:
    """What stands between the greeting and the link."""
    return letter(*items, **more).text.split("\n\n")[1]


def test_a_mail_about_what_is_due_soon() -> None:
    written = letter(Item("before", due=FRIDAY), help_line=HELP)
    assert written.subject == "You have 1 action due on Friday 27 November"
    assert (
        written.text
        == """\
Hello Joy

You have 1 action due by 3pm on Friday 27 November 2026.

Sign in to see it:
https://huddle.example/work

This link only works after you sign in. Do not reply to this email with case details.

Not yours, or you are away? Sign in and choose “Ask for a change” – the chair will be told.

Help: 0300 000 0000, 8am to 6pm, Monday to Friday
"""
    )


def test_j16_a_mail_about_many_things_after_an_outage() -> None:
    written = letter(
        *[Item("overdue", due=LAST_WEEK, told=("manager", "chair"))] * 3,
        Item("overdue", "request", due=YESTERDAY),
        Item("climbed", part="chair", due=YESTERDAY),
        Item("before", due=FRIDAY, urgent=True),
        repeat=True,
    )
    assert written.subject == "Urgent: You have 6 things to see to in Huddle"
    assert (
        written.text
        == """\
Hello Joy

* You have 1 action due by 3pm on Friday 27 November 2026. It is urgent.
* Your 3 actions were due on Wednesday 18 November 2026. Your line manager and the chair have been told.
* Your request for information was due yesterday.
* 1 action was due yesterday and is still open. You are told as chair.

Sign in to see them:
https://huddle.example/work

This link only works after you sign in. Do not reply to this email with case details.

Not yours, or you are away? Sign in and choose “Ask for a change” – the chair will be told.

You may have had this email already.
"""
    )


def test_a_mail_with_which_somebody_chooses_a_password() -> None:
    written = letter(Item("link", due=FRIDAY), account_link="https://huddle.example/link/abc", help_line=HELP)
    assert written.subject == "Choose a password for Huddle"
    assert (
        written.text
        == """\
Hello Joy

You can choose a password for Huddle. This link works once, until 3pm on Friday 27 November 2026.

Choose your password:
https://huddle.example/link/abc

Do not pass it on. If you did not expect this email, do not use the link, and tell your administrator.

Help: 0300 000 0000, 8am to 6pm, Monday to Friday
"""
    )


def test_a_canary_asks_for_nothing() -> None:
    written = letter(Item("canary"), name="")
    assert written.text == (
        "Hello\n\nThis is a test. Huddle sends it to prove that its emails leave. There is nothing to do.\n"
    )


@pytest.mark.parametrize(
    ("item", "subject", "line"),
    [
        (
            Item("due", due=NOW.replace(hour=17), count=2),
            "You have 2 actions due today, Wednesday 25 November",
            "You have 2 actions due today, Wednesday 25 November 2026, at 5pm.",
        ),
        (
            Item("due", due=YESTERDAY, told=("chair",)),
            "You have 1 overdue action",
            "Your action was due yesterday. The chair has been told.",
        ),
        (
            Item("overdue", due=NOW.replace(hour=8)),
            "You have 1 overdue action",
            "Your action was due today at 8am.",
        ),
        (Item("overdue", "review"), "You have 1 overdue review", "Your review is overdue."),
        (
            Item("climbed", part="lead", due=LAST_WEEK, count=2),
            "2 overdue actions: you are told as safeguarding lead",
            "2 actions were due on Wednesday 18 November 2026 and are still open. "
            "You are told as safeguarding lead.",
        ),
        (Item("accept"), "1 action waits for you to accept it", "1 action waits for you to accept it."),
        (
            Item("reassign", part="chair", count=2),
            "2 actions need another owner",
            "2 actions need another owner.",
        ),
        (
            Item("verify"),
            "1 action is done and waits for you to check it",
            "1 action is done and waits for you to check it.",
        ),
        (
            Item("asked", "request", due=FRIDAY),
            "A question has been put to you",
            "A question has been put to you. Answer it by 3pm on Friday 27 November 2026.",
        ),
        (
            Item("queue", "request", count=2),
            "2 overdue requests for information wait for you to settle them",
            "2 overdue requests for information wait for you to settle them.",
        ),
        (
            Item("failed"),
            "An email could not be delivered",
            "1 email to you could not be delivered. Check your email address.",
        ),
        (
            Item("failed", part="chair"),
            "An email could not be delivered",
            "1 email about what is owed could not be delivered. You are told as chair.",
        ),
        (
            Item("invited", due=FRIDAY.replace(hour=14), meeting=HUDDLE),
            "Safeguarding huddle, Friday 2pm, 20 minutes",
            "You are asked to a safeguarding huddle: Friday 27 November 2026 at 2pm, 20 minutes.",
        ),
        (
            Item("moved", due=datetime(2026, 12, 11, 14, 30, tzinfo=LONDON), meeting=HUDDLE),
            "Safeguarding huddle moved: Friday 11 December 2:30pm, 20 minutes",
            "A safeguarding huddle has moved. It is on Friday 11 December 2026 at 2:30pm, 20 minutes.",
        ),
        (
            Item("uninvited", due=FRIDAY, meeting=HUDDLE),
            "Safeguarding huddle, Friday 3pm: you are no longer asked to it",
            "You are no longer asked to the safeguarding huddle of "
            "Friday 27 November 2026 at 3pm, 20 minutes.",
        ),
    ],
)
def test_each_kind_has_its_words(item: Item, subject: str, line: str) -> None:
    assert (letter(item).subject, news(item)) == (subject, line)


def test_a_digest_is_counts_alone() -> None:
    counts = "3 actions due this week · 1 overdue · 1 sign-off waiting"
    items = [
        Item("digest", count=3),
        Item("digest", standing="overdue"),
        Item("digest", "sign-off", standing="waiting"),
    ]
    assert (letter(*items).subject, news(*items)) == (counts, f"{counts}.")


def test_who_else_was_told_is_said_only_where_it_is_so() -> None:
    assert "told" not in news(Item("overdue", due=YESTERDAY))


def test_only_a_promise_of_ones_own_can_be_asked_to_change() -> None:
    assert "Ask for a change" in letter(Item("before", due=FRIDAY)).text
    for item in (Item("before", "request"), Item("climbed", part="chair"), Item("verify")):
        assert "Ask for a change" not in letter(item).text


def test_j16_five_hundred_things_make_no_long_mail() -> None:
    many = [Item("overdue", due=LAST_WEEK - timedelta(days=n)) for n in range(500)]
    lines = news(*many).splitlines()
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"* And {500 - MOST_LINES} more."


def test_a_link_and_a_canary_go_alone() -> None:
    for items, link in (
        ([Item("link"), Item("before")], f"{BASE}/link/a"),
        ([Item("canary"), Item("before")], ""),
        ([Item("link")], ""),
        ([Item("before")], f"{BASE}/link/a"),
        ([], ""),
    ):
        with pytest.raises(ValueError, match="alone"):
            letter(*items, account_link=link)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Joy Okafor", "Joy"),
        ("DS Hannah Pike", "Hannah"),
        ("Dr. Amir Shah", "Amir"),
        ("Dr Shah", ""),
        ("Prof Dr Ana Ruiz", "Ana"),
        ("Anne-Marie O'Neill", "Anne-Marie"),
        ("D'Arcy Rowe", ""),
        ("Zoë Brontë", "Zoë"),
        ("J Okafor", ""),
        ("Okafor, Joy", ""),
        ("https://elsewhere.example Joy", ""),
        ("<b>Joy</b>", ""),
        ("", ""),
    ],
)
def test_the_greeting_is_a_first_name_or_none(name: str, first: str) -> None:
    assert first_name(name) == first


# Nothing else

WORDS = frozenset(Path(__file__).with_name("allowed_words.txt").read_text().split())
"""Read by a person, who asked of each: does it tell anything of a family?"""

MOMENTS = st.integers(1_600_000_000, 2_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, LONDON)
)
ITEMS = st.builds(
    Item,
    kind=st.sampled_from([kind for kind in get_args(Kind) if kind not in ALONE]),
    about=st.sampled_from(get_args(About)),
    part=st.sampled_from(get_args(Part)),
    due=MOMENTS,
    urgent=st.booleans(),
    told=st.lists(st.sampled_from(get_args(Part)), unique=True).map(tuple),
    count=st.integers(1, 10_000),
    standing=st.sampled_from(get_args(Standing)),
    meeting=st.just(HUDDLE),
)


def words_of(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)}


@given(st.lists(ITEMS, min_size=1, max_size=14), MOMENTS, st.booleans(), st.text(max_size=40))
def test_j10_no_other_word_stands_in_any_mail(
    items: list[Item], at: datetime, repeat: bool, name: str
) -> None:
    written = compose(name, items, at=at, base_url=BASE, repeat=repeat)
    hello, _, rest = written.text.partition("\n")
    assert words_of(rest.replace(f"{BASE}/work", "")) | words_of(written.subject) <= WORDS
    assert hello in {"Hello", *(f"Hello {word}" for word in name.split() if re.fullmatch(r"[^\d_<>]+", word))}
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", written.html, flags=re.S)
    assert words_of(shown.replace(f"{BASE}/work", "")) <= WORDS | words_of(name)


@given(st.text(), st.text())
def test_j10_of_a_name_only_the_first_part_is_said(first: str, last: str) -> None:
    """And not that either, where it could be something else."""
    said = first_name(f"{first} {last}")
    assert said == "" or (said in f"{first} {last}".split() and said.replace("-", "")[0].isalpha())


def test_every_kind_has_a_sentence() -> None:
    assert set(LINES) | {"digest"} == set(get_args(Kind))

"""The huddle that is live whenever the demonstration is: called anew when the last one is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from server.demo import rowe
from server.demo.clock import Calendar
from server.demo.scene import Act
from server.demo.talk import Joins, Moves
from server.demo.telling import act_out, attempt, book_of, calendar_for, code_of, told
from server.huddles.sitting import is_on
from server.huddles.state import Huddle, HuddlesState
from server.record.books import Books
from server.record.ledger import Ledger
from server.record.open_book import OpenBook

STAYS_LIVE = timedelta(hours=2)
"""How long past its planned end a huddle counts as live."""
CALLED_BEFORE = timedelta(minutes=15)
WHO_CALLS = ("priya-nair", "owen-blake", "ruth-adeyemi")
"""Whoever of them is still in the team, in this order."""

FIRST_MINUTES: tuple[Act, ...] = (
    Joins(code="joins denise-hallam", at="2026-03-19 13:57", who="denise-hallam"),
    Joins(code="joins cal-moss", at="2026-03-19 13:58", who="cal-moss"),
    Joins(code="joins priya-nair", at="2026-03-19 13:58", who="priya-nair"),
    Joins(code="joins farah-siddiqui", at="2026-03-19 13:59", who="farah-siddiqui"),
    Joins(code="joins grace-lindqvist", at="2026-03-19 14:00", who="grace-lindqvist"),
    Joins(code="joins leo-marsh", at="2026-03-19 14:01", who="leo-marsh"),
    Joins(code="joins sam-whitlock", at="2026-03-19 14:03", who="sam-whitlock"),
    Moves(
        code="phase previous_actions", at="2026-03-19 14:06", who="denise-hallam", phase="previous_actions"
    ),
    Moves(code="phase fragments", at="2026-03-19 14:10", who="denise-hallam", phase="fragments"),
)
"""What has happened in it before anybody new looks in. The police join later, by phone."""


async def ensure_live_huddle(ledger: Ledger, books: Books, now: datetime) -> str:
    """The id of the Rowe family's live huddle. If there is none, one that began twenty minutes ago."""
    book = await books.open(book_of(rowe.REFERENCE))
    await books.catch_up(book)
    huddle = live(await huddles(books, book), now)
    if huddle is None:
        huddle = await call(ledger, books, book, now)
    await fill(ledger, book, huddle, now)
    return huddle.id


async def huddles(books: Books, book: OpenBook) -> HuddlesState:
    return (await books.state(book, (book.id,)))[HuddlesState]


def live(huddles: HuddlesState, now: datetime) -> Huddle | None:
    """The newest huddle that sits, has begun and is not long over."""
    on = [h for h in huddles.by_id.values() if is_on(h) and h.starts <= now < ends(h)]
    return max(on, key=lambda h: h.starts, default=None)


def ends(huddle: Huddle) -> datetime:
    return huddle.ends + STAYS_LIVE


async def call(ledger: Ledger, books: Books, book: OpenBook, now: datetime) -> Huddle:
    """Call one as the first was called."""
    calendar = Calendar.at(now)
    who = next((person for person in WHO_CALLS if book.main.may_read(person, now)), WHO_CALLS[0])
    act = replace(rowe.CALL, code=f"H {calendar.began:%Y-%m-%dT%H:%MZ}", who=who)
    receipt = await act_out(ledger, book, act, calendar, calendar.began - CALLED_BEFORE)
    called = (h for h in (await huddles(books, book)).by_id.values() if h.began == receipt.seq)
    return next(called)


async def fill(ledger: Ledger, book: OpenBook, huddle: Huddle, now: datetime) -> None:
    """Let those come in who came first, when they came."""
    calendar = replace(await calendar_for(ledger, now), began=huddle.starts)
    known = await told(ledger, book, (book.id,))
    for act in FIRST_MINUTES:
        if code_of(act, huddle.id) not in known:
            await attempt(ledger, book, act, calendar, min(now, calendar.moment(act.at)), huddle.id)

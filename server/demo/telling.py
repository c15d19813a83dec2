"""Telling acts to the ledger, each once and at the moment at which it happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

import structlog

from server.demo import rowe
from server.demo.cast import actor
from server.demo.clock import Calendar, standing_for
from server.demo.scene import Act, Scene
from server.demo.talk import Joins, Moves
from server.families.state import FamilyState
from server.huddles.facts import HuddleConvened
from server.record.books import PARTNERSHIP
from server.record.facts import Entry
from server.record.ledger import Ledger
from server.record.open_book import OpenBook
from server.record.receipts import Receipt
from server.record.refusals import Refused

log = structlog.get_logger()

KEY = "demo:"
FOUNDED = "2025-09-01 09:00"
"""When the story begins: what was recorded then says by which calendar it was told."""


def book_of(reference: str) -> str:
    """The book of a family of the demonstration: the same one whoever asks, whenever."""
    return "family:" + hashlib.sha256(f"huddle demo {reference}".encode()).hexdigest()[:32]


def code_of(act: Act, huddle: str = "") -> str:
    """What an act is recorded by: once in its family, or in each huddle anew."""
    return f"{huddle} {act.code}" if isinstance(act, Joins | Moves) else act.code


async def told(ledger: Ledger, book: OpenBook, audience: tuple[str, ...]) -> dict[str, Entry]:
    """What was recorded of the story, by its code, in some streams."""
    seen = tuple((stream, 0) for stream in audience if stream in book.streams)
    entries = await ledger.books.since(book, tuple(stream for stream, _ in seen), seen)
    return {entry.key.removeprefix(KEY): entry for entry in entries if entry.key.startswith(KEY)}


async def calendar_for(ledger: Ledger, now: datetime) -> Calendar:
    """The calendar by which the story was first told, or, where it was not, the one that `now` makes."""
    calendar = Calendar.at(now)
    founded = (await told(ledger, await ledger.books.open(PARTNERSHIP), (PARTNERSHIP,))).get("found")
    if founded is None:
        return calendar
    family = await ledger.books.open(book_of(rowe.REFERENCE))
    called = (await told(ledger, family, (family.id,))).get("H-1")
    began = called.fact.starts if called and isinstance(called.fact, HuddleConvened) else calendar.began
    return Calendar(standing_for(founded.at, FOUNDED), began)


async def scene(ledger: Ledger, book: OpenBook, calendar: Calendar, huddle: str = "") -> Scene:
    """The family as everybody in its team knows it, and where the earlier acts stand."""
    state = await ledger.books.state(book, (book.id,))
    stands = {code: entry.ref for code, entry in (await told(ledger, book, (book.id,))).items()}
    return Scene(calendar, state[FamilyState], stands, huddle)


async def act_out(
    ledger: Ledger, book: OpenBook, act: Act, calendar: Calendar, now: datetime, huddle: str = ""
) -> Receipt:
    """Record one act at `now`, once."""
    command = act.command(await scene(ledger, book, calendar, huddle))
    key = KEY + code_of(act, huddle)
    return await ledger.record(book.id, command, actor(act.who), key=key, now=now)


async def attempt(
    ledger: Ledger, book: OpenBook, act: Act, calendar: Calendar, now: datetime, huddle: str
) -> None:
    """The same where the visitors of a demonstration may have changed what it rests on: then leave it out."""
    try:
        await act_out(ledger, book, act, calendar, now, huddle)
    except Refused as refused:
        log.info("demo.left_out", code=act.code, why=refused.code)


async def tell(ledger: Ledger, reference: str, acts: Iterable[Act], calendar: Calendar) -> None:
    """Record a family's acts in the order in which they happened. What stands already is left alone."""
    book = await ledger.books.open(book_of(reference))
    known = await told(ledger, book, (book.id,))
    for act in sorted(acts, key=lambda act: act.at):
        if act.code not in known:
            await act_out(ledger, book, act, calendar, calendar.moment(act.at))

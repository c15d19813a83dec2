"""The data stewards' queue, and one likely match of it: both records side by side, as little as it takes.

A steward reads neither record. What is shown the service reads for them, and it is a look at both families
before anything is shown. Whoever is excluded from one of the two is not told that there is a match (I34).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.looks import looks
from server.families.state import FamilyState
from server.people.state import PartnershipState
from server.record.books import Books
from server.record.commands import THE_SYSTEM, Hand
from server.record.refusals import Incomplete, NotFound
from server.stewards.commands import SettleMatch
from server.stewards.facts import STEWARD
from server.stewards.state import Item, LikelyMatch, Report, StewardState
from server.stewards.views import OUTCOMES, match_view, row
from server.stewards.watching import keep_in_step
from server.web.answers import page, see
from server.web.forms import read_form
from server.web.house import house
from server.web.viewer import viewer

WHAT_FOR = "A likely match of two records"
MOST_SETTLED = 100


async def queue(request: Request) -> Response:
    """stewards/queue.html: open and settled (Row): the oldest that waits, the newest settled first."""
    hand = await at_the_queue(request)
    state, partnership = hand.state[StewardState], hand.partnership[PartnershipState]
    waits = [row(item, partnership) for item in await for_them(request, hand, state.open())]
    closed = await for_them(request, hand, state.closed()[:MOST_SETTLED])
    settled = [row(item, partnership) for item in closed]
    return page(request, "stewards/queue.html", open=waits, settled=settled)


async def waiting_for(request: Request) -> int:
    """How much waits for a steward, of what they may be shown."""
    hand = await at_the_queue(request)
    return len(await for_them(request, hand, hand.state[StewardState].open()))


async def match(request: Request) -> Response:
    """stewards/match.html: match (MatchView), outcomes (pairs), form, problems, key."""
    hand = await at_the_queue(request)
    known = hand.state[StewardState].matches.get(request.path_params["id"])
    if known is None or not await for_them(request, hand, (known,)):
        raise NotFound
    if request.method == "GET":
        return await match_page(request, hand, known, {}, {}, house(request).new_id())
    form = await read_form(request, SettleMatch, match=known.id)
    if form.command is None:
        return await match_page(request, hand, known, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(STEWARD, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return await match_page(request, hand, known, form.typed, refused.problems, form.key)
    return see(request, "/steward")


async def match_page(
    request: Request,
    hand: Hand,
    known: LikelyMatch,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    key: str,
) -> Response:
    home, who = house(request), (hand.who.person, hand.who.agency)
    for book in (known.one, known.other):
        await looks(request).note(who, book, "steward", WHAT_FOR, home.clock())
    one, other = [await home.ledger.look(book, THE_SYSTEM) for book in (known.one, known.other)]
    families = (one.state[FamilyState], other.state[FamilyState])
    return page(
        request,
        "stewards/match.html",
        status=422 if problems else 200,
        match=match_view(known, families, hand.partnership[PartnershipState]),
        outcomes=tuple(OUTCOMES.items()),
        form=typed,
        problems=problems,
        key=key,
    )


async def at_the_queue(request: Request) -> Hand:
    """The queue as the viewer reads it. Whoever was given the role a moment ago is let in first."""
    who, home = await viewer(request), house(request)
    if who.person not in (await home.books.open(STEWARD)).main.readers:
        await keep_in_step(home.ledger)
    return await home.ledger.look(STEWARD, who.actor)


async def for_them(request: Request, hand: Hand, found: Iterable[Item]) -> list[Item]:
    """Those that are not the viewer's own, and of whose families they are excluded from none."""
    return [item for item in found if not await excluded(house(request).books, hand.who.person, item)]


async def excluded(books: Books, person: str, item: Item) -> bool:
    """Whether an item is somebody's own report, or about a family that is not there for them."""
    if isinstance(item, Report) and item.person == person:
        return True
    families = (item.family,) if isinstance(item, Report) else (item.one, item.other)
    return any([person in (await books.open(family)).main.barred for family in families if family])


routes: list[BaseRoute] = [
    Route("/steward", queue),
    Route("/steward/{id}", match, methods=["GET", "POST"]),
]

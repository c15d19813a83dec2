"""The pages of one's own duty: the numbers to ring, a referral of one's own, and what came of it.

They need no family, phase, quorum, role or Redis. With the record itself out of reach the form is shown all
the same: it gives the numbers, keeps what was typed, and says that nothing is recorded yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.duty.commands import REFERRAL, FollowUpReferral, Refer, ShowReferral, book_for
from server.duty.queries import referrals_of
from server.duty.state import ReferralState
from server.families.drafts import ALONE, Place
from server.families.queries import book_read_by, families_of
from server.families.unsent import Sheet, begun, keeping, recorded
from server.record.commands import Hand
from server.record.refusals import Incomplete, KeyReused, NotFound, Unavailable
from server.record.store import is_outage
from server.web.answers import page, see
from server.web.errors import typed
from server.web.forms import fields, read_form
from server.web.forms import key as key_of
from server.web.house import house
from server.web.viewer import Viewer, viewer

KEPT = "The service cannot reach its records, so nothing was recorded. What you wrote is still here."


async def refer(request: Request) -> Response:
    """duty/refer.html: families (pairs), mine (ReferralState by address), form, problems, key, kept."""
    try:
        return await referring(request, await viewer(request))
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return await out_of_reach(request)


async def referring(request: Request, who: Viewer) -> Response:
    home = house(request)
    if request.method == "GET":
        before = await begun(request, referral_form(who))
        filled = {"family": request.query_params.get("family", "")} | before.typed
        return await refer_page(request, who, filled, {}, before.key)
    form = await read_form(request, Refer)
    if form.command is None:
        return await refer_page(request, who, form.typed, form.problems, form.key)
    family = form.command.family
    if family and await book_read_by(home.store, who.person, family, home.clock()) is None:
        form.problems["family"] = "Choose a family from the list, or leave it and say who the child is"
        return await refer_page(request, who, form.typed, form.problems, form.key)
    book = book_for(who.person, form.key)
    try:
        await home.ledger.record(book, form.command, who.actor, key=form.key)
    except Incomplete as refused:
        return await refer_page(request, who, form.typed, refused.problems, form.key)
    except KeyReused as refused:
        # It was gone on with in another browser too. Sent once more it is a referral of its own.
        return await refer_page(request, who, form.typed, {"": refused.message}, "")
    await recorded(request, referral_form(who), form.key)
    return see(request, address(book))


async def to_refer(request: Request) -> Sheet:
    return referral_form(await viewer(request))


def referral_form(who: Viewer) -> Sheet:
    """It has no family: it is its author's alone, whatever they may read."""
    return Sheet(Place(who.person, ALONE, "/refer"), partial(book_for, who.person))


async def refer_page(
    request: Request, who: Viewer, filled: Mapping[str, Any], problems: dict[str, str], key: str
) -> Response:
    home = house(request)
    found = await families_of(home.store, who.person, home.clock())
    return page(
        request,
        "duty/refer.html",
        status=422 if problems else 200,
        families=[(f.ref, f"{f.name} · {f.ref}") for f in found],
        mine=[(address(h.book), h.state[ReferralState]) for h in await own(request, who)],
        form=filled,
        problems=problems,
        key=key or home.new_id(),
        kept="",
    )


async def out_of_reach(request: Request) -> Response:
    """The same form with nothing to be read. Its key stays: whether it was recorded is not known."""
    sent = await fields(request) if request.method == "POST" else {}
    return page(
        request,
        "duty/refer.html",
        status=503,
        families=[],
        mine=[],
        form=await typed(request),
        problems={},
        key=key_of(sent) or house(request).new_id(),
        kept=KEPT,
    )


async def own(request: Request, who: Viewer) -> list[Hand]:
    home = house(request)
    books = await referrals_of(home.store, who.person)
    return [await home.ledger.look(book, who.actor) for book in books]


async def referral(request: Request) -> Response:
    """duty/referral.html: referral (ReferralState), family_name and may_tell, form, problems, key."""
    hand = await at_the_referral(request)
    if request.method == "GET":
        return await referral_page(request, hand, {}, {}, house(request).new_id())
    form = await read_form(request, FollowUpReferral)
    if form.command is None:
        return await referral_page(request, hand, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(hand.book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return await referral_page(request, hand, form.typed, refused.problems, form.key)
    return see(request, address(hand.book))


async def tell(request: Request) -> Response:
    """Tell the team around the family, where the referrer may still read it."""
    hand = await at_the_referral(request)
    book = await family_of(request, hand)
    if book is None:
        raise NotFound
    form = await read_form(request, ShowReferral)
    if form.command is None:
        return await referral_page(request, hand, form.typed, form.problems, form.key)
    try:
        await house(request).ledger.record(book, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return await referral_page(request, hand, form.typed, refused.problems, form.key)
    said = hand.state[ReferralState].said
    return see(request, f"/families/{said.family}" if said else address(hand.book))


async def referral_page(
    request: Request, hand: Hand, filled: Mapping[str, Any], problems: dict[str, str], key: str
) -> Response:
    return page(
        request,
        "duty/referral.html",
        status=422 if problems else 200,
        referral=hand.state[ReferralState],
        here=address(hand.book),
        may_tell=await family_of(request, hand) is not None,
        form=filled,
        problems=problems,
        key=key,
    )


async def at_the_referral(request: Request) -> Hand:
    """The referral of the address, for whoever made it; `NotFound` for everybody else."""
    who = await viewer(request)
    return await house(request).ledger.look(f"{REFERRAL}{request.path_params['id']}", who.actor)


async def family_of(request: Request, hand: Hand) -> str | None:
    """The book of the family that the referral names, if its author reads it now."""
    said, home = hand.state[ReferralState].said, house(request)
    if said is None or not said.family:
        return None
    return await book_read_by(home.store, hand.who.person, said.family, home.clock())


def address(book: str) -> str:
    return f"/referrals/{book.removeprefix(REFERRAL)}"


routes: list[BaseRoute] = [
    Route("/refer", refer, methods=["GET", "POST"]),
    keeping("/refer", to_refer),
    Route("/referrals/{id}", referral, methods=["GET", "POST"]),
    Route("/referrals/{id}/tell", tell, methods=["POST"]),
]

"""Somebody says that they know a family personally; and what a data steward does about it.

Whoever says so is answered in the same words whether there is such a record or not: nothing is looked up
for them. The steward types the reference of the family; the exclusion comes first, and only then is it
recorded as found, so that a crash between the two leaves somebody out and the report waiting.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.conflicts import PlaceConflict
from server.families.queries import book_of
from server.families.state import FamilyState
from server.families.team import OwnsThePlan
from server.families.views import person_view
from server.people.state import PartnershipState
from server.record.commands import THE_SYSTEM, Hand
from server.record.refusals import Incomplete, NotFound
from server.stewards.facts import STEWARD
from server.stewards.pages import at_the_queue, for_them
from server.stewards.reporting import NoteConflictPlaced, ReportConflict, SettleConflict
from server.stewards.state import Report, StewardState
from server.web.answers import page, see
from server.web.forms import fields, key, read_form
from server.web.house import house
from server.web.viewer import viewer

NO_RECORD = "No record has this reference. Check it with whoever gave it to you"
NOBODY_ELSE = (
    "They own the plan of this family, and nobody else could. Ask their supervisor to name somebody first"
)


async def conflict(request: Request) -> Response:
    """stewards/conflict.html: form, problems, key, and whether it was `recorded`."""
    who, home = await viewer(request), house(request)
    if request.method == "GET":
        return conflict_page(request, {}, {}, home.new_id(), recorded="recorded" in request.query_params)
    form = await read_form(request, ReportConflict)
    try:
        if form.command is None:
            raise Incomplete(**form.problems)
        form.command.check()
        await home.ledger.record(STEWARD, form.command, who.actor, key=form.key)
    except Incomplete as refused:
        return conflict_page(request, form.typed, refused.problems, form.key)
    return see(request, "/conflict?recorded")


def conflict_page(
    request: Request, typed: Mapping[str, Any], problems: dict[str, str], key: str, *, recorded: bool = False
) -> Response:
    status = 422 if problems else 200
    context = {"form": typed, "problems": problems, "key": key, "recorded": recorded}
    return page(request, "stewards/conflict.html", status=status, **context)


async def report(request: Request) -> Response:
    """stewards/report.html: see `report_page`."""
    hand, known = await at_the_report(request)
    return await report_page(request, hand, known, {}, {}, house(request).new_id())


async def place(request: Request) -> Response:
    """The steward found which family it is."""
    hand, known = await at_the_report(request)
    home, sent = house(request), await fields(request)
    typed = sent.get("reference", [""])[-1].strip()
    own = key(sent) or home.new_id()
    book = await book_of(home.store, typed) if typed else None
    try:
        if book is None or hand.who.person in (await home.books.open(book)).main.barred:
            raise Incomplete(reference=NO_RECORD if typed else "Enter the reference of the family")
        note = NoteConflictPlaced(conflict=known.id, family=book)
        if not known.settled:
            command = PlaceConflict(person=known.person, reason=known.how, found_by=hand.who.person)
            await home.ledger.record(book, command, THE_SYSTEM, key=f"conflict {known.id} {command.found_by}")
        await home.ledger.record(STEWARD, note, hand.who, key=own)
    except OwnsThePlan:
        problems = {"reference": NOBODY_ELSE}
        return await report_page(request, hand, known, {"reference": typed}, problems, own)
    except Incomplete as refused:
        return await report_page(request, hand, known, {"reference": typed}, refused.problems, own)
    return see(request, "/steward")


async def settle(request: Request) -> Response:
    """The steward found no record about such a family."""
    hand, known = await at_the_report(request)
    form = await read_form(request, SettleConflict, conflict=known.id)
    try:
        if form.command is None:
            raise Incomplete(**form.problems)
        await house(request).ledger.record(STEWARD, form.command, hand.who, key=form.key)
    except Incomplete as refused:
        return await report_page(request, hand, known, form.typed, refused.problems, form.key)
    return see(request, "/steward")


async def at_the_report(request: Request) -> tuple[Hand, Report]:
    """A report that the viewer may be shown; `NotFound` for their own, or of a family barred to them."""
    hand = await at_the_queue(request)
    known = hand.state[StewardState].reports.get(request.path_params["id"])
    if known is None or not await for_them(request, hand, (known,)):
        raise NotFound
    return hand, known


async def report_page(
    request: Request,
    hand: Hand,
    known: Report,
    typed: Mapping[str, Any],
    problems: dict[str, str],
    own_key: str,
) -> Response:
    """stewards/report.html: report, person (PersonView), by (name), reference, form, problems, key."""
    partnership = hand.partnership[PartnershipState]
    family = await house(request).ledger.look(known.family, THE_SYSTEM) if known.family else None
    return page(
        request,
        "stewards/report.html",
        status=422 if problems else 200,
        report=known,
        person=person_view(partnership, known.person),
        by=person_view(partnership, known.by).name if known.by else "",
        reference=family.state[FamilyState].reference if family else "",
        form=typed,
        problems=problems,
        key=own_key,
    )


routes: list[BaseRoute] = [
    Route("/conflict", conflict, methods=["GET", "POST"]),
    Route("/steward/conflicts/{id}", report),
    Route("/steward/conflicts/{id}/place", place, methods=["POST"]),
    Route("/steward/conflicts/{id}/settle", settle, methods=["POST"]),
]

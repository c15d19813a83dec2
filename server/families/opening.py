"""The page that opens a family's record, and the one before it: whether there may be a record already.

What it shows of likely matches, and how long that takes, depends only on families that its reader reads.
All others are looked for beside the requests (`server/stewards/watching.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.families.alike import alike_among_own, people_of
from server.families.commands import OpenFamily, book_for
from server.families.labels import LEVELS
from server.families.looking import noted
from server.families.match_views import LikelyView, likely_view
from server.families.matching import Somebody
from server.families.newcomers import MOST, Newcomer, problems_with_row
from server.families.state import FamilyState
from server.families.views import person_view
from server.people.facts import PRACTISING
from server.people.words import name_from
from server.record.refusals import Incomplete, NotFound
from server.web.answers import page, see
from server.web.fields import TICKED, Unreadable, day, last
from server.web.forms import fields, read_form
from server.web.house import house
from server.web.viewer import Viewer, viewer

NONE = "none_of_these"
ROWS = range(1, MOST + 1)
FIELDS = ("name", "child", "born", "due")
FIELDS_OF = {n: frozenset(f"{field}_{n}" for field in FIELDS) for n in ROWS}
BESIDE = frozenset({NONE}).union(*FIELDS_OF.values())
KINDS = (("yes", "A child, or a baby who is not born yet"), ("no", "An adult"))
WHAT_FOR = "Opening a record: is this the same family?"


class Rows(msgspec.Struct, frozen=True):
    """Who was named on the form, and what is wrong with that."""

    people: tuple[Newcomer, ...]
    problems: dict[str, str]


async def new(request: Request) -> Response:
    """families/new.html, and families/alike.html where one of the sender's own families may be the same."""
    who, home = await viewer(request), house(request)
    if request.method == "GET":
        return await new_page(request, {"plan_owner": who.person}, {}, home.new_id())
    partnership, now = await home.partnership(), home.clock()
    rows = rows_from(await fields(request), now.astimezone(partnership.zone).date())
    form = await read_form(request, OpenFamily, BESIDE, reference="", people=rows.people)
    problems = form.problems | rows.problems
    if form.command is None or problems:
        return await new_page(request, form.typed, problems, form.key)
    book = book_for(who.person, form.key)
    try:
        form.command.check(partnership, who.person, now)
        if NONE not in form.typed and (found := await already(request, who, rows.people, book)):
            return alike_page(request, found, form.typed, form.key)
        await home.ledger.record(book, form.command, who.actor, key=form.key)
    except Incomplete as refused:
        return await new_page(request, form.typed, refused.problems, form.key)
    opened = await home.ledger.look(book, who.actor)
    return see(request, f"/families/{opened.state[FamilyState].reference}")


async def new_page(
    request: Request, typed: Mapping[str, Any], problems: dict[str, str], key: str
) -> Response:
    """families/new.html: levels, kinds (pairs), rows (number, whether open), people, form, problems, key."""
    partnership = await house(request).partnership()
    here = (p for p in partnership.everyone_here() if p.roles & PRACTISING)
    people = [person_view(partnership, p.person) for p in here]
    return page(
        request,
        "families/new.html",
        status=422 if problems else 200,
        levels=tuple(LEVELS.items()),
        kinds=KINDS,
        rows=[(n, any(typed.get(name) for name in typed if in_row(name, n))) for n in ROWS],
        people=sorted(people, key=lambda p: (p.agency_name, p.name)),
        form=typed,
        problems=problems,
        key=key,
    )


async def already(
    request: Request, who: Viewer, people: Iterable[Newcomer], book: str
) -> tuple[LikelyView, ...]:
    """Of the families that the sender reads, those that may be the one they are opening.

    Each is asked for again through the record itself, and showing it is a look at it.
    """
    home = house(request)
    mine = [Somebody("", str(n), name_from(p.name), p.child, p.born, p.due) for n, p in enumerate(people, 1)]
    if not who.roles & PRACTISING:
        return ()
    views = []
    for match in await alike_among_own(home.store, who.person, mine, home.clock(), besides=book):
        try:
            hand = await home.ledger.look(match.family, who.actor)
        except NotFound:
            continue
        await noted(request, hand, "opening", WHAT_FOR)
        views.append(likely_view(hand.state[FamilyState], match, await people_of(home.store, match.family)))
    return tuple(views)


def alike_page(
    request: Request, found: tuple[LikelyView, ...], typed: Mapping[str, Any], key: str
) -> Response:
    """families/alike.html: found (LikelyView), sent (name and value of all that was typed), key."""
    sent = [
        (name, value)
        for name, values in typed.items()
        for value in (values if isinstance(values, list) else [values])
        if name != "key"
    ]
    return page(request, "families/alike.html", found=found, sent=sent, key=key)


def rows_from(sent: Mapping[str, list[str]], today: date) -> Rows:
    """Whoever was named in one of the rows. A row in which nothing stands is nobody."""
    people: list[Newcomer] = []
    problems: dict[str, str] = {}
    for n in ROWS:
        if any(value.strip() for name in sent if in_row(name, n) for value in sent[name]):
            person, wrong = row(sent, n, today)
            problems |= wrong
            people += [person] if person else []
    return Rows(tuple(people), problems)


def row(sent: Mapping[str, list[str]], n: int, today: date) -> tuple[Newcomer | None, dict[str, str]]:
    days: dict[str, date | None] = {}
    unread: dict[str, str] = {}
    for field in ("born", "due"):
        try:
            days[field] = day(sent, f"{field}_{n}")
        except Unreadable:
            unread[f"{field}_{n}"] = f"Enter a date for person {n}, like 27 3 2026"
    name, child = last(sent, f"name_{n}").strip(), last(sent, f"child_{n}").strip().lower()
    born, due = days.get("born"), days.get("due")
    kind = "" if child else f"Choose whether person {n} is a child or an adult"
    found = problems_with_row(n, name, born, due, today) | {f"child_{n}": kind} | unread
    problems = {f"{field}_{n}": words for field in FIELDS if (words := found[f"{field}_{n}"])}
    return None if problems else Newcomer(name=name, child=child in TICKED, born=born, due=due), problems


def in_row(name: str, n: int) -> bool:
    return name.partition("-")[0] in FIELDS_OF[n]


routes: list[BaseRoute] = [Route("/families/new", new, methods=["GET", "POST"])]

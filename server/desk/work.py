"""My work: what somebody owes, the most pressing first, and what can be said of it in its own place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.actions.returning import Unanswered
from server.actions.state import ActionsState
from server.actions.views import OUTCOMES, ActionView, action_view
from server.deadlines.state import DeadlinesState
from server.desk.hands import hands_of, questions_of
from server.desk.meetings import Meeting, meetings
from server.desk.others import waiting_for
from server.desk.owed import Owed, Task, owed_by, pressing, settled_lately
from server.desk.queue import Waiting, in_the_queue, told_of
from server.desk.strip import Thing, by_day, by_week, headline, last_day
from server.people.facts import PRACTISING
from server.people.state import PartnershipState
from server.record.commands import Hand
from server.web.answers import page
from server.web.house import house
from server.web.viewer import viewer

ADDRESS = "/work"
MOST_QUEUED = 5
"""So much of the queue stands here; all of it on its own page."""
OWN_OUTCOMES = tuple((code, *words) for code, words in OUTCOMES.items() if code != "not_needed")
"""What an owner says of their own action. That it is not needed is never for them alone to say (R33)."""


class Section(msgspec.Struct, frozen=True):
    """One part of the page: its heading, the template of its inside, and what that shows.

    `more`: how much of it stands elsewhere. `folded`: closed until somebody opens it.
    """

    id: str
    title: str
    template: str
    rows: Sequence[Any]
    more: int = 0
    folded: bool = False


class Day(msgspec.Struct, frozen=True):
    """What is due on one day that is still ahead."""

    day: date
    rows: tuple[Owed, ...]


async def work(request: Request) -> Response:
    """See `work_page`."""
    return await work_page(request)


async def again(request: Request, refused: Unanswered) -> Response:
    """The page with a form that was refused, open in its row."""
    return await work_page(request, refused)


async def work_page(request: Request, refused: Unanswered | None = None) -> Response:
    """desk/work.html: sections (Section), strip and weeks (Grid), headline, as_at, practising, did,
    refused, kept, problems (with the ids of the row's fields), outcomes, key.

    `did` is what was recorded just now; `kept` what was written about an action that is no longer owed.
    """
    who, here = await viewer(request), house(request)
    hands, questions = await hands_of(request, who), await questions_of(request, who)
    partnership, now = await here.partnership(), here.clock()
    today = now.astimezone(partnership.zone).date()
    owed = owed_by(who.person, hands.values(), questions, now)
    until = last_day(today, partnership.nation)
    ahead = await meetings(request, hands, until)
    lately = settled_lately(who.person, hands.values(), now)
    others = waiting_for(who.person, hands.values(), now)
    held = [*owed, *(one for one in others if one.held)]
    answers_for = answered(await told_of(request, who, hands), await in_the_queue(request, who, hands))
    with_others = pressing((one for one in others if not one.held), today) + sum(map(size, answers_for))
    things = tuple(lying(held, ahead))
    late = sum(bool(one.late) for one in held)
    kept = refused and not any(one.id == refused.action for one in owed)
    return page(
        request,
        "desk/work.html",
        status=422 if refused else 200,
        sections=sections(owed, ahead, lately, today, others, answers_for),
        strip=by_day(things, today, partnership.nation),
        weeks=by_week(things, today, partnership.nation),
        headline=headline(late, pressing(held, today) - late, with_others, (one.day for one in held)),
        as_at=now,
        practising=bool(who.roles & PRACTISING),
        did=recorded(who.person, hands.values(), request.query_params.get("did", "")),
        refused=refused,
        kept=refused if kept else None,
        problems=placed(refused, in_row=not kept) if refused else {},
        outcomes=OWN_OUTCOMES,
        key=here.new_id(),
    )


STANDS: dict[str, str] = {
    "change_asked": "waits for an answer to what you asked",
    "declined": "is declined and needs another owner",
    "claimed_done": "is done, and waits to be checked",
}
"""How an action stands after its owner said something of it, where the words of its stage are no sentence."""


class Did(msgspec.Struct, frozen=True):
    """What somebody has just said of an action of theirs: which, and how it stands since."""

    action: ActionView
    stands: str


def recorded(person: str, hands: Iterable[Hand], id: str) -> Did | None:
    for hand in hands:
        known = hand.state[ActionsState].by_id.get(id)
        if known and known.terms.owner == person:
            people, deadlines = hand.partnership[PartnershipState], hand.state[DeadlinesState]
            view = action_view(known, people, hand.book, deadlines)
            return Did(view, STANDS.get(view.stage, f"is {view.stage_words.lower()}"))
    return None


def placed(refused: Unanswered, *, in_row: bool) -> dict[str, str]:
    """What is wrong, by the id of the field in its row; what no field is about, by none."""
    return {
        f"{refused.form}-{field}-{refused.action}" if field and in_row else "": words
        for field, words in refused.problems.items()
    }


def lying(owed: Iterable[Owed], ahead: Iterable[Meeting]) -> Iterable[Thing]:
    """What the strip counts, each on its day."""
    yield from ((one.kind, one.day, bool(one.late)) for one in owed)
    yield from (("huddle", meeting.day, False) for meeting in ahead)


def sections(
    owed: Sequence[Owed],
    ahead: Sequence[Meeting],
    lately: Sequence[Owed],
    today: date,
    others: Sequence[Owed] = (),
    answered_for: Sequence[Section] = (),
) -> list[Section]:
    """The parts of the page that hold something. Each thing stands in the first that it belongs to."""
    late = [one for one in owed if one.late]
    due = [one for one in owed if not one.late and one.day <= today]
    rest = [one for one in owed if not one.late and one.day > today]
    accept = [one for one in rest if one.to_accept]
    coming = [one for one in rest if one.kind == "action" and not one.to_accept]
    found = [
        Section("overdue", "Overdue", "desk/_work_rows.html", late),
        Section("today", "Due today", "desk/_work_rows.html", due),
        Section("huddles", "Huddles", "desk/_work_huddles.html", ahead),
        Section("accept", "To read back", "desk/_work_rows.html", accept),
        Section("check", "To check", "desk/_work_others.html", task(others, "check")),
        Section("owner", "Needs another owner", "desk/_work_others.html", task(others, "owner")),
        Section("questions", "Questions for you", "desk/_work_rows.html", kind(rest, "question")),
        Section("coming", "Coming", "desk/_work_days.html", days(coming)),
        Section("reviews", "Reviews that you answer for", "desk/_work_rows.html", kind(rest, "review")),
        *answered_for,
        Section("lately", "Settled in the last 14 days", "desk/_work_settled.html", lately, folded=True),
    ]
    return [section for section in found if section.rows]


def answered(told: Sequence[Waiting], queue: Sequence[Waiting]) -> list[Section]:
    """What others owe, for who answers for them; each thing once."""
    waits = [each for each in queue if not each.mine]
    rest = [each for each in told if each.deadline not in {one.deadline for one in queue}]
    shown, more = waits[:MOST_QUEUED], max(0, len(waits) - MOST_QUEUED)
    return [
        Section("people", "People you answer for", "desk/_work_waiting.html", rest),
        Section("queue", "Needs a person", "desk/_work_waiting.html", shown, more),
    ]


def size(section: Section) -> int:
    return len(section.rows) + section.more


def task(owed: Iterable[Owed], name: Task) -> list[Owed]:
    return [one for one in owed if one.task == name]


def kind(owed: Iterable[Owed], name: str) -> list[Owed]:
    return [one for one in owed if one.kind == name]


def days(owed: Iterable[Owed]) -> list[Day]:
    return [Day(day, tuple(rows)) for day, rows in groupby(owed, lambda one: one.day)]


routes = [Route(ADDRESS, work)]

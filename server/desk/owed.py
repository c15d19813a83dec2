"""What somebody owes, out of what they read: their actions, what they were asked, the reviews of their plans.

Pure: hands, people and the clock come in as values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec

from server.actions.action import Action
from server.actions.offers import offers
from server.actions.state import ActionsState
from server.actions.views import ActionView, action_view
from server.deadlines.state import DeadlinesState
from server.desk.hands import Question
from server.families.late import late_words
from server.families.request_state import Request
from server.families.request_views import RequestView, request_view
from server.families.state import FamilyState
from server.families.when import time_words
from server.people.state import PartnershipState
from server.record.commands import Hand

Kind = Literal["action", "question", "review", "sign_off", "huddle"]
Task = Literal["", "check", "owner"]
"""What somebody is to do for an action that is not theirs: check it, or name another owner."""
LATELY = timedelta(days=14)
"""For this long what somebody settled is still shown to them."""


class FamilyMark(msgspec.Struct, frozen=True):
    """A family on a page that others may look at too: `short` stands there, `name` only once it is opened."""

    ref: str
    name: str
    short: str


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody owes. `day` is by the partnership's calendar; `late` says so in words."""

    kind: Kind
    id: str
    at: datetime
    """When it is due; of what is due on a day, the end of that day. For order alone."""
    day: date
    time: str = ""
    """The time of that day in words, where there is one."""
    late: str = ""
    first_due: date | None = None
    """The day from which it is late, where another was named since (R27)."""
    family: FamilyMark | None = None
    action: ActionView | None = None
    question: RequestView | None = None
    offered: frozenset[str] = frozenset()
    """The forms of an action that its owner may use now (server/actions/offers.py)."""
    read_back: str = ""
    """By when it is to be read back, in words; or how late that is."""
    task: Task = ""
    held: bool = True
    """Whether it is theirs alone to see to. Of some tasks others may see to it as well."""

    @property
    def to_accept(self) -> bool:
        return self.action is not None and self.action.stage == "waiting"


def shortened(name: str) -> str:
    """First letter, dash, last letter: enough to know it by, and nothing to read over a shoulder."""
    letters = [letter for letter in name if letter.isalnum()]
    if not letters:
        return "—"
    return f"{letters[0].upper()}—{letters[-1].lower() if len(letters) > 3 else ''}"


def mark_of(hand: Hand) -> FamilyMark:
    family = hand.state[FamilyState]
    return FamilyMark(family.reference, family.name, shortened(family.name))


def owed_by(
    person: str, hands: Iterable[Hand], questions: Iterable[Question], now: datetime
) -> tuple[Owed, ...]:
    """Everything that `person` owes, the soonest first."""
    found: list[Owed] = []
    for hand in hands:
        found += promised(person, hand, now)
        found += reviewed(person, hand, now)
    found += (asked(hand, known, now) for hand, known in questions)
    return tuple(sorted(found, key=order))


def order(owed: Owed) -> tuple[datetime, bool, str, str]:
    """The soonest first; at the same moment first that on which a child's safety rests."""
    return owed.at, not (owed.action and owed.action.critical), owed.kind, owed.id


def promised(person: str, hand: Hand, now: datetime) -> Iterator[Owed]:
    partnership, main = hand.partnership[PartnershipState], hand.book
    deadlines = hand.state[DeadlinesState]
    for known in hand.state[ActionsState].owed_by(person):
        if known.terms.due is None or known.claim or known.declined:
            continue
        due = known.terms.due.astimezone(partnership.zone)
        first = (known.first_due or due).astimezone(partnership.zone)
        late = due <= now
        yield Owed(
            kind="action",
            id=known.id,
            at=due,
            day=due.date(),
            time=time_words(due),
            late=late_words(first, now.astimezone(first.tzinfo), partnership.nation) if late else "",
            first_due=first.date() if late and first.date() < due.date() else None,
            family=mark_of(hand),
            action=action_view(known, partnership, main, deadlines),
            offered=offers(known, hand),
            read_back=read_back(known, hand, now),
        )


def read_back(known: Action, hand: Hand, now: datetime) -> str:
    """ "Read back by Friday at 3pm", "Reading it back is 2 working days late"; empty where that is done."""
    step = hand.state[DeadlinesState].by_id.get(f"{known.id}:accept")
    if step is None or step.over:
        return ""
    partnership = hand.partnership[PartnershipState]
    by = step.owed.due.astimezone(partnership.zone)
    if late := late_words(by, now.astimezone(by.tzinfo), partnership.nation):
        return f"Reading it back is {late}"
    today = by.date() == now.astimezone(by.tzinfo).date()
    return f"Read it back by {time_words(by)}{'' if today else f' on {by:%A}'}"


def asked(hand: Hand, known: Request, now: datetime) -> Owed:
    """Who was asked and is not in the team reads no family: none stands beside their question."""
    partnership = hand.partnership[PartnershipState]
    due = known.due.astimezone(partnership.zone)
    return Owed(
        kind="question",
        id=known.id,
        at=due,
        day=due.date(),
        time=time_words(due),
        late=late_words(due, now.astimezone(due.tzinfo), partnership.nation),
        family=mark_of(hand) if hand.state[FamilyState].reference else None,
        question=request_view(known, partnership),
    )


def reviewed(person: str, hand: Hand, now: datetime) -> Iterator[Owed]:
    """The review of a plan that `person` owns. It is due by the end of its day."""
    family, partnership = hand.state[FamilyState], hand.partnership[PartnershipState]
    if family.plan_owner != person or family.review_on is None:
        return
    due = datetime.combine(family.review_on, time.max, partnership.zone)
    yield Owed(
        kind="review",
        id=f"review-{family.reference}",
        at=due,
        day=family.review_on,
        late=late_words(due, now.astimezone(partnership.zone), partnership.nation),
        family=mark_of(hand),
    )


def settled_lately(person: str, hands: Iterable[Hand], now: datetime) -> tuple[Owed, ...]:
    """What became of what `person` owned, the newest first; also where somebody has still to check it."""
    found: list[Owed] = []
    for hand in hands:
        partnership = hand.partnership[PartnershipState]
        for known in hand.state[ActionsState].all():
            at = known.finished
            if at is None or known.terms.owner != person or now - at > LATELY:
                continue
            view = action_view(known, partnership, hand.book, hand.state[DeadlinesState])
            day = at.astimezone(partnership.zone).date()
            found.append(Owed(kind="action", id=known.id, at=at, day=day, family=mark_of(hand), action=view))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def pressing(owed: Iterable[Owed], today: date) -> int:
    """How much is late or due today."""
    return sum(bool(one.late) or one.day <= today for one in owed)

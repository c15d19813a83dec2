"""What is shown of requests for information. None of it says who looks or when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from server.families.labels import DOMAINS
from server.families.request_facts import Answer
from server.families.request_state import Answered, Request
from server.families.views import PersonView, agency_view, person_view
from server.people.state import PartnershipState

ANSWERS: dict[Answer, str] = {
    "answered": "Answered",
    "declined": "Declined",
    "nil_return": "Nil return",
}
OWN_ANSWERS: dict[Answer, tuple[str, str]] = {
    "answered": ("I can answer", ""),
    "declined": ("I decline", "Say why. The team is told"),
    "nil_return": ("Nil return: we looked and found nothing", "Say what was searched"),
}


class AnsweredView(msgspec.Struct, frozen=True):
    """One answer. `corrects` says in words what it corrects."""

    person: PersonView
    answer: Answer
    label: str
    words: str
    searched: str
    corrects: str
    at: datetime


class RequestView(msgspec.Struct, frozen=True):
    """One request with its answers, the newest last."""

    id: str
    question: str
    agency: str
    asked: tuple[PersonView, ...]
    by: PersonView
    domain: str
    due: datetime
    at: datetime
    late: bool
    answers: tuple[AnsweredView, ...]

    @property
    def state(self) -> str:
        return self.answers[-1].answer if self.answers else "waiting"

    @property
    def state_words(self) -> str:
        return self.answers[-1].label if self.answers else "Waiting for an answer"


def request_view(known: Request, partnership: PartnershipState) -> RequestView:
    asked = tuple(person_view(partnership, person) for person in known.asked)
    return RequestView(
        id=known.id,
        question=known.question,
        agency=agency_view(partnership, known.agency).short if known.agency else asked[0].agency_short,
        asked=asked,
        by=person_view(partnership, known.by),
        domain=next((words for code, words in DOMAINS.items() if code == known.domain), ""),
        due=known.due,
        at=known.at,
        late=known.late,
        answers=tuple(answered_view(answer, partnership) for answer in known.answers),
    )


def answered_view(known: Answered, partnership: PartnershipState) -> AnsweredView:
    return AnsweredView(
        person=person_view(partnership, known.person),
        answer=known.answer,
        label=ANSWERS[known.answer],
        words=known.words,
        searched=known.searched,
        corrects=ANSWERS[known.corrects].lower() if known.corrects else "",
        at=known.at,
    )


def requests_view(known: Iterable[Request], partnership: PartnershipState) -> tuple[RequestView, ...]:
    return tuple(request_view(request, partnership) for request in known)

"""Requests for information: as the team reads them, and as those read them who were asked."""

from __future__ import annotations

from datetime import datetime

import immutables
import msgspec

from server.families.request_facts import (
    Answer,
    InformationReceived,
    InformationRequested,
    QuestionAnswered,
    QuestionAsked,
)
from server.record.facts import Entry

change = msgspec.structs.replace


class Answered(msgspec.Struct, frozen=True):
    """One answer. `at` is when it came."""

    person: str
    answer: Answer
    words: str
    searched: str
    corrects: Answer | None
    at: datetime


class Request(msgspec.Struct, frozen=True):
    """One request, as one audience reads it. `stream` is where those outside the team read it."""

    id: str
    question: str
    asked: tuple[str, ...]
    due: datetime
    by: str
    at: datetime
    agency: str = ""
    domain: str = ""
    huddle: str = ""
    stream: str = ""
    answers: tuple[Answered, ...] = ()

    @property
    def newest(self) -> Answered | None:
        return self.answers[-1] if self.answers else None

    @property
    def late(self) -> bool:
        """Whether the first answer came after it was due."""
        return bool(self.answers) and self.answers[0].at > self.due


class RequestsState(msgspec.Struct, frozen=True):
    """`team` are the requests that stand in main; `put` the questions that were put to the reader."""

    team: immutables.Map[str, Request] = immutables.Map()
    put: immutables.Map[str, Request] = immutables.Map()

    def in_order(self) -> tuple[Request, ...]:
        """Those of the team, oldest first."""
        return tuple(sorted(self.team.values(), key=lambda request: (request.at, request.id)))

    def waiting(self, agency: str, domain: str) -> bool:
        """Whether an agency was asked about a part of life and has not answered yet."""
        return any((r.agency, r.domain) == (agency, domain) and not r.answers for r in self.team.values())


def apply(state: RequestsState, entry: Entry) -> RequestsState:
    """The requests after one more fact."""
    fact = entry.fact
    match fact:
        case InformationRequested():
            asked = requested(fact, entry)
            return change(state, team=state.team.set(fact.request, asked))
        case QuestionAsked():
            put = question(fact, entry)
            return change(state, put=state.put.set(fact.request, put))
        case InformationReceived() if fact.request in state.team:
            known = with_answer(state.team[fact.request], fact, entry)
            return change(state, team=state.team.set(fact.request, known))
        case QuestionAnswered() if fact.request in state.put:
            known = with_answer(state.put[fact.request], fact, entry)
            return change(state, put=state.put.set(fact.request, known))
    return state


def requested(fact: InformationRequested, entry: Entry) -> Request:
    return Request(
        id=fact.request,
        question=fact.question,
        asked=fact.asked,
        due=fact.due,
        by=entry.author,
        at=entry.at,
        agency=fact.agency,
        domain=fact.domain or "",
        huddle=fact.huddle,
        stream=fact.stream,
    )


def question(fact: QuestionAsked, entry: Entry) -> Request:
    return Request(
        id=fact.request,
        question=fact.question,
        asked=fact.asked,
        due=fact.due,
        by=entry.author,
        at=entry.at,
        domain=fact.domain or "",
        stream=entry.stream,
    )


def with_answer(known: Request, fact: InformationReceived | QuestionAnswered, entry: Entry) -> Request:
    answered = Answered(fact.person, fact.answer, fact.words, fact.searched, fact.corrects, entry.at)
    return change(known, answers=(*known.answers, answered))

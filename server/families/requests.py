"""What can be asked about what is missing: ask somebody for it; answer, decline, or find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar, get_args

from server.deadlines.owing import ladder
from server.families.facts import Basis, Bearing, Domain, FragmentContributed
from server.families.request_facts import (
    Answer,
    InformationReceived,
    InformationRequested,
    QuestionAnswered,
    QuestionAsked,
)
from server.families.request_state import Request, RequestsState
from server.families.written import LONGEST, LONGEST_REASON, problem_with, refuse
from server.people.facts import PRACTISING
from server.people.practitioners import Practitioner
from server.people.state import PartnershipState
from server.record.commands import Command, Draft, Hand
from server.record.refusals import NotFound

WHOM = "Choose who to ask. It must be an agency or one person"
NEEDED: dict[Answer, str] = {
    "answered": "Enter what your agency knows",
    "declined": "Enter why you decline to answer",
    "nil_return": "",
}
SEARCHED = "Enter what was searched: which names, addresses and dates"


class RequestInformation(Command):
    """Ask an agency, or one person, for what they know. They see the question and nothing else.

    `agency` means those of it who are in the team; else its safeguarding leads; else everybody there who
    works with families.
    """

    may: ClassVar[str] = "request_information"
    asks: ClassVar[dict[str, str]] = {
        "due": "Enter when you need the answer, for example 27 3 2026 and 12pm",
        "domain": "Choose which part of life this is about",
    }
    question: str
    due: datetime
    agency: str = ""
    person: str = ""
    domain: Domain | None = None
    huddle: str = ""

    def follows(self, hand: Hand) -> Iterator[Draft]:
        asked = asked_of(self.agency, self.person, hand)
        past = self.due.tzinfo is None or self.due <= hand.now
        refuse(
            {
                "question": problem_with(self.question, "Enter what you need to know", LONGEST_REASON),
                "agency": "" if asked else WHOM,
                "due": "Due date must be today or later" if past else "",
            }
        )
        request, due = hand.new_id(), self.due.astimezone(UTC)
        outside = tuple(p.person for p in asked if not hand.main.may_read(p.person, hand.now))
        stream = hand.new_id() if outside else ""
        yield Draft(
            hand.book,
            InformationRequested(
                request=request,
                question=self.question,
                agency=asked[0].agency,
                asked=tuple(person.person for person in asked),
                due=due,
                domain=self.domain,
                huddle=self.huddle if hand.main.holders("chair", self.huddle) else "",
                stream=stream,
                climbs=ladder("request", due, hand.now, hand.partnership[PartnershipState]),
            ),
        )
        if outside:
            yield Draft(
                stream,
                QuestionAsked(
                    request=request, question=self.question, asked=outside, due=due, domain=self.domain
                ),
            )


def asked_of(agency: str, person: str, hand: Hand) -> tuple[Practitioner, ...]:
    """Who is meant, at this moment: one person, or those who answer for an agency; never who is excluded."""
    partnership = hand.partnership[PartnershipState]
    nobody = hand.main.barred | {hand.who.person}
    meant = [p for p in partnership.everyone_here() if p.roles & PRACTISING and p.person not in nobody]
    if person:
        return tuple(p for p in meant if p.person == person)
    there = tuple(p for p in meant if p.agency == agency)
    team = tuple(p for p in there if hand.main.may_read(p.person, hand.now))
    return team or tuple(p for p in there if "safeguarding_lead" in p.roles) or there


class AnswerRequest(Command):
    """Answer what you were asked, decline with a reason, or say what was searched and found empty.

    Answered again, it corrects what was answered before, which stays readable.
    """

    may: ClassVar[str] = "answer_request"
    asks: ClassVar[dict[str, str]] = {
        "answer": "Choose whether you answer, decline, or found nothing",
        "basis": "Choose how you know this",
        "bearing": "Choose what this means for the children",
    }
    request: str
    answer: Answer
    words: str = ""
    searched: str = ""
    basis: Basis = "record_extract"
    bearing: Bearing | None = None

    def follows(self, hand: Hand) -> Iterator[Draft]:
        known = put_to(hand, self.request)
        nothing = self.answer == "nil_return"
        refuse(
            {
                "words": problem_with(self.words, NEEDED[self.answer], LONGEST),
                "searched": problem_with(self.searched, SEARCHED if nothing else "", LONGEST_REASON),
                "bearing": self.asks["bearing"] if self.answer == "answered" and not self.bearing else "",
            }
        )
        newest = known.newest
        if newest and (newest.answer, newest.words, newest.searched) == (
            self.answer,
            self.words,
            self.searched,
        ):
            return
        yield from self._facts(known, newest.answer if newest else None, hand)

    def _facts(self, known: Request, corrects: Answer | None, hand: Hand) -> Iterator[Draft]:
        """The answer, for both who read it; and about a part of life, what the agency knows."""
        who = hand.who
        if known.stream:
            yield Draft(
                known.stream,
                QuestionAnswered(
                    request=self.request,
                    person=who.person,
                    answer=self.answer,
                    words=self.words,
                    searched=self.searched,
                    corrects=corrects,
                ),
            )
        domain = next((domain for domain in get_args(Domain) if domain == known.domain), None)
        yield Draft(
            hand.book,
            InformationReceived(
                request=self.request,
                person=who.person,
                agency=who.agency,
                answer=self.answer,
                words=self.words,
                searched=self.searched,
                corrects=corrects,
                domain=domain,
            ),
        )
        if self.answer == "answered" and domain and self.bearing:
            yield Draft(
                hand.book,
                FragmentContributed(domain=domain, basis=self.basis, text=self.words, bearing=self.bearing),
            )


def put_to(hand: Hand, request: str) -> Request:
    """The question, if it was put to the author."""
    requests = hand.state[RequestsState]
    known = requests.team.get(request) or requests.put.get(request)
    if known is None or hand.who.person not in known.asked:
        raise NotFound
    return known

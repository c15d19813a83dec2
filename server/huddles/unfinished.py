"""What a huddle leaves open: each is settled before it is closed, or its reason is recorded. Pure.

Only what stands in main counts: what the chair reads in a compartment changes nothing for those who don't.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import msgspec

from server.actions.state import ActionsState
from server.families.audience import listed
from server.families.request_state import RequestsState
from server.families.state import FamilyState
from server.huddles.decision_facts import Answer
from server.huddles.decision_state import DecisionsState
from server.huddles.decisions import absent
from server.huddles.judgement_state import JudgementsState
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle
from server.people.state import PartnershipState
from server.record.commands import Hand

VOICE_OLD = timedelta(days=28)
"""Twenty working days (SYS-06): from then on, a child has not been heard lately."""


class Open(msgspec.Struct, frozen=True):
    """Something that is not settled. `at` is the address where it can be."""

    code: str
    words: str
    at: str


def left_open(hand: Hand, huddle: Huddle) -> tuple[Open, ...]:
    """In the order in which a chair would settle it."""
    checks = (undecided, actions, requests, apart, unheard, unconfirmed, missing)
    return tuple(found for check in checks for found in check(hand, huddle))


def undecided(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    decided = hand.state[DecisionsState].of(huddle.id)
    if not decided:
        yield Open("decided", "Nothing was decided", f"/huddles/{huddle.id}/decide")
    for decision in decided:
        if not decision.finalised and not decision.replaced_by:
            words = f"Decision {decision.said.number} is not final"
            address = f"/huddles/{huddle.id}/decisions/{decision.said.decision}"
            yield Open(f"final:{decision.said.decision}", words, address)


def actions(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    reference = hand.state[FamilyState].reference
    for action in hand.state[ActionsState].of(huddle.id):
        if action.stream != hand.book:
            continue
        words = {
            "proposed": "has no owner",
            "waiting": "was not read back",
            "declined": "was declined and needs another owner",
            "owner_lost": "has lost its owner",
            "claimed_done": "is recorded as done and was not checked",
            "change_asked": "waits for a change that its owner asked for",
        }.get(action.stage)
        if words:
            address = f"/families/{reference}/actions/{action.id}"
            yield Open(f"action:{action.id}", f"Action {action.number} {words}", address)


def requests(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    people = hand.partnership[PartnershipState]
    for request in hand.state[RequestsState].in_order():
        if not request.answers:
            agency = people.agencies.get(request.agency)
            words = f"{agency.name if agency else 'Somebody'} has not answered: {request.question}"
            yield Open(f"request:{request.id}", words, f"/requests/{request.id}")


def apart(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    family = hand.state[FamilyState]
    for turn, child, _ in hand.state[JudgementsState].of(huddle.id).wide():
        words = f"Judgements of {family.name_of(child)} lie far apart, and nothing says why"
        yield Open(f"apart:{turn}:{child}", words, f"/huddles/{huddle.id}/judge")


def unheard(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    """Each child whose voice nobody recorded lately, in this huddle or before it."""
    family = hand.state[FamilyState]
    standing = [f for f in family.fragments.by_ref.values() if f.stream == hand.book and not f.withdrawn]
    for child in family.children():
        voices = [f for f in standing if f.said.voice_of == child.member and hand.now - f.at <= VOICE_OLD]
        if not voices:
            words = f"Nothing says what {child.name} said or showed in the last four weeks"
            yield Open(f"voice:{child.member}", words, f"/huddles/{huddle.id}")


def unconfirmed(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    """For whom something was recorded that they have neither confirmed nor disputed."""
    people = hand.partnership[PartnershipState]
    for person in dict.fromkeys(s.person for s in hand.state[SpokenState].unconfirmed(huddle.id)):
        known = people.practitioner(person)
        words = f"{known.name if known else person} has not confirmed what was recorded for them"
        yield Open(f"unconfirmed:{person}", words, f"/huddles/{huddle.id}/phone")


def missing(hand: Hand, huddle: Huddle) -> Iterator[Open]:
    agencies = absent(hand, huddle)
    if agencies:
        yield Open("absent", f"{listed(list(agencies))} took no part", f"/huddles/{huddle.id}/invite")


def answered(found: Iterable[Open], answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """The reasons for what is really open, each with what that is."""
    given = {answer.item: answer.words for answer in answers if answer.words.strip()}
    return tuple(Answer(item.code, given[item.code], item.words) for item in found if item.code in given)


def unanswered(found: Iterable[Open], answers: Iterable[Answer]) -> dict[str, str]:
    """What is neither settled nor answered, by field."""
    given = {answer.item for answer in answers if answer.words.strip()}
    return {
        f"answer-{item.code}": f"{item.words}. Settle this, or say why it is so"
        for item in found
        if item.code not in given
    }

"""What follows in a huddle from what happens to the team around the family, and to it from a huddle's end."""

from __future__ import annotations

from collections.abc import Iterable

from server.actions.facts import OwnerLost
from server.actions.owing import owing
from server.actions.state import ActionsState
from server.families.facts import TeamMemberRemoved
from server.families.state import FamilyState
from server.huddles.closing import until
from server.huddles.closing_facts import GuestAccessLimited, HuddleClosed
from server.huddles.course_facts import HuddleAbandoned
from server.huddles.facts import ParticipantLeft, PersonUninvited
from server.huddles.sitting import is_over
from server.huddles.state import HuddlesState
from server.huddles.telling import tells_of
from server.people.state import PartnershipState
from server.record.commands import Draft, Hand
from server.record.facts import Entry


def leave_with_access(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Who may no longer read the family is no longer in its huddles."""
    fact = entry.fact
    if not isinstance(fact, TeamMemberRemoved):
        return
    for huddle in hand.state[HuddlesState].by_id.values():
        if fact.person in huddle.present():
            yield Draft(hand.book, ParticipantLeft(huddle=huddle.id, person=fact.person, how="access_ended"))


def uninvite_with_access(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Who may no longer read the family is no longer asked to any huddle of it that is not over."""
    fact = entry.fact
    if not isinstance(fact, TeamMemberRemoved):
        return
    for huddle in hand.state[HuddlesState].by_id.values():
        if fact.person in huddle.invited and not is_over(huddle):
            told = tells_of("uninvited", (fact.person,), huddle, now=hand.now, by="")
            yield Draft(hand.book, PersonUninvited(huddle=huddle.id, person=fact.person, tells=told))


def end_guests_access(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """Who was let in for a huddle reads on for ten working days after the last that they were asked to; or
    after they are asked to none any more."""
    fact = entry.fact
    if not isinstance(fact, HuddleClosed | HuddleAbandoned | PersonUninvited):
        return
    going_on = [h for h in hand.state[HuddlesState].by_id.values() if h.course in ("on", "adjourned")]
    expected = {person for huddle in going_on for person in huddle.invited}
    last_day = until(entry.at, hand.partnership[PartnershipState])
    for member in hand.state[FamilyState].team.values():
        if isinstance(fact, PersonUninvited) and member.person != fact.person:
            continue
        # Whose end is set was let in for an earlier one: this neither lets them in again nor gives more time.
        without_end = hand.main.readers.get(member.person, entry.at) is None
        if member.guest_of and without_end and member.person not in expected:
            yield Draft(
                hand.book,
                GuestAccessLimited(huddle=fact.huddle, person=member.person, until=last_day),
            )


def lose_guests_as_owners(hand: Hand, entry: Entry) -> Iterable[Draft]:
    """What a guest promised, and what is due after the last day on which they read, needs another owner."""
    fact = entry.fact
    if not isinstance(fact, GuestAccessLimited):
        return
    for known in hand.state[ActionsState].owed_by(fact.person):
        if known.stream == hand.book and known.terms.due and known.terms.due > fact.until:
            lost = OwnerLost(
                action=known.id,
                number=known.number,
                person=fact.person,
                huddle=known.huddle,
                until=fact.until,
            )
            yield Draft(hand.book, owing(lost, hand.book, hand))

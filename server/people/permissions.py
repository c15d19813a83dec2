"""Who may do what: a table, for an auditor to read from top to bottom.

Reading comes first: who may not read a family's main stream is told that there is no such page, whatever
they ask for. No row gives an administrator anything of a family: that role is about people and agencies.
The rows hold for a person's own acts; what the service itself adds (`system`) follows from a fact that
somebody was permitted.
"""

from __future__ import annotations

from typing import NamedTuple

from server.people.predicates import (
    Predicate,
    administrator,
    answers_for_the_plan,
    answers_or_chairs,
    anybody,
    chair,
    chair_or_scribe,
    named_deputy,
    nobody,
    practises,
    steward,
    writes_for_others,
)
from server.people.state import PartnershipState
from server.record.commands import Command, Hand
from server.record.facts import SYSTEM
from server.record.refusals import NotFound, Refused


class NotYours(Refused):
    """You can't do this. Ask the huddle chair or the plan owner."""

    code = "not_yours"
    status = 403


class Rule(NamedTuple):
    """Who may, and what everybody else among the readers is told."""

    allows: Predicate
    otherwise: str


PEOPLE = "Only an administrator can change who works here and in which role."
STEWARDS = "Only a data steward can do this. It needs somebody who is shown two records side by side."
PLAN = (
    "Only the plan owner, or a supervisor in the team around this family, can change this. Ask one of them."
)
CHAIR = "Only the chair of this huddle can do this. Ask the chair."
SCRIBE = "Only the scribe of this huddle records for somebody else, and never from the chair. Ask the scribe."
TABLE = "Only the chair or the scribe of this huddle can do this. Ask one of them."

CHASES = "Only the service itself chases what is owed, and records that it did."

MAY: dict[str, Rule] = {
    # The partnership: who works here, and as what
    "found_partnership": Rule(nobody, PEOPLE),
    "register_agency": Rule(administrator, PEOPLE),
    "register_practitioner": Rule(administrator, PEOPLE),
    "name_manager": Rule(administrator, PEOPLE),
    "grant_role": Rule(administrator, PEOPLE),
    "end_role": Rule(administrator, PEOPLE),
    "arrange_cover": Rule(administrator, PEOPLE),
    "record_leaving": Rule(administrator, PEOPLE),
    # Any record
    "note_restore": Rule(nobody, PEOPLE),
    "make_sign_in_link": Rule(administrator, PEOPLE),
    "make_link_asked_for": Rule(nobody, PEOPLE),
    # A family: who is in its team, and what is agreed for it
    "open_family": Rule(practises, "Only somebody who works with families can open a family's record."),
    "set_level": Rule(answers_for_the_plan, PLAN),
    "close_family": Rule(answers_for_the_plan, PLAN),
    "reopen_family": Rule(answers_for_the_plan, PLAN),
    "name_plan_owner": Rule(answers_for_the_plan, PLAN),
    "add_to_team": Rule(answers_for_the_plan, PLAN),
    "remove_from_team": Rule(answers_for_the_plan, PLAN),
    # Who knows the family personally. Anybody says so of themselves; it ends only by somebody else.
    "declare_conflict": Rule(anybody, ""),
    "exclude_person": Rule(answers_or_chairs, PLAN),
    "end_exclusion": Rule(answers_for_the_plan, PLAN),
    "place_conflict": Rule(
        nobody, "Only the service itself does this, once a data steward found the family."
    ),
    "pass_work": Rule(nobody, "Only the service itself passes on what a colleague who left had."),
    "expect_knowledge": Rule(answers_for_the_plan, PLAN),
    "add_member": Rule(anybody, ""),
    "record_household": Rule(anybody, ""),
    "record_relationship": Rule(anybody, ""),
    "set_outcome": Rule(anybody, ""),
    "plan_contact": Rule(anybody, ""),
    "record_contact": Rule(anybody, ""),
    "set_review_date": Rule(anybody, ""),
    # The data stewards' queue. What stands in it the service itself notices, beside all requests.
    "keep_stewards": Rule(nobody, STEWARDS),
    "notice_match": Rule(nobody, STEWARDS),
    "settle_match": Rule(steward, STEWARDS),
    # A conflict with a family that its author may not read. They read nothing of the queue, before or after.
    "report_conflict": Rule(practises, "Only somebody who works with families can report this."),
    "note_conflict_placed": Rule(steward, STEWARDS),
    "settle_conflict": Rule(steward, STEWARDS),
    # A family: what each agency knows. Whose words are corrected or withdrawn is for the command to see.
    "contribute": Rule(anybody, ""),
    "correct": Rule(anybody, ""),
    "withdraw": Rule(anybody, ""),
    "signpost": Rule(anybody, ""),
    # What is missing. The question stands in a stream of those who were asked: the command looks.
    "request_information": Rule(anybody, ""),
    "answer_request": Rule(anybody, ""),
    # One's own duty: whoever works here, whatever they may read and whatever state anything is in. A referral
    # begins a record of its own, which nobody else reads.
    "refer": Rule(anybody, ""),
    "follow_up_referral": Rule(anybody, ""),
    "show_referral": Rule(anybody, ""),
    # A huddle. An invitation admits to the record, so whoever was invited reads it.
    "convene": Rule(anybody, ""),
    "join": Rule(anybody, ""),
    "leave": Rule(anybody, ""),
    "accept_invitation": Rule(anybody, ""),
    "send_apologies": Rule(anybody, ""),
    "invite": Rule(chair, CHAIR),
    "uninvite": Rule(chair, CHAIR),
    "move_huddle": Rule(chair, CHAIR),
    "change_phase": Rule(chair, CHAIR),
    # Its course: whoever takes the chair can go on with it or end it, so nobody's absence holds it up.
    "adjourn": Rule(chair, CHAIR),
    "resume": Rule(chair, CHAIR),
    "abandon": Rule(chair, CHAIR),
    "assume_chair": Rule(named_deputy, "Only the named deputy can take the chair. Ask the deputy."),
    # Who was appointed chair stands in the huddle's state: the command looks.
    "take_back_chair": Rule(anybody, ""),
    # By phone: a code, a colleague who knows the voice, the scribe. Whose words they are answers for them.
    "give_phone_code": Rule(chair_or_scribe, TABLE),
    "let_in_by_phone": Rule(chair_or_scribe, TABLE),
    "vouch": Rule(anybody, ""),
    "record_for_caller": Rule(writes_for_others, SCRIBE),
    "answer_for_own_words": Rule(anybody, ""),
    # What was decided is the chair's to record; where each stands is theirs alone: the author is the person.
    "record_decision": Rule(chair, CHAIR),
    "take_position": Rule(anybody, ""),
    "state_duty": Rule(anybody, ""),
    "finalise_decision": Rule(chair, CHAIR),
    # What each judges stands in a stream that only they read; the service reveals it when the chair asks.
    "judge": Rule(anybody, ""),
    "reveal_judgements": Rule(nobody, CHAIR),
    "discuss_spread": Rule(chair, CHAIR),
    "close_huddle": Rule(chair, CHAIR),
    "correct_minutes": Rule(anybody, ""),
    # What is promised. Who owns an action, and who answers for it, stands in its state: the command looks.
    "agree_action": Rule(anybody, ""),
    "change_action": Rule(anybody, ""),
    "accept_action": Rule(anybody, ""),
    "ask_for_change": Rule(anybody, ""),
    "start_action": Rule(anybody, ""),
    "decline_action": Rule(anybody, ""),
    "extend_action": Rule(anybody, ""),
    "verify_action": Rule(anybody, ""),
    "reopen_action": Rule(anybody, ""),
    "settle_action": Rule(anybody, ""),
    # Chasing. The service looks and tells; what reached the queue is settled by somebody who reads it, and
    # never by who owes it: the command looks.
    "put_right": Rule(nobody, CHASES),
    "chase": Rule(nobody, CHASES),
    "note_failure": Rule(nobody, CHASES),
    "record_mail": Rule(nobody, CHASES),
    "begin_canary": Rule(nobody, CHASES),
    "settle_queue": Rule(anybody, ""),
    "choose_channel": Rule(anybody, ""),
    "note_absence": Rule(nobody, "Only the service itself records that somebody was absent."),
}
"""Command (`Command.may`) → who may. A command without a row is refused to everybody."""

ANSWERS = frozenset({"answer_request"})
"""Commands of people who were asked something, and may read nothing else of the family."""

TELLS = frozenset({"report_conflict"})
"""Commands that put something before people whose record their author does not read."""

OPENS = frozenset({"open_family", "refer"})
"""Commands that begin a record, which therefore nobody reads yet."""


def may(hand: Hand, command: Command) -> None:
    """Return if the author may; else raise `NotFound` (may not even read it) or `NotYours` (in words)."""
    if hand.who.person == SYSTEM:
        return
    rule = MAY.get(command.may)
    if rule is None or not works_here(hand):
        raise NotFound
    if command.may in OPENS:
        if hand.begun:
            raise NotFound
    elif command.may in TELLS:
        pass
    elif command.may in ANSWERS:
        if not hand.audience:
            raise NotFound
    elif not hand.main.may_read(hand.who.person, hand.now):
        raise NotFound
    if not rule.allows(hand, command):
        raise NotYours(rule.otherwise)


def works_here(hand: Hand) -> bool:
    """Who left may do nothing, whatever they held."""
    return hand.partnership[PartnershipState].here(hand.who.person) is not None

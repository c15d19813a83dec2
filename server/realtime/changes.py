"""Which parts of an open room a fact changes: one table. Every kind that may stand in a family has a row."""

from __future__ import annotations

import msgspec

from server.actions import facts as action_facts
from server.deadlines import facts as deadline_facts
from server.duty import facts as duty_facts
from server.families import behalf_facts, closure_facts, request_facts
from server.families import facts as family_facts
from server.huddles import closing_facts, course_facts, decision_facts, judgement_facts, phone_facts
from server.huddles import facts as huddle_facts
from server.record.facts import (
    DestroyedFact,
    Fact,
    PayloadDestroyed,
    RecordRestored,
    UnknownFact,
)


class Change(msgspec.Struct, frozen=True):
    """What a fact changes beside adding its line: cells of the picture, all of it, the table, the phases."""

    cells: bool = False
    picture: bool = False
    people: bool = False
    phases: bool = False
    decisions: bool = False
    judgements: bool = False
    actions: bool = False
    requests: bool = False
    page: bool = False


LINE = Change()
KNOWLEDGE = Change(cells=True)
DECISION = Change(decisions=True)
JUDGEMENT = Change(judgements=True)
ACTION = Change(actions=True)
REQUEST = Change(cells=True, requests=True)
PAGE = Change(page=True)

CHANGES: dict[type[Fact], Change] = {
    UnknownFact: LINE,
    DestroyedFact: LINE,
    PayloadDestroyed: PAGE,
    RecordRestored: LINE,
    family_facts.FamilyOpened: PAGE,
    family_facts.MemberAdded: PAGE,
    family_facts.TeamMemberAdded: PAGE,
    family_facts.TeamMemberRemoved: PAGE,
    family_facts.GuestAdmitted: PAGE,
    family_facts.PersonExcluded: PAGE,
    family_facts.ExclusionEnded: PAGE,
    family_facts.CompartmentOpened: PAGE,
    family_facts.ContactPlanned: PAGE,
    family_facts.KnowledgeExpected: Change(picture=True),
    family_facts.HouseholdRecorded: LINE,
    family_facts.RelationshipRecorded: LINE,
    family_facts.PlanLevelSet: LINE,
    family_facts.PlanOwnerNamed: PAGE,
    closure_facts.FamilyClosed: LINE,
    closure_facts.FamilyReopened: LINE,
    family_facts.OutcomeSet: LINE,
    family_facts.ContactRecorded: LINE,
    family_facts.ReviewDateSet: LINE,
    family_facts.RestrictionSignposted: LINE,
    duty_facts.ReferralDisclosed: LINE,
    family_facts.FragmentContributed: KNOWLEDGE,
    family_facts.FragmentCorrected: KNOWLEDGE,
    family_facts.FragmentWithdrawn: KNOWLEDGE,
    behalf_facts.WordsConfirmed: Change(decisions=True, judgements=True),
    behalf_facts.WordsDisputed: Change(decisions=True, judgements=True),
    phone_facts.PhoneCodeGiven: LINE,
    phone_facts.PhoneVouched: Change(people=True),
    huddle_facts.HuddleConvened: LINE,
    huddle_facts.PersonInvited: Change(people=True),
    huddle_facts.PersonUninvited: Change(people=True),
    huddle_facts.HuddleMoved: PAGE,
    huddle_facts.InvitationAccepted: Change(people=True),
    huddle_facts.ApologiesSent: Change(people=True),
    huddle_facts.ParticipantJoined: Change(people=True, judgements=True),
    huddle_facts.ParticipantLeft: Change(people=True, judgements=True),
    huddle_facts.ChairAssumed: PAGE,
    closing_facts.HuddleClosed: PAGE,
    closing_facts.GuestAccessLimited: LINE,
    closing_facts.MinutesCorrected: LINE,
    course_facts.HuddleAdjourned: PAGE,
    course_facts.HuddleResumed: PAGE,
    course_facts.HuddleAbandoned: PAGE,
    huddle_facts.PhaseChanged: Change(phases=True),
    judgement_facts.JudgementMade: LINE,
    judgement_facts.JudgementGiven: JUDGEMENT,
    judgement_facts.JudgementsRevealed: JUDGEMENT,
    judgement_facts.SpreadDiscussed: JUDGEMENT,
    decision_facts.DecisionRecorded: DECISION,
    decision_facts.PositionTaken: DECISION,
    decision_facts.DutyStated: DECISION,
    decision_facts.DecisionFinalised: DECISION,
    request_facts.InformationRequested: REQUEST,
    request_facts.InformationReceived: REQUEST,
    request_facts.QuestionAsked: LINE,
    request_facts.QuestionAnswered: LINE,
    action_facts.ActionAgreed: ACTION,
    action_facts.ActionChanged: ACTION,
    action_facts.ActionAccepted: ACTION,
    action_facts.ChangeAsked: ACTION,
    action_facts.ActionDeclined: ACTION,
    action_facts.ActionStarted: ACTION,
    action_facts.ActionExtended: ACTION,
    action_facts.OwnerLost: ACTION,
    action_facts.DoneClaimed: ACTION,
    action_facts.ActionVerified: ACTION,
    action_facts.ActionReopened: ACTION,
    action_facts.ActionSettled: ACTION,
    deadline_facts.ChaseBegun: ACTION,
    deadline_facts.OwnerChased: ACTION,
    deadline_facts.NoticeFailed: ACTION,
    deadline_facts.QueueSettled: ACTION,
}
"""Every kind that may stand in a family's streams. One without a row fails a test."""

"""Each fact of a huddle as one plain sentence, for the lines of the record."""

from __future__ import annotations

from server.actions.sentences import SENTENCES as ACTION_SENTENCES
from server.duty.sentences import SENTENCES as DUTY_SENTENCES
from server.families.deadline_sentences import SENTENCES as DEADLINE_SENTENCES
from server.families.request_sentences import SENTENCES as REQUEST_SENTENCES
from server.families.sentences import SENTENCES as FAMILY_SENTENCES
from server.families.sentences import Names, Sentence, Told
from server.huddles import course_facts, facts, phone_facts
from server.huddles.closing_sentences import SENTENCES as CLOSING_SENTENCES
from server.huddles.decision_sentences import SENTENCES as DECISION_SENTENCES
from server.huddles.judgement_sentences import SENTENCES as JUDGEMENT_SENTENCES
from server.huddles.labels import PHASES
from server.record.facts import Fact


def _convened(fact: facts.HuddleConvened, names: Names) -> str:
    return f"{names.who} called a huddle: {fact.purpose}. {names.person(fact.chair)} chairs"


def _joined(fact: facts.ParticipantJoined, names: Names) -> str:
    if fact.let_in_by:
        who = f"{names.person(fact.let_in_by)} let {names.person(fact.person)} in by phone"
        return f"{who}, who heard and accepted the confidentiality statement"
    how = {"live": "joined", "phone": "joined by phone", "report_only": "sent a report"}[fact.mode]
    return f"{names.person(fact.person)} {how} and accepted the confidentiality statement"


def _left(fact: facts.ParticipantLeft, names: Names) -> str:
    person = names.person(fact.person)
    return {
        "said_so": f"{person} left the huddle",
        "absence": f"{person} has been away for five minutes",
        "access_ended": f"{person} left the huddle: access has ended",
    }[fact.how]


def _assumed(fact: facts.ChairAssumed, names: Names) -> str:
    before = names.person(fact.instead_of)
    return f"{names.person(fact.person)} took the chair in place of {before}: {fact.reason}"


def _code(fact: phone_facts.PhoneCodeGiven, names: Names) -> str:
    return f"{names.who} gave {names.person(fact.person)} a code to come in by phone"


def _vouched(fact: phone_facts.PhoneVouched, names: Names) -> str:
    return f"{names.person(fact.by)} knows the voice of {names.person(fact.person)} on the phone"


def _adjourned(fact: course_facts.HuddleAdjourned, names: Names) -> Told:
    at = fact.resumes.astimezone(names.partnership.zone)
    until = f"{at:%A} {at.day} {at:%B at %H:%M}"
    lacking = f" (not quorate: {fact.missing})" if fact.missing else ""
    words = f"{names.who} adjourned the huddle until {until}{lacking}: {fact.reason}"
    return Told(words, "decision", f"The huddle is adjourned until {until}")


def _uninvited(fact: facts.PersonUninvited, names: Names) -> str:
    person = names.person(fact.person)
    if not fact.reason:
        return f"{person} is no longer asked to the huddle: access has ended"
    return f"{names.who} no longer asks {person} to the huddle: {fact.reason}"


def _moved(fact: facts.HuddleMoved, names: Names) -> Told:
    at = fact.starts.astimezone(names.partnership.zone)
    then = f"{at:%A} {at.day} {at:%B at %H:%M}, for {fact.minutes} minutes"
    why = f": {fact.reason}" if fact.reason else ""
    return Told(f"{names.who} moved the huddle to {then}{why}", "decision", f"The huddle is moved to {then}")


def _abandoned(fact: course_facts.HuddleAbandoned, names: Names) -> Told:
    words = f"{names.who} abandoned the huddle: {fact.reason}"
    return Told(words, "decision", "The huddle is abandoned")


SENTENCES: dict[type[Fact], Sentence] = {
    course_facts.HuddleAdjourned: _adjourned,
    course_facts.HuddleResumed: lambda f, n: Told(
        f"{n.who} went on with the huddle, for {f.minutes} minutes", aloud="The huddle goes on"
    ),
    course_facts.HuddleAbandoned: _abandoned,
    phone_facts.PhoneCodeGiven: _code,
    phone_facts.PhoneVouched: _vouched,
    facts.HuddleConvened: _convened,
    facts.PersonInvited: lambda f, n: f"{n.who} invited {n.person(f.person)}",
    facts.PersonUninvited: _uninvited,
    facts.HuddleMoved: _moved,
    facts.InvitationAccepted: lambda f, n: f"{n.person(f.person)} will come to the huddle",
    facts.ApologiesSent: lambda f, n: f"{n.person(f.person)} sent apologies: {f.reason}",
    facts.ParticipantJoined: _joined,
    facts.ParticipantLeft: _left,
    facts.PhaseChanged: lambda f, n: f"{n.who} moved on to: {dict(PHASES)[f.phase].lower()}",
    facts.ChairAssumed: _assumed,
}

ALL_SENTENCES: dict[type[Fact], Sentence] = {
    **FAMILY_SENTENCES,
    **REQUEST_SENTENCES,
    **DEADLINE_SENTENCES,
    **DUTY_SENTENCES,
    **ACTION_SENTENCES,
    **SENTENCES,
    **DECISION_SENTENCES,
    **JUDGEMENT_SENTENCES,
    **CLOSING_SENTENCES,
}

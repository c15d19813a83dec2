"""One action's life, as anybody may push it: whatever is tried, in whatever order, three things hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.actions.action import Action
from server.actions.agreeing import AgreeAction, ChangeAction
from server.actions.checking import ReopenAction, VerifyAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction, StartAction
from server.actions.declining import DeclineAction
from server.actions.extending import ExtendAction
from server.actions.state import ActionsState
from server.core import PARTS
from server.families.facts import PlanOwnerNamed, TeamMemberAdded
from server.people import state as people
from server.people.facts import AgencyRegistered, PartnershipFounded, PractitionerRegistered
from server.people.state import PartnershipState
from server.record.chain import NOTHING
from server.record.commands import Actor, Command, Hand
from server.record.facts import Entry, Fact
from server.record.refusals import Refused
from server.record.state import Parts
from server.record.streams import OpenStream, follow

TEAM = ("agreed-it", "plan-owner", "one", "other")
who = st.sampled_from(TEAM)
days = st.integers(min_value=1, max_value=9)
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Life(RuleBasedStateMachine):
    """A family's main stream, in memory, and one critical action in it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.people = Parts((PartnershipState, people.apply)).empty()
        self.family = PARTS.empty()
        self.main = OpenStream("family")
        self.late = timedelta()
        self.hands: set[str] = set()
        for fact in town():
            self.people = self.people.after([self.entry(fact, "people", 1)])
        for person in TEAM:
            self.append(TeamMemberAdded(person=person), "agreed-it")
        self.append(PlanOwnerNamed(person="plan-owner"), "agreed-it")
        due = self.now + timedelta(days=3)
        self.tried("agreed-it", AgreeAction(words="Weigh Remi", owner="one", due=due, critical=True))

    @property
    def known(self) -> Action:
        return self.family[ActionsState].all()[0]

    def entry(self, fact: Fact, stream: str, seq: int, author: str = "") -> Entry:
        return Entry("family", stream, seq, seq, fact.kind(), author, "", self.now, fact)

    def append(self, fact: Fact, author: str) -> None:
        entry = self.entry(fact, "family", self.main.seq + 1, author)
        self.main = follow(self.main, entry, NOTHING)
        self.family = self.family.after([entry])

    def tried(self, person: str, command: Command) -> bool:
        """Whether it was done."""
        hand = Hand(
            Actor(person),
            self.now,
            "family",
            ("family",),
            {"family": self.main},
            self.family,
            self.people,
            OpenStream("people"),
            lambda: f"id-{self.main.seq}",
        )
        try:
            facts = [draft.fact for draft in command.follows(hand)]
        except Refused:
            return False
        for fact in facts:
            self.append(fact, person)
        return bool(facts)

    def about(self) -> dict[str, object]:
        return {"action": self.known.id, "seen": self.known.seen}

    @rule(hours=st.integers(min_value=1, max_value=60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(person=who, kind=st.sampled_from((AcceptAction, StartAction)))
    def owner_goes_on(self, person: str, kind: type[Command]) -> None:
        self.tried(person, kind(**self.about()))  # type: ignore[arg-type]  # both take these two

    @rule(person=who, kind=st.sampled_from((DeclineAction, AskForChange)))
    def owner_objects(self, person: str, kind: type[Command]) -> None:
        self.tried(person, kind(**self.about(), words="I cannot"))  # type: ignore[arg-type, call-arg]  # likewise

    @rule(person=who, owner=st.sampled_from((*TEAM, "")), more=days, critical=st.booleans())
    def somebody_changes_it(self, person: str, owner: str, more: int, critical: bool) -> None:
        due = self.now + timedelta(days=more)
        before = self.known
        changed = ChangeAction(
            action=before.id,
            seen=before.seen,
            words="Weigh Remi",
            owner=owner,
            due=due,
            critical=critical,
            reason="Why",
        )
        if self.tried(person, changed) and before.terms.owner and owner and due > (before.terms.due or due):
            assert person not in (before.terms.owner, owner), "nobody gives themselves more time"
            assert self.known.extensions == before.extensions + 1

    @rule(person=who, more=days)
    def somebody_extends_it(self, person: str, more: int) -> None:
        before = self.known
        due = self.now + timedelta(days=more)
        if self.tried(person, ExtendAction(action=before.id, seen=before.seen, due=due, reason="Why")):
            assert person != before.terms.owner

    @rule(person=who, outcome=st.sampled_from(("done", "done", "not_done", "not_needed")))
    def somebody_settles_it(self, person: str, outcome: str) -> None:
        if self.tried(person, SettleAction(**self.about(), outcome=outcome, words="So it was")):  # type: ignore[arg-type]  # named above
            self.hands = {person}
            if outcome == "done" and self.known.stage == "done":
                assert self.known.lowered_by not in ("", person), "somebody else said that it is not critical"
                self.hands.add(self.known.lowered_by)

    @rule(person=who, kind=st.sampled_from((VerifyAction, ReopenAction)))
    def somebody_looks(self, person: str, kind: type[Command]) -> None:
        before = self.known
        if self.tried(person, kind(**self.about(), words="I looked")):  # type: ignore[arg-type, call-arg]  # likewise
            assert person != before.terms.owner or kind is VerifyAction
            self.hands.add(person)

    @invariant()
    def done_is_never_one_persons_word(self) -> None:
        if self.known.stage == "done":
            assert len(self.hands) > 1

    @invariant()
    def there_is_no_third_extension(self) -> None:
        assert self.known.extensions <= 2

    @invariant()
    def lateness_never_shrinks(self) -> None:
        known = self.known
        assert known.first_due == BEGIN + timedelta(days=3)
        late = max((known.finished or self.now) - BEGIN - timedelta(days=3), timedelta())
        assert late >= self.late
        self.late = late


def town() -> tuple[Fact, ...]:
    """Four people of one agency, none of whom is another's manager."""
    registered = (
        PractitionerRegistered(person=p, name=p, email=f"{p}@x.example", agency="A", job_title="")
        for p in TEAM
    )
    founded = PartnershipFounded(name="Town", nation="england", time_zone="Europe/London")
    return (founded, AgencyRegistered(code="A", name="A", sort="social_care"), *registered)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)

"""E12, everything at once: the sitting's commands in any order, four at a time, over a record that is
closed and opened again in between. What the record says is then read from its beginning, fact by fact.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from server.core import INDEX_TABLES, INDEXES, PARTS, Core, opened
from server.demo.cast import actor
from server.demo.telling import book_of
from server.families.facts import FragmentContributed
from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.huddles import (
    behalf,
    chair,
    commands,
    course,
    decisions,
    defensible,
    judgements,
    phone,
    positions,
)
from server.huddles.course_facts import HuddleAdjourned
from server.huddles.decision_facts import (
    AboutChild,
    Answer,
    DecisionRecorded,
    DutyStated,
    Option,
    PositionTaken,
)
from server.huddles.decision_state import DecisionsState
from server.huddles.facts import ChairAssumed, PhaseChanged
from server.huddles.judgement_facts import JudgementGiven
from server.huddles.judgement_state import JudgementsState
from server.huddles.quorum import quorum
from server.huddles.sitting import is_on
from server.huddles.spoken import SpokenState
from server.huddles.state import Huddle, HuddlesState
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.commands import Command, Hand
from server.record.facts import Entry
from server.record.refusals import Refused
from server.record.reindex import reindex
from server.record.streams import OpenStream, follow
from server.record.verify import verify
from tests.lab.services import Postgres
from tests.lab.town import NOW, ROWE, Clock
from tests.lab.town import settings as settings_for

DENISE, RUTH, CAL, PRIYA, FARAH, GRACE, PIKE = (
    "denise-hallam",
    "ruth-adeyemi",
    "cal-moss",
    "priya-nair",
    "farah-siddiqui",
    "grace-lindqvist",
    "hannah-pike",
)
PEOPLE = (DENISE, RUTH, CAL, PRIYA, FARAH, GRACE, PIKE)
AT_ONCE = 4

Builder = Callable[[Hand, Huddle, int], Command]


def newest_decision(hand: Hand, huddle: Huddle) -> str:
    return hand.state[DecisionsState].newest(huddle.id)


def a_decision(hand: Hand, huddle: Huddle, n: int) -> Command:
    family = hand.state[FamilyState]
    lines = [f.seq for f in family.fragments.by_ref.values() if f.stream == hand.book and f.withdrawn is None]
    return decisions.RecordDecision(
        huddle=huddle.id,
        words=f"Decision {n}",
        chosen="E3",
        rationale=" ".join(f"because{n}reason{i}" for i in range(9)),
        options=(Option("E2", "Meet again", contra="Late"), Option("E4", "Ask for more")),
        rests_on=(lines[n % len(lines)],),
        children=tuple(AboutChild(c.member, "Seen", no_voice="Asleep") for c in family.children()),
        answers=tuple(Answer(code, "It is so") for code, _ in defensible.CHECKS),
        last=newest_decision(hand, huddle),
    )


def a_judgement(hand: Hand, huddle: Huddle, n: int) -> dict[str, Any]:
    children = [c.member for c in hand.state[FamilyState].children()]
    turn = hand.state[JudgementsState].of(huddle.id).turn
    scores = dict.fromkeys(children, n % 11)
    return {"huddle": huddle.id, "turn": turn, "scores": scores, "words": dict.fromkeys(children, "So")}


def spoken(hand: Hand, huddle: Huddle, n: int) -> int:
    known = hand.state[SpokenState].of(huddle.id)
    return known[n % len(known)].seq if known else 1


LINE: dict[str, Any] = {"domain": "home", "basis": "observed_fact", "bearing": "concern"}

ACTS: dict[str, Builder] = {
    "contribute": lambda hand, h, n: Contribute(**LINE, text=f"Line {n}"),
    "join": lambda hand, h, n: commands.Join(huddle=h.id, accepted=True),
    "join by phone": lambda hand, h, n: commands.Join(huddle=h.id, accepted=True, mode="phone"),
    "leave": lambda hand, h, n: commands.Leave(huddle=h.id),
    "change phase": lambda hand, h, n: commands.ChangePhase(huddle=h.id, phase="discussion"),
    "give code": lambda hand, h, n: phone.GivePhoneCode(huddle=h.id, person=PIKE),
    "let in": lambda hand, h, n: phone.LetInByPhone(
        huddle=h.id, person=PIKE, code=h.codes.get(PIKE, "1"), accepted=True
    ),
    "vouch": lambda hand, h, n: phone.Vouch(huddle=h.id, person=PIKE),
    "line for": lambda hand, h, n: behalf.LineFor(huddle=h.id, person=PIKE, **LINE, text=f"Hers {n}"),
    "position for": lambda hand, h, n: behalf.TakePositionFor(
        huddle=h.id, person=PIKE, decision=newest_decision(hand, h), position="agree"
    ),
    "judge for": lambda hand, h, n: behalf.JudgeFor(person=PIKE, **a_judgement(hand, h, n)),
    "confirm": lambda hand, h, n: behalf.ConfirmWords(huddle=h.id, seq=spoken(hand, h, n)),
    "dispute": lambda hand, h, n: behalf.DisputeWords(huddle=h.id, seq=spoken(hand, h, n), words="Not so"),
    "judge": lambda hand, h, n: judgements.Judge(**a_judgement(hand, h, n)),
    "decide": a_decision,
    "position": lambda hand, h, n: positions.TakePosition(
        huddle=h.id, decision=newest_decision(hand, h), position="abstain", words=f"{n}"
    ),
    "duty": lambda hand, h, n: positions.StateDuty(
        huddle=h.id, decision=newest_decision(hand, h), choice="relies_on_plan"
    ),
    "finalise": lambda hand, h, n: positions.FinaliseDecision(
        huddle=h.id, decision=newest_decision(hand, h), reason="Time"
    ),
    "assume": lambda hand, h, n: chair.AssumeChair(huddle=h.id, instead_of=h.chair, reason=f"{n}"),
    "take back": lambda hand, h, n: chair.TakeBackChair(huddle=h.id, instead_of=h.chair),
    "adjourn": lambda hand, h, n: course.Adjourn(
        huddle=h.id, reason="Alarm", resumes=hand.now + timedelta(hours=1 + n % 9)
    ),
    "resume": lambda hand, h, n: course.Resume(huddle=h.id),
}

STEP = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS)), st.integers(0, 999), st.booleans())


class Sitting(RuleBasedStateMachine):
    """One sitting over a copy of a told record, which is asked for through each of its nodes in turn."""

    copy: ClassVar[Callable[[Path], str]]
    """Makes a copy of the told record, in a folder of this sitting; its address."""
    nodes: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.url = self.copy(Path(self.folder.name))
        self.loop = asyncio.new_event_loop()
        self.clock = Clock(NOW)
        self.book = book_of(ROWE)
        self.stays = [contextlib.AsyncExitStack() for _ in range(self.nodes)]
        self.cores: list[Core] = [self.begun(stays) for stays in self.stays]
        self.saved: dict[str, tuple[str, int]] = {}
        self.acted = 0
        self.huddle = self.run(self.look(DENISE)).state[HuddlesState].order[-1]

    def begun(self, stays: contextlib.AsyncExitStack) -> Core:
        core: Core = self.run(stays.enter_async_context(opened(settings_for(self.url), clock=self.clock)))
        return core

    @property
    def core(self) -> Core:
        return self.cores[0]

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def known(self) -> Huddle:
        found: Huddle = self.run(self.look(DENISE)).state[HuddlesState].by_id[self.huddle]
        return found

    async def look(self, who: str, through: int = 0) -> Hand:
        core = self.cores[through]
        await core.books.catch_up(await core.books.open(self.book))
        return await core.ledger.look(self.book, actor(who))

    @rule(steps=st.lists(STEP, min_size=1, max_size=AT_ONCE))
    def several_act_at_once(self, steps: list[tuple[str, str, int, bool]]) -> None:
        self.run(self.act(steps))

    @rule(act=st.sampled_from(("adjourn", "resume", "decide", "finalise")), twice=st.booleans())
    def whoever_chairs_acts(self, act: str, twice: bool) -> None:
        self.run(self.act([(self.known().chair, act, self.acted, twice)]))

    @rule(act=st.sampled_from(("line for", "position for", "judge for")))
    def the_scribe_writes_for_her(self, act: str) -> None:
        self.run(self.act([(CAL, act, self.acted, False)]))

    @rule(steps=st.sampled_from((("give code", "let in"), ("vouch",), ("leave",))))
    def she_rings(self, steps: tuple[str, ...]) -> None:
        who = {"vouch": PRIYA, "leave": PIKE}
        for step in steps:
            self.run(self.act([(who.get(step, CAL), step, self.acted, False)]))

    @rule(few=st.booleans())
    def people_come_in(self, few: bool) -> None:
        people = (DENISE, CAL, PRIYA) if few else (DENISE, CAL, PRIYA, FARAH, GRACE)
        self.run(self.act([(who, "join", self.acted, False) for who in people]))

    @rule(minutes=st.integers(1, 90))
    def time_passes(self, minutes: int) -> None:
        self.clock.pass_by(minutes=minutes)

    @rule()
    def the_process_ends_and_another_begins(self) -> None:
        n = self.acted % self.nodes
        self.run(self.stays[n].aclose())
        self.cores[n] = self.begun(self.stays[n])

    async def act(self, steps: list[tuple[str, str, int, bool]]) -> None:
        """All at the same moment, each decided on what its author sees; some are sent twice."""
        asked = []
        for who, what, n, twice in steps:
            hand = await self.look(who, len(asked) % self.nodes)
            command = ACTS[what](hand, hand.state[HuddlesState].by_id[self.huddle], n)
            self.acted += 1
            asked += [(who, command, f"act-{self.acted}")] * (1 + twice)
        ledgers = itertools.cycle(core.ledger for core in self.cores)
        answers = await asyncio.gather(
            *(next(ledgers).record(self.book, c, actor(who), key=key) for who, c, key in asked),
            return_exceptions=True,
        )
        for (_, command, key), answer in zip(asked, answers, strict=True):
            if isinstance(answer, BaseException):
                assert isinstance(answer, Refused), (command, answer)
            elif answer.seq:
                assert self.saved.setdefault(key, (answer.stream, answer.seq)) == (answer.stream, answer.seq)

    @invariant()
    def the_record_bears_reading(self) -> None:
        self.run(self.read())

    async def read(self) -> None:
        entries = await self.entries()
        keys = [entry.key for entry in entries if entry.key.startswith("act-")]
        assert len(keys) == len(set(keys)), "once and only once (INV-1)"
        stands = {entry.key: (entry.stream, entry.seq) for entry in entries if entry.key}
        assert {key: stands.get(key) for key in self.saved} == self.saved
        people = (await self.core.books.state(await self.core.books.open(PARTNERSHIP), (PARTNERSHIP,)))[
            PartnershipState
        ]
        state, main = PARTS.empty(), OpenStream(self.book)
        for entry in entries:
            if entry.stream != self.book:
                continue
            assert entry.seq == main.seq + 1, "no gap and no repeat (INV-2)"
            if self.huddle in state[HuddlesState].by_id:
                bears(entry, state[HuddlesState].by_id[self.huddle], state[FamilyState], people, main)
            state, main = state.after([entry]), follow(main, entry, "")
        known = state[HuddlesState].by_id[self.huddle]
        assert main.holders("chair", self.huddle) == {known.chair}, "one chair"
        assert is_on(known) or not known.present()
        assert known == (await self.look(FARAH)).state[HuddlesState].by_id[self.huddle], (
            "a fold has no memory"
        )

    async def entries(self) -> list[Entry]:
        book = await self.core.books.open(self.book)
        await self.core.books.catch_up(book)
        streams = tuple(sorted(book.streams))
        return list(await self.core.books.since(book, streams, tuple((s, 0) for s in streams)))

    def teardown(self) -> None:
        try:
            assert self.run(verify(self.core.store)) == []
            assert self.run(reindex(self.core.store, INDEXES, INDEX_TABLES)) == []
        finally:
            for stays in self.stays:
                self.run(stays.aclose())
            self.loop.close()
            self.folder.cleanup()


def bears(
    entry: Entry, huddle: Huddle, family: FamilyState, people: PartnershipState, main: OpenStream
) -> None:
    """What a fact may rest on at its place in the record, by that alone (INV-8)."""
    fact = entry.fact
    if isinstance(fact, DecisionRecorded | PhaseChanged | HuddleAdjourned):
        assert main.holds(entry.author, "chair", huddle.id) and is_on(huddle)
    if isinstance(fact, DecisionRecorded):
        assert fact.quorate == quorum(huddle, family, people).quorate
        assert set(fact.asked) <= huddle.present() == set(fact.present)
    if isinstance(fact, HuddleAdjourned):
        assert fact.quorate or not huddle.inquorate_before, "never twice running without a quorum"
    if isinstance(fact, ChairAssumed):
        assert fact.instead_of == huddle.chair and entry.author in (huddle.deputy, huddle.appointed_chair)
    if isinstance(fact, FragmentContributed | PositionTaken | DutyStated | JudgementGiven):
        whose = fact.on_behalf_of
        if whose:
            assert entry.author == huddle.scribe != huddle.chair
            assert whose in {caller.person for caller in huddle.callers()}
            assert isinstance(fact, FragmentContributed) or huddle.participants[whose].known
        elif not isinstance(fact, FragmentContributed):
            assert fact.person == entry.author


def test_e12_everything_at_once(told_sqlite: Path) -> None:
    def copy(folder: Path) -> str:
        return f"sqlite:///{shutil.copy(told_sqlite, folder / 'huddle.sqlite3')}"

    many_sit(copy, nodes=1, examples=40)


def test_e12_everything_at_once_on_two_nodes(postgres_server: Postgres, told_postgres: str) -> None:
    many_sit(lambda _: postgres_server.create_database(template=told_postgres), nodes=2, examples=12)


def many_sit(copy: Callable[[Path], str], nodes: int, examples: int) -> None:
    machine = type("ToldSitting", (Sitting,), {"copy": staticmethod(copy), "nodes": nodes})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),  # twelve steps are short enough to read
            database=None,
            print_blob=True,
        ),
    )

"""The Rowe family and the people around it, on a stage without a database: commands in, facts out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from server.families import closure_state as closure
from server.families import conflict_state as conflicts
from server.families import request_state as requests
from server.families.closure_state import ClosureState
from server.families.commands import AddMember, OpenFamily
from server.families.conflict_state import ConflictsState
from server.families.family_views import FamilyView
from server.families.fragments import Fragment
from server.families.knowledge import Contribute
from server.families.lines import line_view
from server.families.overview import family_view
from server.families.request_state import RequestsState
from server.families.state import FamilyState, apply
from server.families.team import AddToTeam
from server.families.views import CellView
from server.people import state as people
from server.people.facts import (
    AgencyKind,
    AgencyRegistered,
    PartnershipFounded,
    PractitionerRegistered,
    Role,
    RoleGranted,
)
from server.people.permissions import may
from server.people.state import PartnershipState
from server.record.books import PARTNERSHIP
from server.record.chain import NOTHING
from server.record.commands import Actor, Command, Hand
from server.record.facts import SYSTEM, Entry, Fact, Ref
from server.record.state import Parts, State
from server.record.streams import Audience, OpenStream, follow

BOOK = "family:rowe"
NOW = datetime(2026, 3, 19, 14, 0, tzinfo=UTC)
TODAY = NOW.date()
PARTS = Parts((FamilyState, apply), (RequestsState, requests.apply))
PEOPLE = Parts((PartnershipState, people.apply))
WHOLE = Parts(
    (PartnershipState, people.apply),
    (FamilyState, apply),
    (ConflictsState, conflicts.apply),
    (RequestsState, requests.apply),
    (ClosureState, closure.apply),
)
"""What a real record folds: each book is asked for the part that it has."""

AGENCIES: tuple[tuple[str, str, str, AgencyKind], ...] = (
    ("NCS", "Northmere Children's Services", "Social care", "childrens_services"),
    ("NPC", "Northmere Constabulary", "Police", "police"),
    ("NCH", "Northmere Community Health", "Health visitor", "community_health"),
    ("SAP", "Saltmarsh Academy Primary", "School", "school"),
    ("HAR", "Harbour Lane Recovery", "Recovery", "substance_use"),
    ("NHM", "Northmere Homes", "Housing", "housing"),
)
CAST: tuple[tuple[str, str, str, Role], ...] = (
    ("priya", "Priya Nair", "NCS", "practitioner"),
    ("farah", "Farah Siddiqui", "SAP", "practitioner"),
    ("pike", "DS Hannah Pike", "NPC", "practitioner"),
    ("grace", "Grace Lindqvist", "NCH", "practitioner"),
    ("leo", "Leo Marsh", "HAR", "practitioner"),
    ("sam", "Sam Whitlock", "NHM", "practitioner"),
    ("denise", "Denise Hallam", "NCS", "practitioner"),
    ("owen", "Owen Blake", "NCS", "supervisor"),
    ("dawn", "Dawn Tully", "NHM", "practitioner"),
)
TEAM = ("priya", "farah", "pike", "grace", "leo", "denise")
"""Who is in the team when the story begins. Sam and Owen work here, outside it."""


def cast() -> list[Fact]:
    """The partnership's facts."""
    facts: list[Fact] = [PartnershipFounded(name="Northmere", nation="england", time_zone="Europe/London")]
    facts += [AgencyRegistered(code=c, name=n, short=s, sort=k) for c, n, s, k in AGENCIES]
    for person, name, agency, role in CAST:
        email = f"{person}@northmere.example"
        facts.append(
            PractitionerRegistered(
                person=person, name=name, email=email, agency=agency, job_title="Practitioner"
            )
        )
        facts.append(RoleGranted(person=person, role=role))
    return facts


def told(text: str = "Isla said she was hungry.", **more: object) -> Contribute:
    """A contribution with something in every field that must be filled."""
    filled = {"domain": "education", "basis": "observed_fact", "bearing": "concern", "text": text} | more
    return Contribute(**filled)  # type: ignore[arg-type]  # the fields are checked by the command's own type


class Story:
    """What has happened, decided as the ledger decides it, from each author's own audience."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.streams: dict[str, OpenStream] = {}
        self.now = NOW
        self._ids = count(1)
        self.standing = OpenStream(PARTNERSHIP)
        self.people = PEOPLE.empty()
        for seq, fact in enumerate(cast(), 1):
            self.work(fact, seq)

    def work(self, fact: Fact, seq: int = 0) -> None:
        """Something happens in the partnership."""
        seq = seq or self.standing.seq + 1
        entry = Entry(PARTNERSHIP, PARTNERSHIP, seq, seq, fact.kind(), SYSTEM, "", NOW, fact)
        self.standing = follow(self.standing, entry, NOTHING)
        self.people = self.people.after([entry])

    def do(self, who: str, command: Command, after: timedelta = timedelta(minutes=1)) -> list[Entry]:
        """Somebody asks for something; what follows happens. The clock moves on before each act."""
        self.now += after
        hand = self.hand(who)
        may(hand, command)
        done = [self._append(hand, draft.stream, draft.fact) for draft in command.follows(hand)]
        self.entries += done
        return done

    def _append(self, hand: Hand, stream: str, fact: Fact) -> Entry:
        known = self.streams.get(stream) or OpenStream(stream)
        position = sum(s.seq for s in self.streams.values()) + 1
        who = hand.who
        entry = Entry(
            BOOK, stream, known.seq + 1, position, fact.kind(), who.person, who.agency, self.now, fact
        )
        self.streams[stream] = follow(known, entry, NOTHING)
        return entry

    def audience(self, who: str) -> Audience:
        main = self.streams.get(BOOK)
        if main is None or not main.may_read(who, self.now):
            return ()
        return tuple(sorted(s.id for s in self.streams.values() if s.may_read(who, self.now)))

    def hand(self, who: str) -> Hand:
        audience = self.audience(who)
        return Hand(
            who=Actor(who, self.partnership.practitioners[who].agency),
            now=self.now,
            book=BOOK,
            audience=audience,
            streams={id: self.streams[id] for id in audience},
            state=self.state(who),
            partnership=self.people,
            standing=self.standing,
            new_id=lambda: f"{next(self._ids):04d}-made-for-tests",
            begun=bool(self.streams),
        )

    @property
    def partnership(self) -> PartnershipState:
        return self.people[PartnershipState]

    def read(self, who: str) -> list[Entry]:
        audience = self.audience(who)
        return [entry for entry in self.entries if entry.stream in audience]

    def state(self, who: str) -> State:
        return PARTS.empty().after(self.read(who))

    def family(self, who: str = "priya") -> FamilyState:
        return self.state(who)[FamilyState]

    def page(self, who: str) -> FamilyView:
        """Everything that a page says to `who`."""
        family = self.family(who)
        lines = tuple(line_view(entry, family, self.partnership) for entry in self.read(who))
        return family_view(family, self.partnership, lines)

    def fragment(self, entries: Sequence[Entry], who: str = "priya") -> Fragment:
        """The fragment that the last of `entries` recorded, as `who` sees it."""
        return self.family(who).fragments[entries[-1].ref]

    def cell(self, agency: str, domain: str, who: str = "priya") -> CellView:
        picture = self.page(who).picture
        (cell,) = (
            cell
            for row in (*picture.rows, picture.voice)
            for cell in row.cells
            if (cell.agency, cell.domain) == (agency, domain)
        )
        return cell

    def member(self, name: str) -> str:
        (member,) = (m.member for m in self.family().members.values() if m.name == name)
        return member


def rowe_family() -> Story:
    """The family with its children and its team, an hour before the huddle."""
    story = Story()
    story.do("priya", OpenFamily(reference="NMR-0147", name="Rowe", level="child_in_need"))
    for person in TEAM[1:]:
        story.do("priya", AddToTeam(person=person))
    story.do("priya", AddMember(name="Isla", child=True, born=date(2016, 5, 2)))
    story.do("priya", AddMember(name="Remi", child=True, born=date(2025, 11, 24)))
    story.do("priya", AddMember(name="Tamsin Rowe", child=False, about="Mother"))
    return story


def ref(entries: Sequence[Entry]) -> Ref:
    return entries[-1].ref

"""The Rowe family: who they are, who stands around them, and what is agreed for the children."""

from __future__ import annotations

from server.demo.acts import (
    Adds,
    Excludes,
    Expects,
    Houses,
    Opens,
    Plans,
    Relates,
    Responsibility,
    Reviews,
    Visits,
    Wants,
)
from server.demo.scene import Act
from server.demo.talk import Calls
from server.families.commands import Quality
from server.families.facts import ContactOutcome, Domain

REFERENCE = "NMR-0147"

TEAM = (
    "owen-blake",
    "ruth-adeyemi",
    "grace-lindqvist",
    "tom-okafor",
    "farah-siddiqui",
    "leo-marsh",
)
"""Besides the plan owner. Housing and police come in as guests of the huddle."""

PRIYA, GRACE, FARAH = "priya-nair", "grace-lindqvist", "farah-siddiqui"


def the_family() -> tuple[Act, ...]:
    """Who belongs to it, where they live, and how they stand to each other."""
    return (
        Opens(
            code="opened",
            at="2026-01-09 10:00",
            who=PRIYA,
            reference=REFERENCE,
            name="Rowe",
            level="child_in_need",
            team=TEAM,
        ),
        Excludes(
            code="excluded dawn-tully",
            at="2026-01-09 10:05",
            who=PRIYA,
            person="dawn-tully",
            reason="Kieran's cousin",
        ),
        added("Isla Rowe", "2016-11-14", "Year 4 at Saltmarsh", child=True),
        added("Theo Rowe", "2022-01-06", "Nursery at Saltmarsh", child=True),
        added("Remi Rowe", "2025-11-24", "", child=True),
        added(
            "Tamsin Rowe",
            "1998-05-20",
            "Mother. Safe contact: phone, weekdays 9:30am to 11am. No texts, no post",
        ),
        added("Kieran Doyle", "1994-08-03", "Father of Remi"),
        added(
            "Marcus Ellery",
            "1995-06-11",
            "Father of Isla and Theo. Is not told of Tamsin's health or treatment",
        ),
        added("Jean Rowe", "1967-10-02", "Grandmother. Visits twice a week"),
        housed("Tamsin's home", "Tamsin", "Isla", "Theo", "Remi"),
        housed("Marcus's home, every second weekend", "Marcus", "Isla", "Theo"),
        housed("Jean's home", "Jean"),
        related("Tamsin", "mother", "Isla", "close", "yes"),
        related("Tamsin", "mother", "Theo", "close", "yes"),
        related("Tamsin", "mother", "Remi", "close", "yes"),
        related("Marcus", "father", "Isla", "close", "yes"),
        related("Marcus", "father", "Theo", "close", "yes"),
        related("Kieran", "father", "Remi", "unknown", "unknown"),
        related("Jean", "grandmother", "Isla", "close", "no"),
        related("Jean", "grandmother", "Theo", "close", "no"),
        related("Jean", "grandmother", "Remi", "close", "no"),
        related("Jean", "mother", "Tamsin", "close"),
        related("Kieran", "partner", "Tamsin", "conflict"),
        related("Marcus", "former partner", "Tamsin", "distant"),
    )


def the_plan() -> tuple[Act, ...]:
    """What should be different, who should know what, who sees the children, and what came of that."""
    return (
        wanted(
            "Isla",
            "Isla sleeps through the night and an adult looks after Remi",
            "Isla says so when she is seen alone. School sees her rested and on time",
        ),
        wanted(
            "Theo",
            "Theo is calm at home and at nursery",
            "Nursery hears no fear of shouting. He is seen playing at home",
        ),
        wanted(
            "Remi",
            "Remi is weighed on time and is cared for by an adult who is awake and well",
            "The health visitor's chart, and Remi seen awake at each visit",
        ),
        expected("NCS", "home", "parenting", "emotional"),
        expected("NPC", "home", "substance"),
        expected("NCH", "health", "parenting", "emotional"),
        expected("SAP", "education", "emotional"),
        expected("HAR", "substance", "parenting"),
        expected("NHM", "housing", "home"),
        planned(PRIYA, "2026-01-23", 14, "Isla", "Theo", "Remi"),
        planned(GRACE, "2026-02-02", 14, "Remi"),
        planned(FARAH, "2026-02-26", 7, "Isla", "Theo"),
        visit(PRIYA, "2026-01-23 16:40", "seen"),
        visit(GRACE, "2026-02-02 15:10", "seen", "Remi was weighed."),
        visit(PRIYA, "2026-02-06 16:30", "seen_alone", "Isla only."),
        visit(PRIYA, "2026-02-20 16:20", "seen"),
        visit(FARAH, "2026-02-26 09:10", "seen"),
        visit(GRACE, "2026-03-03 11:26", "no_access", "Nobody answered the door."),
        visit(PRIYA, "2026-03-04 16:31", "seen_alone", "Isla only. Remi was asleep."),
        visit(FARAH, "2026-03-05 09:05", "seen"),
        visit(FARAH, "2026-03-12 15:35", "seen_alone", "Isla only."),
        visit(GRACE, "2026-03-16 11:13", "no_access", "Nobody answered the door."),
        visit(PRIYA, "2026-03-16 16:51", "seen", "Unannounced. Remi was seen awake."),
        visit(FARAH, "2026-03-18 13:11", "seen_alone", "Theo only."),
        Reviews(code="review", at="2026-02-20 14:30", who=PRIYA, on="2026-04-02"),
    )


CALL = Calls(
    code="H-1",
    at="2026-03-12 17:20",
    who=PRIYA,
    purpose="Put together what each agency knows about Isla, Theo and Remi, and agree what happens next",
    starts="2026-03-19 14:00",
    minutes=60,
    chair="denise-hallam",
    deputy="ruth-adeyemi",
    scribe="cal-moss",
    invited=(PRIYA, GRACE, FARAH, "leo-marsh", "sam-whitlock", "hannah-pike"),
    required=("NPC",),
)
"""The huddle that follows from three smaller concerns of two agencies within 28 days."""


def added(name: str, born: str, about: str, *, child: bool = False) -> Adds:
    return Adds(
        code=f"member {name}",
        at="2026-01-09 10:10",
        who=PRIYA,
        name=name,
        born=born,
        child=child,
        about=about,
    )


def related(
    one: str, relation: str, other: str, quality: Quality, pr: Responsibility | None = None
) -> Relates:
    return Relates(
        code=f"relationship {one} {other}",
        at="2026-01-09 10:30",
        who=PRIYA,
        one=one,
        relation=relation,
        other=other,
        quality=quality,
        responsibility=pr,
    )


def housed(name: str, *members: str) -> Houses:
    return Houses(code=f"household {name}", at="2026-01-09 10:20", who=PRIYA, name=name, members=members)


def visit(who: str, at: str, outcome: ContactOutcome, note: str = "") -> Visits:
    return Visits(code=f"visit {who} {at[:10]}", at=at, who=who, outcome=outcome, note=note)


def expected(agency: str, *domains: Domain) -> Expects:
    return Expects(
        code=f"expected {agency}", at="2026-01-13 15:20", who=PRIYA, agency=agency, domains=domains
    )


def wanted(child: str, different: str, seen_by: str) -> Wants:
    return Wants(
        code=f"outcome {child}",
        at="2026-01-13 15:00",
        who=PRIYA,
        child=child,
        different=different,
        seen_by=seen_by,
    )


def planned(practitioner: str, first_day: str, every_days: int, *children: str) -> Plans:
    return Plans(
        code=f"contact {practitioner}",
        at="2026-01-13 15:40",
        who=PRIYA,
        practitioner=practitioner,
        children=children,
        every_days=every_days,
        first_day=first_day,
    )

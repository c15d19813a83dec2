"""The Fenns: early help led by the school. Housing and health are in the team."""

from __future__ import annotations

from server.demo.acts import Adds, Expects, Opens, Relates, Reviews
from server.demo.scene import Act
from server.demo.talk import Tells

REFERENCE = "NMR-0155"

TOLD: tuple[Act, ...] = (
    Opens(
        code="opened",
        at="2026-01-20 09:30",
        who="farah-siddiqui",
        reference=REFERENCE,
        name="Fenn",
        level="early_help",
        team=("grace-lindqvist", "sam-whitlock"),
    ),
    Adds(
        code="member Ruby",
        at="2026-01-20 09:40",
        who="farah-siddiqui",
        name="Ruby Fenn",
        born="2018-10-03",
        child=True,
        about="Year 2 at Saltmarsh",
    ),
    Adds(
        code="member Alfie",
        at="2026-01-20 09:41",
        who="farah-siddiqui",
        name="Alfie Fenn",
        born="2024-01-22",
        child=True,
    ),
    Adds(
        code="member Gemma",
        at="2026-01-20 09:42",
        who="farah-siddiqui",
        name="Gemma Fenn",
        born="1993-04-17",
        about="Mother",
    ),
    Relates(
        code="relationship Gemma Ruby",
        at="2026-01-20 09:45",
        who="farah-siddiqui",
        one="Gemma",
        relation="mother",
        other="Ruby",
        quality="close",
        responsibility="yes",
    ),
    Relates(
        code="relationship Gemma Alfie",
        at="2026-01-20 09:46",
        who="farah-siddiqui",
        one="Gemma",
        relation="mother",
        other="Alfie",
        quality="close",
        responsibility="yes",
    ),
    Expects(
        code="expected SAP",
        at="2026-01-20 09:50",
        who="farah-siddiqui",
        agency="SAP",
        domains=("education", "emotional"),
    ),
    Expects(
        code="expected NHM",
        at="2026-01-20 09:51",
        who="farah-siddiqui",
        agency="NHM",
        domains=("housing",),
    ),
    Reviews(code="review", at="2026-01-20 09:55", who="farah-siddiqui", on="2026-04-16"),
    Tells(
        code="A-01",
        at="2026-02-10 10:15",
        who="farah-siddiqui",
        domain="education",
        basis="observed_fact",
        bearing="concern",
        confidence="confirmed",
        happened="2026-02-10",
        precision="day",
        about=("Ruby",),
        text="Ruby was late on 6 of the last 10 school days. Gemma says that the bus no longer stops near "
        "their flat.",
    ),
    Tells(
        code="A-02",
        at="2026-02-18 14:00",
        who="grace-lindqvist",
        domain="health",
        basis="observed_fact",
        bearing="no_concern",
        confidence="confirmed",
        happened="2026-02-18",
        precision="day",
        about=("Alfie",),
        text="At the review on {day:2026-02-18} Alfie said 30 words and walked well. He is growing as "
        "expected.",
    ),
    Tells(
        code="A-03",
        at="2026-02-24 11:30",
        who="sam-whitlock",
        domain="housing",
        basis="record_extract",
        bearing="no_concern",
        confidence="confirmed",
        happened="2026-02-24",
        precision="day",
        about=("Gemma",),
        text="The rent is paid. Gemma asked for a flat nearer to the school and has been on the list since "
        "{day:2026-02-03}.",
    ),
    Tells(
        code="A-04",
        at="2026-03-13 09:20",
        who="farah-siddiqui",
        domain="education",
        basis="observed_fact",
        bearing="protective",
        confidence="confirmed",
        happened="2026-03-13",
        precision="day",
        about=("Ruby",),
        text="Ruby has come to breakfast club since {day:2026-03-03} and has been on time on each school "
        "day since then.",
    ),
)

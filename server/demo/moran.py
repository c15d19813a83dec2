"""The Morans: the other family whose plan Priya owns."""

from __future__ import annotations

from server.demo.acts import Adds, Expects, Opens, Relates, Reviews
from server.demo.scene import Act
from server.demo.talk import Tells

REFERENCE = "NMR-0163"

TOLD: tuple[Act, ...] = (
    Opens(
        code="opened",
        at="2026-02-16 13:00",
        who="priya-nair",
        reference=REFERENCE,
        name="Moran",
        level="child_in_need",
        team=("owen-blake", "leo-marsh"),
    ),
    Adds(
        code="member Ellis",
        at="2026-02-16 13:10",
        who="priya-nair",
        name="Ellis Moran",
        born="2013-06-30",
        child=True,
    ),
    Adds(
        code="member Sean",
        at="2026-02-16 13:11",
        who="priya-nair",
        name="Sean Moran",
        born="1984-12-09",
        about="Father",
    ),
    Relates(
        code="relationship Sean Ellis",
        at="2026-02-16 13:15",
        who="priya-nair",
        one="Sean",
        relation="father",
        other="Ellis",
        quality="close",
        responsibility="yes",
    ),
    Expects(
        code="expected HAR",
        at="2026-02-16 13:20",
        who="priya-nair",
        agency="HAR",
        domains=("substance", "parenting"),
    ),
    Reviews(code="review", at="2026-02-16 13:25", who="priya-nair", on="2026-03-30"),
    Tells(
        code="C-01",
        at="2026-02-27 15:05",
        who="leo-marsh",
        domain="substance",
        basis="observed_fact",
        bearing="protective",
        confidence="confirmed",
        happened="2026-02-27",
        precision="day",
        about=("Sean",),
        text="Sean has come to each of his 4 appointments since {day:2026-02-06}. He has not drunk alcohol "
        "on any day that we tested.",
    ),
    Tells(
        code="C-02",
        at="2026-03-06 17:10",
        who="priya-nair",
        domain="parenting",
        basis="reported_by_child",
        bearing="concern",
        happened="2026-03-06",
        precision="day",
        about=("Ellis", "Sean"),
        voice="Ellis",
        text="Ellis says that he cooks for himself on most evenings and would like his father to be home.",
    ),
)

"""The Harkers: on a child protection plan, with a team that shares only a manager with the Rowes' plan."""

from __future__ import annotations

from server.demo.acts import Adds, Expects, Opens, Relates, Reviews
from server.demo.scene import Act
from server.demo.talk import Tells

REFERENCE = "NMR-0131"

TOLD: tuple[Act, ...] = (
    Opens(
        code="opened",
        at="2025-11-06 11:00",
        who="josie-tran",
        reference=REFERENCE,
        name="Harker",
        level="child_protection",
        team=("owen-blake", "martin-yeo", "hannah-pike"),
    ),
    Adds(
        code="member Callum",
        at="2025-11-06 11:10",
        who="josie-tran",
        name="Callum Harker",
        born="2019-08-12",
        child=True,
    ),
    Adds(
        code="member Laura",
        at="2025-11-06 11:11",
        who="josie-tran",
        name="Laura Harker",
        born="1990-02-26",
        about="Mother",
    ),
    Relates(
        code="relationship Laura Callum",
        at="2025-11-06 11:15",
        who="josie-tran",
        one="Laura",
        relation="mother",
        other="Callum",
        quality="close",
        responsibility="yes",
    ),
    Expects(
        code="expected NPC",
        at="2025-11-06 11:20",
        who="josie-tran",
        agency="NPC",
        domains=("home",),
    ),
    Reviews(code="review", at="2026-02-05 12:00", who="josie-tran", on="2026-04-23"),
    Tells(
        code="B-01",
        at="2026-02-02 09:10",
        who="hannah-pike",
        domain="home",
        basis="record_extract",
        bearing="concern",
        confidence="confirmed",
        happened="2026-02-01T22:15",
        precision="exact",
        about=("Callum", "Laura"),
        text="Officers went to the address on {day:2026-02-01} at 10:15pm after a call about an argument. "
        "Callum was asleep upstairs.",
    ),
    Tells(
        code="B-02",
        at="2026-02-12 16:45",
        who="josie-tran",
        domain="emotional",
        basis="reported_by_child",
        bearing="no_concern",
        confidence="confirmed",
        happened="2026-02-12",
        precision="day",
        about=("Callum",),
        voice="Callum",
        verbatim=True,
        text='Callum was seen alone. He said: "It is quieter now. I like it quiet."',
    ),
    Tells(
        code="B-03",
        at="2026-03-10 10:40",
        who="martin-yeo",
        domain="health",
        basis="observed_fact",
        bearing="no_concern",
        confidence="confirmed",
        happened="2026-03-10",
        precision="day",
        about=("Callum",),
        text="Laura brought Callum to his hearing test on {day:2026-03-10}. No treatment is needed.",
    ),
)

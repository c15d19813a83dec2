"""Huddle H-1 as it is played: who says, judges, decides and promises what, minute by minute.

What stands in `LATER` belongs to parts that are not built yet. It is named here and skipped only here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

LATER = {
    "14:31 T-005": "the third incident fires DVA-02 (E3, an infant: E4): triggers",
    "14:46 RT-2": "E3 below E4 is a tolerance that Alan Frost signs at tier 3: sign-off",
    "14:00 no tolerance": "while inquorate no tolerance can be recorded: sign-off",
    "25 March A-05": "the locks are late, and climb their ladder: chasing",
    "20 March PD-1": "the health visitor's disagreement has a clock: professional disagreement",
}


class Line(NamedTuple):
    """What somebody contributes, as it goes up a socket. `only_for` names who alone may read it."""

    who: str
    text: str
    domain: str
    basis: str
    bearing: str
    only_for: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        said = {"text": self.text, "domain": self.domain, "basis": self.basis, "bearing": self.bearing}
        return said | ({"only_for": list(self.only_for)} if self.only_for else {})


FROM_POLICE = Line(
    "hannah-pike",
    "Single-source: drugs sold from or near the address.",
    "substance",
    "record_extract",
    "serious",
    ("denise-hallam", "owen-blake"),
)
INCIDENTS = Line(
    "cal-moss",
    "Incidents 30 November and 11 February; bail until 27 March.",
    "home",
    "record_extract",
    "serious",
)
FROM_HEALTH = Line(
    "grace-lindqvist",
    "Depression scale 17, no thoughts of harming herself or the baby.",
    "health",
    "record_extract",
    "concern",
    ("priya-nair", "denise-hallam"),
)
SHARED = (
    Line("sam-whitlock", "A neighbour heard shouting on 26 February.", "home", "third_party", "serious"),
    Line("sam-whitlock", "The operative was let in by a man called Kier.", "home", "third_party", "concern"),
    Line("leo-marsh", "She told us of the lapse herself.", "substance", "professional_opinion", "protective"),
    Line("sam-whitlock", "The lock change was closed as no access.", "housing", "record_extract", "concern"),
)
WHILE_THE_CHAIR_IS_GONE = Line(
    "priya-nair", "Jean will stay overnight if asked.", "home", "reported_by_adult", "protective"
)
NO_CALL = Line("cal-moss", "No police call on 26 February.", "home", "record_extract", "no_concern")

FIRST = {
    "priya-nair": 6,
    "grace-lindqvist": 8,
    "farah-siddiqui": 5,
    "leo-marsh": 5,
    "sam-whitlock": 3,
    "hannah-pike": 8,
}
SECOND = FIRST | {"farah-siddiqui": 6, "leo-marsh": 6, "sam-whitlock": 5}
"""How worried each is about each child, before the talk and after it."""

RATIONALE = (
    "Three incidents in four months and an infant unweighed since 2 February; Jean stays every night, Kieran "
    "has not been seen since 27 February, so a MARAC referral today and a weigh within 48 hours are right."
)
DISSENTS = {
    "grace-lindqvist": "Unweighed since 2 February, and something restricted raises it. I would ask for E4.",
    "hannah-pike": "The third incident and the bail that ends: a strategy discussion today.",
}
AGREE = ("priya-nair", "farah-siddiqui", "leo-marsh", "sam-whitlock")

ACTIONS = (
    "Tell Tamsin in the safe window, and Marcus separately @priya by fri 5pm #home",
    "MARAC referral, IDVA asked @priya in 1 days #home !critical",
    "Check bail, statement, address marker @pike in 2 days #home",
    "Weigh Remi at home @grace in 2 working days #health !critical",
    "Change front and rear locks @sam in 4 working days #housing !critical",
    "Supervised consumption, call on any missed dose @leo in 1 working days #substance",
    "Daily check-in and breakfast club @farah in 1 working days #education",
    "Weekend plan with the duty team @priya in 1 working days #parenting",
    "Family-network safety plan with Jean and Marcus @priya in 3 working days #parenting",
)

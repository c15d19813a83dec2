"""Who works in the fictional Northmere partnership, for which agency and in which role."""

from __future__ import annotations

from typing import NamedTuple

from server.people.facts import AgencyKind, Role
from server.record.commands import Actor

PARTNERSHIP_NAME = "Northmere Safeguarding Partnership"
MAIL = "northmere.example"


class Agency(NamedTuple):
    """An agency. `short` is what its column in the picture is called."""

    code: str
    name: str
    short: str
    sort: AgencyKind
    out_of_hours: str = ""


class Person(NamedTuple):
    """Somebody of the cast. `tier` is a supervisor's."""

    id: str
    name: str
    agency: str
    job_title: str
    manager: str = ""
    roles: tuple[Role, ...] = ("practitioner",)
    tier: int = 0

    @property
    def email(self) -> str:
        return f"{self.id.replace('-', '.')}@{MAIL}"


AGENCIES = (
    Agency(
        "NCS",
        "Northmere Children's Services",
        "Social care",
        "childrens_services",
        "Emergency duty team: 01632 960101",
    ),
    Agency("NPC", "Northmere Constabulary", "Police", "police", "999, or 101 if it is not an emergency"),
    Agency("NCH", "Northmere Community Health", "Health visitor", "community_health", "01632 960103"),
    Agency("SAP", "Saltmarsh Academy Primary", "School", "school"),
    Agency("HAR", "Harbour Lane Recovery", "Recovery", "substance_use", "01632 960105"),
    Agency("NHM", "Northmere Homes", "Housing", "housing", "Repairs: 01632 960106"),
    Agency("NIC", "Northmere Integrated Care Board", "Care board", "other"),
    Agency("NSP", "Northmere Safeguarding Partnership Office", "Partnership", "other"),
)

PEOPLE = (
    # Those in the room, and then everybody else: the order in which a newcomer reads them.
    Person("priya-nair", "Priya Nair", "NCS", "Social worker", "owen-blake"),
    Person(
        "farah-siddiqui",
        "Farah Siddiqui",
        "SAP",
        "Designated safeguarding lead",
        "",
        ("practitioner", "safeguarding_lead"),
    ),
    Person("grace-lindqvist", "Grace Lindqvist", "NCH", "Health visitor", "tom-okafor"),
    Person("leo-marsh", "Leo Marsh", "HAR", "Recovery worker", "bev-crane"),
    Person("sam-whitlock", "Sam Whitlock", "NHM", "Tenancy officer", "nadia-petrov"),
    Person(
        "hannah-pike",
        "DS Hannah Pike",
        "NPC",
        "Detective sergeant, public protection",
        "",
        ("practitioner", "safeguarding_lead"),
    ),
    Person("denise-hallam", "Denise Hallam", "NCS", "Independent chair", "alan-frost"),
    Person("cal-moss", "Cal Moss", "NCS", "Minute taker", "alan-frost"),
    # Children's services
    Person("owen-blake", "Owen Blake", "NCS", "Team manager", "ruth-adeyemi", ("supervisor",), 1),
    Person(
        "ruth-adeyemi",
        "Ruth Adeyemi",
        "NCS",
        "Service manager",
        "alan-frost",
        ("supervisor", "safeguarding_lead"),
        2,
    ),
    Person("alan-frost", "Alan Frost", "NCS", "Head of service", "", ("supervisor",), 3),
    Person("nia-parry", "Nia Parry", "NCS", "Emergency duty social worker", "ruth-adeyemi"),
    Person("josie-tran", "Josie Tran", "NCS", "Social worker", "owen-blake"),
    # Health
    Person("tom-okafor", "Tom Okafor", "NCH", "Named nurse", "", ("practitioner", "safeguarding_lead")),
    Person("martin-yeo", "Martin Yeo", "NCH", "Health visitor", "tom-okafor"),
    Person("mina-castellano", "Dr Mina Castellano", "NIC", "Designated doctor", "", ("supervisor",), 3),
    # Recovery service and housing
    Person("bev-crane", "Bev Crane", "HAR", "Service manager", "", ("practitioner", "safeguarding_lead")),
    Person("nadia-petrov", "Nadia Petrov", "NHM", "Housing manager", "gwen-abbott"),
    Person(
        "gwen-abbott", "Gwen Abbott", "NHM", "Head of tenancies", "", ("practitioner", "safeguarding_lead")
    ),
    Person("dawn-tully", "Dawn Tully", "NHM", "Repairs scheduler", "nadia-petrov"),
    # The partnership's own office
    Person("judith-okonjo", "Judith Okonjo", "NSP", "Independent scrutineer", "", ("oversight", "steward")),
    Person("imran-sethi", "Imran Sethi", "NSP", "Partnership business manager", "", ("administrator",)),
)

BY_ID = {person.id: person for person in PEOPLE}

PARTS = (
    ("priya-nair", "social worker, owns the plan for the Rowe family"),
    ("farah-siddiqui", "school"),
    ("grace-lindqvist", "health visitor, will hold something restricted"),
    ("sam-whitlock", "housing, a guest of this huddle"),
    ("denise-hallam", "chairs the huddle, will see what the police restrict"),
    ("hannah-pike", "police, will hold something restricted"),
    ("owen-blake", "Priya's manager, not in the room, will see what the police restrict"),
    ("dawn-tully", "works in housing and is a relative: for her there is no such family"),
)
"""Whom a newcomer may want to be (ids), and what they will notice."""

SIGN_IN = tuple((BY_ID[person].name, words) for person, words in PARTS)


def actor(person: str) -> Actor:
    """Somebody of the cast, acting for their agency."""
    return Actor(person, BY_ID[person].agency)

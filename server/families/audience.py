"""With whom something is shared: who is meant by an agency or a role, at this moment.

Only readers of main can be meant. Nothing here looks at a stream that the author does not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from server.families.facts import CompartmentOpened
from server.people.state import PartnershipState
from server.record.commands import Draft, Hand
from server.record.refusals import Refused
from server.record.streams import OpenStream


class AudienceGrew(Refused):
    """Somebody else would be able to read this too. Check who will see it, then send it again."""

    code = "audience_grew"


def readers(names: Iterable[str], hand: Hand) -> frozenset[str]:
    """Who is meant: "person:<id>", "agency:<code>", "role:<role>" or "role:<role>:<huddle>"; and the author.

    Whoever does not read this family's main record is left out.
    """
    meant = {person for name in names for person in holders(name, hand)}
    return frozenset(meant & team(hand)) | {hand.who.person}


def team(hand: Hand) -> frozenset[str]:
    """Who reads main at this moment and works here."""
    here = hand.partnership[PartnershipState].here
    return frozenset(person for person in hand.main.readers_at(hand.now) if here(person))


def holders(name: str, hand: Hand) -> frozenset[str]:
    """Everybody whom one name names, readers or not."""
    sort, _, rest = name.partition(":")
    if sort == "person":
        return frozenset({rest})
    if sort == "agency":
        known = hand.partnership[PartnershipState].in_agency(rest)
        return frozenset(p.person for p in known)
    if sort == "role":
        role, _, scope = rest.partition(":")
        return in_role(role, scope, hand)
    return frozenset()


def in_role(role: str, scope: str, hand: Hand) -> frozenset[str]:
    """Who holds a role: in one huddle if it is named, else in this family or the partnership.

    A role held only in huddles means the only huddle that has it: of two chairs, say which.
    """
    here = hand.main.holders(role, scope)
    if scope:
        return here
    everywhere = here | frozenset(p.person for p in hand.partnership[PartnershipState].holders(role))
    scopes = [key for key in hand.main.roles if key[0] == role and key[1]]
    if not everywhere and len(scopes) == 1:
        return hand.main.roles[scopes[0]]
    return everywhere


def problem_with(names: Iterable[str], hand: Hand) -> str:
    """What is wrong with whom the author chose, in words."""
    people = team(hand)
    for name in names:
        if holders(name, hand) & people:
            continue
        if name.startswith("person:"):
            who = names_of([name.removeprefix("person:")], hand)
            return f"{who} cannot read this family's record. Choose somebody in the team"
        return f"Nobody in the team is {means(name, hand)} now. Choose somebody in the team"
    return ""


def means(name: str, hand: Hand) -> str:
    """A name as it is read aloud: "from Northmere Constabulary", "in the role of chair"."""
    sort, _, rest = name.partition(":")
    if sort == "agency":
        agency = hand.partnership[PartnershipState].agencies.get(rest)
        return f"from {agency.name}" if agency else "from that agency"
    role = rest.partition(":")[0].replace("_", " ")
    return f"in the role of {role}" if sort == "role" and role else "named by that"


def check_not_grown(chosen: frozenset[str], listed: Iterable[str], hand: Hand) -> None:
    """Refuse if somebody would read this who was not on the list that its author saw."""
    listed = frozenset(listed)
    new = chosen - listed - {hand.who.person}
    if listed and new:
        raise AudienceGrew(
            f"{names_of(new, hand)} would now be able to read this too. "
            "Nothing was recorded and what you wrote is still here. "
            "Check who will see it, then send it again."
        )


def compartment(people: frozenset[str], named: tuple[str, ...], hand: Hand) -> tuple[str, Iterator[Draft]]:
    """The stream whose readers are exactly `people`, and what opens it if there is none yet."""
    known: OpenStream | None = hand.compartment_of(people)
    if known is not None:
        return known.id, iter(())
    stream = hand.new_id()
    opened = CompartmentOpened(people=tuple(sorted(people)), named=named)
    return stream, iter((Draft(stream, opened),))


def names_of(people: Iterable[str], hand: Hand) -> str:
    """Like "Owen Blake and Grace Lindqvist"; whoever is not known is "somebody who does not work here"."""
    known = hand.partnership[PartnershipState].practitioners
    named = [known[p].name if p in known else "Somebody who does not work here" for p in people]
    return listed(sorted(set(named)))


def listed(names: list[str]) -> str:
    """Like "A", "A and B", "A, B and C"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

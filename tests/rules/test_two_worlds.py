"""For whoever is outside, a world with a restricted matter and a world without it are the same world."""

from datetime import timedelta

import pytest

from server.families.audience import AudienceGrew
from server.families.composer import audiences
from server.families.knowledge import Correct, Withdraw
from server.families.plan import ExpectKnowledge
from server.families.team import AddToTeam, RemoveFromTeam, admission_words
from server.record.refusals import Refused
from tests.families.stage import Story, ref, rowe_family, told

INSIDERS = ("pike", "priya", "denise")
NO_TIME = timedelta(0)


def lived(secret: bool) -> Story:
    """The same acts at the same moments; in one of the worlds a restricted matter runs beside them."""
    story = rowe_family()
    story.do("priya", ExpectKnowledge(agency="NPC", domains=("substance", "home")))
    story.do("farah", told("Absent on Monday."))
    hidden = None
    if secret:
        hidden = ref(
            story.do(
                "pike",
                told("Single source.", domain="substance", bearing="serious", named=("agency:NCS",)),
                after=NO_TIME,
            )
        )
        story.do("denise", told("Seen it too.", domain="home", only_for=("pike", "priya")), after=NO_TIME)
        correct = Correct(stream=hidden.stream, seq=hidden.seq, text="Two sources.", reason="New")
        story.do("pike", correct, after=NO_TIME)
    story.do("grace", told("No answer.", domain="health"))
    if hidden:
        story.do("pike", Withdraw(stream=hidden.stream, seq=hidden.seq, reason="Unfounded"), after=NO_TIME)
    story.do("priya", AddToTeam(person="sam"))
    return story


@pytest.fixture(scope="module")
def worlds() -> tuple[Story, Story]:
    return lived(secret=True), lived(secret=False)


def outsiders(story: Story) -> list[str]:
    found = [person for person in story.family().team if person not in INSIDERS]
    assert found, "somebody must be outside for this to mean anything"
    return found


def test_outsiders_see_the_same_family(worlds: tuple[Story, Story]) -> None:
    one, other = worlds
    for person in outsiders(other):
        assert one.page(person) == other.page(person)
    assert one.page("priya") != other.page("priya"), "insiders must see a difference"


def test_outsiders_hold_the_same_state(worlds: tuple[Story, Story]) -> None:
    one, other = worlds
    for person in outsiders(other):
        assert one.family(person) == other.family(person)


def test_outsiders_are_offered_the_same_audiences_and_admission(worlds: tuple[Story, Story]) -> None:
    one, other = worlds
    for person in outsiders(other):
        assert audiences(one.hand(person)) == audiences(other.hand(person))
        assert admission_words(one.hand(person), "Owen") == admission_words(other.hand(person), "Owen")


def test_outsiders_are_refused_in_the_same_words(worlds: tuple[Story, Story]) -> None:
    for person in outsiders(worlds[1]):
        for command in (
            told("", happened="soon"),
            told(only_for=("owen",)),
            told(named=("agency:NCS",), expected_readers=("denise",)),
            Withdraw(stream="0001-made-for-tests", seq=2, reason="x"),
            RemoveFromTeam(person="priya", reason="x"),
        ):
            said = []
            for world in worlds:
                with pytest.raises(Refused) as refused:
                    list(command.follows(world.hand(person)))
                said.append((type(refused.value), refused.value.message))
            assert said[0] == said[1]
    assert AudienceGrew.code == "audience_grew"


def test_what_an_insider_may_not_see_any_longer_is_gone_from_their_state() -> None:
    story = lived(secret=True)
    assert story.cell("NPC", "home", "denise").mark == "gap"
    assert story.cell("NCS", "home", "denise").count == 1
    story.do("priya", RemoveFromTeam(person="denise", reason="Left"))
    assert story.read("denise") == []

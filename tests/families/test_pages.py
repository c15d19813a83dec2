"""The families' pages: what each is given, what a form does, and that nothing typed is lost."""

import re

import pytest

from server.families.conflicts import EndExclusion, ExcludePerson
from server.families.forms import ACTS
from server.families.plan import PlanContact
from server.families.team import AddToTeam
from server.record.facts import Ref
from tests.families.conftest import Village
from tests.families.stage import TEAM, TODAY, told

ROWE = "/families/NMR-0147"
FILLED = {
    "domain": "education",
    "basis": "observed_fact",
    "bearing": "concern",
    "text": "Absent on Monday.",
    "audience": "everyone",
    "precision": "",
    "voice_of": "",
}
"""What a browser sends from the box in which somebody wrote only what must be written."""


async def newest(village: Village, who: str = "priya") -> Ref:
    family = await village.family(who)
    return max(family.fragments.by_ref, key=lambda ref: family.fragments[ref].nth)


async def test_a_family_shows_itself_to_its_team(village: Village) -> None:
    await village.do("farah", told("Absent on Monday."))
    answer = await village.get("grace", ROWE)
    assert (answer.status_code, village.shown.given["template"]) == (200, "families/family.html")
    assert village.shown.given["family"].name == "Rowe"
    assert village.shown.given["lines"][-1].text == "Absent on Monday."
    assert village.shown.given["earlier"] == ""


async def test_a_family_that_one_may_not_read_is_no_family(village: Village) -> None:
    answers = []
    for address in (ROWE, "/families/NMR-9999", "/families/%00", "/families/nmr-0147"):
        answer = await village.get("sam", address)
        answers.append((answer.status_code, village.shown.given["title"], village.shown.given["words"]))
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 404


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.template)
async def test_every_form_of_a_family_is_no_page_for_an_outsider(village: Village, act: object) -> None:
    path = act.path.format(stream=village.book, seq=1, person="farah", id="x")  # type: ignore[attr-defined]  # an Act
    assert (await village.get("sam", f"{ROWE}/{path}")).status_code == 404
    assert (await village.post("sam", f"{ROWE}/{path}", text="x")).status_code == 404


async def test_only_who_may_gets_the_form(village: Village) -> None:
    assert (await village.get("priya", f"{ROWE}/level")).status_code == 200
    assert (await village.get("farah", f"{ROWE}/level")).status_code == 403
    assert (await village.get("farah", ROWE)).status_code == 200
    assert "set_level" not in village.shown.given["may"]
    assert "contribute" in village.shown.given["may"]


async def test_a_contribution_by_form_is_recorded_and_leads_back(village: Village) -> None:
    boxes = {"happened-day": "9", "happened-month": "3", "happened-year": "2026", "happened-time": "8:50am"}
    answer = await village.post("farah", f"{ROWE}/contribute", **FILLED | boxes)
    assert (answer.status_code, answer.headers["location"]) == (303, ROWE)
    said = (await village.family("farah")).fragments[await newest(village)].said
    assert (said.text, said.happened, said.precision) == ("Absent on Monday.", "2026-03-09T08:50", "exact")


async def test_a_contribution_from_a_huddle_leads_back_to_it_and_nowhere_else(village: Village) -> None:
    answer = await village.post("farah", f"{ROWE}/contribute?huddle=h1", **FILLED)
    assert answer.headers["location"] == "/huddles/h1"
    answer = await village.post("farah", f"{ROWE}/contribute?huddle=//evil.example", **FILLED)
    assert answer.headers["location"] == ROWE


async def test_what_was_typed_stays_when_something_is_missing(village: Village) -> None:
    answer = await village.post(
        "farah", f"{ROWE}/contribute", **FILLED | {"domain": "", "bearing": "", "text": " "}
    )
    assert answer.status_code == 422
    given = village.shown.given
    assert given["problems"] == {
        "text": "Enter what your agency knows",
        "domain": "Choose which part of life this is about",
        "bearing": "Choose what this means for the children",
    }
    assert (given["form"]["basis"], given["form"]["audience"]) == ("observed_fact", "everyone")
    assert len((await village.family("farah")).fragments) == 0


async def test_without_a_script_too_the_readers_are_listed_before_it_is_sent(village: Village) -> None:
    restricted = FILLED | {"audience": "named", "named": ["agency:NCS"]}
    answer = await village.post("pike", f"{ROWE}/contribute", **restricted)
    assert answer.status_code == 200
    assert [p.name for p in village.shown.given["check"]] == ["Denise Hallam", "Priya Nair"]
    assert len((await village.family("pike")).fragments) == 0
    sent = restricted | {"expected_readers": ["denise", "priya"]}
    assert (await village.post("pike", f"{ROWE}/contribute", **sent)).status_code == 303
    assert len((await village.family("pike")).fragments) == 1
    assert len((await village.family("farah")).fragments) == 0


async def test_readers_who_came_since_are_shown_before_it_is_sent(village: Village) -> None:
    await village.do("priya", AddToTeam(person="owen"))
    sent = FILLED | {"audience": "named", "named": ["agency:NCS"], "expected_readers": ["denise", "priya"]}
    answer = await village.post("pike", f"{ROWE}/contribute", **sent)
    assert answer.status_code == 422
    assert village.shown.given["problems"]["named"].startswith("Owen Blake would now be able to read this")
    assert "Owen Blake" in [p.name for p in village.shown.given["check"]]


async def test_nothing_goes_to_everybody_because_nobody_was_named(village: Village) -> None:
    answer = await village.post("pike", f"{ROWE}/contribute", **FILLED | {"audience": "named"})
    assert answer.status_code == 422
    assert village.shown.given["problems"] == {"named": "Choose who will see this"}
    assert len((await village.family("pike")).fragments) == 0


async def test_one_corrects_and_withdraws_ones_own_line_by_form(village: Village) -> None:
    said = await village.do("farah", told("Monday."))
    line = f"{ROWE}/lines/{said.stream}/{said.seq}"
    await village.get("farah", f"{line}/correct")
    assert village.shown.given["form"] == {"text": "Monday."}
    answer = await village.post("farah", f"{line}/correct", text="Tuesday.", reason="Wrong day")
    assert answer.status_code == 303
    assert (await village.post("farah", f"{line}/withdraw", reason="")).status_code == 422
    assert (await village.post("farah", f"{line}/withdraw", reason="Not ours")).status_code == 303
    assert (await village.get("farah", f"{line}/withdraw")).status_code == 409
    fragment = (await village.family("leo")).fragments[said.ref]
    assert (fragment.text, fragment.withdrawn and fragment.withdrawn.reason) == ("Tuesday.", "Not ours")


async def test_nobody_gets_the_form_for_somebody_elses_line_or_a_hidden_one(village: Village) -> None:
    open_line = await village.do("farah", told("Monday."))
    hidden = await village.do("pike", told("Single source.", only_for=("priya",)))
    for stream, seq in (
        (open_line.stream, open_line.seq),
        (hidden.stream, 2),
        ("none", 1),
        (village.book, "x"),
    ):
        assert (await village.get("grace", f"{ROWE}/lines/{stream}/{seq}/correct")).status_code == 404


async def test_adding_somebody_shows_what_they_will_read(village: Village) -> None:
    await village.get("priya", f"{ROWE}/team")
    given = village.shown.given
    assert given["admission"].startswith("Whoever you add will be able to read this family's record (")
    assert given["admission"].endswith("until they leave the team.")
    assert {"sam", "owen"} <= {p.person for p in given["people"]}
    assert not set(TEAM) & {p.person for p in given["people"]}
    assert (await village.post("priya", f"{ROWE}/team", person="sam")).status_code == 303
    assert "sam" in (await village.family("sam")).team


async def test_what_cannot_be_put_right_on_the_form_is_said_above_it(village: Village) -> None:
    answer = await village.post("priya", f"{ROWE}/team/priya/remove", reason="Leaving")
    assert answer.status_code == 409
    assert village.shown.given["problems"][""].startswith("This person owns the plan.")
    assert village.shown.given["form"]["reason"] == "Leaving"


async def test_every_form_opens_with_what_there_is_to_choose_from(village: Village) -> None:
    isla = next(m.member for m in (await village.family("priya")).members.values() if m.child)
    plan = PlanContact(practitioner="grace", children=(isla,), every_days=7, first_day=TODAY)
    await village.do("priya", plan)
    (contact,) = (await village.family("priya")).contacts
    said = await village.do("priya", told())
    await village.do("priya", ExcludePerson(person="dawn", reason="A cousin"))
    for act in ACTS:
        person = "dawn" if act.kind is EndExclusion else "farah"
        path = act.path.format(stream=said.stream, seq=said.seq, person=person, id=contact)
        answer = await village.get("priya", f"{ROWE}/{path}")
        assert (answer.status_code, village.shown.given["template"]) == (200, f"families/{act.template}.html")
        assert {"family", "form", "problems", "key", "may"} <= set(village.shown.given)


async def test_a_contact_that_did_not_happen_is_recorded_by_form(village: Village) -> None:
    isla = next(m.member for m in (await village.family("priya")).members.values() if m.child)
    plan = {"practitioner": "grace", "children": [isla], "every_days": "7"}
    day = {"first_day-day": "3", "first_day-month": "3", "first_day-year": "2026"}
    assert (await village.post("priya", f"{ROWE}/contacts", **plan | day)).status_code == 303
    (contact,) = (await village.family("priya")).contacts
    on = {"on-day": "16", "on-month": "3", "on-year": "2026"}
    form = {"outcome": "no_access", "note": "Buggy in hall"} | on
    assert (await village.post("grace", f"{ROWE}/contacts/{contact}/record", **form)).status_code == 303
    newest = (await village.family("priya")).contacts[contact].newest
    assert newest and newest.outcome == "no_access"


async def test_families_are_searched_without_a_name_in_an_address(village: Village) -> None:
    await village.post("farah", "/families", words="tamsin")
    assert [f.ref for f in village.shown.given["families"]] == ["NMR-0147"]
    await village.post("farah", "/families", words="nobody")
    assert village.shown.given["families"] == []
    await village.get("sam", "/families")
    assert village.shown.given["families"] == []


async def test_a_family_is_opened_by_form_once(village: Village) -> None:
    form = {
        "name": "Ash",
        "level": "early_help",
        "plan_owner": "grace",
        "team": ["farah", "leo"],
        "key": "one",
    }
    answers = [await village.post("grace", "/families/new", **form) for _ in range(2)]
    [address] = {answer.headers["location"] for answer in answers}
    assert re.fullmatch(r"/families/[0-9A-Z]{4}-[0-9A-Z]{4}", address)
    assert (await village.get("leo", address)).status_code == 200
    assert village.shown.given["family"].plan_owner.name == "Grace Lindqvist"
    other = await village.post("grace", "/families/new", **form | {"key": "two"})
    assert other.headers["location"] != address


async def test_i25_no_form_says_whether_a_reference_is_in_use(village: Village) -> None:
    """A reference is given and never asked for: whoever could try them would find what they may not see."""
    for reference in ("NMR-0147", "NMR-9999"):
        form = {"reference": reference, "name": "Ash", "level": "early_help"}
        assert (await village.post("sam", "/families/new", **form)).status_code == 400


async def test_what_was_chosen_for_a_new_family_stays_when_something_is_missing(village: Village) -> None:
    answer = await village.post("grace", "/families/new", name=" ", level="early_help", team=["farah"])
    assert answer.status_code == 422 and village.shown.given["form"]["team"] == ["farah"]
    assert village.shown.given["problems"] == {"name": "Enter what this family is called"}


async def test_a_cell_of_the_picture_leads_to_its_entries(village: Village) -> None:
    await village.do("farah", told("Education."))
    await village.do("farah", told("Home.", domain="home"))
    await village.get("grace", f"{ROWE}?agency=SAP&domain=home")
    assert [line.text for line in village.shown.given["lines"]] == ["Home."]
    assert village.shown.given["only"] == "School, Home and relationships"


async def test_a_long_record_begins_at_its_newest_hundred_lines(village: Village) -> None:
    for n in range(120):
        await village.do("farah", told(f"Line {n}"))
    await village.get("grace", ROWE)
    assert len(village.shown.given["lines"]) == 100
    assert village.shown.given["lines"][-1].text == "Line 119"
    await village.get("grace", f"{ROWE}{village.shown.given['earlier']}")
    assert village.shown.given["earlier"] == ""
    assert village.shown.given["lines"][0].sentence == "Priya Nair opened the record of Rowe"

"""The cast is complete, and writes as a good practitioner would."""

import re

from server.demo import live, rowe
from server.demo.acts import Opens
from server.demo.cast import AGENCIES, BY_ID, PARTS, PEOPLE
from server.demo.families import FAMILIES
from server.demo.play import ACTS, SCHEDULE
from server.demo.scene import Act
from server.demo.sitting import FIRST_MINUTES
from server.demo.talk import Calls, Corrects, Signposts, Tells

NOT_ON_SCREENS = {
    *("please", "sorry", "valid", "invalid", "forbidden", "illegal", "oops", "error", "forgot"),
    *("perpetrator", "victim", "DNA", "NFA"),
    *("chaotic", "aggressive", "neglectful", "manipulative", "non-compliant", "disengaged", "dysfunctional"),
}
"""Words that blame or alarm, and labels that say what somebody is in place of what was seen."""
NOT_SAID = ("failed to engage", "hard to reach", "case closed", "risk score", "low risk", "did not attend")
MONTHS_AND_DAYS = re.compile(
    r"\b(january|february|march|april|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today)\b|\b20\d\d\b",
    re.IGNORECASE,
)
SENTENCE_ENDS = re.compile(r"[.?!](?=[\"']?(?:\s|$))")


def every_act() -> list[Act]:
    return [*(act for family in FAMILIES for act in family.acts), *live.TOLD, *FIRST_MINUTES]


def texts() -> list[str]:
    return [act.text for act in every_act() if isinstance(act, Tells | Corrects)]


def shown() -> list[str]:
    """Everything that stands on a screen, free texts and all."""
    fields = [getattr(act, name) for act in every_act() for name in act.__struct_fields__ if name != "code"]
    return [value for value in fields if isinstance(value, str)] + [p.job_title for p in PEOPLE]


def test_nobody_writes_a_word_that_is_kept_off_screens() -> None:
    for text in shown():
        words = set(re.findall(r"[\w-]+", text))
        assert not (words | {word.lower() for word in words}) & NOT_ON_SCREENS, text
        assert not any(phrase in text.lower() for phrase in NOT_SAID), text


def test_every_contribution_is_one_to_four_whole_sentences() -> None:
    assert len(texts()) > 30
    for text in texts():
        assert text[0].isupper() and text.rstrip("\"'")[-1] in ".?!", text
        assert 1 <= len(SENTENCE_ENDS.findall(text)) <= 4, text


def test_no_text_names_a_day_except_through_the_calendar() -> None:
    for text in shown():
        assert not MONTHS_AND_DAYS.search(re.sub(r"\{.*?\}|\d{4}-\d\d.*", "", text)), text


def test_everybody_named_in_an_act_is_in_the_cast() -> None:
    named = {act.who for act in every_act()} | {person for person, _ in PARTS}
    for act in every_act():
        if isinstance(act, Opens):
            named |= set(act.team)
        if isinstance(act, Tells):
            named |= set(act.only_for)
        if isinstance(act, Calls):
            named |= {act.chair, act.deputy, act.scribe, *act.invited}
    assert named <= BY_ID.keys()


def test_everybody_works_for_an_agency_and_reports_to_somebody_of_the_cast() -> None:
    assert len(BY_ID) == len(PEOPLE)
    for person in PEOPLE:
        assert not person.manager or person.manager in BY_ID, person
        assert person.agency in {agency.code for agency in AGENCIES}
        assert person.email.endswith("@northmere.example")


def test_the_page_to_sign_in_begins_with_those_in_the_room() -> None:
    in_the_room = {act.who for act in (*FIRST_MINUTES, *live.TOLD)}
    assert {person.id for person in PEOPLE[: len(in_the_room)]} == in_the_room


def test_no_act_of_a_family_shares_its_code() -> None:
    for family in FAMILIES:
        codes = [act.code for act in family.acts]
        assert len(set(codes)) == len(codes)
    assert not {act.code for act in live.TOLD} & {act.code for act in FAMILIES[0].acts}


def test_the_schedule_names_who_does_what_in_the_order_of_the_story() -> None:
    assert [turn.who for turn in SCHEDULE] == [ACTS[turn.what].who for turn in SCHEDULE]
    assert {turn.what for turn in SCHEDULE} == ACTS.keys()
    assert [turn.minute for turn in SCHEDULE] == sorted(turn.minute for turn in SCHEDULE)
    assert [ACTS[turn.what].at for turn in SCHEDULE] == sorted(act.at for act in live.TOLD)
    assert SCHEDULE[-1].minute == 10


def test_what_is_restricted_is_signposted_by_its_holder() -> None:
    restricted = [act for act in live.TOLD if isinstance(act, Tells) and (act.only_for or act.named)]
    signposts = {act.code: act.who for act in live.TOLD if isinstance(act, Signposts)}
    assert {act.code for act in restricted} == {"F-09", "F-11"}
    assert signposts == {f"{act.code} signpost": act.who for act in restricted}


def test_all_twenty_two_pieces_are_told_once() -> None:
    codes = [act.code for act in every_act() if isinstance(act, Tells) and act.code.startswith("F-")]
    assert sorted(codes) == [f"F-{n:02}" for n in range(1, 23)]
    assert rowe.REFERENCE == "NMR-0147"

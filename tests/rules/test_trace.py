"""Committed words never change: correcting and withdrawing leave their trace."""

import pytest

from server.families.knowledge import AlreadyWithdrawn, Correct, Signpost, Withdraw
from server.record.refusals import Incomplete, NotFound
from tests.families.stage import BOOK, ref, rowe_family, told


def test_a_correction_stands_beside_what_was_first_written() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told("Absent on Monday.")))
    correct = Correct(stream=said.stream, seq=said.seq, text="Absent on Tuesday.", reason="Wrong day")
    story.do("farah", correct)
    line = next(line for line in story.page("priya").lines if line.seq == said.seq)
    assert line.text == "Absent on Monday."
    assert line.standing_text == "Absent on Tuesday."
    assert [(c.text, c.reason) for c in line.corrections] == [("Absent on Tuesday.", "Wrong day")]
    assert (
        story.page("priya").lines[-1].sentence
        == "Farah Siddiqui corrected an entry about education: Wrong day"
    )


def test_corrections_follow_one_another() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told("one")))
    for text in ("two", "three"):
        story.do("farah", Correct(stream=said.stream, seq=said.seq, text=text, reason="Better"))
    fragment = story.family().fragments[said]
    assert [fragment.said.text, *(c.text for c in fragment.corrections)] == ["one", "two", "three"]


def test_what_was_withdrawn_stays_readable_with_the_reason() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told("Another child's incident.")))
    story.do("farah", Withdraw(stream=said.stream, seq=said.seq, reason="Another family"))
    line = next(line for line in story.page("priya").lines if line.seq == said.seq)
    assert (line.text, line.withdrawn) == ("Another child's incident.", "Another family")
    assert line.withdrawn_at == story.now


def test_nobody_withdraws_twice_or_corrects_what_was_withdrawn() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told()))
    story.do("farah", Withdraw(stream=said.stream, seq=said.seq, reason="Wrong"))
    with pytest.raises(AlreadyWithdrawn, match="has been withdrawn"):
        story.do("farah", Withdraw(stream=said.stream, seq=said.seq, reason="Wrong"))
    with pytest.raises(AlreadyWithdrawn):
        story.do("farah", Correct(stream=said.stream, seq=said.seq, text="x", reason="y"))


def test_both_need_a_reason_and_a_correction_other_words() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told("one")))
    with pytest.raises(Incomplete, match="Enter why you are withdrawing this"):
        story.do("farah", Withdraw(stream=said.stream, seq=said.seq, reason=" "))
    with pytest.raises(Incomplete) as refused:
        story.do("farah", Correct(stream=said.stream, seq=said.seq, text="one", reason=""))
    assert set(refused.value.problems) == {"text", "reason"}


def test_somebody_elses_words_are_not_to_be_found() -> None:
    story = rowe_family()
    said = ref(story.do("farah", told()))
    with pytest.raises(NotFound):
        story.do("priya", Correct(stream=said.stream, seq=said.seq, text="x", reason="y"))
    with pytest.raises(NotFound):
        story.do("priya", Withdraw(stream=said.stream, seq=said.seq, reason="y"))


def test_a_hidden_line_and_no_line_are_refused_alike() -> None:
    story = rowe_family()
    hidden = ref(story.do("pike", told(only_for=("priya",))))
    refusals = []
    for stream, seq in ((hidden.stream, hidden.seq), ("no-such-stream", 1), (BOOK, 9999), (BOOK, 1)):
        with pytest.raises(NotFound) as refused:
            story.do("farah", Withdraw(stream=stream, seq=seq, reason="y"))
        refusals.append(refused.value.message)
    assert len(set(refusals)) == 1


def test_a_restricted_fragment_is_corrected_where_it_stands() -> None:
    story = rowe_family()
    said = ref(story.do("pike", told("One source.", only_for=("priya",))))
    (done,) = story.do("pike", Correct(stream=said.stream, seq=said.seq, text="Two sources.", reason="New"))
    assert done.stream == said.stream
    assert done not in story.read("farah")


def test_a_signpost_tells_everybody_in_its_holders_words() -> None:
    story = rowe_family()
    words = "Police hold something that matters here."
    story.do("pike", Signpost(relevance="raises", domain="substance", words=words, contact="DS Pike"))
    page = story.page("farah")
    (signpost,) = page.signposts
    assert (signpost.agency.code, signpost.relevance_label, signpost.words) == ("NPC", "raises risk", words)
    assert page.lines[-1].sentence == (
        "Northmere Constabulary holds restricted information about substance use, relevant to risk: "
        "raises risk. Police hold something that matters here. Contact DS Pike"
    )

"""No socket may take the room from the others."""

from __future__ import annotations

from server.realtime.limits import MALFORMED, Bucket, Strikes


def test_a_burst_is_let_through_and_then_no_more() -> None:
    bucket = Bucket(burst=5, a_second=0)
    assert [bucket.take() for _ in range(7)] == [True] * 5 + [False] * 2


def test_five_unreadable_messages_in_a_minute_end_it() -> None:
    strikes = Strikes()
    assert [strikes.out() for _ in range(MALFORMED)] == [False] * (MALFORMED - 1) + [True]

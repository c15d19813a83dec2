"""The one-line acts that may come up a socket, and how a message becomes a command."""

from __future__ import annotations

from typing import Any

import msgspec

from server.actions.agreeing import AgreeAction, ChangeAction
from server.actions.checking import ReopenAction, VerifyAction
from server.actions.commands import AcceptAction, AskForChange, SettleAction, StartAction
from server.actions.declining import DeclineAction
from server.actions.extending import ExtendAction
from server.families.knowledge import Contribute, Correct, Signpost, Withdraw
from server.huddles.chair import AssumeChair, TakeBackChair
from server.huddles.commands import ChangePhase, Invite, Join, Leave
from server.huddles.positions import StateDuty, TakePosition
from server.record.commands import Command
from server.record.refusals import Malformed

ACTS: dict[str, type[Command]] = {
    act.verb(): act
    for act in (
        Contribute,
        Correct,
        Withdraw,
        Signpost,
        Join,
        Leave,
        Invite,
        ChangePhase,
        AssumeChair,
        TakeBackChair,
        TakePosition,
        StateDuty,
        AgreeAction,
        ChangeAction,
        AcceptAction,
        StartAction,
        DeclineAction,
        AskForChange,
        ExtendAction,
        SettleAction,
        VerifyAction,
        ReopenAction,
    )
}

LONGEST_KEY = 64


class Said(msgspec.Struct):
    """A message from a screen. `key` is made by the screen, once for each act.

    `draft`: what is sent was kept as a draft, which is none any more once it is recorded.
    """

    do: str
    key: str = ""
    body: dict[str, Any] = msgspec.field(default_factory=dict)
    draft: bool = False


_decoder = msgspec.json.Decoder(Said)


def read(text: str) -> Said:
    """The message, or `Malformed`."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Malformed from None


def command(said: Said, huddle: str) -> Command:
    """The command that a message asks for. The huddle is the socket's, whatever the message says."""
    act = ACTS.get(said.do)
    if act is None or not 8 <= len(said.key) <= LONGEST_KEY:
        raise Malformed
    body = dict(said.body)
    if "huddle" in act.__struct_fields__:
        body["huddle"] = huddle
    try:
        return msgspec.convert(body, act)
    except msgspec.ValidationError:
        raise Malformed from None

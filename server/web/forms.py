"""A form becomes a command, or problems by field; what was typed is never lost.

Text is taken as it was written. Choices, numbers and days are read forgivingly: spaces and invisible marks
do not count. A field that the command does not have is refused, so nobody sets what no form asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.requests import Request

from server.record.commands import Command
from server.record.refusals import Malformed, TooLarge
from server.web.fields import PARTS, Unreadable, read_field
from server.web.house import house

LARGEST = 64 * 1024
MOST_FIELDS = 500
SENT = "huddle.form"
BESIDE = frozenset({"key", "do"})
"""What a form may carry beside its command's own fields: the sender's key, the button pressed."""

C = TypeVar("C", bound=Command)
Typed = dict[str, str | list[str]]


class Form(msgspec.Struct, Generic[C], frozen=True):
    """What came of a form: the command, or why there is none. `typed` fills the form again."""

    typed: Typed
    problems: dict[str, str]
    command: C | None
    key: str


async def read_form(
    request: Request, kind: type[C], beside: frozenset[str] = frozenset(), /, **given: Any
) -> Form[C]:
    """Read the request's form as a command of `kind`. What is `given` is not for the form to say; fields
    `beside` the command's own are for the page to read."""
    sent = await fields(request)
    zone = (await house(request).partnership()).zone
    wanted = {f.name: f for f in msgspec.structs.fields(kind) if f.name not in given}
    refuse_strangers({n: v for n, v in sent.items() if n.partition("-")[0] not in beside}, wanted)
    values: dict[str, Any] = dict(given)
    problems: dict[str, str] = {}
    for name, field in wanted.items():
        try:
            value = read_field(sent, field, zone)
        except Unreadable as problem:
            problems[name] = asked_for(kind, name) or problem.words
            continue
        if value is not msgspec.UNSET:
            values[name] = value
    command = None if problems else kind(**values)
    return Form(typed(sent, wanted), problems, command, key(sent) or house(request).new_id())


async def fields(request: Request) -> dict[str, list[str]]:
    """The fields that were sent, in order, each with all of its values. Read once for each request."""
    if SENT not in request.scope:
        request.scope[SENT] = parsed(await body(request))
    sent: dict[str, list[str]] = request.scope[SENT]
    return sent


async def body(request: Request, expected: str = "application/x-www-form-urlencoded") -> bytes:
    """The whole body, up to 64 KiB."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", expected):
        raise Malformed
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST:
            raise TooLarge
    return bytes(read)


def parsed(sent: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(sent.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Malformed from error


def refuse_strangers(sent: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for name in sent:
        base, _, part = name.partition("-")
        if name not in wanted and name not in BESIDE and not (base in wanted and part in PARTS):
            raise Malformed("This form asks for something that it may not. Nothing was recorded.")


def asked_for(kind: type[Command], name: str) -> str:
    """The command's own words for a field that is empty or could not be read (`asks`, if it has some)."""
    asks: Mapping[str, str] = getattr(kind, "asks", {})
    return asks.get(name, "")


def typed(sent: Mapping[str, list[str]], wanted: Mapping[str, msgspec.structs.FieldInfo]) -> Typed:
    """One value for each field, as it was typed; a list where the command takes several."""
    several = {name for name, field in wanted.items() if takes_several(field)}
    return {name: list(values) if name in several else values[-1] for name, values in sent.items()}


def takes_several(field: msgspec.structs.FieldInfo) -> bool:
    return getattr(field.type, "__origin__", field.type) in (tuple, list, frozenset)


def key(sent: Mapping[str, list[str]]) -> str:
    """The sender's own key, by which the same form sent twice is recorded once."""
    given = sent.get("key", [""])[-1].strip()
    return given if given.isprintable() and len(given) <= 100 else ""

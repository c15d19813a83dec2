"""Reads what a mail system sends back when it could not deliver (RFC 3464). Anything else is None.

Anybody may write to the return path, so nothing of it is believed but the id of a mail that we sent, which
nobody can guess; whoever calls looks that up.
"""

from __future__ import annotations

from email import policy
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from itertools import islice
from typing import NamedTuple

LARGEST = 256 * 1024
"""Bytes. A report quotes a mail of ours, and those are small."""

MOST_PARTS = 20


class Bounce(NamedTuple):
    """A mail that did not arrive: its Message-ID, for whom, and whether it never will."""

    message_id: str
    recipient: str
    for_good: bool


def read(raw: bytes) -> Bounce | None:
    """The failure that a delivery status notification reports, or None."""
    if len(raw) > LARGEST:
        return None
    try:
        report = BytesParser(policy=policy.compat32).parsebytes(raw)
    except RecursionError:  # parts within parts, thousands deep: nobody's report
        return None
    if report.get_content_type() != "multipart/report":
        return None
    parts = list(islice(report.walk(), MOST_PARTS))
    message_id, failure = original_id(parts), failed(parts)
    if not message_id or failure is None:
        return None
    status = said(failure, "Status")
    recipient = address(failure, "Original-Recipient") or address(failure, "Final-Recipient")
    return Bounce(message_id, recipient, status.startswith("5."))


def failed(parts: list[Message]) -> Message | None:
    """The block about the recipient who did not get it. A delay, or a success, is no failure."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            for block in islice(part.get_payload(), MOST_PARTS):
                if isinstance(block, Message) and said(block, "Action").lower() == "failed":
                    return block
    return None


def original_id(parts: list[Message]) -> str:
    """The Message-ID of the mail that is returned, whole or by its headers alone."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            returned = part.get_payload(0)
        elif kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            returned = BytesHeaderParser().parsebytes(content) if isinstance(content, bytes) else None
        else:
            continue
        if isinstance(returned, Message) and (found := said(returned, "Message-ID")):
            return found
    return ""


def said(headers: Message, name: str) -> str:
    """The value of a header without folds and comments behind it."""
    words = str(headers.get(name, "")).split()
    return words[0] if words else ""


def address(block: Message, name: str) -> str:
    """`rfc822; joy@example.org` → `joy@example.org`."""
    _, _, found = str(block.get(name, "")).partition(";")
    return found.strip().strip("<>").lower()

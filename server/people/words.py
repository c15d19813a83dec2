"""How names, codes and addresses are read from what somebody typed: forgiving, and safe to show."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 200
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\"]+\.[^@\s,;:<>()\[\]\\\"]+")
EMAIL_LENGTH = 254
HIDDEN = {"Cc", "Cf", "Co", "Cs"}
"""Unicode's control, format, private and surrogate characters."""


def visible(text: str) -> str:
    """`text` without control, format and bidirectional marks, which let one name pass for another."""
    if text.isprintable() and text.isascii():
        return text
    return "".join(
        c for c in text if c in " \t\n\r" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"}
    )


def name_from(text: str) -> str:
    """One line as it is shown: composed, visible, single spaces."""
    return " ".join(visible(unicodedata.normalize("NFC", text)).split())[:NAME_LENGTH]


def code_from(text: str) -> str:
    """A code or an id: without any space or invisible character. Empty if it is not one."""
    code = "".join(visible(unicodedata.normalize("NFKC", text)).split())
    return code if CODE.fullmatch(code) else ""


def email_from(text: str) -> str:
    """An address as it is compared: no spaces, lower case. Empty if it is not one."""
    email = "".join(visible(unicodedata.normalize("NFKC", text)).split()).lower()
    return email if EMAIL.fullmatch(email) and len(email) <= EMAIL_LENGTH else ""

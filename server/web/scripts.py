"""The script of a page is sent as one file, made of its modules when it is first asked for.

The modules stay small files that need no build. A browser that fetches them one by one asks for thirty, one
level of imports after the other, and keeps whoever is on a slow line waiting for each level.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

IMPORT = re.compile(
    r'^import (?:(?P<names>\{ \w+(?:, \w+)* \}|\* as \w+) from )?"\./(?P<file>[a-z]+\.js)";$', re.MULTILINE
)
EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|const (\w+) =)", re.MULTILINE)
UNKNOWN = re.compile(r"^\s*(?:import|export)\b.*|\bimport\s*[(.].*", re.MULTILINE)


class NotJoined(ValueError):
    """A module that is written as none of ours may be: what it says is in the message."""


@cache
def joined(entry: Path) -> str:
    """The module and all that it imports from its folder, as one module.

    Each is evaluated once, after those that it imports, in a scope of its own. Raises NotJoined for anything
    but imports and exports of one line by their own names, and for modules that import each other in a ring.
    """
    parts: dict[str, str] = {}
    _add(entry, parts, ())
    return "\n".join(parts.values())


def _add(module: Path, parts: dict[str, str], above: tuple[str, ...]) -> None:
    if module.name in above:
        raise NotJoined(f"{' imports '.join((*above, module.name))}: a ring")
    if module.name in parts:
        return
    text = module.read_text("utf-8")
    for found in IMPORT.finditer(text):
        _add(module.with_name(found["file"]), parts, (*above, module.name))
    parts[module.name] = _in_a_scope(module, text)


def _in_a_scope(module: Path, text: str) -> str:
    exports = ", ".join(function or const for function, const in EXPORT.findall(text))
    body = EXPORT.sub("", IMPORT.sub(_taken, text))
    if unknown := UNKNOWN.search(body):
        raise NotJoined(f"{module.name}: {unknown[0].strip()}")
    return f"const ${module.stem} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _taken(found: re.Match[str]) -> str:
    names, source = found["names"], f"${found['file'].removesuffix('.js')}"
    return f"const {names.removeprefix('* as ')} = {source};" if names else ""

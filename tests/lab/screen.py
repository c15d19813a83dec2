"""A browser's screen in Python: a page, the frames applied to it as static/apply.js does, and its tree."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree, html

Element = Any

VOLATILE = frozenset({"data-cursor"})
"""Attributes of <main> that say where the page stands, which is compared apart."""


class Screen:
    """The main part of an open page."""

    def __init__(self, page: str) -> None:
        self.document = html.document_fromstring(page)

    @property
    def main(self) -> Element:
        return self.document.find(".//main")

    @property
    def cursor(self) -> str:
        return str(self.main.get("data-cursor"))

    def named(self, id: str) -> Element | None:
        found = self.document.xpath("//*[@id=$id]", id=id)
        return found[0] if found else None

    def take(self, message: dict[str, Any]) -> None:
        """Apply one message of `huddle.html.v1`."""
        if message["type"] == "frame":
            for part in message["parts"]:
                self.apply(part)
            for part in message.get("touched", ()):
                self.apply(part, only_if_there=True)
            self.main.set("data-cursor", message["cursor"])
        elif message["type"] == "yours":
            self.apply(message["html"])

    def apply(self, text: str, *, only_if_there: bool = False) -> None:
        part = element(text)
        old = self.named(part.get("id"))
        if old is not None:
            part.tail = old.tail
            old.getparent().replace(old, part)
        elif not only_if_there:
            into = self.named(part.get("data-into"))
            assert into is not None, f"#{part.get('id')} has no place on this page"
            into.append(part)

    def tree(self) -> str:
        """Every element and attribute of the main part, without blank text and what is random by purpose."""
        main = copy.deepcopy(self.main)
        for name in VOLATILE:
            main.attrib.pop(name, None)
        for key in main.xpath(".//input[@name='key']"):
            key.set("value", "")
        for node in main.iter():
            node.text = squeezed(node.text)
            node.tail = squeezed(node.tail)
        return etree.tostring(main, encoding="unicode", pretty_print=True)


AROUND = {"td": "<table><tbody><tr>{}</tr></tbody></table>", "tr": "<table><tbody>{}</tbody></table>"}


def element(text: str) -> Element:
    """The one element of a text, whatever it needs around it to be parsed."""
    name = text.lstrip().split(None, 1)[0].strip("<>")
    root = html.document_fromstring(f"<body>{AROUND.get(name, '{}').format(text)}</body>")
    found = root.xpath(f"//{name}[@id]")
    assert found, f"a part is one element with an id: {text[:200]}"
    return found[0]


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())

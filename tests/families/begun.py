"""Forms that keep drafts, as somebody opens, begins and records them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from httpx2 import AsyncClient, Response
from lxml import html

from tests.families.test_requests import asked
from tests.huddles import test_closing as closing
from tests.huddles.meeting import decided, decision
from tests.lab.town import Town

DENISE, FARAH, PRIYA, SAM = "denise-hallam", "farah-siddiqui", "priya-nair", "sam-whitlock"
MARTIN, DAWN = "martin-yeo", "dawn-tully"
"""Martin is asked and reads nothing else of the family; Dawn reads no family at all."""

FORMS = {
    "decide": (DENISE, "/huddles/{huddle}/decide", "rationale"),
    "position": (FARAH, "/huddles/{huddle}/decisions/{decision}/position", "words"),
    "close": (DENISE, "/huddles/{huddle}/close", "answer-decided"),
    "minutes": (FARAH, "/huddles/{huddle}/minutes", "words"),
    "request": (MARTIN, "/requests/{request}", "words"),
    "refer": (DAWN, "/refer", "concern"),
}
"""Who begins to write, the form's address, and the field in which they write."""
BEGUN = "Remi was not weighed and"


@dataclass
class Begun:
    """One form in the running town, and what its author sends to record it."""

    town: Town
    who: str
    address: str
    field: str
    filled: dict[str, Any]

    @property
    def page(self) -> str:
        return self.address.removesuffix("/position")

    async def opened(self, browser: AsyncClient, query: str = "") -> Any:
        """The page as this browser opens it."""
        answer = await browser.get(self.page + query)
        assert answer.status_code == 200, answer.text
        return html.document_fromstring(answer.text)

    def key(self, page: Any) -> str:
        return str(page.xpath("//form[@data-draft]//input[@name='key']/@value")[0])

    def words(self, page: Any) -> str:
        (found,) = page.xpath(f"//form[@data-draft]//*[@name='{self.field}']")
        return str(found.text or "")

    async def keep(self, browser: AsyncClient, key: str, words: str = BEGUN, **more: Any) -> Response:
        """What stands in the form is kept, and the browser takes the name that it is given for that."""
        fields = {"key": key, self.field: words} | more
        headers = {"accept": "application/json"}
        answer = await browser.post(f"{self.address}/draft", data=fields, headers=headers)
        for name, value in answer.cookies.items():
            browser.headers["cookie"] += f"; {name}={value}"
        return answer

    async def begin(self, words: str = BEGUN) -> AsyncClient:
        """A browser in which it was opened and begun."""
        browser = await self.town.browser(self.who)
        assert (await self.keep(browser, self.key(await self.opened(browser)), words)).status_code == 200
        return browser

    async def record(self, browser: AsyncClient, key: str) -> Response:
        return await browser.post(self.address, data=self.filled | {"key": key})


def offers(page: Any) -> list[str]:
    """Where what was begun can be gone on with."""
    return [str(link) for link in page.xpath("//*[contains(@class, 'begun')]//a/@href")]


async def stage(town: Town, name: str, instead: str = "") -> Begun:
    """The town in which this form can be opened, by its usual author or somebody `instead`."""
    who, address, field = FORMS[name]
    known, filled = {"huddle": town.huddle}, {field: f"{BEGUN} I am worried."}
    match name:
        case "decide":
            filled = await as_a_form(town)
        case "position":
            known["decision"] = await decided(town)
            filled |= {"position": "dissent"}
        case "close":
            filled = {f"answer-{item.code}": "Tomorrow" for item in (await closing.open_items(town)).values()}
        case "minutes":
            await closing.close(town)
        case "request":
            known["request"] = (await asked(town)).id
            filled |= {"answer": "answered", "bearing": "concern", "basis": "record_extract"}
        case "refer":
            filled |= {"child": "A girl next door", "to": "The front door"}
    return Begun(town, instead or who, address.format(**known), field, filled)


async def as_a_form(town: Town) -> dict[str, Any]:
    """A whole decision, as its form sends it."""
    said = await decision(town)
    filled = {"words": said.words, "chosen": said.chosen, "rationale": said.rationale}
    for n, option in enumerate(said.options, 1):
        filled |= {f"option-{n}-rung": option.rung, f"option-{n}-words": option.words}
        filled |= {f"option-{n}-pro": option.pro, f"option-{n}-contra": option.contra}
    for child in said.children:
        filled |= {f"child-{child.child}-statement": child.statement}
        filled |= {f"child-{child.child}-no_voice": child.no_voice}
    answers = {f"answer-{answer.item}": answer.words for answer in said.answers}
    return filled | answers | {"rests_on": [str(seq) for seq in said.rests_on]}

"""What somebody writes is shown as it was written and does nothing, wherever it comes up again."""

from __future__ import annotations

import pytest
from lxml import html

from server.actions.commands import SettleAction
from server.families.knowledge import Contribute
from server.families.requests import RequestInformation
from tests.actions.promises import agreed
from tests.families.test_requests import ask
from tests.lab.town import ROWE, Town
from tests.realtime import conftest as towns
from tests.realtime.conftest import ONE_AND_TWO

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town
town = towns.one_town

PAYLOADS = {
    "g5": '<b hx-get="/sign-out" hx-trigger="load" data-hx-on:click="x()" id="yours">x</b>',
    "g6": '<a href="javascript:alert(1)">x</a> javascript:alert(1) data:text/html,x',
    "g7": "{{7*7}} {% include 'base.html' %} ${7*7} #{7*7} <%= 7*7 %>",
    "g8": "Al\u202eice \u2066x\u2069 \u200bz",
}


@ONE_AND_TWO
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
async def test_g5_g6_g7_it_is_text_on_every_page(town: Town, payload: str) -> None:
    line = Contribute(domain="home", basis="observed_fact", bearing="concern", text=payload)
    await town.do("farah-siddiqui", line)
    known = await agreed(town, "", words=payload)
    done = SettleAction(action=known.id, seen=known.seen, outcome="done", words=payload)
    await town.do("denise-hallam", done)
    asked: RequestInformation = ask(town, question=payload, person="sam-whitlock")
    await town.do("priya-nair", asked)
    browser = await town.browser("priya-nair")
    huddle, family = f"/huddles/{town.huddle}", f"/families/{ROWE}"
    for path in (huddle, f"{huddle}/minutes", family, f"{family}/actions", f"{family}/actions/{known.id}"):
        page = html.fromstring((await browser.get(path)).text)
        inert(page, payload, path)
    inert(html.fromstring((await (await town.browser("sam-whitlock")).get("/")).text), payload, "home")


def inert(page: html.HtmlElement, payload: str, path: str) -> None:
    shown = " ".join(page.text_content().split())
    assert " ".join(payload.split()) in shown, path
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not (name.startswith(("hx-", "data-hx", "on")) and name != "hx-morph-skip"), (path, name)
            if name in ("href", "src", "action"):
                assert not str(value).strip().lower().startswith(("javascript:", "data:")), (path, value)
    assert len(page.xpath("//*[@id='yours']")) <= 1, path

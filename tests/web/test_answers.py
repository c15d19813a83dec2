"""What is answered when something was refused, was not there, or broke; and to whom in which form."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from jinja2 import DictLoader, UndefinedError
from starlette.requests import Request
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from server.people.addresses import ROUTES
from server.web.answers import safe_next, see, wanted
from server.web.gates import Unguarded, addresses, guarded
from server.web.templates import ROOT, Templates
from tests.web.conftest import SAME, Web, home

LONDON = Templates(
    lambda: ZoneInfo("Europe/London"),
    loader=DictLoader(
        {
            "when.html": "{{ when(at) }}",
            "day.html": "{{ at|day }}, {{ at|shortday }}, {{ at|weekday }}, {{ at|clock }}",
            "text.html": '<p title="{{ text }}">{{ text }}</p>',
            "static.html": "{{ static('app.css') }}",
        }
    ),
)


async def test_a_page_that_is_not_there_says_whom_to_ask(web: Web) -> None:
    answer = await web.browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Page not found" in answer.text and "safeguarding lead" in answer.text


async def test_a_method_that_is_not_there_is_answered_as_a_page_that_is_not(web: Web) -> None:
    there, nowhere = await web.browser.get("/change"), await web.browser.get("/nowhere")
    assert there.text.replace("/change", "") == nowhere.text.replace("/nowhere", "")


async def test_what_broke_gives_the_numbers_and_no_detail(web: Web) -> None:
    answer = await web.browser.get("/broken")
    assert answer.status_code == 500
    assert "Sorry, there is a problem with the service" in answer.text
    assert "999" in answer.text and "Lines marked Saved are safe" in answer.text
    assert "secret detail" not in answer.text and "Traceback" not in answer.text


async def test_what_broke_gives_them_even_without_templates(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.house.templates, "environment", None)
    answer = await web.browser.get("/broken")
    assert answer.status_code == 500
    assert "999" in answer.text


async def test_a_program_is_refused_in_json(web: Web) -> None:
    answer = await web.browser.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "not_found"
    assert "\n" not in answer.json()["message"]


async def test_a_script_is_refused_with_one_line(web: Web) -> None:
    answer = await web.browser.get("/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.text.startswith('<p class="problem" role="alert">You have been signed out')


async def test_who_may_not_is_told_in_words(web: Web) -> None:
    await web.sign_in()
    form = {"role": "supervisor", "tier": "1"}
    answer = await web.browser.post("/change", data=form, headers=SAME)
    assert answer.status_code == 403
    assert "Only an administrator can change who works here" in answer.text


async def test_a_form_sent_after_signing_out_says_so_and_gives_the_words_back(web: Web) -> None:
    form = {"text": "What I wrote", "password": "three random words"}
    answer = await web.browser.post("/change", data=form, headers=SAME)
    assert answer.status_code == 401
    assert "You have been signed out" in answer.text
    assert "What I wrote" in answer.text
    assert "three random words" not in answer.text


async def test_nothing_is_done_for_another_site(web: Web) -> None:
    await web.sign_in()
    answer = await web.browser.post("/sign-out", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert (await web.browser.get("/")).status_code == 200, "still signed in"


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, "page"),
        ({"accept": "text/html,*/*"}, "page"),
        ({"accept": "text/html", "sec-fetch-mode": "cors"}, "page"),
        ({"hx-request": "true"}, "partial"),
        ({"accept": "*/*", "sec-fetch-mode": "cors"}, "partial"),
        ({"accept": "application/json"}, "json"),
        ({"accept": "text/html,application/json"}, "page"),
    ],
)
def test_each_is_answered_in_the_form_that_they_can_use(headers: dict[str, str], form: str) -> None:
    assert wanted(asking(headers)) == form


def test_after_an_act_a_browser_looks_and_a_script_is_told_where() -> None:
    assert see(asking({}), "/families").status_code == 303
    told = see(asking({"hx-request": "true"}), "/families")
    assert (told.status_code, told.headers["hx-location"]) == (204, "/families")


def test_only_paths_of_ours_are_next() -> None:
    assert safe_next("/families/NMR-0147?tab=plan") == "/families/NMR-0147?tab=plan"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil", "/a b", "/a\r\nSet-Cookie: x", ""):
        assert safe_next(elsewhere) == "/"


def test_moments_are_worded_in_the_partnerships_time() -> None:
    summer = datetime(2026, 7, 27, 14, 5, tzinfo=UTC)
    html = LONDON.render("when.html", at=summer)
    assert html == '<time datetime="2026-07-27T14:05:00Z">27 July 2026 at 3:05pm</time>'


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 27, 15, tzinfo=UTC), "27 November 2026, 27 Nov, Friday 27 November 2026, 3pm"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026, 2 Jul, Thursday 2 July 2026, 12:30am"),
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "5 January 2026, 5 Jan, Monday 5 January 2026, midday"),
        (datetime(2026, 1, 5, 0, tzinfo=UTC), "5 January 2026, 5 Jan, Monday 5 January 2026, midnight"),
    ],
)
def test_days_and_hours_read_as_people_say_them(at: datetime, words: str) -> None:
    assert LONDON.render("day.html", at=at) == words


def test_a_day_is_a_day_in_every_zone() -> None:
    environment = LONDON.environment
    assert environment.filters["day"](date(2026, 7, 1)) == "1 July 2026"


def test_g4_g7_text_stays_text() -> None:
    shown = LONDON.render("text.html", text='"><script>alert(1)</script>{{7*7}}')
    assert "<script>" not in shown and "{{7*7}}" in shown


def test_a_name_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        LONDON.render("text.html")


def test_a_static_file_is_named_by_its_content() -> None:
    assert (ROOT / "static" / "app.css").exists()
    address = LONDON.render("static.html")
    assert address.startswith("/static/app.css?v=") and len(address) > 25


def test_a_route_without_a_row_is_not_served() -> None:
    with pytest.raises(Unguarded, match="GET /made-up"):
        guarded([Route("/made-up", home)])


def test_every_kind_of_route_is_seen() -> None:
    routes = [
        Route("/families/{ref:str}", home),
        Route("/families", home, methods=["POST"]),
        WebSocketRoute("/huddles/{id}/live", home),
        Mount("/static", StaticFiles(directory=ROOT / "static")),
    ]
    found = list(addresses(routes))
    assert found == [
        ("GET", "/families/{ref}"),
        ("POST", "/families"),
        ("WEBSOCKET", "/huddles/{id}/live"),
        ("GET", "/static/{path}"),
    ]
    assert set(found) <= set(ROUTES)


def asking(headers: dict[str, str]) -> Request:
    raw: Iterator[tuple[bytes, bytes]] = ((k.encode(), v.encode()) for k, v in headers.items())
    return Request({"type": "http", "method": "GET", "headers": list(raw)})

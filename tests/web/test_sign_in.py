"""Coming in, going out and staying in, as a browser sees it."""

import pytest

from server.people.roles import RecordLeaving
from server.record.books import PARTNERSHIP
from server.record.commands import Actor
from tests.web.conftest import PASSWORD, SAME, Web

BACKGROUND = {"Accept": "application/json", "Sec-Fetch-Mode": "cors"}


async def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(web: Web) -> None:
    answer = await web.browser.get("/?tab=today")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2F%3Ftab%3Dtoday"
    form = {"email": "priya@northmere.example", "password": PASSWORD, "next": "/?tab=today"}
    answer = await web.browser.post("/sign-in", data=form, headers=SAME)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?tab=today")
    assert (await web.browser.get("/")).text == "Priya Nair is here"


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "evil",
        "",
        "/sign-out",
    ],
)
async def test_nobody_is_sent_elsewhere_after_signing_in(web: Web, there: str) -> None:
    form = {"email": "priya@northmere.example", "password": PASSWORD, "next": there}
    answer = await web.browser.post("/sign-in", data=form, headers=SAME)
    assert answer.headers["location"] == "/"


async def test_a_wrong_password_keeps_the_address_and_says_what_to_do(web: Web) -> None:
    form = {"email": "priya@northmere.example", "password": "wrong password"}
    answer = await web.browser.post("/sign-in", data=form, headers=SAME)
    assert answer.status_code == 422
    assert "The email address and password do not match" in answer.text
    assert "priya@northmere.example" in answer.text
    assert "wrong password" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_unknown_and_known_addresses_get_the_same_answer(web: Web) -> None:
    answers = []
    for email in ("priya@northmere.example", "panya@northmere.example", "sam@northmere.example"):
        form = {"email": email, "password": "wrong password"}
        answer = await web.browser.post("/sign-in", data=form, headers=SAME)
        answers.append((answer.status_code, answer.text.replace(email, "…"), sorted(answer.headers)))
    assert answers[0] == answers[1] == answers[2]


async def test_guessing_is_slowed_down_in_words(web: Web) -> None:
    form = {"email": "priya@northmere.example", "password": "wrong password"}
    for _ in range(5):
        await web.browser.post("/sign-in", data=form, headers=SAME)
    answer = await web.browser.post("/sign-in", data=form, headers=SAME)
    assert answer.status_code == 429
    assert "Wait 30 seconds, then try again" in answer.text


async def test_the_cookie_is_plain_only_on_ones_own_machine(web: Web) -> None:
    await web.sign_in()
    form = {"email": "priya@northmere.example", "password": PASSWORD}
    answer = await web.browser.post("/sign-in", data=form, headers=SAME)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("huddle=")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Max-Age" not in cookie


async def test_h2_every_sign_in_is_a_new_session_and_ends_the_old(web: Web) -> None:
    await web.sign_in()
    old = web.browser.cookies["huddle"]
    await web.sign_in()
    assert web.browser.cookies["huddle"] != old
    async with web.another() as thief:
        thief.cookies.set("huddle", old)
        assert (await thief.get("/")).status_code == 303


async def test_h3_a_cookie_is_dead_after_signing_out(web: Web) -> None:
    await web.sign_in()
    old = web.browser.cookies["huddle"]
    answer = await web.browser.post("/sign-out", headers=SAME)
    assert answer.headers["location"] == "/sign-in"
    assert "storage" in answer.headers["clear-site-data"]
    assert "huddle" not in web.browser.cookies
    async with web.another() as thief:
        thief.cookies.set("huddle", old)
        assert (await thief.get("/")).status_code == 303


async def test_without_an_act_a_session_ends_after_15_minutes(web: Web) -> None:
    await web.sign_in()
    web.clock.pass_by(minutes=14)
    assert (await web.browser.get("/")).status_code == 200
    web.clock.pass_by(minutes=14)
    assert (await web.browser.get("/", headers=BACKGROUND)).status_code == 200
    web.clock.pass_by(minutes=1)
    assert (await web.browser.get("/")).status_code == 303


async def test_asking_how_long_is_left_is_no_act(web: Web) -> None:
    await web.sign_in()
    web.clock.pass_by(minutes=14)
    left = (await web.browser.get("/session", headers=BACKGROUND)).json()
    assert left == {"idle_in": 60, "ends_in": 12 * 3600 - 14 * 60}
    web.clock.pass_by(minutes=1)
    answer = await web.browser.get("/session", headers=BACKGROUND)
    assert (answer.status_code, answer.json()["code"]) == (401, "reauth")


async def test_one_key_extends(web: Web) -> None:
    await web.sign_in()
    web.clock.pass_by(minutes=14)
    assert (await web.browser.post("/session/extend", headers=SAME)).status_code == 204
    web.clock.pass_by(minutes=14)
    assert (await web.browser.get("/session", headers=BACKGROUND)).json()["idle_in"] == 60


async def test_h9_signing_in_again_over_the_page_is_for_the_same_person(web: Web) -> None:
    await web.sign_in()
    old = web.browser.cookies["huddle"]
    web.clock.pass_by(hours=13)
    script = SAME | {"Sec-Fetch-Mode": "cors"}
    answer = await web.browser.post("/sign-in/again", data={"password": "wrong password"}, headers=script)
    assert answer.status_code == 422 and "That is not your password" in answer.text
    answer = await web.browser.post("/sign-in/again", data={"password": PASSWORD}, headers=script)
    assert answer.status_code == 204
    assert web.browser.cookies["huddle"] != old
    assert (await web.browser.get("/")).text == "Priya Nair is here"


async def test_a_page_of_somebody_else_is_not_taken_over(web: Web) -> None:
    await web.sign_in()
    form = {"password": PASSWORD, "person": "sam"}
    answer = await web.browser.post("/sign-in/again", data=form, headers=SAME | BACKGROUND)
    assert answer.status_code == 401
    assert "Somebody else has signed in here" in answer.json()["message"]


async def test_h9_after_signing_out_in_another_tab_the_page_says_whose_it_is(web: Web) -> None:
    await web.sign_in()
    await web.browser.post("/sign-out", headers=SAME)
    script = SAME | {"Sec-Fetch-Mode": "cors"}
    answers = [
        await web.browser.post(
            "/sign-in/again", data={"password": "wrong password", "person": who}, headers=script
        )
        for who in ("priya", "nobody-at-all")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].text == answers[1].text, "whether somebody works here is not said"
    right = {"password": PASSWORD, "person": "priya"}
    assert (await web.browser.post("/sign-in/again", data=right, headers=script)).status_code == 204
    assert (await web.browser.get("/")).text == "Priya Nair is here"


async def test_nobody_signs_in_again_who_never_was_here(web: Web) -> None:
    answer = await web.browser.post("/sign-in/again", data={"password": PASSWORD}, headers=SAME | BACKGROUND)
    assert answer.status_code == 401


async def test_a_link_leads_to_a_password_and_in(web: Web) -> None:
    token = await web.house.links.make("sam", web.clock.now)
    assert "Sam Whitlock" in (await web.browser.get(f"/welcome/{token}")).text
    short = await web.browser.post(f"/welcome/{token}", data={"password": "short"}, headers=SAME)
    assert short.status_code == 422 and "12 to 200 characters" in short.text
    answer = await web.browser.post(f"/welcome/{token}", data={"password": PASSWORD}, headers=SAME)
    assert answer.status_code == 303
    assert (await web.browser.get("/")).text == "Sam Whitlock is here"
    again = await web.browser.get(f"/welcome/{token}")
    never = await web.browser.get(f"/welcome/{'x' * len(token)}")
    assert (again.status_code, again.text) == (404, never.text)
    assert "This link no longer works" in again.text and 'href="/sign-in/link"' in again.text


async def test_who_leaves_is_out_with_the_next_request(web: Web) -> None:
    await web.sign_in()
    leaving = RecordLeaving(person="priya", reason="Moved")
    await web.house.ledger.record(PARTNERSHIP, leaving, Actor("ada"), key="leave")
    assert (await web.browser.get("/")).status_code == 303
    form = {"email": "priya@northmere.example", "password": PASSWORD}
    assert (await web.browser.post("/sign-in", data=form, headers=SAME)).status_code == 422


async def test_outside_the_demonstration_nobody_steps_into_a_part(web: Web) -> None:
    assert (await web.browser.post("/sign-in/as/priya", headers=SAME)).status_code == 404
    assert "Priya Nair" not in (await web.browser.get("/sign-in")).text


@pytest.mark.parametrize("changed", [{"demo": True}], indirect=True)
async def test_in_the_demonstration_one_click_is_enough(web: Web) -> None:
    assert "Priya Nair" in (await web.browser.get("/sign-in")).text
    answer = await web.browser.post("/sign-in/as/sam", headers=SAME)
    assert answer.status_code == 303
    assert (await web.browser.get("/")).text == "Sam Whitlock is here"
    assert (await web.browser.post("/sign-in/as/nobody", headers=SAME)).status_code == 404


async def test_everybody_has_a_sheet_that_shows_their_own_controls(web: Web) -> None:
    await web.sign_in()
    answer = await web.browser.get("/me.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert '[data-author="priya"]' in answer.text

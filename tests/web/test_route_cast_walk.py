"""Every address × method × person of a cast: what each of them is answered, out of one table (I1, I4, I18).

The addresses come from the application itself: one that the table does not hold fails. Who does not read the
family is answered, to the byte, what is answered about a family and a huddle that do not exist.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from httpx2 import AsyncClient, Response

from server.app import routes
from server.families.knowledge import Contribute
from server.families.state import FamilyState
from server.families.team import RemoveFromTeam
from server.people.addresses import ROUTES
from server.web.gates import addresses
from tests.actions.promises import agreed
from tests.families.test_requests import asked as requested
from tests.lab.town import ROWE, Town, settings
from tests.realtime import conftest as towns
from tests.realtime.conftest import served

told_sqlite, sqlite_town = towns.told_sqlite, towns.sqlite_town
told_postgres, postgres_town = towns.told_postgres, towns.postgres_town

READERS = {
    "member": "farah-siddiqui",
    "guest": "sam-whitlock",
    "chair": "denise-hallam",
    "owner": "priya-nair",
    "manager": "owen-blake",
}
"""Who reads the family; the manager is a supervisor in its team."""
OTHERS = {
    "excluded": "dawn-tully",
    "elsewhere": "josie-tran",
    "admin": "imran-sethi",
    "oversight": "judith-okonjo",
    "removed": "leo-marsh",
}
"""Who works here and does not read this family."""
CAST = {"nobody": "", **OTHERS, **READERS}

TABLE = """
#    address                                          nobody other | member guest chair owner manager
GET  /healthz                                         200 200 200 200 200 200 200
GET  /readyz                                          200 200 200 200 200 200 200
GET  /metrics                                         200 200 200 200 200 200 200
GET  /sign-in                                         200 303 303 303 303 303 303
POST /sign-in                                         422 422 422 422 422 422 422
POST /sign-in/as/{person}                             303 303 303 303 303 303 303
POST /sign-in/again                                   401 422 422 422 422 422 422
GET  /sign-in/link                                    200 200 200 200 200 200 200
POST /sign-in/link                                    422 422 422 422 422 422 422
POST /sign-out                                        303 303 303 303 303 303 303
GET  /welcome/{token}                                 404 404 404 404 404 404 404
POST /welcome/{token}                                 404 404 404 404 404 404 404
GET  /session                                         303 200 200 200 200 200 200
POST /session/extend                                  401 204 204 204 204 204 204
POST /session/cover                                   401 303 303 303 303 303 303
POST /session/uncover                                 401 422 422 422 422 422 422
GET  /me.css                                          303 200 200 200 200 200 200
GET  /                                                303 200 200 200 200 200 200
GET  /work                                            303 200 200 200 200 200 200
GET  /admin                                           303 403/200 403 403 403 403 403
GET  /admin/agencies/new                              303 403/200 403 403 403 403 403
POST /admin/agencies/new                              401 403/422 403 403 403 403 403
GET  /admin/people/new                                303 403/200 403 403 403 403 403
POST /admin/people/new                                401 403/422 403 403 403 403 403
GET  /admin/people/{person}                           303 403/200 403 403 403 403 403
GET  /admin/people/{person}/manager                   303 403/200 403 403 403 403 403
POST /admin/people/{person}/manager                   401 403/303 403 403 403 403 403
GET  /admin/people/{person}/roles                     303 403/200 403 403 403 403 403
POST /admin/people/{person}/roles                     401 403/422 403 403 403 403 403
GET  /admin/people/{person}/roles/end                 303 403/200 403 403 403 403 403
POST /admin/people/{person}/roles/end                 401 403/422 403 403 403 403 403
GET  /admin/people/{person}/cover                     303 403/200 403 403 403 403 403
POST /admin/people/{person}/cover                     401 403/422 403 403 403 403 403
GET  /admin/people/{person}/leaving                   303 403/200 403 403 403 403 403
POST /admin/people/{person}/leaving                   401 403/422 403 403 403 403 403
GET  /admin/people/{person}/link                      303 403/200 403 403 403 403 403
POST /admin/people/{person}/link                      401 403/200 403 403 403 403 403
GET  /admin/people/{person}/sign-out                  303 403/200 403 403 403 403 403
POST /admin/people/{person}/sign-out                  401 403/303 403 403 403 403 403
GET  /work/calendar                                   303 200 200 200 200 200 200
POST /work/calendar                                   401 200 200 200 200 200 200
POST /work/calendar/stop                              401 303 303 303 303 303 303
GET  /work/reminders                                  303 200 200 200 200 200 200
POST /work/reminders                                  401 422 422 422 422 422 422
GET  /queue                                           303 200 200 200 200 200 200
GET  /families/{ref}/owed/{deadline}                  303 404 200 200 200 200 200
POST /families/{ref}/owed/{deadline}                  401 404 422 422 422 422 422
GET  /calendar/{token}.ics                            404 404 404 404 404 404 404
GET  /families                                        303 200 200 200 200 200 200
POST /families                                        401 200 200 200 200 200 200
GET  /families/new                                    303 200 200 200 200 200 200
POST /families/new                                    401 422 422 422 422 422 422
GET  /families/{ref}                                  303 404 200 200 200 200 200
GET  /families/{ref}/contribute                       303 404 200 200 200 200 200
POST /families/{ref}/contribute                       401 404 422 422 422 422 422
POST /families/{ref}/draft                            401 404 204 204 204 204 204
GET  /families/{ref}/lines/{stream}/{seq}/correct     303 404 200 404 404 404 404
POST /families/{ref}/lines/{stream}/{seq}/correct     401 404 422 404 404 404 404
GET  /families/{ref}/lines/{stream}/{seq}/withdraw    303 404 200 404 404 404 404
POST /families/{ref}/lines/{stream}/{seq}/withdraw    401 404 422 404 404 404 404
GET  /families/{ref}/signpost                         303 404 200 200 200 200 200
POST /families/{ref}/signpost                         401 404 422 422 422 422 422
GET  /families/{ref}/team                             303 404 403 403 403 200 200
POST /families/{ref}/team                             401 404 403 403 403 422 422
GET  /families/{ref}/team/{person}/remove             303 404 403 403 403 200 200
POST /families/{ref}/team/{person}/remove             401 404 403 403 403 422 422
GET  /families/{ref}/plan-owner                       303 404 403 403 403 200 200
POST /families/{ref}/plan-owner                       401 404 403 403 403 422 422
GET  /families/{ref}/level                            303 404 403 403 403 200 200
POST /families/{ref}/level                            401 404 403 403 403 422 422
GET  /families/{ref}/members                          303 404 200 200 200 200 200
POST /families/{ref}/members                          401 404 422 422 422 422 422
GET  /families/{ref}/households                       303 404 200 200 200 200 200
POST /families/{ref}/households                       401 404 422 422 422 422 422
GET  /families/{ref}/conflict                         303 404 200 200 200 200 200
POST /families/{ref}/conflict                         401 404 422 422 422 422 422
GET  /families/{ref}/exclusions                       303 404 403 403 200 200 200
POST /families/{ref}/exclusions                       401 404 403 403 422 422 422
GET  /families/{ref}/exclusions/{person}/end          303 404 403 403 403 404 404
POST /families/{ref}/exclusions/{person}/end          401 404 403 403 403 404 404
GET  /families/{ref}/relationships                    303 404 200 200 200 200 200
POST /families/{ref}/relationships                    401 404 422 422 422 422 422
GET  /families/{ref}/outcomes                         303 404 200 200 200 200 200
POST /families/{ref}/outcomes                         401 404 422 422 422 422 422
GET  /families/{ref}/expected                         303 404 403 403 403 200 200
POST /families/{ref}/expected                         401 404 403 403 403 422 422
GET  /families/{ref}/contacts                         303 404 200 200 200 200 200
POST /families/{ref}/contacts                         401 404 422 422 422 422 422
GET  /families/{ref}/contacts/{id}/record             303 404 200 200 200 200 200
POST /families/{ref}/contacts/{id}/record             401 404 422 422 422 422 422
GET  /families/{ref}/review-date                      303 404 200 200 200 200 200
POST /families/{ref}/review-date                      401 404 422 422 422 422 422
GET  /families/{ref}/huddles                          303 404 200 200 200 200 200
POST /families/{ref}/huddles                          401 404 422 422 422 422 422
GET  /conflict                                        303 200 200 200 200 200 200
POST /conflict                                        401 422 422 422 422 422 422
GET  /steward/conflicts/{id}                          303 403/404 403 403 403 403 403
POST /steward/conflicts/{id}/place                    401 403/404 403 403 403 403 403
POST /steward/conflicts/{id}/settle                   401 403/404 403 403 403 403 403
GET  /steward                                         303 403/200 403 403 403 403 403
GET  /steward/{id}                                    303 403/404 403 403 403 403 403
POST /steward/{id}                                    401 403/404 403 403 403 403 403
GET  /refer                                           303 200 200 200 200 200 200
POST /refer                                           401 422 422 422 422 422 422
POST /refer/draft                                     401 204 204 204 204 204 204
GET  /referrals/{id}                                  303 404 404 404 404 404 404
POST /referrals/{id}                                  401 404 404 404 404 404 404
POST /referrals/{id}/tell                             401 404 404 404 404 404 404
GET  /huddles/{id}/join                               303 404 200 200 200 200 200
POST /huddles/{id}/join                               401 404 422 422 422 422 422
POST /huddles/{id}/accept                             401 404 303 303 303 303 409
GET  /huddles/{id}/apologies                          303 404 200 200 200 200 200
POST /huddles/{id}/apologies                          401 404 422 422 422 422 409
GET  /huddles/{id}/invite                             303 404 200 200 200 200 200
POST /huddles/{id}/invite                             401 404 403 403 422 403 403
GET  /huddles/{id}/uninvite                           303 404 403 403 200 403 403
POST /huddles/{id}/uninvite                           401 404 403 403 422 403 403
POST /huddles/{id}/leave                              401 404 303 303 303 303 303
POST /huddles/{id}/phase                              401 404 422 422 422 422 422
POST /huddles/{id}/chair                              401 404 403 403 303 403 403
GET  /huddles/{id}/judge                              303 404 200 200 200 200 200
POST /huddles/{id}/judge                              401 404 409 409 409 409 409
POST /huddles/{id}/judge/reveal                       401 404 403 403 422 403 403
POST /huddles/{id}/judge/spread                       401 404 422 422 422 422 422
GET  /huddles/{id}/decide                             303 404 403 403 200 403 403
POST /huddles/{id}/decide                             401 404 403 403 422 403 403
POST /huddles/{id}/decide/draft                       401 404 403 403 204 403 403
GET  /huddles/{id}/decisions/{decision}               303 404 404 404 404 404 404
POST /huddles/{id}/decisions/{decision}/position      401 404 404 404 404 404 404
POST /huddles/{id}/decisions/{decision}/position/draft 401 404 404 404 404 404 404
POST /huddles/{id}/decisions/{decision}/duty          401 404 404 404 404 404 404
POST /huddles/{id}/decisions/{decision}/final         401 404 404 404 404 404 404
GET  /huddles/{id}/close                              303 404 403 403 200 403 403
POST /huddles/{id}/close                              401 404 403 403 422 403 403
POST /huddles/{id}/close/draft                        401 404 403 403 204 403 403
GET  /huddles/{id}/minutes                            303 404 200 200 200 200 200
POST /huddles/{id}/minutes                            401 404 404 404 404 404 404
POST /huddles/{id}/minutes/draft                      401 404 204 204 204 204 204
GET  /families/{ref}/why                              303 404 200 200 200 200 200
POST /families/{ref}/why                              401 404 422 422 422 422 422
GET  /families/{ref}/looked                           303 404 403 403 403 200 200
GET  /families/{ref}/ask                              303 404 200 200 200 200 200
POST /families/{ref}/ask                              401 404 422 422 422 422 422
GET  /requests/{id}                                   303 404 200 200 200 200 200
POST /requests/{id}                                   401 404 422 422 422 422 422
POST /requests/{id}/draft                             401 404 204 204 204 204 204
GET  /huddles/{id}/act                                303 404 200 200 200 200 200
POST /huddles/{id}/act                                401 404 422 422 422 422 422
POST /huddles/{id}/act/read                           401 404 200 200 200 200 200
GET  /families/{ref}/actions                          303 404 200 200 200 200 200
GET  /families/{ref}/actions/{action}                 303 404 200 200 200 200 200
POST /families/{ref}/actions/{action}/accept          401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/ask             401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/change          401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/settle          401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/start           401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/decline         401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/extend          401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/verify          401 404 422 422 422 422 422
POST /families/{ref}/actions/{action}/reopen          401 404 422 422 422 422 422
GET  /families/{ref}/close                            303 404 403 403 403 200 200
POST /families/{ref}/close                            401 404 403 403 403 422 422
GET  /families/{ref}/reopen                           303 404 403 403 403 200 200
POST /families/{ref}/reopen                           401 404 403 403 403 422 422
GET  /huddles/{id}/course                             303 404 403 403 200 403 403
POST /huddles/{id}/course/move                        401 404 403 403 422 403 403
POST /huddles/{id}/course/adjourn                     401 404 403 403 422 403 403
POST /huddles/{id}/course/resume                      401 404 403 403 303 403 403
POST /huddles/{id}/course/abandon                     401 404 403 403 422 403 403
GET  /huddles/{id}/phone                              303 404 200 200 200 200 200
POST /huddles/{id}/phone                              401 404 403 403 422 403 403
POST /huddles/{id}/phone/code                         401 404 403 403 422 403 403
POST /huddles/{id}/phone/vouch                        401 404 409 409 409 409 409
GET  /huddles/{id}/phone/{person}                     303 404 403 403 403 403 403
POST /huddles/{id}/phone/{person}/line                401 404 403 403 403 403 403
POST /huddles/{id}/phone/{person}/position            401 404 403 403 403 403 403
POST /huddles/{id}/phone/{person}/duty                401 404 403 403 403 403 403
POST /huddles/{id}/phone/{person}/judgement           401 404 403 403 403 403 403
GET  /huddles/{id}/words                              303 404 200 200 200 200 200
POST /huddles/{id}/words/confirm                      401 404 422 422 422 422 422
POST /huddles/{id}/words/dispute                      401 404 422 422 422 422 422
GET  /huddles/{id}                                    303 404 200 200 200 200 303
GET  /huddles/{id}/presenting                         303 404 200 200 200 200 303
GET  /huddles/{id}/changes                            303 404 200 200 200 200 200
POST /huddles/{id}/acts                               401 404 400 400 400 400 400
POST /demo/play                                       303 303 303 303 303 303 303
GET  /demo/post                                       200 200 200 200 200 200 200
GET  /demo/post/{mail}                                404 404 404 404 404 404 404
POST /demo/clock                                      400 400 400 400 400 400 400
GET  /static/{path}                                   200 200 200 200 200 200 200
"""
"""What each of the cast is answered: to a page, or to a form that was sent with nothing in it."""

ABSENT = {"ref": "ZZZ-9999", "id": "0" * 32}
NONCES = {"date": "the wall clock's second"}


@dataclass
class Walk:
    """The running town, a browser for each of the cast, and what stands in the addresses."""

    town: Town
    browsers: dict[str, AsyncClient]
    real: dict[str, str]

    def at(self, path: str, **other: str) -> str:
        """A pattern with what is really there, or with something that is not."""
        known = self.real | other
        for kind in ("contact", "request"):
            if f"/{kind}s/{{id}}" in path and "id" not in other:
                known |= {"id": self.real[kind]}
        return path.format(**known)

    async def ask(self, who: str, method: str, path: str) -> Response:
        """A request in a session of that person's own, if it could end or begin one."""
        if not path.startswith("/sign-"):
            return await self.browsers[who].request(method, path)
        browser = await self.town.browser(CAST[who])
        return await browser.request(method, path)


FEWER = ("nobody", "excluded", "removed", "guest", "member")
"""Enough to see that a second node answers as the first, with every other of them at each."""
ONE_AND_TWO = pytest.mark.parametrize("walk", ["sqlite", "two nodes"], indirect=True)


@pytest.fixture
async def walk(request: pytest.FixtureRequest) -> AsyncIterator[Walk]:
    where = getattr(request, "param", "sqlite")
    cast = {name: CAST[name] for name in (CAST if where == "sqlite" else FEWER)}
    async with served(request, where) as town:
        line = Contribute(domain="home", basis="observed_fact", bearing="concern", text="A line.")
        told = await town.do("farah-siddiqui", line)
        hand = await town.house.ledger.look(town.book, await town.actor("farah-siddiqui"))
        await town.do("priya-nair", RemoveFromTeam(person="leo-marsh", reason="Moved"))
        real = {
            "ref": ROWE,
            "id": town.huddle,
            "contact": next(iter(hand.state[FamilyState].contacts)),
            "stream": told.stream,
            "seq": str(told.seq),
            "person": "grace-lindqvist",
            "token": "not-a-token",
            "decision": "not-a-decision",
            "mail": "not-a-mail",
            "request": (await requested(town)).id,
            "action": (action := await agreed(town)).id,
            "deadline": action.id,
            "path": "app.css",
        }
        walk = Walk(town, {name: await town.browser(person) for name, person in cast.items()}, real)
        for guest in {"guest", "chair"} & set(cast):
            await walk.browsers[guest].post(f"/families/{ROWE}/why", data={"purpose": "The huddle"})
        yield walk


def walked() -> list[tuple[str, str]]:
    """Every method and path pattern that the application answers, but for its sockets."""
    found = addresses(routes(settings("sqlite:///x", demo=True)))
    return [(method, path) for method, path in found if method != "WEBSOCKET"]


def table() -> dict[tuple[str, str], dict[str, int]]:
    rows = [row.split() for row in TABLE.splitlines() if row and not row.startswith("#")]
    return {
        (method, path): {"nobody": int(nobody)}
        | {name: int(of(other, own=name == HOLDER.get(ROUTES[method, path], ""))) for name in OTHERS}
        | {name: int(status) for name, status in zip(READERS, readers, strict=True)}
        for method, path, nobody, other, *readers in rows
    }


HOLDER = {"administrator": "admin", "steward": "oversight"}
"""Of the others, who holds the role that a rule asks for."""


def of(other: str, *, own: bool) -> str:
    """Of "403/200" the second is theirs who hold the role."""
    everybody, _, theirs = other.partition("/")
    return theirs or everybody if own else everybody


OF_A_FAMILY = [route for route in table() if ROUTES[route] in ("reads_family", "reads_huddle")]


def test_the_table_holds_every_address_and_no_other() -> None:
    assert sorted(table()) == sorted(walked())


@pytest.mark.slow
@ONE_AND_TWO
async def test_i1_everybody_is_answered_as_the_table_says(walk: Walk) -> None:
    expected = {route: {who: row[who] for who in walk.browsers} for route, row in table().items()}
    answered = {
        (method, path): {
            who: (await walk.ask(who, method, walk.at(path))).status_code for who in walk.browsers
        }
        for method, path in walked()
    }
    assert {route: row for route, row in answered.items() if row != expected[route]} == {}


@pytest.mark.slow
@ONE_AND_TWO
async def test_i1_to_who_does_not_read_it_a_family_is_as_one_that_is_not_there(walk: Walk) -> None:
    """Status, headers and body, for every method, also those that no address answers."""
    assert len(OF_A_FAMILY) > 40
    asked = [(who, method, path) for method, path in OF_A_FAMILY for who in OTHERS if who in walk.browsers]
    paths = dict.fromkeys(path for _, path in OF_A_FAMILY)
    asked += [("excluded", method, path) for path in paths for method in ("HEAD", "PUT", "DELETE", "OPTIONS")]
    for who, method, path in asked:
        real = whole(await walk.ask(who, method, walk.at(path)))
        assert real == whole(await walk.ask(who, method, walk.at(path, **ABSENT))), (who, method, path)
        assert ROWE not in real and "Rowe" not in real


async def test_i1_nobody_is_sent_to_sign_in_before_anything_is_looked_up(walk: Walk) -> None:
    for method, path in OF_A_FAMILY:
        real, absent = walk.at(path), walk.at(path, **ABSENT)
        answers = [whole(await walk.ask("nobody", method, address)) for address in (real, absent)]
        named = [a.replace(quote(x, safe=""), "…") for a, x in zip(answers, (real, absent), strict=True)]
        if method == "GET":
            assert named[0] == named[1], path
        assert "Rowe" not in answers[0]


def whole(answer: Response) -> str:
    """Everything that was sent, but for what differs from answer to answer by purpose."""
    head = [f"{name}: {value}" for name, value in answer.headers.multi_items() if name not in NONCES]
    return "\n".join([str(answer.status_code), *head, answer.text])


@ONE_AND_TWO
async def test_i4_i18_nothing_of_a_family_is_kept_on_the_way(walk: Walk) -> None:
    """Each is answered what is theirs, and no answer may be stored or asked for again by a tag."""
    pages = {who: (await walk.ask(who, "GET", f"/families/{ROWE}")).text for who in ("member", "guest")}
    assert "Farah Siddiqui" in pages["member"] and pages["member"] != pages["guest"]
    for method, path in OF_A_FAMILY:
        answer = await walk.ask("member", method, walk.at(path))
        assert answer.headers["cache-control"] == "no-store", path
        assert "etag" not in answer.headers and "last-modified" not in answer.headers


FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
)


async def test_no_unsafe_address_does_anything_for_another_site(walk: Walk) -> None:
    """With the plan owner's own cookie, from a page that is not ours: refused, and nothing is recorded."""
    unsafe = [path for method, path in walked() if method == "POST"]
    assert len(unsafe) > 20
    books = walk.town.house.books.all_open()
    before = {book.id: book.version for book in books}
    owner = walk.browsers["owner"]
    for path in unsafe:
        for headers in FOREIGN:
            answer = await owner.post(walk.at(path), headers=headers, data={"key": "from-elsewhere"})
            assert answer.status_code == 403, (path, headers)
            assert "set-cookie" not in answer.headers
    assert {book.id: book.version for book in books} == before
    assert (await owner.get("/session")).status_code == 200, "nobody was signed out"

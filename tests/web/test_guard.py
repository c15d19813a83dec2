"""The wall: what comes from elsewhere changes nothing and opens no socket."""

import pytest
from httpx2 import AsyncClient, Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Scope
from starlette.websockets import WebSocket

from server.web.guard import POLICY, Guard
from tests.web.conftest import browser_of

HTTPS = "https://huddle.example"
LOCAL = "http://127.0.0.1:8000"
ELSEWHERE = [
    "https://evil.example",
    "null",
    "https://huddle.example.evil.example",
    "https://sub.huddle.example",
    "https://huddle.example:8443",
    "http://huddle.example",
    "HTTPS://HUDDLE.EXAMPLE.",
    "",
]


async def answer(request: Request) -> PlainTextResponse:
    return PlainTextResponse("answered")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.close()


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ROUTES = [
    Route("/act", answer, methods=METHODS),
    Route("/healthz", answer),
    Route("/static/{path:path}", answer),
    WebSocketRoute("/live", talk),
]


def wall(base_url: str) -> Guard:
    return Guard(Starlette(routes=ROUTES), base_url)


async def status(
    headers: dict[str, str], method: str = "POST", base_url: str = HTTPS, path: str = "/act"
) -> int:
    async with browser_of(wall(base_url)) as browser:
        return (await ask(browser, base_url, headers, method, path)).status_code


async def ask(
    browser: AsyncClient, base_url: str, headers: dict[str, str], method: str = "GET", path: str = "/act"
) -> Response:
    return await browser.request(method, base_url + path, headers=headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_h14_an_unsafe_request_must_come_from_a_page_of_ours(method: str) -> None:
    assert await status({"Sec-Fetch-Site": "same-origin"}, method) == 200
    assert await status({"Origin": HTTPS}, method) == 200
    assert await status({"Sec-Fetch-Site": "same-origin", "Origin": HTTPS}, method) == 200
    assert await status({}, method) == 403
    for site in ("cross-site", "same-site", "none", ""):
        assert await status({"Sec-Fetch-Site": site}, method) == 403, site
        assert await status({"Sec-Fetch-Site": site, "Origin": HTTPS}, method) == 403, site


@pytest.mark.parametrize("origin", ELSEWHERE)
async def test_h14_no_other_origin_will_do(origin: str) -> None:
    assert await status({"Origin": origin}) == 403
    assert await status({"Origin": origin, "Sec-Fetch-Site": "same-origin"}) == 403


async def test_looking_needs_no_origin() -> None:
    assert await status({}, "GET") == 200
    assert await status({"Sec-Fetch-Site": "cross-site"}, "GET") == 200


async def test_ones_own_machine_has_two_names() -> None:
    for name in ("127.0.0.1", "localhost"):
        assert await status({"Origin": f"http://{name}:8000"}, base_url=LOCAL) == 200
        assert await status({"Host": f"{name}:8000"}, "GET", LOCAL) == 200
    assert await status({"Origin": "http://localhost:9000"}, base_url=LOCAL) == 403
    assert await status({"Origin": "http://localhost"}, base_url=HTTPS) == 403


@pytest.mark.parametrize("host", ["evil.example", "huddle.example:8443", "huddle.example@evil.example", ""])
async def test_g19_no_other_host(host: str) -> None:
    assert await status({"Host": host}, "GET") == 421
    assert await status({"Host": host}, "GET", path="/healthz") == 200, "a balancer asks by any name"


async def handshake(origin: str | None, host: str = "huddle.example", base_url: str = HTTPS) -> str:
    """`websocket.accept` or `websocket.close`, whichever is sent first."""
    sent: list[Message] = []
    headers = [(b"host", host.encode())] + ([(b"origin", origin.encode())] if origin is not None else [])
    scope: Scope = {
        "type": "websocket",
        "path": "/live",
        "headers": headers,
        "query_string": b"",
        "subprotocols": [],
    }

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await wall(base_url)(scope, receive, send)
    return str(sent[0]["type"])


async def test_h1_a_socket_of_ours_is_accepted() -> None:
    assert await handshake(HTTPS) == "websocket.accept", "else the refusals below would mean nothing"


@pytest.mark.parametrize("origin", [*ELSEWHERE, None])
async def test_h1_a_socket_from_elsewhere_is_refused_before_it_is_accepted(origin: str | None) -> None:
    assert await handshake(origin) == "websocket.close"


async def test_h1_a_socket_to_another_host_is_refused() -> None:
    assert await handshake(HTTPS, host="evil.example") == "websocket.close"


async def test_every_answer_carries_the_headers() -> None:
    async with browser_of(wall(HTTPS)) as browser:
        for path, origin in (("/act", HTTPS), ("/act", "https://evil.example"), ("/nowhere", HTTPS)):
            headers = (await ask(browser, HTTPS, {"Origin": origin}, "POST", path)).headers
            assert headers["content-security-policy"] == POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["referrer-policy"] == "same-origin"
            assert headers["cache-control"] == "no-store"
            assert headers["strict-transport-security"].startswith("max-age=")


def test_the_policy_lets_nothing_run_that_stands_in_a_page() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'")
    for part in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in POLICY


async def test_plain_http_promises_no_https() -> None:
    async with browser_of(wall(LOCAL)) as browser:
        assert "strict-transport-security" not in (await ask(browser, LOCAL, {})).headers


async def test_no_page_is_kept_whatever_its_address_looks_like() -> None:
    async with browser_of(wall(HTTPS)) as browser:
        for path in ("/act?v=abc", "/act?/static/"):
            assert (await ask(browser, HTTPS, {}, path=path)).headers["cache-control"] == "no-store"

"""What is restricted reaches no log and no Redis, whatever goes wrong on its way (B10, I2, I7, X12)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import redis
from structlog.testing import capture_logs

from server.families.knowledge import Contribute, Correct
from server.realtime.frames import HTML, JSON
from server.record.refusals import Refused
from server.record.store import Store
from tests.faults.live import ADDRESS
from tests.lab.canary import CANARY, sightings
from tests.lab.services import Redis
from tests.lab.town import BY_ID, ROWE, Town, running, sign_in_everybody

pytestmark = pytest.mark.fault

SECRET = {"domain": "home", "basis": "third_party", "text": f"{CANARY} at the address.", "bearing": "serious"}
CLIENTS = ("websockets", "httpx2", "httpcore2")
"""The tests' own programs, which log what they send."""
FEW = ("denise-hallam", "owen-blake")


@contextlib.contextmanager
def overheard(url: str) -> Iterator[list[str]]:
    """Everything that is said to a Redis meanwhile."""
    heard: list[str] = []
    client = redis.Redis.from_url(url, decode_responses=True)
    with client.monitor() as monitor:

        def listen() -> None:
            for command in monitor.listen():
                heard.append(str(command["command"]))
                if "the end" in command["command"]:
                    return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield heard
        client.publish("lab", "the end")
        thread.join(5)
    for key in client.scan_iter():
        heard.append(f"{key} {client.dump(key)!r}")
    client.close()


def told(logs: list[Any]) -> list[str]:
    """Every word of the log, with the errors in it as they would be written out."""
    errors = [e["exc_info"] for e in logs if isinstance(e.get("exc_info"), BaseException)]
    return [repr(event) for event in logs] + ["".join(traceback.format_exception(e)) for e in errors]


def written(records: Iterable[logging.LogRecord]) -> list[str]:
    return [logging.Formatter("%(name)s %(message)s").format(record) for record in records]


async def a_sitting(one: Town, other: Town) -> None:
    """A restricted line is told, put right, sent twice, refused and asked for; people come, write and go."""
    async with one.socket("hannah-pike") as hannah, other.socket("denise-hallam", HTML) as denise:
        await hannah.caught_up()
        await hannah.connection.send('{"do":"typing"}')
        for _ in range(2):
            await hannah.say("contribute", "canary-key-1", **SECRET, only_for=FEW)
            saved = await hannah.next("saved")
        await hannah.say("contribute", "canary-key-1", **SECRET)
        assert (await hannah.next("refused"))["code"] == "key_reused"
        await denise.quiet()
        correction = {"stream": saved["stream"], "seq": 2, "text": CANARY, "reason": CANARY}
        assert await one.do("hannah-pike", Correct(**correction))  # type: ignore[arg-type]
        await hannah.say("contribute", "canary-key-2", **SECRET | {"domain": CANARY})
        assert (await hannah.next("refused"))["code"] == "malformed"
    browser = await other.browser("hannah-pike")
    for form in ({"text": CANARY}, SECRET | {"audience": "named", "only_for": FEW[0]}):
        await browser.post(f"/families/{ROWE}/contribute", data=form)
    await browser.get(f"/huddles/{CANARY}")
    await browser.get(f"/families/{ROWE}?agency={CANARY}&domain=home")


async def a_bad_day(town: Town, url: str) -> None:
    """The database refuses the line itself, and then a search for the same word."""
    store = Store(url, app_role=False)
    async with store.writing() as connection:
        await connection.exec_driver_sql("ALTER TABLE command_key ADD CHECK (key <> 'canary-key-3')")
        await connection.exec_driver_sql("ALTER TABLE family_name RENAME TO family_name_away")
    await store.close()
    with pytest.raises(Refused):
        await town.do("hannah-pike", Contribute(**SECRET, only_for=FEW), key="canary-key-3")  # type: ignore[arg-type]
    browser = await town.browser("hannah-pike")
    with contextlib.suppress(Exception):
        assert (await browser.post("/families", data={"words": CANARY})).status_code == 500


async def test_b10_i7_a_canary_is_seen_by_no_log_and_no_redis(
    postgres_town: str,
    redis_server: Redis,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    seats = await sign_in_everybody(postgres_town, ADDRESS)
    more = {"base_url": ADDRESS, "demo": False, "redis_url": redis_server.url, "seats": seats}
    with overheard(redis_server.url) as heard, capture_logs() as logs:
        async with running(postgres_town, **more) as one, running(postgres_town, **more) as other:
            async with asyncio.timeout(5):
                while not (one.live.node.doorbell.healthy and other.live.node.doorbell.healthy):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            await a_sitting(one, other)
            async with one.socket("hannah-pike", JSON) as hannah:
                assert sightings([str(await hannah.caught_up())]), "who may read it does"
            await a_bad_day(one, postgres_town)
    printed = capfd.readouterr()
    assert any("PUBLISH huddle:rings" in line for line in heard), "rings must have been heard"
    assert any("PUBLISH huddle:seats" in line for line in heard)
    assert any(event["event"] == "web.failed" for event in logs), "something must have gone wrong"
    assert any(event["event"] == "ledger.refused" for event in logs)
    ours = [r for r in caplog.records if r.name.partition(".")[0] not in CLIENTS]
    assert not sightings([*heard, *told(logs), *written(ours), printed.out, printed.err])
    names = {part for person in BY_ID.values() for part in (person.id, person.name, person.email)}
    said = "\n".join(heard).lower()
    assert not [n for n in (*names, "rowe", "isla", "tamsin", ROWE) if n.lower() in said]

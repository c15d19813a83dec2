"""A family about which everybody writes at another node is written about at this one too (C4)."""

from __future__ import annotations

import asyncio
import time

import pytest

from server.families.knowledge import Contribute
from tests.faults.live import ADDRESS
from tests.lab.pace import within
from tests.lab.town import Town, running, sign_in_everybody

pytestmark = pytest.mark.fault

LINE = {"domain": "home", "basis": "observed_fact", "bearing": "concern"}
BUSY = ("farah-siddiqui", "grace-lindqvist", "leo-marsh")


async def write(town: Town, person: str, said: list[str]) -> None:
    """Say one line after another without a pause."""
    while True:
        said.append(f"{person} {len(said)}")
        await town.do(person, Contribute(**LINE, text=said[-1]))  # type: ignore[arg-type]


async def test_c4_no_node_keeps_another_from_a_family(postgres_town: str) -> None:
    await sign_in_everybody(postgres_town, ADDRESS)
    more = {"base_url": ADDRESS, "demo": False}
    nodes = running(postgres_town, **more), running(postgres_town, **more)
    async with nodes[0] as busy, nodes[1] as quiet, asyncio.timeout(20):
        said: list[str] = []
        writing = [asyncio.create_task(write(busy, person, said)) for person in BUSY]
        waited: list[float] = []
        while len(waited) < 10 or len(said) < 100:
            started = time.monotonic()
            await quiet.do("priya-nair", Contribute(**LINE, text=f"Priya {len(waited)}"))  # type: ignore[arg-type]
            waited.append(time.monotonic() - started)
        for task in writing:
            task.cancel()
        await asyncio.gather(*writing, return_exceptions=True)
    assert max(waited) < within(2.0)
    assert len(waited) < 40 * len(said), "nor is the busy one kept from it"
    print(f"C4: {len(said)} lines there, {len(waited)} here; the longest waited {max(waited):.2f} s")

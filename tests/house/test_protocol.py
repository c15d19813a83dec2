"""docs/protocol.md says what the socket does."""

import ast
import re

from server.realtime import limits
from server.realtime.acts import ACTS
from server.realtime.frames import FACTS_A_FRAME
from server.realtime.screens import BEAT
from server.serving import LARGEST_MESSAGE
from tests.house.papers import ROOT, paper, quoted, refusal_codes, rows, section

PROTOCOL = paper("docs/protocol.md")
LIVE = "".join(path.read_text() for path in sorted((ROOT / "server/realtime").glob("*.py")))


def test_it_knows_every_act_and_what_it_takes() -> None:
    table = rows(section(PROTOCOL, "### What is said to the server"))
    told = {quoted(cells[0])[0]: set(quoted(cells[1])) for cells in table}
    assert told == {do: set(act.__struct_fields__) - {"huddle"} for do, act in ACTS.items()}


def test_it_knows_every_refusal_and_its_status() -> None:
    table = rows(section(PROTOCOL, "## Refusals"))
    assert {quoted(cells[0])[0]: int(cells[1]) for cells in table} == refusal_codes()


def said_by_the_code() -> dict[str, set[str]]:
    """Every message that is written down in the live rooms: its type, and what it carries beside."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "server/realtime").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
                said = {
                    ast.literal_eval(key): value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if key
                }
                if isinstance(kind := said.pop("type", None), ast.Constant):
                    found.setdefault(str(kind.value), set()).update(said)
    return found


def test_it_knows_every_message_and_what_it_carries() -> None:
    told = {}
    for cells in rows(section(PROTOCOL, "### What the server says")):
        always, _, perhaps = cells[1].partition("perhaps")
        told[quoted(cells[0])[0]] = set(quoted(always))
        assert all(f'"{field}"' in LIVE for field in quoted(perhaps))
    assert told == said_by_the_code()


def test_it_knows_every_close_code_of_ours() -> None:
    ours = paper("server/realtime/screens.py") + paper("server/realtime/socket.py")
    closes = {cells[0] for cells in rows(section(PROTOCOL, "### How it ends"))}
    assert set(re.findall(r"^[A-Z]+ = (\d{4})$", ours, re.M)) <= closes


def test_it_knows_the_limits() -> None:
    for words in (
        f"{limits.BURST:.0f} messages at once and {limits.A_SECOND:.0f} a second",
        f"{limits.WAITING_ACTS} acts waiting",
        f"{LARGEST_MESSAGE // 1024} KiB a message",
        f"at most {FACTS_A_FRAME} at a time",
        f"After {BEAT:.0f} s without",
    ):
        assert words in PROTOCOL

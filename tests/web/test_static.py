"""What a page needs beside its text: named by its content, and a script in one piece."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import httpx2
import pytest
from playwright._impl._driver import compute_driver_executable
from starlette.applications import Starlette
from starlette.routing import Mount

from server.web.scripts import NotJoined, joined
from server.web.static import FOR_EVER, Static, address
from server.web.templates import ROOT

STATIC = ROOT / "static"
OWN = sorted(STATIC.glob("*.js"))


def written(folder: Path, **modules: str) -> Path:
    """The modules in a folder; the path of `main.js`."""
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "main.js"


async def ask(folder: Path, path: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(Starlette(routes=[Mount("/static", Static(folder))]))
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as browser:
        return await browser.get(path)


@pytest.mark.parametrize("script", OWN, ids=lambda script: str(script.name))
def test_each_script_of_ours_can_be_joined(script: Path) -> None:
    text = joined(script)
    assert not re.search(r"^(import|export)\b", text, re.M)
    assert text.count(f"const ${script.stem} = ") == 1


def test_a_module_is_there_once_and_after_those_that_it_needs() -> None:
    text = joined(STATIC / "live.js")
    parts = re.findall(r"^const \$(\w+) = \(\(\) =>", text, re.M)
    assert len(parts) == len(set(parts)) > 25
    assert parts[-1] == "live" and parts.index("time") < parts.index("ring")


def test_a_joined_script_runs_as_its_modules_would(tmp_path: Path) -> None:
    node, _ = compute_driver_executable()
    main = written(
        tmp_path,
        main='import { add } from "./sum.js";\nimport * as log from "./log.js";\n'
        "log.say(add(1), log.times());\n",
        sum='import { say } from "./log.js";\nconst ONE = 1;\nsay("sum");\n'
        "export const add = to => to + ONE;\n",
        log="let said = 0;\nexport function say(...words) {\n  said += 1;\n  console.log(...words);\n}\n"
        "export const times = () => said;\n",
    )
    (tmp_path / "one.mjs").write_text(joined(main))
    done = subprocess.run([node, tmp_path / "one.mjs"], capture_output=True, text=True, check=True)
    assert done.stdout == "sum\n2 1\n"


@pytest.mark.parametrize(
    "line",
    [
        'import { a as b } from "./other.js";',
        'import other from "./other.js";',
        'import {\n  a,\n} from "./other.js";',
        'const other = await import("./other.js");',
        "console.log(import.meta.url);",
        "export default 1;",
        "export let a = 1;",
        "export { a };",
        'export * from "./other.js";',
    ],
)
def test_what_cannot_be_joined_is_said_and_not_sent(tmp_path: Path, line: str) -> None:
    with pytest.raises(NotJoined, match=r"main\.js: "):
        joined(written(tmp_path, main=f"{line}\n", other="export const a = 1;\n"))


def test_modules_in_a_ring_are_refused(tmp_path: Path) -> None:
    main = written(tmp_path, main='import "./other.js";\n', other='import "./main.js";\n')
    with pytest.raises(NotJoined, match=r"main\.js imports other\.js imports main\.js: a ring"):
        joined(main)


def test_an_address_changes_with_any_module_behind_it(tmp_path: Path) -> None:
    for version in ("1", "2"):
        (tmp_path / version).mkdir()
        written(tmp_path / version, main='import "./other.js";\n', other=f"console.log({version});\n")
    assert address(tmp_path / "1", "main.js") != address(tmp_path / "2", "main.js")


@pytest.mark.parametrize("path", ["app.css", "page.js", "vendor/htmx.min.js"])
async def test_a_file_is_kept_for_ever_under_the_name_of_its_content_alone(path: str) -> None:
    named = address(STATIC, path)
    assert (await ask(STATIC, named)).headers["cache-control"] == FOR_EVER
    for other in (f"/static/{path}", f"/static/{path}?v=abc", f"{named}0", f"{named}&v=abc"):
        answer = await ask(STATIC, other)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


async def test_a_script_comes_joined_and_what_others_wrote_as_it_is() -> None:
    assert (await ask(STATIC, "/static/page.js")).text == joined(STATIC / "page.js")
    vendored = (STATIC / "vendor" / "htmx.min.js").read_text()
    assert (await ask(STATIC, "/static/vendor/htmx.min.js")).text == vendored


@pytest.mark.parametrize("path", ["none.js", "../Makefile", "%2e%2e/Makefile", "vendor/none.js", "vendor"])
async def test_nothing_else_is_served(path: str) -> None:
    assert (await ask(STATIC, f"/static/{path}")).status_code == 404

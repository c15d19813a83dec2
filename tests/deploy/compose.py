"""docker-compose.yml as the tests read it: services, their commands, and what the environment fills in."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<how>[?-])(?P<rest>[^}]*))?\}")


def services(env: dict[str, str] | None = None) -> dict[str, Any]:
    """Every service, with `${NAME}` filled in from `env` where that is given."""
    parsed: dict[str, Any] = yaml.safe_load(FILE.read_text())["services"]
    return filled(parsed, env) if env is not None else parsed


def variables() -> dict[str, str | None]:
    """What the file .env must or may hold: name → its default, or None where there is none."""
    found = {m["name"]: m["rest"] if m["how"] == "-" else None for m in VARIABLE.finditer(FILE.read_text())}
    passed = {
        name for each in services().values() for name, v in each.get("environment", {}).items() if v is None
    }
    return found | dict.fromkeys(passed, "")


def filled(value: Any, env: dict[str, str]) -> Any:
    """`value` as Compose would hand it on. A variable that is needed and missing is an error."""
    if isinstance(value, dict):
        kept = {k: env.get(k) if k.isupper() and v is None else filled(v, env) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v is not None}
    if isinstance(value, list):
        return [filled(each, env) for each in value]
    return VARIABLE.sub(lambda m: one(m, env), value) if isinstance(value, str) else value


def one(found: re.Match[str], env: dict[str, str]) -> str:
    if found["how"] == "-":
        return env.get(found["name"], found["rest"])
    return env[found["name"]]

"""docker-compose.yml and the Dockerfile say what they should, and nothing that isn't there."""

import json
import os
import re
import shutil
import subprocess
import venv
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

from server.settings import Settings
from tests.deploy import compose
from tests.deploy.compose import ROOT
from tests.deploy.topology import DOT_ENV, haproxy

OURS = ("web-1", "web-2", "worker")
ALL = {*OURS, "balancer", "postgres", "redis"}
SECRETS = {"HUDDLE_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def composed(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", "compose", *args], cwd=ROOT, env=os.environ | DOT_ENV, capture_output=True, text=True
    )


def test_compose_itself_reads_the_file() -> None:
    if not shutil.which("docker") or composed("version").returncode:
        pytest.skip("no `docker compose` here; the other tests read the file themselves")
    done = composed("config", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["services"]) == ALL


def test_there_are_two_webs_a_balancer_a_worker_a_database_and_a_redis() -> None:
    services = compose.services()
    assert set(services) == ALL
    assert {services[name]["image"] for name in OURS} == {"huddle"}
    for name, service in services.items():
        for awaited in service.get("depends_on", {}):
            assert "healthcheck" in services[awaited], f"{name} waits for {awaited} to be healthy"


def test_every_variable_of_ours_is_a_setting() -> None:
    named = {v for name in OURS for v in compose.services()[name]["environment"]}
    known = {f"HUDDLE_{field.upper()}" for field in Settings.model_fields}
    assert named <= known
    assert "HUDDLE_DEMO" not in named


def test_the_settings_of_each_service_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("HUDDLE_")]:
        monkeypatch.delenv(name)
    for service in OURS:
        with monkeypatch.context() as inside:
            for name, value in compose.services(DOT_ENV)[service]["environment"].items():
                inside.setenv(name, value)
            read = Settings()
            assert not read.embedded
            assert read.https


def test_no_secret_has_a_default() -> None:
    assert compose.variables().keys() >= SECRETS
    assert [name for name in SECRETS if compose.variables()[name] is not None] == []


def test_the_two_webs_are_the_same() -> None:
    assert compose.services()["web-1"] == compose.services()["web-2"]


def test_only_the_balancer_is_published_and_only_to_this_machine() -> None:
    ports = {name: s["ports"] for name, s in compose.services().items() if "ports" in s}
    assert ports == {"balancer": ["127.0.0.1:8000:8000"]}


def test_what_the_webs_believe_are_the_balancer_and_the_gateway_of_the_network() -> None:
    (pool,) = yaml.safe_load(compose.FILE.read_text())["networks"]["default"]["ipam"]["config"]
    trusted = compose.services()["web-1"]["environment"]["HUDDLE_FORWARDED_ALLOW_IPS"]
    balancer = compose.services()["balancer"]["networks"]["default"]["ipv4_address"]
    assert trusted.split(",") == [balancer, pool["gateway"]]
    assert ip_address(balancer) in ip_network(pool["subnet"])
    assert ip_address(balancer) not in ip_network(pool["ip_range"]), "nobody else may be given it"


def test_the_balancer_has_what_its_file_asks_for_and_the_webs_addresses() -> None:
    balancer = compose.services(DOT_ENV)["balancer"]
    (mounted,) = balancer["volumes"]
    source, target, how = mounted.split(":")
    asked = set(re.findall(r"\$\{(\w+)\}|env\((\w+)\)", (ROOT / source).read_text()))
    assert {a or b for a, b in asked} == set(balancer["environment"])
    assert (target in balancer["command"], how) == (True, "ro")
    port = compose.services()["web-1"]["environment"]["HUDDLE_PORT"]
    assert [balancer["environment"][name] for name in ("WEB_1", "WEB_2")] == [
        f"web-1:{port}",
        f"web-2:{port}",
    ]


def test_haproxy_itself_reads_its_file() -> None:
    if haproxy() is None:
        pytest.skip("no HAProxy here; the lab's stand-in plays its part")
    env = {"LISTEN": "127.0.0.1:1", "WEB_1": "127.0.0.1:2", "WEB_2": "127.0.0.1:3"} | DOT_ENV
    command = [haproxy() or "", "-c", "-f", ROOT / "deploy" / "haproxy.cfg"]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


def test_our_services_can_write_nothing_but_their_volume() -> None:
    for name in OURS:
        service = compose.services()[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    folders = {v.partition(":")[2] for v in compose.services()["web-1"]["volumes"]}
    assert folders == set(re.findall(r"^VOLUME (\S+)$", DOCKERFILE, re.M))


def test_every_command_of_ours_is_an_executable_of_the_image() -> None:
    commands = [compose.services()[name]["command"] for name in OURS]
    checks = [compose.services()["web-1"]["healthcheck"]["test"][1:]]
    runs = [json.loads(line) for line in re.findall(r"^(?:RUN|CMD) (\[.*\])$", DOCKERFILE, re.M)]
    scripts = {command[0] for command in [*commands, *checks, *runs] if "/" in command[0]}
    assert scripts == {"deploy/entry", "deploy/healthcheck", "deploy/slim"}
    assert [script for script in scripts if not os.access(ROOT / script, os.X_OK)] == []


def copied() -> set[str]:
    lines = [line.split() for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.M)]
    return {source.rstrip("/") for *sources, _ in lines for source in sources}


def test_everything_that_the_image_copies_is_there_and_let_in() -> None:
    assert copied(), "an image without files means nothing"
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert [s for s in copied() if not any(s == way or s.startswith(f"{way}/") for way in let_in)] == []


def test_every_package_of_the_product_is_in_the_image() -> None:
    for needed in ("server/", "migrations/", "templates/", "static/"):
        assert f"\nCOPY {needed} {needed}\n" in DOCKERFILE


def test_the_last_stage_runs_without_rights_and_without_what_building_needs() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    (user,) = re.findall(r"^USER (\d+):(\d+)$", last, re.M)
    assert "0" not in user
    assert "environment.py" not in last
    assert 'RUN ["deploy/slim", ' in last
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) == ["python:3.12-slim"] * 2


def test_slimming_leaves_a_python_that_cannot_install(tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    assert subprocess.run([python, "-c", "import pip"]).returncode == 0
    done = subprocess.run([ROOT / "deploy" / "slim", python], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for gone in ("pip", "setuptools", "wheel"):
        assert subprocess.run([python, "-c", f"import {gone}"], capture_output=True).returncode != 0

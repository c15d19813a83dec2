"""What `make` installs is what the lock says, however the work is shared."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import ROOT

LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-run.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.name))
def test_two_halves_hold_every_pin_and_checksum_of_a_lock(lock: Path) -> None:
    spec = importlib.util.spec_from_file_location("environment", ROOT / "scripts" / "environment.py")
    assert spec and spec.loader
    environment = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environment)
    one, other = environment.halves(lock.read_text())
    assert said(one) and said(other)
    assert sorted(said(one) + said(other)) == sorted(said(lock.read_text()))


def said(lock: str) -> list[str]:
    return [line.strip() for line in lock.splitlines() if line.strip() and not line.strip().startswith("#")]

"""Every file that others wrote is exactly the one that we read before we took it in."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
MANIFEST = "manifest.json"
PACKAGES: list[dict[str, Any]] = json.loads((VENDOR / MANIFEST).read_text())
FILES: dict[str, str] = {entry["file"]: entry["sha256"] for package in PACKAGES for entry in package["files"]}


@pytest.mark.parametrize("name", FILES)
def test_a_vendored_file_is_the_one_that_was_taken_in(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]


def test_nothing_lies_beside_the_manifest() -> None:
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert present == {MANIFEST, *FILES}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_a_vendored_package_names_its_version_and_its_licence(package: dict[str, Any]) -> None:
    assert package["version"]
    assert package["licence"]
    assert any("LICENSE" in entry["file"] for entry in package["files"])

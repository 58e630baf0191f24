"""The pinned packages: hashed for every system, without addresses, covering what we declare."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RUN = "constraints.txt"
TEST = "constraints-dev.txt"
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)")


def text_of(pins: str) -> str:
    return (ROOT / "packaging" / pins).read_text(encoding="utf-8")


def entries(pins: str) -> Iterator[tuple[str, str, str]]:
    """Each pinned package: name, version, and everything written about it."""
    for block in re.split(r"\n(?=\S)", text_of(pins)):
        if found := REQUIREMENT.match(block):
            yield found["name"], found["version"], block


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("pins", [RUN, TEST])
def test_pins_hold_no_address(pins: str) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|\.(org|com|net)\b", text_of(pins))


@pytest.mark.parametrize("pins", [RUN, TEST])
def test_every_pin_has_a_hash(pins: str) -> None:
    assert [name for name, _, block in entries(pins) if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("pins", [RUN, TEST])
def test_a_compiled_package_has_hashes_for_three_systems(pins: str) -> None:
    counts = {name: block.count("--hash") for name, _, block in entries(pins)}
    assert counts["pyside6-essentials"] >= 3
    assert counts["markupsafe"] >= 3


def test_what_only_one_system_needs_is_marked_so() -> None:
    blocks = {name: block.splitlines()[0] for name, _, block in entries(TEST)}
    assert "sys_platform == 'win32'" in blocks["pywin32-ctypes"]
    assert "sys_platform == 'win32'" in blocks["colorama"]
    assert "sys_platform == 'linux'" in blocks["secretstorage"]


def test_the_test_pins_agree_with_the_run_pins() -> None:
    test = {name: version for name, version, _ in entries(TEST)}
    assert {name: test.get(name) for name, _, _ in entries(RUN)} == {
        name: version for name, version, _ in entries(RUN)
    }


def test_every_declared_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["build-system"]["requires"]
    names = {normal(re.split(r"[\s\[<>=!~;]", wanted)[0]) for wanted in declared}
    assert names - {normal(name) for name, _, _ in entries(RUN)} == set()

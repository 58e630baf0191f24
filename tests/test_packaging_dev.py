"""packaging/dev.py as a person meets it: what it says, and with which exit code."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "packaging" / "dev.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a fresh clone as set-up reads, with no .venv."""
    fresh = tmp_path / "checkout"
    shutil.copytree(ROOT / "packaging", fresh / "packaging")
    shutil.copy(ROOT / "pyproject.toml", fresh / "pyproject.toml")
    return fresh


def start(checkout: Path, *arguments: str, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "packaging" / "dev.py"), *arguments],
        cwd=checkout,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, **surroundings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_help_names_every_command() -> None:
    answer = start(ROOT, "--help")
    assert answer.returncode == 0
    for command in ("run", "test", "bench", "shots", "lock"):
        assert f"dev.py {command}" in answer.stdout


def test_an_unknown_command_is_one_sentence_and_exit_2() -> None:
    answer = start(ROOT, "fly")
    assert answer.returncode == 2
    assert answer.stderr.startswith("There is no command 'fly'.")
    assert "Traceback" not in answer.stderr


def test_a_python_too_old_can_still_read_the_sentence_about_it() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_too_old_is_told_which_one_is_needed() -> None:
    pretend = (
        "import sys, runpy; sys.version_info = (3, 9, 18, 'final', 0);"
        f"runpy.run_path({str(DEV)!r}, run_name='__main__')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", pretend], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("Flight Console needs Python 3.11 or newer, and this is 3.9")
    assert len(answer.stderr.splitlines()) == 1


def test_no_network_is_one_sentence_and_the_next_step(checkout: Path) -> None:
    answer = start(
        checkout,
        "run",
        PIP_INDEX_URL="https://127.0.0.1:9/simple",
        PIP_RETRIES="1",
        PIP_NO_CACHE_DIR="1",
        PIP_FIND_LINKS="",
        QT_QPA_PLATFORM="offscreen",
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("The package index cannot be reached. Check the network")
    assert len(answer.stderr.splitlines()) == 1


def test_a_python_without_its_venv_module_is_one_sentence(checkout: Path, tmp_path: Path) -> None:
    blocker = tmp_path / "without"
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(
        "import importlib.util, sys\n"
        "sys.base_prefix = '/opt/python'\n"  # not the system's own, so apt is no remedy
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda n, *a: None if n == 'ensurepip' else find(n, *a)\n"
    )
    answer = start(checkout, "run", PYTHONPATH=str(blocker))
    assert answer.returncode == 2
    assert "built without the venv module" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no folder mode to refuse with")
def test_a_folder_that_may_not_be_written_is_one_sentence(checkout: Path) -> None:
    (checkout / ".venv").write_text("not a folder")
    answer = start(checkout, "run", QT_QPA_PLATFORM="offscreen")
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert "While setting up .venv" in answer.stderr

"""Files of resources/ are found from a checkout and from an installed wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app.resources import resource

ROOT = Path(__file__).resolve().parent.parent


def test_a_name_that_leaves_resources_is_refused() -> None:
    with pytest.raises(ValueError, match="not inside"):
        resource("../pyproject.toml")


def test_a_missing_file_says_that_the_installation_is_incomplete() -> None:
    with pytest.raises(FileNotFoundError, match="incomplete"):
        resource("no/such/file.txt")


def test_an_installed_wheel_finds_its_resources(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "resources" / "deep" / "er").mkdir(parents=True)
    (source / "resources" / "deep" / "er" / "words.txt").write_text("found", encoding="utf-8")
    (source / "app" / "views").mkdir(parents=True)
    shutil.copytree(ROOT / "packaging", source / "packaging")
    for name in ("pyproject.toml", "README.md", "LICENSE", "app/__init__.py", "app/resources.py"):
        shutil.copy(ROOT / name, source / name)
    (source / "app" / "views" / "__init__.py").touch()
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "."],
        cwd=source,
        env={**os.environ, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    site = tmp_path / "site"
    with zipfile.ZipFile(next(source.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    assert (site / "app" / "views" / "__init__.py").exists()
    look = "from app.resources import resource; print(resource('deep/er/words.txt').read_text())"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", look],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "found"

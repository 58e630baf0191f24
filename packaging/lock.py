"""The lock command: one resolution for Linux, macOS and Windows, every file of it hashed.

uv resolves for all platforms and Python versions at once, which pip cannot; it is installed
into build/ for this only. It is pointed at the index pip is configured for, and the pins it
writes hold no address.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path

from environment import Environment, Purpose
from trouble import Trouble, from_pip

HEADER = """\
# {what}, for Linux, macOS and Windows on Python 3.11 and newer.
# Written by `python3 packaging/dev.py lock`. Hashes cover every wheel and sdist; no addresses.
"""


def write_pins(environment: Environment, *, upgrade: bool, say: Callable[[str], None]) -> None:
    """Rewrite both pin files, or raise Trouble and leave them as they were."""
    resolver = _resolver(environment, say)
    settings = tomllib.loads((environment.root / "pyproject.toml").read_text(encoding="utf-8"))
    backend = "\n".join(settings["build-system"]["requires"])
    run, test = environment.pins(Purpose.RUN), environment.pins(Purpose.TEST)
    for pins, what, extra in (
        (run, "What the console needs, its build backend included", []),
        (test, "The same and what `dev.py test` needs", ["--extra", "dev", "-c", str(run)]),
    ):
        say(f"Resolving {pins.name} …")
        text = _compile(environment, resolver, pins, backend, extra, upgrade=upgrade)
        if "://" in text:
            raise Trouble(f"{pins.name} would hold an address; nothing was written to it.")
        pins.write_text(HEADER.format(what=what) + text, encoding="utf-8", newline="\n")
        packages = len(re.findall(r"^[a-z0-9.-]+==", text, re.MULTILINE))
        say(f"{pins.name}: {packages} packages, {text.count('--hash')} hashes")


def _resolver(environment: Environment, say: Callable[[str], None]) -> Path:
    folder = environment.root / "build" / "resolver"
    script = folder / ("Scripts/uv.exe" if sys.platform == "win32" else "bin/uv")
    if script.exists():
        return script
    say("Installing uv into build/ to resolve with …")
    python = script.with_name("python.exe" if sys.platform == "win32" else "python")
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "uv"],
    ):
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            log = environment.root / "build" / "resolver.log"
            log.write_text(answer.stdout, encoding="utf-8")
            raise from_pip(answer.stdout, log)
    return script


def _compile(
    environment: Environment,
    resolver: Path,
    pins: Path,
    backend: str,
    extra: list[str],
    *,
    upgrade: bool,
) -> str:
    surroundings = {**os.environ, "UV_NO_CONFIG": "1"}
    for ours, theirs in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        if value := _pip_setting(ours):
            surroundings.setdefault(theirs, value)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / pins.name  # uv keeps the versions it finds in its output file
        if pins.exists() and not upgrade:
            shutil.copyfile(pins, draft)
        answer = subprocess.run(
            [
                *(str(resolver), "pip", "compile", "pyproject.toml", "-", "--quiet"),
                *("--universal", "--python-version", "3.11", "--generate-hashes"),
                *("--no-annotate", "--no-header", "--output-file", str(draft), *extra),
            ],
            cwd=environment.root,
            env=surroundings,
            input=backend,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if answer.returncode != 0:
            raise Trouble(f"The packages could not be resolved.\n{answer.stderr.strip()}")
        return draft.read_text(encoding="utf-8")


def _pip_setting(name: str) -> str:
    """As `pip config` and its environment variables have it; empty when pip's default holds."""
    if value := os.environ.get(f"PIP_{name.replace('-', '_').upper()}"):
        return value
    answer = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", f"global.{name}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() if answer.returncode == 0 else ""

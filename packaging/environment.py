"""The checkout's own Python: `.venv`, the pinned packages, and the stamp that says they are there.

The pins (`constraints*.txt`) carry hashes and no addresses. They go in with `--require-hashes`,
build backend included; then the project itself, which has no hash, with `--no-deps
--no-build-isolation`, so that nothing unpinned can come along.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import machine
import trouble

ROOT = Path(__file__).resolve().parent.parent


class Purpose(Enum):
    RUN = "run"
    TEST = "test"  # the tools of RUN and those of the test command

    @property
    def pins(self) -> str:
        return "constraints.txt" if self is Purpose.RUN else "constraints-dev.txt"


@dataclass(frozen=True)
class Environment:
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        if sys.platform == "win32":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    @property
    def log(self) -> Path:
        return self.folder / "set-up.log"

    def pins(self, purpose: Purpose) -> Path:
        return self.root / "packaging" / purpose.pins

    def _stamp(self, purpose: Purpose) -> Path:
        return self.folder / f"ready-to-{purpose.value}"

    def digest(self, purpose: Purpose, *, window: bool) -> str:
        """Changes whenever a set-up is due: pins, project, place, Python, or the first display."""
        seal = hashlib.sha256()
        for file in (self.pins(purpose), self.root / "pyproject.toml"):
            seal.update(file.read_bytes())
        for fact in (self.root, sys.version_info[:2], sys.base_prefix, window):
            seal.update(f"\0{fact}".encode())
        if purpose is Purpose.TEST:
            seal.update(repr(sorted(machine.TEST_PROGRAMS)).encode())
        return seal.hexdigest()

    def is_ready(self, purpose: Purpose, *, window: bool) -> bool:
        try:
            stamped = self._stamp(purpose).read_text(encoding="ascii")
        except OSError:
            return False
        if not self.python.exists():
            return False
        # A machine that has all a window needs has all a headless start needs.
        return any(self.digest(purpose, window=each) == stamped for each in {window, True})

    def ensure(self, purpose: Purpose, *, window: bool, say: Callable[[str], None]) -> None:
        """Make it ready, or do nothing in a few milliseconds when it is.

        Raises Trouble with a sentence when it cannot be made ready.
        """
        if self.is_ready(purpose, window=window):
            return
        machine.ensure(window=window, say=say)
        if purpose is Purpose.TEST:
            machine.ensure_for_tests(say)
        try:
            self._make_folder(say)
            pins = self.pins(purpose)
            count = sum("==" in line for line in pins.read_text(encoding="utf-8").splitlines())
            say(f"Installing {count} pinned packages (the first time takes a few minutes) …")
            self._pip("--require-hashes", "--no-deps", "-r", str(pins))
            self._pip("--no-deps", "--no-build-isolation", "-e", str(self.root))
            self._stamp(purpose).write_text(self.digest(purpose, window=window), encoding="ascii")
        except OSError as error:
            raise trouble.from_os_error(error, "setting up .venv") from error

    def _make_folder(self, say: Callable[[str], None]) -> None:
        if self._is_sound():
            return
        if Path(sys.prefix).resolve() == self.folder.resolve():
            raise trouble.Trouble(
                f"{self.folder} is incomplete and cannot repair itself. "
                "Start again with the system's python3 instead of the one inside .venv."
            )
        if self.folder.exists():
            say("The old .venv does not fit this Python or is incomplete; making it anew.")
            shutil.rmtree(self.folder)
        say(f"Making .venv with Python {sys.version.split()[0]} …")
        made = self._call([sys.executable, "-m", "venv", str(self.folder)])
        if made.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            if "No space left" in made.stdout:
                raise trouble.disk_full("making .venv")
            last = (made.stdout.strip().splitlines() or ["no reason given"])[-1]
            raise trouble.Trouble(
                f"Python could not make .venv ({last}). "
                "Look whether this folder can be written and Python is complete, then start again."
            )

    def _is_sound(self) -> bool:
        """A venv of this Python version whose pip answers."""
        try:
            settings = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return False
        version = f"version = {sys.version_info[0]}.{sys.version_info[1]}."
        if version not in settings:
            return False
        try:
            return self._call([str(self.python), "-m", "pip", "--version"]).returncode == 0
        except OSError:
            return False

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "install", "--progress-bar", "off", *arguments]
        answer = self._call(command)
        self.log.write_text(answer.stdout, encoding="utf-8")
        if answer.returncode != 0:
            raise trouble.from_pip(answer.stdout, self.log)

    def _call(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        surroundings = {
            **os.environ,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        surroundings.setdefault("PIP_RETRIES", "2")
        surroundings.pop("PYTHONHOME", None)
        return subprocess.run(
            command,
            env=surroundings,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )

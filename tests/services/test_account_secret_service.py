"""The account against a real Secret Service: GNOME Keyring in a D-Bus session of its own."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import machine
import pytest

from app.services.account.keyring_secrets import NOWHERE, SILENT
from app.services.practice.process import in_thread_practice
from tests.services.account_doors import OKAFOR

ROOT = Path(__file__).resolve().parents[2]


def _require_a_secret_service() -> None:
    """Skips only where set-up could not have installed it."""
    missing = machine.missing_for_tests()
    if not missing:
        return
    packages = " ".join(sorted(set(missing.values())))
    if machine.can_install():
        pytest.fail(f"{packages} should be here: python3 packaging/dev.py test installs it")
    pytest.skip(f"no Secret Service here, and no right to install {packages}")


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The whole life of a sign-in, step by step, once for all tests below."""
    if sys.platform != "linux":
        pytest.skip("the Secret Service is Linux's keyring")
    _require_a_secret_service()
    home = tmp_path_factory.mktemp("session")
    for name in ("data", "run"):
        (home / name).mkdir(mode=0o700)
    daemon = home / "gnome-keyring-daemon"
    # a copy without the file capability that a container may not grant
    shutil.copyfile(str(shutil.which("gnome-keyring-daemon")), daemon)
    daemon.chmod(0o700)
    surroundings = {
        name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"
    } | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "PYTHONPATH": str(ROOT),
    }
    surroundings.pop("DISPLAY", None)  # nobody is asked to unlock anything
    surroundings.pop("WAYLAND_DISPLAY", None)
    with in_thread_practice(home / "practice", people=[OKAFOR]) as practice:
        answer = subprocess.run(
            [
                "dbus-run-session",
                "--",
                sys.executable,
                "-m",
                "tests.services.keyring_session",
                practice.running.authority,
                practice.running.ca_pem,
                str(home / "practice.tokens"),
                str(daemon),
            ],
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert answer.returncode == 0, answer.stderr
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return {line["step"]: line for line in lines}


def test_a_sign_in_is_kept_with_its_key_in_the_secret_service(
    steps: dict[str, dict[str, Any]],
) -> None:
    assert steps["signed in"]["kept"] and "Secret Service" in steps["signed in"]["place"]


def test_the_secret_service_holds_a_key_and_no_token(steps: dict[str, dict[str, Any]]) -> None:
    (value,) = steps["keyring"]["values"]
    assert len(base64.b64decode(value, validate=True)) == 32


def test_the_next_start_is_signed_in(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["later"]["token"] and steps["later"]["email"] == OKAFOR[0]


def test_a_locked_keyring_means_signed_out_and_says_why(steps: dict[str, dict[str, Any]]) -> None:
    assert not steps["locked"]["signed_in"] and not steps["locked"]["kept"]
    assert "does not answer" in steps["locked"]["place"]


def test_once_it_is_unlocked_the_sign_in_is_there_again(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["unlocked"]["signed_in"]


def test_signing_out_leaves_neither_key_nor_file(steps: dict[str, dict[str, Any]]) -> None:
    assert steps["signed out"] == {"step": "signed out", "values": [], "file": False}


def test_a_keyring_nobody_unlocks_keeps_nothing_and_the_sign_in_works_till_the_end(
    steps: dict[str, dict[str, Any]],
) -> None:
    last = steps["nobody unlocks"]
    assert last["token"] and not last["kept"] and not last["file"]
    assert last["place"] in (NOWHERE, SILENT)

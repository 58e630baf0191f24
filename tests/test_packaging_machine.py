"""What set-up decides from what it finds: missing libraries, displays, stamps, pip's words."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import dev
import machine
import pytest
import trouble
from environment import Environment, Purpose

ROOT = Path(__file__).resolve().parent.parent
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="wheels bring it all elsewhere")


def lacks_everything(sonames: Iterable[str]) -> set[str]:
    return set(sonames)


def lacks_nothing(sonames: Iterable[str]) -> set[str]:
    return set()


@linux_only
def test_a_library_that_is_not_there_is_found_missing() -> None:
    assert machine.unloadable(["libc.so.6", "libno-such-thing.so.7"]) == {"libno-such-thing.so.7"}


@linux_only
def test_a_bare_machine_lacks_what_qt_needs_and_a_font() -> None:
    missing = machine.missing_for_qt(window=False, probe=lacks_everything, font=lambda: False)
    assert set(missing.values()) == {
        "libegl1",
        "libgl1",
        "libglib2.0-0",
        "libgssapi-krb5-2",
        "libxkbcommon0",
        "libdbus-1-3",
        "libfontconfig1",
        "fonts-dejavu-core",
    }


@linux_only
def test_a_real_window_needs_more_than_an_offscreen_one() -> None:
    def missing(window: bool) -> set[str]:
        found = machine.missing_for_qt(window=window, probe=lacks_everything, font=lambda: True)
        return set(found.values())

    assert "libxcb-cursor0" in missing(True) - missing(False)


def test_a_complete_machine_lacks_nothing() -> None:
    assert not machine.missing_for_qt(window=True, probe=lacks_nothing, font=lambda: True)


def test_a_folder_without_font_files_is_no_font(tmp_path: Path) -> None:
    (tmp_path / "README").touch()
    assert not machine.has_font([tmp_path, tmp_path / "absent"])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "Plain.TTF").touch()
    assert machine.has_font([tmp_path])


def test_a_python_without_ensurepip_has_no_usable_venv_module() -> None:
    assert not machine.has_venv_module(lambda name: None if name == "ensurepip" else object())


@linux_only
def test_who_may_not_install_is_told_the_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(trouble.Trouble, match="sudo apt-get install --yes libegl1 libgl1"):
        machine.install({"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}, print)


@linux_only
def test_another_distribution_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(trouble.Trouble, match=r"lacks libEGL\.so\.1 and a font"):
        machine.install({"libEGL.so.1": "libegl1", "a font": "fonts-dejavu-core"}, print)


@linux_only
def test_who_may_not_install_runs_the_tests_without_a_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    said: list[str] = []
    machine.ensure_for_tests(said.append)
    assert said == [
        "Without chromium dbus gnome-keyring libnss3-tools postgresql the tests that need them are "
        "skipped."
    ]


@linux_only
def test_a_machine_with_a_keyring_needs_nothing_for_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    said: list[str] = []
    machine.ensure_for_tests(said.append)
    assert said == []


@linux_only
def test_without_a_display_there_is_no_window() -> None:
    assert not machine.has_display({})
    assert machine.has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert machine.has_display({"QT_QPA_PLATFORM": "vnc"})


@linux_only
def test_drawing_offscreen_needs_no_window_libraries() -> None:
    assert machine.needs_window_libraries({"DISPLAY": ":0"})
    assert not machine.needs_window_libraries({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})
    assert not machine.needs_window_libraries({"QT_QPA_PLATFORM": "vnc"})


@pytest.mark.parametrize("arguments", [[], ["--data", "folder"], ["--data=folder"]])
def test_no_command_means_the_window(arguments: list[str]) -> None:
    assert dev.wants_window(arguments)


@pytest.mark.parametrize("arguments", [["outages"], ["--data", "folder", "debt"], ["--help"]])
def test_a_command_means_no_window(arguments: list[str]) -> None:
    assert not dev.wants_window(arguments)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A checkout whose .venv looks finished, without the minutes of making it."""
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    made = Environment(tmp_path)
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    return made


def stamp(environment: Environment, purpose: Purpose, *, window: bool) -> None:
    seal = environment.digest(purpose, window=window)
    (environment.folder / f"ready-to-{purpose.value}").write_text(seal, encoding="ascii")


def test_an_unfinished_environment_is_not_ready(environment: Environment) -> None:
    assert not environment.is_ready(Purpose.RUN, window=False)


def test_a_stamped_environment_is_ready_for_its_purpose_only(environment: Environment) -> None:
    stamp(environment, Purpose.RUN, window=False)
    assert environment.is_ready(Purpose.RUN, window=False)
    assert not environment.is_ready(Purpose.TEST, window=False)


def test_the_first_display_asks_for_another_look(environment: Environment) -> None:
    stamp(environment, Purpose.RUN, window=False)
    assert not environment.is_ready(Purpose.RUN, window=True)


def test_what_is_ready_for_a_window_is_ready_without_one(environment: Environment) -> None:
    stamp(environment, Purpose.RUN, window=True)
    assert environment.is_ready(Purpose.RUN, window=False)


def test_changed_pins_ask_for_another_set_up(environment: Environment) -> None:
    stamp(environment, Purpose.RUN, window=False)
    with environment.pins(Purpose.RUN).open("a", encoding="utf-8") as pins:
        pins.write("another==1.0\n")
    assert not environment.is_ready(Purpose.RUN, window=False)


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("NewConnectionError(…)\nERROR: No matching distribution found", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned"),
        ("certificate verify failed: CERTIFICATE_VERIFY_FAILED", "could not be trusted"),
        ("ERROR: No matching distribution found for x==1", "offers no build of a pinned"),
        ("ERROR: something else", "something else"),
    ],
)
def test_what_pip_printed_becomes_one_sentence(printed: str, sentence: str) -> None:
    said = str(trouble.from_pip(printed, Path("set-up.log")))
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_a_full_disk_says_what_is_safe() -> None:
    said = str(trouble.from_os_error(OSError(errno.ENOSPC, "No space left"), "setting up .venv"))
    assert said.startswith("While setting up .venv: the disk is full.")

"""What the machine itself must have before Qt starts: libraries, a font, the venv module; and
what only tests need.

Only Linux can lack them: the wheels for macOS and Windows bring all that Qt needs.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trouble import Trouble


@dataclass(frozen=True)
class Library:
    soname: str
    package: str  # Debian's and Ubuntu's; a renamed one (…t64) still provides this name


# Measured with ldd on Qt 6.11's wheels and plug-ins.
QT_LIBRARIES = (
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
)
WINDOW_LIBRARIES = (
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
)
# What the tests run that no wheel brings: program → Debian's and Ubuntu's package.
TEST_PROGRAMS = {
    "gnome-keyring-daemon": "gnome-keyring",
    "dbus-run-session": "dbus",
    "pg_createcluster": "postgresql",
    "chromium": "chromium",
    "certutil": "libnss3-tools",  # lets a browser's profile trust the tests' certificates
}
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
)

# Asked in a child: a library that crashes on loading must not take set-up with it.
_PROBE = """
import ctypes, sys
for soname in sys.argv[1:]:
    try:
        ctypes.CDLL(soname)
    except OSError:
        print(soname)
"""


def unloadable(sonames: Iterable[str]) -> set[str]:
    """Those the dynamic linker cannot load, asked the way Qt itself would ask."""
    wanted = list(sonames)
    answer = subprocess.run(
        [sys.executable, "-I", "-c", _PROBE, *wanted], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        return set(wanted)
    return set(answer.stdout.split())


def has_font(folders: Iterable[Path] = FONT_FOLDERS) -> bool:
    kinds = {".ttf", ".otf", ".ttc", ".pfb"}
    for folder in folders:
        for _, _, names in os.walk(folder.expanduser()):
            if any(Path(name).suffix.lower() in kinds for name in names):
                return True
    return False


def has_display(surroundings: Mapping[str, str] = os.environ) -> bool:
    """Whether a window can be shown; QT_QPA_PLATFORM is the user's own word and counts as yes."""
    if sys.platform != "linux":
        return True
    return any(surroundings.get(name) for name in (*_DISPLAYS, "QT_QPA_PLATFORM"))


def needs_window_libraries(surroundings: Mapping[str, str] = os.environ) -> bool:
    """Drawing on a real display takes more of Qt's plug-ins than drawing off-screen."""
    if sys.platform != "linux" or surroundings.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    return any(surroundings.get(name) for name in _DISPLAYS)


def has_venv_module(find: Callable[[str], object | None] = importlib.util.find_spec) -> bool:
    """Debian splits ensurepip off into python3.X-venv; without it a venv has no pip."""
    return all(find(name) is not None for name in ("venv", "ensurepip"))


def missing_for_qt(
    *,
    window: bool,
    probe: Callable[[Iterable[str]], set[str]] = unloadable,
    font: Callable[[], bool] = has_font,
) -> dict[str, str]:
    """What Qt lacks here → Debian's package that brings it. Empty on macOS and Windows."""
    if sys.platform != "linux":
        return {}
    wanted = QT_LIBRARIES + (WINDOW_LIBRARIES if window else ())
    absent = probe([library.soname for library in wanted])
    missing = {library.soname: library.package for library in wanted if library.soname in absent}
    if not font():
        missing["a font"] = FONT_PACKAGE
    return missing


def ensure(*, window: bool, say: Callable[[str], None]) -> None:
    """All in one go, so that whoever has no rights to install needs one command and not two."""
    missing = missing_here(window=window)
    if not missing:
        return
    install(missing, say)
    importlib.invalidate_caches()
    if still := missing_here(window=window):
        raise Trouble(
            f"{_list(still)} cannot be loaded even after installing "
            f"{' '.join(sorted(set(still.values())))}. Look for a broken package: apt-get check"
        )


def missing_here(*, window: bool) -> dict[str, str]:
    """As `missing_for_qt`, and the venv module. Raises Trouble when no package can bring it."""
    missing = {}
    if not has_venv_module():
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if sys.platform != "linux" or Path(sys.base_prefix) != Path("/usr"):
            raise Trouble(
                f"This Python ({sys.executable}) was built without the venv module. "
                f"Start again with a complete Python {version} or newer."
            )
        missing["Python's venv module"] = f"python{version}-venv"
    return missing | missing_for_qt(window=window)


def missing_for_tests() -> dict[str, str]:
    """Programs without which a test must be skipped → the packages. Empty but on Linux."""
    if sys.platform != "linux":
        return {}
    return {name: package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)}


def ensure_for_tests(say: Callable[[str], None]) -> None:
    """A real keyring, database server and browser to test against. What cannot be installed is
    said, and no reason to stop."""
    missing = missing_for_tests()
    if not missing:
        return
    if not can_install():
        packages = " ".join(sorted(set(missing.values())))
        say(f"Without {packages} the tests that need them are skipped.")
        return
    try:
        install(missing, say)
    except Trouble as trouble:
        say(f"The tests that need {_list(missing)} will fail. {trouble}")


def can_install() -> bool:
    """As root on Debian or Ubuntu."""
    return shutil.which("apt-get") is not None and _is_root()


def install(missing: dict[str, str], say: Callable[[str], None]) -> None:
    """With apt when we are root on Debian or Ubuntu, else name the one command; `missing` as in
    `missing_for_qt`."""
    packages = sorted(set(missing.values()))
    apt = shutil.which("apt-get")
    if apt is None:
        raise Trouble(
            f"This system lacks {_list(missing)}. Install what is missing with its package "
            f"manager (Debian's names: {' '.join(packages)}), then start again."
        )
    if not _is_root():
        raise Trouble(
            f"This system lacks {_list(missing)}. Install what is missing, then start again:\n"
            f"  sudo apt-get update && sudo apt-get install --yes {' '.join(packages)}"
        )
    say(f"Installing what the system lacks: {' '.join(packages)}")
    _apt(apt, "update")
    _apt(apt, "install", "--yes", "--no-install-recommends", *packages)


def _apt(apt: str, action: str, *rest: str) -> None:
    answer = subprocess.run(
        [apt, "-qq", action, *rest],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode == 0 or action == "update":
        return  # an old list of packages may still do; the install says so when it does not
    said = [line for line in answer.stderr.splitlines() if line.startswith("E:")]
    reason = said[0][2:].strip() if said else f"it stopped with {answer.returncode}"
    raise Trouble(
        f"apt-get could not install {' '.join(rest[2:])}: {reason} "
        "Check the network and `apt-get update`, then start again."
    )


def _is_root() -> bool:
    geteuid: Callable[[], int] | None = getattr(os, "geteuid", None)
    return geteuid is not None and geteuid() == 0


def _list(missing: dict[str, str]) -> str:
    *first, last = missing
    return f"{', '.join(first)} and {last}" if first else last

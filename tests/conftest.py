"""What every test gets: Qt without a display, a data folder of its own, short or full counts.

Qt warnings fail tests through pytest-qt (`qt_log_level_fail` in pyproject.toml).
"""

from __future__ import annotations

import gc
import os
import random
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from app.models.errors import ConsoleError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"  # nobody's own keyring

Count = Callable[[int, int], int]

# A shared, busy machine is no reason to fail: time limits are for the bench command.
# The everyday sample is the same each day; --long looks for new examples.
settings.register_profile("default", deadline=None, max_examples=30, derandomize=True)
settings.register_profile(
    "long", deadline=None, max_examples=1_000, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="full counts for kill trials and random histories (minutes instead of seconds)",
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("long" if config.getoption("--long") else "default")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """On PostgreSQL, what is about a store in a file is left out."""
    return (yield from _without_what_needs_a_file())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    return (yield from _without_what_needs_a_file())


def _without_what_needs_a_file() -> Generator[None, None, None]:
    from tests.served import needs_a_file, on_postgresql

    if not on_postgresql():
        return (yield)
    try:
        return (yield)
    except ConsoleError as error:
        if needs_a_file(error):
            pytest.skip("it looks into the store's file, and there is none")
        raise


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.served import FILES, on_postgresql

    if on_postgresql():
        about_files = pytest.mark.skip("about a store in a file")
        for item in items:
            if item.path.stem in FILES or getattr(item, "originalname", "") in FILES:
                item.add_marker(about_files)


def pytest_collection_finish() -> None:
    """The modules and tests of the run are there to stay, so no look goes through them; and looks
    are rarer than by default, as a tenth of the whole run was spent on them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_500, 20, 50)


@pytest.fixture(scope="session")
def count(pytestconfig: pytest.Config) -> Count:
    """`count(20, 200)` is 20 in the everyday run and 200 with `--long`."""
    long = bool(pytestconfig.getoption("--long"))
    return lambda short, full: full if long else short


@pytest.fixture(scope="session")
def first_seed(pytestconfig: pytest.Config) -> int:
    """Where random histories begin: the same sample every day, new ones with `--long`."""
    return random.SystemRandom().randrange(2**32) if pytestconfig.getoption("--long") else 20_000


@pytest.fixture(autouse=True, scope="session")
def own_user_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the data, settings or cache of whoever runs it."""
    home = tmp_path_factory.mktemp("user")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield


@pytest.fixture(autouse=True, scope="module")
def nothing_old_dies_elsewhere() -> Iterator[None]:
    """All garbage, once a file; what is left then is there to stay, so that the next look
    need not go through what the whole run has gathered (two seconds, late in a run)."""
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture
def quick_fingers(qapp: QApplication) -> Iterator[None]:
    """Presses that follow one another at once are meant: no second half of a double click."""
    usual = qapp.doubleClickInterval()
    qapp.setDoubleClickInterval(0)
    yield
    qapp.setDoubleClickInterval(usual)

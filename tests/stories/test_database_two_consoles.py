"""A flight goes on from another console when the one that flew it is killed in the middle of
sending: nothing acknowledged is lost, and nothing is sent twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.database import Store
from app.services.database_lease import SECONDS
from app.services.database_place import keep_place, place_of
from app.services.events import EventBus
from app.services.log import chain_break, chain_head
from tests.makers import COORDINATOR, TestClock
from tests.served import MISSING, can_serve, on_postgresql, server
from tests.stories.practised import require_sent_once
from tests.stories.test_outages_fly import SENDING, fly

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)


def test_another_console_flies_on_where_one_was_killed(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    if not on_postgresql() and count(0, 1) == 0:
        pytest.skip("waits for leases to run out; with --long, and on PostgreSQL")
    one, two, out = tmp_path / "one", tmp_path / "two", tmp_path / "out"
    server().make(one)
    (one / "practice").mkdir()  # the same Microsoft 365 stands behind both
    two.mkdir()
    (two / "practice").symlink_to(one / "practice")
    keep_place(two, place_of(one))
    acknowledged: dict[str, int] = {}
    for stage, folder in zip(SENDING[1:4], (one, two, one), strict=True):
        code, stages, wrong = flown(out, folder, kill_in=stage)
        assert code == -9, wrong
        acknowledged |= stages
        assert len(acknowledged) > 2
    code, stages, wrong = flown(out, two)
    assert code == 0, wrong
    for name, number in acknowledged.items():
        assert stages.get(name, number) >= number
    assert "filed" in stages
    store = Store(one, TestClock(), EventBus(), COORDINATOR)
    store.open()
    assert store.read(chain_break) is None
    assert store.read(chain_head)[0] >= max(stages.values())
    store.close()
    assert require_sent_once(two) > 5


def flown(out: Path, data: Path, kill_in: str = "") -> tuple[int, dict[str, int], str]:
    """As soon as the lease of the one before has run out; until then it is refused in words."""
    until = time.monotonic() + 3 * SECONDS
    while True:
        code, stages, wrong = fly(
            out, data=data, kill_after=0.3 if kill_in else None, kill_in=kill_in
        )
        if code != 2 or time.monotonic() > until:
            return code, stages, wrong
        assert "drives mail and calendars" in wrong

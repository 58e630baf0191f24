"""Killed in the middle of a sentence, a notice has all but the last second and a half of it."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.notices.composing import compose
from tests.flights import START, make_flight
from tests.makers import make_store
from tests.services.notices_flights import desk_store

LOST = 1.5  # seconds of typing
TYPED = 3.2


def test_killed_while_typing_only_the_last_words_are_lost(tmp_path: Path) -> None:
    store = desk_store(tmp_path, START - timedelta(days=20))
    outage_id = store.run(make_flight, State.PLANNED)
    store.close()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.typing_child", str(tmp_path / "data"), outage_id],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    typed: list[tuple[float, str]] = []
    while not typed or time.monotonic() - typed[0][0] < TYPED:
        word = child.stdout.readline().strip()
        assert word, "it ended by itself"
        typed.append((time.monotonic(), word))
    killed = time.monotonic()
    child.kill()
    child.communicate()
    again = make_store(tmp_path / "data", organisation=False)
    kept = set(again.read(compose, outage_id, NoticeKind.PLANNED).text.split())
    again.close()
    old = [word for at, word in typed if killed - at > LOST]
    assert len(old) > 5
    assert [word for word in old if word not in kept] == []

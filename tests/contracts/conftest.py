from __future__ import annotations

import pytest

from tests.contracts.memory_worlds import MemoryCalendarWorld, MemoryMeetingWorld
from tests.contracts.worlds import CalendarWorld, MeetingWorld

WORLDS = ["memory"]


@pytest.fixture(params=WORLDS)
def calendar_world() -> CalendarWorld:
    return MemoryCalendarWorld()


@pytest.fixture(params=WORLDS)
def meeting_world() -> MeetingWorld:
    return MemoryMeetingWorld()

"""Every contract test runs once for each world. A world over HTTPS stands for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.memory_worlds import MemoryCalendarWorld, MemoryMailWorld, MemoryMeetingWorld
from tests.contracts.practice import Practice
from tests.contracts.practice_worlds import (
    PracticeCalendarWorld,
    PracticeMailWorld,
    PracticeMeetingWorld,
)
from tests.contracts.worlds import CalendarWorld, MailWorld, MeetingWorld


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    served = Practice(tmp_path_factory.mktemp("practice") / Path("served"))
    yield served
    served.stop()


@pytest.fixture(params=["memory", "practice"])
def mail_world(request: pytest.FixtureRequest) -> Iterator[MailWorld]:
    if request.param == "memory":
        yield MemoryMailWorld()
        return
    practice: Practice = request.getfixturevalue("practice")
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeMailWorld(practice, user, client)


@pytest.fixture(params=["memory", "practice"])
def calendar_world(request: pytest.FixtureRequest) -> Iterator[CalendarWorld]:
    if request.param == "memory":
        yield MemoryCalendarWorld()
        return
    practice: Practice = request.getfixturevalue("practice")
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeCalendarWorld(practice, user, client)


@pytest.fixture(params=["memory", "practice"])
def meeting_world(request: pytest.FixtureRequest) -> Iterator[MeetingWorld]:
    if request.param == "memory":
        yield MemoryMeetingWorld()
        return
    practice: Practice = request.getfixturevalue("practice")
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeMeetingWorld(practice, user, client)

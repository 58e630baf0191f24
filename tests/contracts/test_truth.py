"""The one question that decides everything: may the request have had its effect? Whatever goes
wrong with a write, only `Unclear` may hide one, and success is never claimed without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from app.services.ports.trouble import Gone, RemoteTrouble, Unclear
from tests.contracts.practice import Practice
from tests.contracts.practice_worlds import (
    PracticeCalendarWorld,
    PracticeMailWorld,
    PracticeMeetingWorld,
)
from tests.contracts.test_calendars import FRIDAY
from tests.contracts.test_mail import NOTICE, SOON
from tests.contracts.test_meetings import opened
from tests.contracts.worlds import HOUR, NOW

FAULTS = [
    *("429", "429=none", "503=2", "503=none", "401", "401#1-2", "claims", "html", "reset-before"),
    *("reset-after", "504", "half", "trickle=50ms", "hint"),
]


@dataclass
class Act:
    """`does` is one write by `route`; `done` looks whether its effect is there."""

    route: str
    does: Callable[[], object]
    done: Callable[[], bool]


@dataclass
class Worlds:
    mail: PracticeMailWorld
    calendar: PracticeCalendarWorld
    meeting: PracticeMeetingWorld

    def create(self) -> Act:
        box = self.mail.mailbox
        return Act("create", lambda: box.create_draft(NOTICE), lambda: bool(box.find(NOTICE.key)))

    def send(self) -> Act:
        box = self.mail.mailbox
        draft = box.create_draft(NOTICE)

        def left() -> bool:
            self.mail.later(SOON)
            (found,) = box.find(NOTICE.key, draft.internet_id)
            return not found.is_draft

        return Act("send", lambda: box.send(draft.id), left)

    def delete(self) -> Act:
        box = self.mail.mailbox
        draft = box.create_draft(NOTICE)
        return Act("delete", lambda: box.delete_draft(draft.id), lambda: not box.find(NOTICE.key))

    def event_create(self) -> Act:
        calendars = self.calendar.calendars
        return Act(
            "event-create",
            lambda: calendars.create("", FRIDAY),
            lambda: calendars.find("", FRIDAY.key) is not None,
        )

    def event_patch(self) -> Act:
        calendars = self.calendar.calendars
        made = calendars.create("", FRIDAY)
        return Act(
            "event-patch",
            lambda: calendars.update(made.id, replace(FRIDAY, subject="Another")),
            lambda: calendars.get(made.id).subject == "Another",
        )

    def event_delete(self) -> Act:
        calendars = self.calendar.calendars
        made = calendars.create("", FRIDAY)

        def gone() -> bool:
            try:
                calendars.get(made.id)
            except Gone:
                return True
            return False

        return Act("event-delete", lambda: calendars.cancel(made.id, "Off."), gone)

    def meeting_patch(self) -> Act:
        meetings = self.meeting.meetings
        made = opened(self.meeting)
        return Act(
            "meeting-patch",
            lambda: meetings.lock(made.id, NOW + HOUR),
            lambda: meetings.get(made.id).lobby == "organizer",
        )


@pytest.fixture
def worlds(practice: Practice) -> Iterator[Worlds]:
    user = practice.person()
    with practice.client(user) as client:
        yield Worlds(
            PracticeMailWorld(practice, user, client),
            PracticeCalendarWorld(practice, user, client),
            PracticeMeetingWorld(practice, user, client),
        )


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "prepare",
    [
        Worlds.create,
        Worlds.send,
        Worlds.delete,
        Worlds.event_create,
        Worlds.event_patch,
        Worlds.event_delete,
        Worlds.meeting_patch,
    ],
    ids=lambda prepare: prepare.__name__,
)
def test_only_unclear_hides_an_effect(
    practice: Practice, worlds: Worlds, prepare: Callable[[Worlds], Act], fault: str
) -> None:
    act = prepare(worlds)
    kind, hashed, nth = fault.partition("#")
    practice.faults.add(f"{kind}:{act.route}{hashed}{nth}")
    try:
        act.does()
    except Unclear:
        return
    except RemoteTrouble:
        assert not act.done()
    else:
        assert act.done()

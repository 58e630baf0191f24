"""What is said of a turn while it lasts: nothing when it is quick, the truth when it is not."""

from __future__ import annotations

import threading

from app.services.events import SyncStateChanged
from app.services.ports.trouble import Throttled, Unreachable
from app.services.sync.state import Report, SyncState
from app.wiring.sync_saying import Saying

LONG = 60.0


class Heard:
    def __init__(self, slow: float = LONG) -> None:
        self.states: list[str] = []
        self.told = threading.Event()
        self.saying = Saying(self._note, slow)

    def _note(self, event: SyncStateChanged) -> None:
        self.states.append(event.state)
        if event.state == SyncState.WORKING:
            self.told.set()


def test_a_quick_turn_is_not_told_of() -> None:
    heard = Heard()
    with heard.saying.turn():
        pass
    heard.saying.say(Report(SyncState.IN_SYNC))
    with heard.saying.turn():
        pass
    heard.saying.say(Report(SyncState.IN_SYNC))
    assert heard.states == ["in_sync"]


def test_a_turn_that_is_slow_says_working_until_it_ends() -> None:
    heard = Heard(slow=0.0)
    heard.saying.say(Report(SyncState.IN_SYNC))
    with heard.saying.turn():
        assert heard.told.wait(10)
    heard.saying.say(Report(SyncState.IN_SYNC))
    assert heard.states == ["in_sync", "working", "in_sync"]


def test_offline_is_said_while_the_turn_still_tries() -> None:
    heard = Heard()
    heard.saying.say(Report(SyncState.IN_SYNC))
    with heard.saying.turn():
        heard.saying.again(Unreachable("Nobody answers."))
        heard.saying.again(Unreachable("Nobody answers."))
        assert heard.states == ["in_sync", "working", "offline"]


def test_being_told_to_slow_down_is_no_network_lost() -> None:
    heard = Heard()
    with heard.saying.turn():
        heard.saying.again(Throttled("Later."))
        heard.saying.again(Throttled("Later."))
    assert heard.states == ["working"]


def test_what_a_person_should_see_first_stays() -> None:
    heard = Heard()
    heard.saying.say(Report(SyncState.SIGN_IN, "Sign in again."))
    with heard.saying.turn():
        heard.saying.again(Unreachable("Nobody answers."))
        heard.saying.again(Unreachable("Nobody answers."))
    assert heard.states == ["sign_in"]


def test_once_hushed_nothing_is_said() -> None:
    heard = Heard()
    heard.saying.hush()
    heard.saying.say(Report(SyncState.IN_SYNC))
    assert heard.states == []

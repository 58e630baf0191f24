"""The console's hands outside: one bounded turn after another, by the window's thread, by the
`sync` command, and by tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from app.services.database import Store
from app.services.ports.calendars import Calendars
from app.services.ports.mail import Mailbox
from app.services.ports.meetings import Meetings
from app.services.sync.calendar import CalendarRound
from app.services.sync.layers import BusyRound, LayersRound
from app.services.sync.mail import MailRound
from app.services.sync.meetings import MeetingRound
from app.services.sync.pausing import Pause
from app.services.sync.replies import RepliesRound
from app.services.sync.state import Report, together


class Round(Protocol):
    """One kind of work: messages, meetings, a calendar, replies."""

    pause: Pause

    def turn(self) -> Report:
        """A bounded amount of work, without waiting; troubles of the service end in the report."""
        ...

    def hurry(self) -> None:
        """Do not wait any longer before the next try, unless the service asked for it."""
        ...


class Worker:
    """Only one works on a data folder: hold `sync.lock.only_sender` meanwhile.

    A turn never sleeps and holds no transaction while it waits for the network. A new Worker on
    the same store goes on where a killed one stopped. `takes_default`: see `CalendarRound`.
    """

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        calendars: Calendars | None = None,
        meetings: Meetings | None = None,
        *,
        chance: random.Random | None = None,
        takes_default: bool = False,
        more: Sequence[Round] = (),
        who: Callable[[], str] = lambda: "",
    ) -> None:
        self._store = store
        self._rounds: list[Round] = [MailRound(store, mailbox, chance, who)]
        if meetings is not None:
            self._rounds.append(MeetingRound(store, meetings, chance))
        if calendars is not None:
            self._rounds.append(
                CalendarRound(store, calendars, chance, takes_default=takes_default, who=who)
            )
        self._rounds.append(RepliesRound(store, mailbox, chance, who))
        if calendars is not None:
            self._rounds.append(LayersRound(store, calendars, chance))
            self._rounds.append(BusyRound(store, calendars, chance))
        self._rounds.extend(more)

    def turn(self) -> Report:
        """One bounded round of everything; says how it stands and when to come again. Once one is
        answered, all that wait for the network alone are tried in the next turn, at once."""
        answers = sum(each.pause.answers for each in self._rounds)
        report = together(each.turn() for each in self._rounds)
        waiting = [each.pause for each in self._rounds if each.pause.offline]
        if not waiting or sum(each.pause.answers for each in self._rounds) == answers:
            return report
        for pause in waiting:
            pause.network_is_back()
        return replace(report, again_at=self._store.clock.now())

    def hurry(self) -> None:
        """The network is back, somebody signed in, or a person asked for it."""
        for each in self._rounds:
            each.hurry()

"""Random histories of an outbox: queued, held, taken back, moved, cut off, killed between any two
lines, answered; and what must be true of each when it ends."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from sqlmodel import select

from app.models.errors import ConsoleError
from app.models.log import Link, first_break
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState, PartState, Route
from app.models.tables.log import LogEntry
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.models.times import Window
from app.services.database import Store
from app.services.live.crew_telling import send_times, take_back_times, told_by_hand
from app.services.live.crew_times import crew_times
from app.services.live.crew_told import BY_HAND, TIMES
from app.services.notices.exporting import export
from app.services.notices.sending import cancel_queued, queue
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.outbox import acting
from app.services.outbox.reading import Standing, outbox, recipients
from app.services.sync.mail import MailRound
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store
from tests.stories.post_offices import Killed, PostOffice

K = NoticeKind
KINDS = (K.PLANNED, K.PLANNED, K.CREW_BRIEF, K.CREW_BRIEF, K.KICK_OFF, K.REMINDER)
KILLED_IN = ("app/services/outbox/", "app/services/sync/")
TURNS_TO_REST = 600
ALL_DUE_BY = START + timedelta(days=40)


def make_scene(folder: Path) -> None:
    """A closed store with two planned flights."""
    store = desk_store(folder, START - timedelta(days=25))
    for number in (1, 2):
        store.run(make_flight, State.PLANNED, title=f"Flight {number}")
    store.close()


@dataclass
class History:
    """One history, told by its seed alone. With an `other` console on the same store, a worker
    that ends is followed by one of the other console: it was taken over."""

    store: Store
    chance: random.Random
    office: PostOffice
    other: Store | None = None
    at: Store = field(init=False)
    worker: MailRound = field(init=False)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at = self.store
        self._restart()
        self.flights = [o.id for o in self.store.read(lambda uow: uow.all(Outage))]

    def _restart(self) -> None:
        if self.other is not None:
            self.at = self.other if self.at is self.store else self.store
        self.worker = MailRound(self.at, self.office.mailbox, self.chance)

    # --- what happens ------------------------------------------------------------------------

    def live(self) -> None:
        acts: list[Callable[[], object]] = [
            *[self._queue] * 3,
            *[self._times] * 2,
            self._by_phone,
            *[self._turn] * 4,
            *[self._turn_killed] * 2,
            *[self._pass] * 3,
            self._restart,
            self._take_back,
            self._hold,
            self._release,
            self._send_now,
            self._route,
            self._export,
            self._hand_over,
            self._move,
            self._cancel,
            self._answer,
            self._outlook,
        ]
        self.store.run(queue, self.flights[0], K.PLANNED)
        self.office.trouble(self.chance.choice([0.0, 0.15, 0.3, 0.45]))
        for _ in range(self.chance.randint(4, 22)):
            act = self.chance.choice(acts)
            self.told.append(act.__name__)
            try:
                act()
            except ConsoleError as refusal:
                self.told[-1] += f" ({refusal.code})"
            if self.chance.random() < 0.5:
                self._turn()
        for _ in range(self.chance.randint(0, 12)):
            self._turn()
        self.office.trouble(0.0)
        self._rest()

    def _queue(self) -> None:
        flight = self.chance.choice(self.flights)
        self.store.run(queue, flight, self.chance.choice(KINDS))

    def _times(self) -> None:
        """The crew is told its times, a letter each."""
        self.store.run(send_times, self.chance.choice(self.flights))

    def _by_phone(self) -> None:
        flight = self.chance.choice(self.flights)
        people = self.store.read(crew_times, flight).people
        if people:
            self.store.run(told_by_hand, flight, self.chance.choice(people).person_id)

    def _turn(self) -> None:
        """On the database thread, so that it is killed between lines there as well."""
        try:
            report = self.at.on_thread(self.worker.turn)
        except Killed:
            self._restart()
            return
        if report.again_at is not None and self.chance.random() < 0.7:
            self._until(report.again_at)

    def _turn_killed(self) -> None:
        left = int(10 ** (self.chance.random() * 3.3))

        def line(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if event == "line":
                left -= 1
                if left <= 0:
                    sys.settrace(None)
                    raise Killed
            return line

        def call(frame: FrameType, event: str, arg: Any) -> Any:
            name = frame.f_code.co_filename
            return line if any(part in name for part in KILLED_IN) else None

        def turn() -> object:
            sys.settrace(call)
            try:
                return self.worker.turn()
            finally:
                sys.settrace(None)

        try:
            self.at.on_thread(turn)
        except Killed:
            self._restart()

    def _until(self, moment: Any) -> None:
        clock_of(self.store).set(max(moment, clock_of(self.store).now()))

    def _pass(self) -> None:
        seconds = 10 ** (self.chance.random() * 6.2)
        clock_of(self.store).advance(minutes=seconds / 60)

    def _item(self) -> OutboxItem:
        items = self.store.read(lambda uow: uow.all(OutboxItem))
        return self.chance.choice(items)

    def _take_back(self) -> None:
        item = self._item()
        if item.kind == TIMES:
            self.store.run(take_back_times, [item.id])
        else:
            self.store.run(cancel_queued, item.about_id)

    def _hold(self) -> None:
        self.store.run(acting.hold, self._item().id)

    def _release(self) -> None:
        self.store.run(acting.release, self._item().id)

    def _send_now(self) -> None:
        self.store.run(acting.send_now, self._item().id)

    def _route(self) -> None:
        ways = [Route.OUTLOOK_HOLDS, Route.OUTLOOK_HOLDS, Route.OUTLOOK_DRAFT, Route.CONSOLE]
        self.store.run(acting.choose_route, self._item().id, self.chance.choice(ways))

    def _export(self) -> None:
        item = self._item()
        if item.kind == TIMES:
            self.store.run(acting.export_instead, item.id)  # refused, always
        self.store.run(export, item.outage_id, K(item.payload["notice"]))

    def _hand_over(self) -> None:
        self.store.run(acting.hand_over)

    def _move(self) -> None:
        outage = self.store.read(lambda uow: uow.fetch(Outage, self.chance.choice(self.flights)))
        window = outage.window
        later = Window.of(
            window.start + timedelta(days=7), window.end + timedelta(days=7), window.zone
        )
        self.store.run(move_window, outage.id, later, "the vendor", seen=outage.version)

    def _cancel(self) -> None:
        if self.chance.random() < 0.3:
            flight = self.chance.choice(self.flights)
            self.store.run(advance, flight, State.CANCELLED, Going(why="dropped: not needed"))

    def _outlook(self) -> None:
        """A person sends or deletes a draft in Outlook that was left for their hand."""
        held = self.store.read(lambda uow: uow.all(OutboxItem))
        by_hand = {i.id for i in held if i.route is Route.OUTLOOK_DRAFT}
        keys = {p.key for p in self._parts() if p.item_id in by_hand}
        drafts = [each for each in self.office.letters() if each.key in keys and not each.left]
        if drafts:
            send = self.chance.random() < 0.6
            self.office.by_hand(self.chance.choice(drafts).id, send=send)

    def _answer(self) -> None:
        """A person looks in Outlook, and says what is true."""
        for part in self._parts():
            if part.state is PartState.REFUSED:
                self.store.run(acting.say_send_again, part.item_id, only=part.id)
            elif part.state is PartState.UNCLEAR:
                item = self.store.read(lambda uow, p=part: uow.fetch(OutboxItem, p.item_id))  # type: ignore[misc]
                letters = [each for each in self.office.letters() if each.key == part.key]
                if any(each.left for each in letters):
                    self.store.run(acting.say_it_left, item.id, only=part.id)
                elif item.taken_back_at is not None:
                    for each in letters:
                        self.office.by_hand(each.id, send=False)
                    self.store.run(acting.say_it_did_not_leave, item.id, only=part.id)
                else:
                    self.store.run(acting.say_send_again, item.id, only=part.id)

    def _rest(self) -> None:
        """The network is back: turn after turn until nothing more is to come; a person answers,
        or does not."""
        self.worker.hurry()
        answers = self.chance.random() < 0.7
        for _ in range(TURNS_TO_REST):
            report = self.at.on_thread(self.worker.turn)
            if report.again_at is not None:
                self._until(report.again_at)
                if PartState.DRAFTED in {part.state for part in self._parts()}:
                    clock_of(self.store).advance(days=2)  # they are looked after for ever
                if clock_of(self.store).now() > ALL_DUE_BY:
                    break
            elif answers and report.state is SyncState.ATTENTION:
                answers = False
                self._answer()
            else:
                break
        else:
            raise AssertionError("it never came to rest")
        self._days_later()

    def _days_later(self) -> None:
        clock_of(self.store).advance(days=60)

    # --- what must be true -------------------------------------------------------------------

    def _parts(self) -> list[OutboxPart]:
        return self.store.read(lambda uow: uow.all(OutboxPart))

    def rows(self) -> Any:
        return self.store.read(lambda uow: outbox(uow))

    def check(self) -> Counter[str]:
        """Every notice is among the sent exactly once, or waits where it is seen. Returns how
        they ended."""
        ended: Counter[str] = Counter()
        items = {i.id: i for i in self.store.read(lambda uow: uow.all(OutboxItem))}
        letters = [each for each in self.office.letters() if each.sent]
        sent = Counter(each.key for each in letters)
        notices = {n.id: n for n in self.store.read(lambda uow: uow.all(Notice))}
        seen = {row.id: row for row in self.rows()}
        assert max(sent.values(), default=0) <= 1, "a message left twice"
        for part in self._parts():
            item = items[part.item_id]
            if part.state.left:
                assert sent[part.key] == 1, f"{part.key} is said to have left"
            elif sent[part.key]:
                assert part.state in (
                    PartState.UNCLEAR,
                    PartState.SENDING,
                    PartState.RECALLING,
                ) or (item.route is Route.OUTLOOK_DRAFT or item.state is ItemState.EXPORTED), (
                    f"{part.key} left, and is {part.state}"
                )
                assert seen[item.id].standing is not Standing.LEFT
        for item in items.values():
            notice = notices.get(item.about_id)
            ended[item.state if notice else f"times {item.state}"] += 1
            if item.sender.startswith(BY_HAND):
                assert not [k for k in sent if k.startswith(f"{item.key}:")], (
                    "told by phone, and by mail"
                )
                continue
            if item.state is ItemState.SENT:
                assert notice is None or notice.state is NoticeState.SENT
                reached = {r.key for r in self.store.read(recipients, item.id)}
                ours = [each.to for each in letters if each.key.startswith(f"{item.key}:")]
                assert frozenset().union(*ours) == reached
            elif item.state is ItemState.VOID:
                assert notice is None or notice.state is NoticeState.VOID
                assert not [k for k in sent if k.startswith(f"{item.key}:")]
            else:
                assert notice is None or notice.state is NoticeState.QUEUED
                row = seen[item.id]
                assert row.standing is not Standing.LEFT
                assert row.standing is not Standing.LEAVING, f"stuck: {row}"
                assert row.sender
        self.store.read(_require_whole_log)
        return ended


def _require_whole_log(uow: UnitOfWork) -> None:
    rows = uow.session.exec(select(LogEntry).order_by(LogEntry.number)).all()  # type: ignore[arg-type]
    links = [Link(r.number, r.text, r.previous_hash, r.hash) for r in rows]
    assert first_break(links) is None

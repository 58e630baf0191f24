from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from app.services.events import Event, EventBus, LiveChanged, OutageChanged
from app.views.bridge import Bridge


def test_events_of_the_database_thread_arrive_in_order_on_the_gui_thread(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    seen: list[object] = []
    threads: set[QThread] = set()
    bridge.happened.connect(seen.append)
    bridge.happened.connect(lambda _event: threads.add(QThread.currentThread()))
    events: list[Event] = [OutageChanged("a"), LiveChanged("a"), OutageChanged("b")]
    with ThreadPoolExecutor(1) as database:
        for event in events:
            database.submit(bus.publish, event)
        qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen == events
    assert threads == {bridge.thread()}


def test_an_event_after_the_bridge_has_gone_is_dropped(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    with qtbot.waitSignal(bridge.destroyed):
        bridge.deleteLater()
    with ThreadPoolExecutor(1) as database:
        assert database.submit(bus.publish, OutageChanged("a")).exception() is None

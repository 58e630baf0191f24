from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from app.models.errors import ConsoleError, Stale
from app.services.working import Further
from app.views.ops import Ops

T = TypeVar("T")


@dataclass
class Told:
    """A teller that keeps what it was given."""

    errors: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.errors.append(sentence)
        if action is not None:
            self.actions.append(action[0])


class Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: list[QThread] = []

    def on_answer(self, answer: object) -> None:
        self.heard.append(answer)
        self.threads.append(QThread.currentThread())


@pytest.fixture
def told() -> Told:
    return Told()


class OneThread:
    """A store without a store: use cases and queries run as they are."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)

    def submit(self, use_case: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self.pool.submit(use_case, *args, **kwargs)

    def submit_read(self, query: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self.pool.submit(query, *args, **kwargs)


@pytest.fixture
def database() -> Iterator[OneThread]:
    made = OneThread()
    yield made
    made.pool.shutdown()


@pytest.fixture
def ops(qtbot: QtBot, database: OneThread, told: Told) -> Ops:
    return Ops(database, told, lambda: None)


def test_the_answer_comes_on_the_gui_thread(ops: Ops, qtbot: QtBot) -> None:
    listener = Listener()
    ops.run(threading.get_ident, then=listener.on_answer)
    qtbot.waitUntil(lambda: bool(listener.heard))
    assert listener.heard != [threading.get_ident()]
    assert listener.threads == [ops.thread()]


def test_arguments_reach_the_use_case(ops: Ops, qtbot: QtBot) -> None:
    listener = Listener()
    ops.run(dict, [("a", 1)], then=listener.on_answer, b=2)
    qtbot.waitUntil(lambda: listener.heard == [{"a": 1, "b": 2}])


def test_a_query_answers_like_a_use_case(ops: Ops, qtbot: QtBot) -> None:
    listener = Listener()
    ops.read(len, "abc", then=listener.on_answer)
    qtbot.waitUntil(lambda: listener.heard == [3])


def _refuse() -> None:
    raise Stale("Someone changed step 8 since you saw it; look again.")


def _break() -> None:
    raise ZeroDivisionError("x")


def test_a_refusal_is_told_in_its_own_sentence(ops: Ops, told: Told, qtbot: QtBot) -> None:
    ops.run(_refuse)
    qtbot.waitUntil(lambda: told.errors == ["Someone changed step 8 since you saw it; look again."])


def test_a_page_that_handles_refusals_gets_them_instead(ops: Ops, told: Told, qtbot: QtBot) -> None:
    caught: list[ConsoleError] = []
    ops.run(_refuse, failed=caught.append)
    qtbot.waitUntil(lambda: [error.code for error in caught] == ["stale"])
    assert told.errors == []


def test_a_fault_is_logged_and_told_without_a_traceback(
    ops: Ops, told: Told, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caught: list[ConsoleError] = []
    ops.run(_break, failed=caught.append)
    qtbot.waitUntil(lambda: [error.code for error in caught] == ["unexpected"])
    assert "nothing was changed" in told.errors[0]
    assert told.actions == ["Open log"]
    assert "ZeroDivisionError" in caplog.text


def test_an_answer_for_a_widget_that_has_gone_is_dropped(ops: Ops, qtbot: QtBot) -> None:
    gate = threading.Event()
    gone, staying = Listener(), Listener()
    ops.run(gate.wait, 5, then=gone.on_answer)
    ops.run(int, then=staying.on_answer)
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: staying.heard == [0])
    assert gone.heard == []


def test_a_lambdas_answer_is_dropped_with_the_owner_it_names(ops: Ops, qtbot: QtBot) -> None:
    gate = threading.Event()
    owner, staying = QObject(), Listener()
    heard: list[object] = []
    ops.run(gate.wait, 5, then=lambda answer: heard.append(answer), owner=owner)
    ops.run(int, then=staying.on_answer)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: staying.heard == [0])
    assert heard == []


def test_a_long_job_shows_busy_until_it_answers(ops: Ops, qtbot: QtBot) -> None:
    gate = threading.Event()
    with qtbot.waitSignal(ops.busyChanged, check_params_cb=lambda busy: busy):
        ops.run(gate.wait, 5)
    assert ops.busy
    with qtbot.waitSignal(ops.busyChanged, check_params_cb=lambda busy: not busy):
        gate.set()


def test_a_closed_store_answers_instead_of_raising(
    ops: Ops, told: Told, database: OneThread, qtbot: QtBot
) -> None:
    database.pool.shutdown()
    ops.run(int)
    qtbot.waitUntil(lambda: len(told.errors) == 1)


def test_of_looks_one_is_under_way_and_the_last_asked_for_is_the_next(
    ops: Ops, qtbot: QtBot
) -> None:
    gate, listener, looked = threading.Event(), Listener(), list[str]()

    def look(at: str) -> str:
        looked.append(at)
        gate.wait(5)
        return at

    for at in ("first", "first", "second", "third"):
        ops.look(look, at, then=listener.on_answer)
    ops.look(look, "another", then=listener.heard.append)
    gate.set()
    qtbot.waitUntil(lambda: ops.idle)
    assert looked == ["first", "another", "third"]
    assert listener.heard == ["another", "third"], "what was overtaken is told to nobody"


def test_what_waits_is_read_between_the_turns_of_a_long_query(ops: Ops, qtbot: QtBot) -> None:
    asked, listener = threading.Event(), Listener()

    def long() -> Further:
        asked.wait(5)
        return Further(lambda: "the whole")

    ops.look(long, then=listener.on_answer)
    ops.read(lambda: "a glance", then=listener.on_answer)
    asked.set()
    qtbot.waitUntil(lambda: listener.heard == ["a glance", "the whole"])
    assert ops.idle

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from app.views.ops import Beside, Ops


class Told:
    def error(self, sentence: str, /, *, action: object = None) -> None:
        raise AssertionError(sentence)


def test_work_beside_runs_on_a_thread_of_its_own_and_answers_on_the_gui_thread(
    qtbot: QtBot,
) -> None:
    beside = Beside()
    ops = Ops(beside, Told(), lambda: None)
    answered: list[tuple[int, int]] = []
    ops.run(
        threading.get_ident,
        then=lambda worker: answered.append((worker, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: bool(answered))
    worker, answer = answered[0]
    assert answer == threading.get_ident() != worker
    beside.close()

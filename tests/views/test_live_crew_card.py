"""The Crew card of Live: who is to be called, in words that move on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.runbook import StepAct
from app.services.runbook.acting import act_on_step
from app.views.live.crew_card import CrewCard
from app.views.theme import Theme
from tests.flights import step_of
from tests.makers import clock_of
from tests.views.flying import cockpit
from tests.views.live_scene import flying, look


def test_a_minute_later_other_words_stand_on_the_same_row(
    tmp_path: Path, theme: Theme, qtbot: QtBot
) -> None:
    seat = cockpit(tmp_path)
    flight = flying(seat)
    step = seat.store.read(step_of, flight, "7")
    seat.store.run(act_on_step, step.id, StepAct.START, seen=step.version)
    rows, now = look(seat, flight), clock_of(seat.store).now()
    card = CrewCard()
    qtbot.addWidget(card)
    card.tick(rows, now + timedelta(minutes=30))
    before = card.findChildren(QPushButton)
    card.tick(rows, now + timedelta(minutes=31))
    assert before and card.findChildren(QPushButton) == before
    said = [label.text() for label in card.findChildren(QLabel)]
    assert any(words.startswith("nothing heard for 31 min") for words in said)
    seat.store.close()

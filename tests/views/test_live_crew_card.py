"""The Crew card of Live: who is to be called, in words that move on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.ids import StepId
from app.models.live.hearing import Crewman, Task
from app.models.runbook import StepAct
from app.services.live.rows import LiveRows, Said
from app.services.runbook.acting import act_on_step
from app.views.live.crew_card import CrewCard
from app.views.theme import Theme
from app.views.widgets.panels import focus_within
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


def _silent(name: str, minutes: int, now: datetime) -> Crewman:
    """At work on a step of their own, of which nothing was heard for `minutes`."""
    since = now - timedelta(minutes=minutes)
    return Crewman(name, "555 0142", (Task("Tray", StepId(name), since, 240, since),))


def _held(card: CrewCard, name: str) -> QPushButton:
    """The keyboard is on their button."""
    (made,) = [b for b in card.findChildren(QPushButton) if b.accessibleName().endswith(name)]
    made.setFocus()
    return made


def _in_order(card: CrewCard) -> list[str]:
    made: list[QPushButton] = []
    at = card.nextInFocusChain()
    while at is not None and at is not card:
        if isinstance(at, QPushButton) and at.isVisibleTo(card):
            made.append(at)
        at = at.nextInFocusChain()
    assert made == sorted(made, key=lambda each: each.mapTo(card, QPoint()).y())
    return [each.accessibleName() for each in made]


@pytest.fixture
def called(
    tmp_path: Path, theme: Theme, qtbot: QtBot
) -> Iterator[tuple[CrewCard, LiveRows, datetime]]:
    """Ito and Ramos are to be called."""
    seat = cockpit(tmp_path)
    rows, now = look(seat, flying(seat)), clock_of(seat.store).now()
    card = CrewCard()
    qtbot.addWidget(card)
    rows = replace(rows, crew=(_silent("K. Ito", 30, now), _silent("R. Ramos", 25, now)))
    card.tick(rows, now)
    card.show()
    yield card, rows, now
    seat.store.close()


def test_the_keyboard_stays_on_a_button_while_others_come_and_go(
    called: tuple[CrewCard, LiveRows, datetime],
) -> None:
    card, rows, now = called
    held = _held(card, "R. Ramos")
    _, ramos = rows.crew
    card.tick(replace(rows, crew=(_silent("K. Ito", 0, now), ramos)), now)
    assert focus_within(card) is held and held.accessibleName() == "Heard from R. Ramos"
    card.tick(replace(rows, crew=(_silent("K. Ito", 30, now), ramos)), now)
    assert focus_within(card) is held
    QApplication.processEvents()
    assert _in_order(card) == ["Heard from K. Ito", "Heard from R. Ramos"]


def test_the_keyboard_is_on_nobody_else_when_theirs_was_heard_of(
    called: tuple[CrewCard, LiveRows, datetime],
) -> None:
    card, rows, now = called
    _held(card, "K. Ito")
    card.tick(replace(rows, crew=(_silent("K. Ito", 0, now), rows.crew[1])), now)
    assert not isinstance(card.focusWidget(), QPushButton), "a key would say it of R. Ramos"


def test_who_asks_for_help_and_what_came_by_mail_stand_first_with_the_button_that_answers(
    called: tuple[CrewCard, LiveRows, datetime],
) -> None:
    """Nobody who spoke is to be called for their silence."""
    card, rows, now = called
    answers: set[tuple[str, str]] = set()
    card.heard.connect(lambda *about: answers.add(about))
    card.taken.connect(lambda *about: answers.add(about))
    said = (
        Said("K. Ito", "it does not fit", "7 Tray", now, phone="555 0142", step_id=StepId("7")),
        Said("A. Lindqvist", "done", "9 Cable", now, reply_id="mail"),
    )
    card.tick(replace(rows, said=said), now)
    QApplication.processEvents()
    assert _in_order(card) == [
        "Heard from K. Ito",
        "Take it: A. Lindqvist says 9 Cable is done",
        "Heard from R. Ramos",
    ]
    for button in card.findChildren(QPushButton):
        if not button.accessibleName().endswith("Ramos"):
            button.click()
    assert answers == {("7", "K. Ito"), (rows.outage_id, "mail")}
    words = [label.text() for label in card.findChildren(QLabel)]
    assert "1 needs help · 1 by mail · 1 to call" in words

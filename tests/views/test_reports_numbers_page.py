"""Outages in numbers, in the window."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.reports.kpi import NO_ESTIMATES, NO_LOAD
from app.models.reports.packet import Paper
from app.models.reports.periods import Period
from app.views.page import HeaderAction
from app.views.reports.numbers_page import NumbersPage
from app.views.theme import Theme
from app.views.widgets.charts import ColumnChart, Datum
from app.views.widgets.labels import Words
from app.views.widgets.sheet import Sheet
from tests.flights import END, make_flight
from tests.makers import clock_of, make_person
from tests.views.flying import Cockpit, cockpit, until

YEAR = Period("2025", date(2025, 1, 1), date(2025, 12, 31))


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    clock_of(made.store).set(END)
    made.store.run(make_flight, State.COMPLETE)
    yield made
    made.store.close()


@pytest.fixture
def page(seat: Cockpit, qtbot: QtBot) -> NumbersPage:
    made = NumbersPage(seat.ops, seat.told, Paper.A4)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.activate()
    until(qtbot, lambda: made.kpi is not None)
    return made


def test_it_opens_on_the_last_twelve_months(page: NumbersPage) -> None:
    assert page.kpi is not None
    assert page.kpi.since == date(2024, 2, 1)
    assert page.months["On time"].data == (Datum("Jan 25", 1.0, "1/1"),)


def test_another_period_is_chosen_in_the_header(page: NumbersPage, qtbot: QtBot) -> None:
    chooser = page.header_parts()[0]
    assert isinstance(chooser, HeaderAction)
    assert chooser.words == "The last 12 months"
    next(choice for choice in chooser.choices if choice.words == "2024").act()
    until(qtbot, lambda: page.kpi is not None and page.kpi.total.flown == 0)
    assert page.context == "Mon 1 Jan 2024 – Tue 31 Dec 2024"


def test_counting_is_stopped_and_what_was_counted_before_stays(
    page: NumbersPage, seat: Cockpit, qtbot: QtBot
) -> None:
    before, gate = page.context, threading.Event()
    seat.store.submit_read(lambda _uow: gate.wait(5))  # so that it has not begun when it is stopped
    page.show_period(Period("2023", date(2023, 1, 1), date(2023, 12, 31)))
    assert page.context != before
    page.work.cancel.click()
    gate.set()
    until(qtbot, lambda: page.context == before)
    assert page.kpi is not None
    assert page.kpi.since == date(2024, 2, 1)


def test_a_chart_says_its_numbers_to_a_screen_reader(qtbot: QtBot, theme: Theme) -> None:
    chart = ColumnChart("On time")
    qtbot.addWidget(chart)
    chart.show_data([Datum("Jan", 0.5, "1/2"), Datum("Feb", None, "–")])
    assert chart.accessibleDescription() == "Jan: 1/2; Feb: –"


def test_the_numbers_leave_as_csv(
    page: NumbersPage, seat: Cockpit, tmp_path: Path, qtbot: QtBot
) -> None:
    page.save_csv()
    target = tmp_path / "numbers.csv"
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert "change success,1,1" in target.read_text("utf-8-sig")
    assert "numbers.csv" in seat.told.infos[0]


def test_a_card_without_numbers_says_why(page: NumbersPage) -> None:
    assert page.kpi is not None
    said = [each.text() for each in page.findChildren(Words) if each.isVisible()]
    assert (NO_ESTIMATES in said) is not bool(page.kpi.estimates)
    assert (NO_LOAD in said) is not bool(page.kpi.off_hours)
    assert not (page.kpi.estimates and page.kpi.off_hours), "one of the two is empty here"


def test_a_digest_of_a_period_is_a_mail_to_the_leaders(
    page: NumbersPage, seat: Cockpit, tmp_path: Path, qtbot: QtBot
) -> None:
    seat.store.run(make_person, "R Vance", roles=["leader"])
    page.digest.ask()
    until(qtbot, lambda: page.findChild(Sheet) is not None)
    sheet = page.findChild(Sheet)
    assert sheet is not None
    chosen = {"period": "1", "form": "mail"}
    sheet.answered.emit(chosen)
    until(qtbot, lambda: page.findChild(QFileDialog) is not None)
    dialog = page.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "digest.eml"))
    dialog.reject()
    written = message_from_bytes((tmp_path / "digest.eml").read_bytes(), policy=default)
    assert "r.vance@hospital.example" in str(written["To"])
    body = written.get_body(("plain",))
    assert body is not None
    assert "OUT-2025-001 File cluster firmware. Complete." in body.get_content()

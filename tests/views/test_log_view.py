"""The Log tab: note, filter, strike through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.services.log import read_log
from app.views.bridge import Bridge
from app.views.log.panel import LogPanel
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]


class Silent:
    """Nobody to tell. Implements `notify.Telling`."""

    def info(self, sentence: str, /, *, action: object = None) -> None: ...

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None: ...

    def error(self, sentence: str, /, *, action: object = None) -> None: ...


@dataclass(slots=True)
class Shown:
    panel: LogPanel
    world: World
    qtbot: QtBot

    def titles(self) -> list[str]:
        return [row.title for row in self.panel.list.model_rows.rows()]

    def until_title(self, title: str) -> None:
        self.qtbot.waitUntil(lambda: title in self.titles())


@pytest.fixture
def shown(flight: World, qtbot: QtBot, theme: Theme) -> Iterator[Shown]:
    ops = Ops(flight.store, Silent(), lambda: None)
    panel = LogPanel(ops, Silent())
    bridge = Bridge(flight.store.bus, panel)
    bridge.happened.connect(panel.on_event)
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.show()
    panel.show_outage(flight.outage)
    qtbot.waitUntil(lambda: ops.idle)
    yield Shown(panel, flight, qtbot)
    qtbot.waitUntil(lambda: ops.idle)


def test_a_note_is_written_with_enter(shown: Shown) -> None:
    shown.panel.note.setText("Kai is on site")
    QTest.keyClick(shown.panel.note, Qt.Key.Key_Return)
    shown.until_title("Kai is on site")
    assert shown.panel.note.text() == ""


def test_a_note_is_written_with_its_button_and_a_long_one_is_read_whole(shown: Shown) -> None:
    long = "Kai is on site.\nThe array rebuilds."
    shown.panel.note.setText(long)
    shown.panel.note_it.click()
    shown.until_title(long)
    shown.panel.list.choose(shown.panel.list.model_rows.rows()[-1].key)
    assert shown.panel.whole.isVisible() and shown.panel.whole.toPlainText() == long


def test_an_empty_note_is_refused_in_place(shown: Shown) -> None:
    QTest.keyClick(shown.panel.note, Qt.Key.Key_Return)
    assert "nothing was written" in shown.panel.note_field.error


def test_what_was_typed_stays_when_it_is_refused(shown: Shown) -> None:
    shown.panel.note.setMaxLength(30_000)
    shown.panel.note.setText("x" * 20_001)
    QTest.keyClick(shown.panel.note, Qt.Key.Key_Return)
    shown.qtbot.waitUntil(lambda: "20,000" in shown.panel.note_field.error)
    assert len(shown.panel.note.text()) == 20_001


def test_the_filter_finds_by_words_and_names(shown: Shown) -> None:
    shown.panel.note.setText("Kai is on site")
    QTest.keyClick(shown.panel.note, Qt.Key.Key_Return)
    shown.until_title("Kai is on site")
    shown.panel.seek.setText("site kai okafor")
    assert shown.titles() == ["Kai is on site"]


def test_a_wrong_entry_is_struck_through_and_corrected(shown: Shown) -> None:
    shown.panel.note.setText("Kai is at home")
    QTest.keyClick(shown.panel.note, Qt.Key.Key_Return)
    shown.until_title("Kai is at home")
    rows = shown.panel.list.model_rows
    wrong = next(row for row in rows.rows() if row.title == "Kai is at home")
    shown.panel.list.choose(wrong.key)
    QTest.mouseClick(shown.panel.strike, Qt.MouseButton.LeftButton)
    sheet = shown.panel.findChildren(Sheet)[0]
    editor = sheet.editor("right")
    assert isinstance(editor, QPlainTextEdit)
    editor.setPlainText("Kai is on site")
    QTest.mouseClick(sheet.yes, Qt.MouseButton.LeftButton)
    shown.until_title("Kai is on site")
    struck = {row.title: row.struck for row in rows.rows()}
    assert struck["Kai is at home"] and not struck["Kai is on site"]
    entries = shown.world.store.read(read_log, shown.world.outage)
    assert [e.what for e in entries if e.struck_by] == ["Kai is at home"]
    shown.panel.list.choose(wrong.key)
    assert not shown.panel.strike.isEnabled() or shown.panel._row(wrong.key) is None

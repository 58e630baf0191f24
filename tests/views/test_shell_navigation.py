from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollBar, QVBoxLayout
from pytestqt.qtbot import QtBot

from app.views.header import Header
from app.views.keys_help import KeysHelp
from app.views.page import HeaderAction, HeaderNote, HeaderPart, Page
from app.views.shell import Section, Shell
from app.views.theme import Theme
from app.views.widgets.labels import Words
from app.views.widgets.tone import Tone

MOMENT = datetime(2025, 1, 10, 23, 18, tzinfo=UTC)
CONTROL = Qt.KeyboardModifier.ControlModifier


class Sheet(Page):
    """A page with one field, whose header parts the test sets."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
        self.parts: Sequence[HeaderPart] = ()
        self.given: list[tuple[object, ...]] = []
        self.homes = 0
        self.editor = QLineEdit()
        QVBoxLayout(self).addWidget(self.editor)

    @property
    def title(self) -> str:
        return self.words

    @property
    def context(self) -> str:
        return f"about {self.words}"

    def header_parts(self) -> Sequence[HeaderPart]:
        return self.parts

    def activate(self, *args: object) -> None:
        self.given.append(args)

    def home(self) -> None:
        self.homes += 1

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Ctrl+N", "plan an outage"),)


def sections(made: list[str]) -> list[Section]:
    def factory(words: str) -> Callable[[], Page]:
        def make() -> Page:
            made.append(words)
            return Sheet(words)

        return make

    return [
        Section("today", "Today", "sun-horizon", factory("Today")),
        Section("outages", "Outages", "columns", factory("Outages")),
    ]


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def undone() -> list[bool]:
    return []


@pytest.fixture
def shell(theme: Theme, qtbot: QtBot, made: list[str], undone: list[bool], tmp_path: Path) -> Shell:
    shell = Shell(
        sections(made),
        lambda: MOMENT,
        zone=ZoneInfo("America/New_York"),
        settings=tmp_path / "window.ini",
        undo=lambda: undone.append(True),
    )
    qtbot.addWidget(shell)
    shell.goto("today")
    shell.show()
    qtbot.waitExposed(shell)
    shell.activateWindow()
    return shell


def sheet(shell: Shell, key: str) -> Sheet:
    page = shell.page(key)
    assert isinstance(page, Sheet)
    return page


def labels(shell: Shell) -> str:
    return " | ".join(label.text() for label in shell.findChildren(QLabel) if label.isVisible())


def button(shell: Shell, words: str) -> QPushButton:
    return next(b for b in shell.findChildren(QPushButton) if b.accessibleName() == words)


def acts(shell: Shell) -> list[QPushButton]:
    """Of the page, in the header."""
    head = shell.findChild(Header)
    assert head is not None
    return [b for b in head.findChildren(QPushButton) if b.isVisible() and b is not head.search]


def test_a_page_is_built_when_its_section_is_first_opened(shell: Shell, made: list[str]) -> None:
    assert made == ["Today"]
    shell.goto("outages", "OUT-2025-004")
    shell.goto("today")
    shell.goto("outages")
    assert made == ["Today", "Outages"]
    assert sheet(shell, "outages").given == [("OUT-2025-004",), ()]


def test_a_long_job_is_told_where_nothing_moves_for_it(shell: Shell) -> None:
    shell.set_state("Saved on this laptop")
    shell.set_busy(True)
    assert "Working…" in labels(shell)
    shell.set_busy(False)
    assert "Saved on this laptop" in labels(shell)


def test_a_click_in_the_rail_opens_the_section(shell: Shell) -> None:
    QTest.mouseClick(shell.rail.button("outages"), Qt.MouseButton.LeftButton)
    assert shell.current == "outages"
    assert sheet(shell, "outages").isVisible()
    assert not sheet(shell, "today").isVisible()


def test_a_click_on_the_section_in_front_leads_to_where_it_begins(shell: Shell) -> None:
    QTest.mouseClick(shell.rail.button("outages"), Qt.MouseButton.LeftButton)
    assert sheet(shell, "outages").homes == 0
    QTest.mouseClick(shell.rail.button("outages"), Qt.MouseButton.LeftButton)
    assert sheet(shell, "outages").homes == 1


def test_ctrl_and_a_number_opens_the_section(shell: Shell) -> None:
    QTest.keyClick(shell, Qt.Key.Key_2, CONTROL)
    assert shell.current == "outages"
    assert shell.rail.button("outages").isChecked()
    QTest.keyClick(shell, Qt.Key.Key_9, CONTROL)
    assert shell.current == "outages"


def test_an_unknown_section_is_an_error_of_the_caller(shell: Shell) -> None:
    with pytest.raises(KeyError):
        shell.goto("nowhere")


def test_the_header_shows_title_context_and_both_clocks(shell: Shell) -> None:
    shell.resize(1440, 900)
    shown = labels(shell)
    assert "Today | about Today" in shown
    assert "Fri 10 Jan 18:18 | EST · 23:18 UTC" in shown
    assert shell.windowTitle() == "Today — Flight Console"


def test_where_local_time_is_utc_it_is_said_once(shell: Shell) -> None:
    shell.resize(1440, 900)
    shell.set_zone(UTC)
    assert "Fri 10 Jan 23:18 | UTC" in labels(shell)


def test_a_narrow_header_leaves_the_day_out_and_a_tight_one_folds_its_acts(shell: Shell) -> None:
    page = sheet(shell, "today")
    acted: list[str] = []
    page.parts = (
        HeaderAction("Print", choices=(HeaderAction("The packet", lambda: acted.append("paper")),)),
        HeaderAction("Import", lambda: acted.append("bring"), key="Ctrl+I"),
        HeaderAction("Plan", primary=True),
    )
    page.headerChanged.emit()
    shell.setMinimumSize(0, 0)
    shell.resize(700, 600)
    assert "18:18 EST | 23:18 UTC" in labels(shell)
    assert {made.text() for made in acts(shell)} == {"More", "Plan"}
    QTest.keyClick(shell, Qt.Key.Key_I, CONTROL)
    assert acted == ["bring"]
    shell.resize(1440, 900)
    assert {made.text() for made in acts(shell)} == {"Print", "Import", "Plan"}


def test_acts_go_into_the_menu_before_a_title_is_cut_to_nothing(shell: Shell, qtbot: QtBot) -> None:
    page = sheet(shell, "today")
    page.parts = tuple(HeaderAction(f"Something long to do {n}") for n in range(6))
    page.headerChanged.emit()
    header = shell.findChild(Header)
    assert header is not None
    shell.resize(1180, 720)
    shell.show()
    header.show_words("Laboratory interface release", "OUT-2026-004", None, alert=False)
    qtbot.waitUntil(lambda: {made.text() for made in acts(shell)} == {"More"})
    header.show_parts(page.parts[:2])
    assert {made.text() for made in acts(shell)} == {part.words for part in page.parts[:2]}


def test_short_of_room_the_rail_puts_its_words_under_the_icons(shell: Shell) -> None:
    shell.resize(1440, 900)
    wide = shell.rail.width()
    assert not shell.rail.narrow
    shell.setMinimumSize(0, 0)
    shell.resize(900, 700)
    assert shell.rail.narrow
    assert shell.rail.width() < wide / 2


def test_header_acts_can_be_clicked_and_pressed_by_key(shell: Shell) -> None:
    page = sheet(shell, "today")
    acted: list[str] = []
    page.parts = (
        HeaderNote("2 red", Tone.BAD),
        HeaderAction("Roll call", lambda: acted.append("roll"), primary=True, key="Ctrl+Return"),
    )
    page.headerChanged.emit()
    QTest.mouseClick(button(shell, "Roll call"), Qt.MouseButton.LeftButton)
    QTest.keyClick(shell, Qt.Key.Key_Return, CONTROL)
    assert acted == ["roll", "roll"]


def test_a_refresh_with_the_same_words_keeps_the_focus_and_calls_the_newest_act(
    shell: Shell,
) -> None:
    page = sheet(shell, "today")
    acted: list[str] = []
    page.parts = (HeaderAction("Go", lambda: acted.append("old")),)
    page.headerChanged.emit()
    button(shell, "Go").setFocus()
    page.parts = (HeaderAction("Go", lambda: acted.append("new")),)
    page.headerChanged.emit()
    assert button(shell, "Go").hasFocus()
    QTest.keyClick(button(shell, "Go"), Qt.Key.Key_Space)
    assert acted == ["new"]


def test_a_click_on_an_act_leaves_the_keyboard_to_the_page(shell: Shell) -> None:
    page = sheet(shell, "today")
    page.parts = (HeaderAction("Plan it"), HeaderAction("Actions"))
    page.headerChanged.emit()
    page.setFocus()
    QTest.mouseClick(button(shell, "Plan it"), Qt.MouseButton.LeftButton)
    page.parts = (HeaderAction("Send it"), HeaderAction("Actions"))
    page.headerChanged.emit()
    assert shell.focusWidget() is page


def test_keys_of_a_page_left_behind_do_nothing(shell: Shell) -> None:
    page = sheet(shell, "today")
    acted: list[str] = []
    page.parts = (HeaderAction("Go", lambda: acted.append("go"), key="Ctrl+G"),)
    page.headerChanged.emit()
    shell.goto("outages")
    QTest.keyClick(shell, Qt.Key.Key_G, CONTROL)
    assert acted == []


def test_two_primary_acts_are_a_fault(shell: Shell) -> None:
    page = sheet(shell, "outages") if shell.page("outages") else sheet(shell, "today")
    page.parts = (HeaderAction("A", primary=True), HeaderAction("B", primary=True))
    with pytest.raises(ValueError, match="one primary"):
        shell.goto("today")


def test_ctrl_z_undoes_unless_a_field_has_typing_to_undo(shell: Shell, undone: list[bool]) -> None:
    QTest.keyClick(shell, Qt.Key.Key_Z, CONTROL)
    assert undone == [True]
    editor = sheet(shell, "today").editor
    editor.setFocus()
    QTest.keyClicks(editor, "abc")
    QTest.keyClick(editor, Qt.Key.Key_Z, CONTROL)
    assert editor.text() == ""
    assert undone == [True]


def test_a_question_mark_lists_the_keys_of_the_page(shell: Shell, qtbot: QtBot) -> None:
    QTest.keyClick(shell, Qt.Key.Key_Question)
    help_shown = shell.findChild(KeysHelp)
    assert help_shown is not None
    assert "Ctrl+N: plan an outage" in help_shown.accessibleDescription()
    with qtbot.waitSignal(help_shown.finished):
        QTest.keyClick(help_shown, Qt.Key.Key_Escape)


def test_a_question_mark_in_a_field_is_typed(shell: Shell) -> None:
    editor = sheet(shell, "today").editor
    editor.setFocus()
    QTest.keyClicks(editor, "?")
    assert editor.text() == "?"
    assert shell.findChild(KeysHelp) is None


def test_counts_and_duty_are_named_for_screen_readers(shell: Shell) -> None:
    shell.set_count("today", "4", "4 need you")
    shell.set_duty("M. Okafor", "until 31 Jan")
    assert shell.rail.button("today").accessibleName() == "Today, 4 need you"
    assert "On duty: M. Okafor · until 31 Jan" in labels(shell)
    shell.set_count("today", "")
    assert shell.rail.button("today").accessibleName() == "Today"


def test_the_first_paint_imports_no_store_and_no_calendar_library() -> None:
    code = (
        "import sys, app.views.shell, app.views.ops, app.views.bridge, app.views.widgets.listing;"
        "print([m for m in ('sqlmodel','sqlalchemy','alembic','httpx','icalendar','qtawesome')"
        " if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_clock_keeps_its_font_after_a_page_that_warns(shell: Shell) -> None:
    header = shell.findChild(Header)
    assert header is not None
    clock = next(w for w in header.findChildren(Words) if w.property("part") == "clock")
    before = clock.font().family(), clock.font().weight()
    header.show_words("Live", "", None, alert=True)
    header.show_words("Today", "", None, alert=False)
    assert (clock.font().family(), clock.font().weight()) == before


def test_escape_puts_away_an_error_before_it_is_the_pages_key(shell: Shell) -> None:
    page = sheet(shell, "today")
    left: list[bool] = []
    QShortcut(QKeySequence("Esc"), page).activated.connect(lambda: left.append(True))
    page.editor.setFocus()
    shell.notify.error("The disk is full; nothing was changed.")
    QTest.keyClick(page.editor, Qt.Key.Key_Escape)
    assert (shell.notify.shown(), left) == ((), [])
    QTest.keyClick(page.editor, Qt.Key.Key_Escape)
    assert left == [True]


def tall(shell: Shell, qtbot: QtBot) -> QScrollBar:
    """Today is taller than its place, with a field at its foot."""
    page = sheet(shell, "today")
    page.setMinimumHeight(3 * shell.height())
    box = page.layout()
    assert isinstance(box, QVBoxLayout)
    box.addStretch(1)
    box.addWidget(QLineEdit())
    bars = [b for b in shell.findChildren(QScrollBar) if b.orientation() is Qt.Orientation.Vertical]
    qtbot.waitUntil(lambda: any(bar.maximum() > 0 for bar in bars))
    return next(bar for bar in bars if bar.maximum() > 0)


def test_a_section_is_found_again_where_it_was_scrolled_to(shell: Shell, qtbot: QtBot) -> None:
    bar = tall(shell, qtbot)
    shell.goto("outages")
    shell.goto("today")
    assert bar.value() == 0


def test_what_is_raised_on_a_page_is_seen_however_far_it_was_scrolled(
    shell: Shell, qtbot: QtBot
) -> None:
    bar = tall(shell, qtbot)
    bar.setValue(bar.maximum())
    raised = sheet(shell, "today").editor
    sheet(shell, "today").partRaised.emit(raised)
    assert bar.value() < raised.y() < bar.value() + bar.pageStep()

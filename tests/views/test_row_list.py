"""Short lists whose rows stay while others come and go."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.panels import focus_within
from app.views.widgets.row_list import Line, RowList
from app.views.widgets.tone import Tone


def _line(about: str, act: str = "Heard", sub: str = "") -> Line:
    return Line(about, f"Call {about}", sub, act=act, spoken=f"{act} from {about}")


def _shown(qtbot: QtBot, *lines: Line) -> RowList:
    made = RowList()
    qtbot.addWidget(made)
    made.show_lines(lines)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def _button(place: RowList, name: str) -> QPushButton:
    named = (b for b in place.findChildren(QPushButton) if b.accessibleName() == name)
    return next(button for button in named if button.isVisible())


def test_what_stays_keeps_its_row_and_the_keyboard(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"), _line("Ramos"))
    held = _button(rows, "Heard from Ramos")
    held.setFocus()
    rows.show_lines([_line("Park"), _line("Ramos", sub="for 4 min"), _line("Ito")])
    assert _button(rows, "Heard from Ramos") is held and focus_within(rows) is held


def test_the_keyboard_is_on_nothing_when_its_row_goes(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"), _line("Ramos"))
    _button(rows, "Heard from Ito").setFocus()
    rows.show_lines([_line("Ramos"), _line("Park")])
    assert not isinstance(rows.window().focusWidget(), QPushButton)


def test_another_act_on_the_same_row_is_not_under_the_key(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"))
    _button(rows, "Heard from Ito").setFocus()
    rows.show_lines([_line("Ito", act="Open")])
    assert not isinstance(rows.window().focusWidget(), QPushButton)


def test_a_row_let_go_is_dressed_for_the_next_that_comes(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"), _line("Ramos"))
    made = rows.findChildren(QPushButton)
    rows.show_lines([_line("Ramos")])
    assert sum(bool(button.accessibleName()) for button in made) == 1, "none says what it was"
    rows.show_lines([_line("Ramos"), Line("Park", "Park", "is quiet", Tone.BAD)])
    assert set(rows.findChildren(QPushButton)) == set(made)
    assert [line.title for line in rows.items] == ["Call Ramos", "Park"]


def test_its_button_hands_over_the_line_as_it_is_now(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"))
    heard: list[Line] = []
    rows.pressed.connect(heard.append)
    rows.show_lines([_line("Ito", sub="for 4 min")])
    _button(rows, "Heard from Ito").click()
    assert [line.sub for line in heard] == ["for 4 min"]


def test_tab_goes_as_the_rows_stand(theme: Theme, qtbot: QtBot) -> None:
    rows = _shown(qtbot, _line("Ito"), _line("Ramos"))
    rows.show_lines([_line("Ramos"), _line("Park"), _line("Ito")])
    at, order = rows.nextInFocusChain(), list[str]()
    while at is not None and at is not rows:
        if isinstance(at, QPushButton) and at.isVisible():
            order.append(at.accessibleName().removeprefix("Heard from "))
        at = at.nextInFocusChain()
    assert order == ["Ramos", "Park", "Ito"]

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QTextDocument
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.icons import icon
from app.views.theme import Theme, font, px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.forms import Field
from app.views.widgets.labels import (
    Avatar,
    Badge,
    BigClock,
    ContextLabel,
    ElidedLabel,
    HeaderPill,
    Pill,
    Words,
    Wrapped,
    initials_of,
)
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, Row, button, clear, tab_here
from app.views.widgets.sheet import Ask, Sheet
from app.views.widgets.stepper import Stage, Stepper, Stop
from app.views.widgets.tone import Tone


def spoken(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_every_part_has_a_name_for_screen_readers(theme: Theme, qtbot: QtBot) -> None:
    parts: dict[str, QWidget] = {
        "announced": Pill("announced", Tone.COMMS),
        "2 red": HeaderPill("2 red", Tone.BAD),
        "7": Badge("7"),
        "K. Ito": Avatar("KI", "K. Ito"),
        "42 minutes to go": BigClock("T−00:42", "42 minutes to go"),
        "Needs you": Card("Needs you", "most urgent first"),
        "Two replies. planned notice": Row("Two replies", "planned notice", Tone.COMMS),
        "Review and send": button("Review and send"),
        "Now Announced; passed Planned": Stepper(
            [Stop("Planned", Stage.BEHIND), Stop("Announced", Stage.HERE)]
        ),
        "Next 14 days": ListView("Next 14 days"),
    }
    for name, widget in parts.items():
        qtbot.addWidget(widget)
        assert spoken(widget) == name


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_buttons_and_rows_are_never_lower_than_a_finger(
    theme: Theme, qtbot: QtBot, percent: int
) -> None:
    theme.choose(percent=percent)
    row = Row("Title", "words", Tone.OK, trailing=button("Open"))
    qtbot.addWidget(row)
    for made in (row, *row.findChildren(QPushButton)):
        assert made.sizeHint().height() >= 28 * percent // 100


def test_typed_markup_is_shown_as_typed(theme: Theme, qtbot: QtBot) -> None:
    for label in (Words("<b>x</b>"), ElidedLabel("<img src=x>")):
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
    narrow = ElidedLabel("<img src=file:///x> & co")
    name = Avatar("B", "<b>Bo</b>")
    for part, shown in ((narrow, "<img src=file:///x> & co"), (name, "<b>Bo</b>")):
        qtbot.addWidget(part)
        part.resize(10, 20)
        part.show()
        tooltip = QTextDocument()
        tooltip.setHtml(part.toolTip())
        assert (tooltip.toPlainText(), "<img" in part.toolTip()) == (shown, False)


def test_an_ampersand_in_a_buttons_words_is_no_shortcut(theme: Theme, qtbot: QtBot) -> None:
    made = button("Review & send")
    qtbot.addWidget(made)
    assert made.text() == "Review && send"
    assert made.accessibleName() == "Review & send"


def test_a_label_without_room_elides_and_keeps_the_whole_in_its_tooltip(
    theme: Theme, qtbot: QtBot
) -> None:
    label = ElidedLabel("VPN certificate renewal for everybody")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.toolTip() == label.text() == spoken(label)
    label.resize(900, 20)
    assert label.toolTip() == ""


def test_a_context_without_room_keeps_its_last_part(theme: Theme, qtbot: QtBot) -> None:
    label = ContextLabel("OUT-2026-010 · Mon 30 Nov 05:00–08:00 EST")
    qtbot.addWidget(label)
    label.resize(label.sizeHint().width() - 20, 20)
    label.show()
    assert QLabel.text(label) == "Mon 30 Nov 05:00–08:00 EST"
    assert label.toolTip() == label.text() == spoken(label)


def test_wrapped_words_keep_their_lines_and_give_them_back_at_a_smaller_size(
    theme: Theme, qtbot: QtBot
) -> None:
    label = Wrapped("D. Haddad is ready from 05:34 to 05:54, and was told 04:15 to 05:25")
    qtbot.addWidget(label)
    label.resize(150, 20)
    label.show()
    small = label.minimumHeight()
    theme.choose(percent=150)
    large = label.minimumHeight()
    theme.choose(percent=100)
    assert large > small == label.minimumHeight() == label.heightForWidth(label.width())


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("K. Ito", "KI"),
        ("Mona Lisa Okafor", "MO"),
        ("Operations", "OP"),
        ("", ""),
        ("— (none)", ""),
    ],
)
def test_initials_are_of_the_first_and_last_name(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_a_refused_field_says_why_in_place_and_to_screen_readers(
    theme: Theme, qtbot: QtBot
) -> None:
    editor = QLineEdit("24:99")
    form = Field("Window start", editor, "Wall time")
    qtbot.addWidget(form)
    form.show()
    form.refuse("24:99 is not a time.")
    assert form.error == "24:99 is not a time."
    assert editor.accessibleDescription() == "24:99 is not a time."
    form.accept()
    assert form.error == ""
    assert editor.accessibleDescription() == "Wall time"


def test_a_flow_wraps_when_it_is_narrow(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    flow = FlowLayout(host)
    for words in ("File cluster", "Mail", "Badge doors", "Phones"):
        flow.addWidget(Pill(words))
    assert flow.heightForWidth(120) > 2 * flow.heightForWidth(2000)


def test_a_list_follows_a_refresh_and_keeps_its_selection(theme: Theme, qtbot: QtBot) -> None:
    view = ListView("Outages")
    qtbot.addWidget(view)
    rows = [ListRow(str(n), f"Outage {n}", "Fri 10") for n in range(500)]
    view.model_rows.apply(rows)
    view.choose("300")
    view.model_rows.apply([ListRow("new", "Newest"), *rows[:400]])
    current = view.current()
    assert current is not None
    assert current.key == "300"


def test_enter_opens_the_chosen_row(theme: Theme, qtbot: QtBot) -> None:
    view = ListView("Outages")
    qtbot.addWidget(view)
    view.model_rows.apply([ListRow("a", "First"), ListRow("b", "Second")])
    view.choose("b")
    with qtbot.waitSignal(view.opened, check_params_cb=lambda key: key == "b"):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_tab_into_a_list_shows_the_row_it_came_to(theme: Theme, qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    box = QVBoxLayout(place)
    before, rows = QLineEdit(), ListView("People")
    rows.model_rows.apply([ListRow("a", "K. Ito"), ListRow("b", "M. Okafor")])
    box.addWidget(before)
    box.addWidget(rows)
    place.show()
    place.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert rows.hasFocus()
    assert [i.row() for i in rows.selectionModel().selectedIndexes()] == [0]


def test_a_lists_rows_are_read_out_whole(theme: Theme, qtbot: QtBot) -> None:
    view = ListView("Outages")
    qtbot.addWidget(view)
    QAbstractItemModelTester(
        view.model_rows, QAbstractItemModelTester.FailureReportingMode.Fatal, view
    )
    view.model_rows.apply([ListRow("a", "Badge doors", "06:00", lead="Sun 12", pill="owed")])
    said = view.model_rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Sun 12. Badge doors. 06:00. owed"


def test_an_empty_state_offers_its_act(theme: Theme, qtbot: QtBot) -> None:
    acted: list[bool] = []
    empty = EmptyState("No outages yet.", button("Plan one", lambda: acted.append(True)))
    qtbot.addWidget(empty)
    empty.findChildren(QPushButton)[0].click()
    assert acted == [True]


def test_all_parts_paint_without_a_warning(theme: Theme, qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    box = QVBoxLayout(host)
    view = ListView("Rows", 60)
    view.model_rows.apply(
        [ListRow("a", "A", "b", Tone.OK, "Fri", "owed", Tone.BAD, "18:00", struck=True)]
    )
    view.choose("a")
    for part in (
        Pill("a"),
        Badge("7"),
        Avatar("KI", "K. Ito"),
        Stepper([Stop("A", Stage.BEHIND), Stop("B", Stage.HERE), Stop("C", Stage.AHEAD)]),
        BigClock("T−00:42"),
        view,
    ):
        box.addWidget(part)
    host.show()
    qtbot.waitExposed(host)
    assert not host.grab().isNull()


def test_an_unknown_icon_is_refused_before_it_is_painted(theme: Theme) -> None:
    with pytest.raises(KeyError, match="no icon called sunflower-hat"):
        icon("sunflower-hat")


def test_a_sheet_of_many_questions_is_wide_enough_to_read_and_shows_the_one_it_asks_again(
    qtbot: QtBot, theme: Theme
) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(1440, 900)
    asks = [Ask(f"q{n}", f"Question {n}", needed="Say why." if n == 8 else "") for n in range(9)]
    sheet = Sheet(holder, "Edit", "Its owner is chosen as you edit it. " * 5, asks, "Do it")
    sheet.show()
    placed = sheet.height()
    QCoreApplication.processEvents()
    assert sheet.height() == placed, "it is placed by the height it keeps"
    assert sheet.width() >= px(460)
    assert sheet.editor("q8").visibleRegion().isEmpty()
    sheet.yes.click()
    qtbot.waitUntil(lambda: not sheet.editor("q8").visibleRegion().isEmpty())


def test_the_words_of_a_sheet_keep_all_their_lines(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    said = "It comes at the end of its phase, and its owner is chosen when you edit it. " * 3
    asks = [Ask(f"q{n}", f"Question {n}", hint="7, 8") for n in range(4)]
    asks[0] = Ask("q0", said)
    sheet = Sheet(holder, "Add a step", said, asks, "Add it")
    sheet.show()
    assert sheet.width() < px(520), "a long question wraps"
    words = next(w for w in sheet.findChildren(Words) if w.text() == said)
    assert words.minimumHeight() >= words.heightForWidth(words.width()) > 0


def test_in_large_print_a_sheet_does_not_outgrow_its_screen(qtbot: QtBot, theme: Theme) -> None:
    theme.choose(percent=150)
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(holder.screen().availableSize())
    asks = [Ask(f"q{n}", f"Question {n}", hint="7, 8") for n in range(6)]
    sheet = Sheet(holder, "Crew board", "It is served by this computer.", asks, "Do it")
    sheet.show()
    assert sheet.height() <= sheet.screen().availableSize().height()


def test_stages_that_do_not_fit_go_on_in_a_further_line_and_none_is_cut(
    qtbot: QtBot, theme: Theme
) -> None:
    words = ("Planned", "Announced", "Go/no-go", "In progress", "Verifying", "Partly done", "Filed")
    theme.choose(percent=150)
    strip, host = Stepper([Stop(each, Stage.AHEAD) for each in words]), QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    column.addWidget(strip)
    column.addStretch(1)
    host.resize(400, 400)
    host.show()
    lines, wide = strip.lines(strip.width()), QFontMetrics(font(12)).horizontalAdvance
    assert [stop.words for line in lines for stop, _ in line] == list(words)
    assert all(width >= wide(stop.words) + px(8) for line in lines for stop, width in line)
    assert all(sum(width for _, width in line) <= strip.width() for line in lines)
    assert strip.height() > strip.minimumSizeHint().height(), "each line has its place"
    assert len(strip.lines(strip.sizeHint().width())) == 1


def test_words_that_do_not_fit_take_a_second_line_where_the_list_wraps(qtbot: QtBot) -> None:
    long = "2 days late; last possible Mon 30 Nov 21:59 EST, and 2,310 people are owed it"
    rows = [
        ListRow("a", "Reminder", sub="Sun 29 Nov"),
        ListRow("b", "Reminder", sub=long),
        ListRow("c", long, sub="line 3"),
    ]
    taller = {}
    for wraps in (True, False):
        view = ListView("Plan", wraps=wraps)
        qtbot.addWidget(view)
        view.resize(300, 300)
        view.show()
        view.model_rows.apply(rows)
        high = [view.visualRect(view.model_rows.index(n)).height() for n in range(3)]
        taller[wraps] = min(high[1:]) > high[0]
    assert taller == {True: True, False: False}


def test_what_is_built_anew_does_not_hand_the_keyboard_to_a_stranger(
    theme: Theme, qtbot: QtBot
) -> None:
    whole = QWidget()
    box = QVBoxLayout(whole)
    card = Card("Now")
    pressed = button("Start")
    card.body.addWidget(Row("8 Flash controller B", trailing=pressed))
    stranger = button("Leave the sample…")
    for part in (card, stranger):
        box.addWidget(part)
    qtbot.addWidget(whole)
    whole.show()
    pressed.setFocus()
    clear(card.body)
    assert whole.focusWidget() is card
    following = button("Done")
    card.body.addWidget(following)
    tab_here(card)
    QTest.keyClick(card, Qt.Key.Key_Tab)
    assert whole.focusWidget() is following


def test_what_is_chosen_stays_in_sight_when_the_list_gets_lower(theme: Theme, qtbot: QtBot) -> None:
    view = ListView("Plan")
    qtbot.addWidget(view)
    view.model_rows.apply([ListRow(key=str(n), title=f"Line {n}") for n in range(30)])
    view.resize(300, 400)
    view.show()
    qtbot.waitExposed(view)
    shown = [n for n in range(30) if view.visualRect(view.model_rows.index(n)).bottom() < 400]
    view.choose(str(shown[-1]))
    view.resize(300, 300)
    qtbot.waitUntil(lambda: view.visualRect(view.currentIndex()).bottom() <= 300)


@pytest.mark.parametrize(("words", "pressed"), [("Save", 1), ("Done  Ctrl+⏎", 0)])
def test_enter_presses_the_button_with_the_keyboard_unless_its_act_wants_ctrl_enter(
    theme: Theme, qtbot: QtBot, words: str, pressed: int
) -> None:
    acts: list[str] = []
    made = button(words, lambda: acts.append(words))
    qtbot.addWidget(made)
    made.show()
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert len(acts) == pressed
